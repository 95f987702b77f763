#include "bot/store/sqlite/search.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bot/base/text.hpp"

namespace broadsheet::store {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kCandidates = 5000;                  // performance 2.3, point 3
constexpr std::size_t kHotCandidates = 1000;               // for one word that stands in more papers than kCandidates
constexpr auto kDeadline = std::chrono::milliseconds(50);  // point 7
constexpr int kOperationsPerCheck = 2000;
constexpr std::size_t kExpansions = 32;  // point 5
constexpr std::size_t kDeepest = 1000;   // offset + limit
constexpr double kSaturation = 1.2;
constexpr std::size_t kSimilarTerms = 8;
constexpr std::size_t kTermsWeighed = 60;

// Stops a statement at the deadline.
class Deadline {
 public:
  explicit Deadline(sqlite3* db, std::chrono::milliseconds after = kDeadline) : db_(db), end_(Steady::now() + after) {
    sqlite3_progress_handler(
        db, kOperationsPerCheck, [](void* p) { return static_cast<Deadline*>(p)->over() ? 1 : 0; }, this);
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { sqlite3_progress_handler(db_, 0, nullptr, nullptr); }
  bool over() const { return Steady::now() > end_; }

 private:
  sqlite3* db_;
  Steady::time_point end_;
};

// Title 10, authors 4, abstract 1; saturation, no length: a look-up of the length costs more than it is worth (2.1).
void rank_function(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* context, int, sqlite3_value**) {
  static constexpr double kWeight[] = {10, 4, 1};
  const auto& idf = static_cast<Search*>(api->xUserData(fts))->idf;
  double score = 0;
  auto phrases = std::min<std::size_t>(idf.size(), static_cast<std::size_t>(api->xPhraseCount(fts)));
  for (std::size_t i = 0; i < phrases; ++i) {
    double frequency = 0;
    Fts5PhraseIter place{};
    int column = 0;
    int offset = 0;
    if (int code = api->xPhraseFirst(fts, static_cast<int>(i), &place, &column, &offset); code != SQLITE_OK)
      return sqlite3_result_error_code(context, code);
    for (; column >= 0; api->xPhraseNext(fts, &place, &column, &offset))
      if (column < 3) frequency += kWeight[column];
    score += idf[i] * frequency * (kSaturation + 1) / (frequency + kSaturation);
  }
  sqlite3_result_double(context, score);
}

std::vector<std::string> phrases_of(const Query& query) {
  std::vector<std::string> out;
  for (const auto& clause : query.all_of)
    if (!to_fts(Query{{clause}}).empty())
      for (const auto& term : clause.any_of) out.push_back(term.text);
  return out;
}

// The papers that a query refuses, beside its matches. FTS5 has a NOT, but with the newest first it loses places of
// phrases (seen in SQLite 3.40), and the score with them.
class Refused {
 public:
  Refused(Statement& statement, const std::string& fts) : use_(statement) {
    if (fts.empty()) return;
    use_->bind(1, fts);
    code_ = use_->step();
  }
  // Asked with ever smaller keys.
  bool has(std::int64_t key) {
    while (code_ == SQLITE_ROW && use_->integer(0) > key) code_ = use_->step();
    return code_ == SQLITE_ROW && use_->integer(0) == key;
  }
  bool failed() const { return code_ != SQLITE_ROW && code_ != SQLITE_DONE; }
  int code() const { return code_; }

 private:
  Use use_;
  int code_ = SQLITE_DONE;
};

void best_first(auto& found) {
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.score != b.score ? a.score > b.score : a.key > b.key; });
}

}  // namespace

Status Search::attach() {
  fts5_api* api = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (int code = sqlite3_prepare_v2(db_.raw(), "SELECT fts5(?1)", -1, &statement, nullptr); code != SQLITE_OK)
    return db_.error(code);
  sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (api == nullptr)
    return Error(ErrorKind::internal, "This SQLite has no full-text search (FTS5). Install one that has it.");
  if (int code = api->xCreateFunction(api, "broadsheet_rank", this, rank_function, nullptr); code != SQLITE_OK)
    return db_.error(code);
  return db_.run("CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab('main', 'search', 'row')");
}

Status Search::weigh(const std::vector<std::string>& phrases) {
  auto all = words_.papers();
  if (!all) return all.error();
  idf.clear();
  for (const auto& phrase : phrases) {
    // A phrase is at least as rare as its rarest word.
    double count = *all;
    for (auto word : text::split(phrase, ' ')) {
      auto f = words_.of(std::string(word));
      if (!f) return f.error();
      count = std::min(count, *f);
    }
    idf.push_back(std::max(1e-6, std::log((*all - count + 0.5) / (count + 0.5))));
  }
  return {};
}

Status Search::expand_prefixes(Query& query) {
  for (auto& clause : query.all_of) {
    std::vector<Term> terms;
    for (auto& term : clause.any_of) {
      if (!term.prefix || term.text.find(' ') != std::string::npos) {
        terms.push_back(term);
        continue;
      }
      auto found = statements_.get("SELECT term FROM temp.terms WHERE term>=?1 AND term<?2 ORDER BY doc DESC LIMIT 32");
      if (!found) return found.error();
      static_assert(kExpansions == 32);
      Use s(**found);
      auto end = term.text + "\xf4\x8f\xbf\xbf";
      s->bind(1, term.text).bind(2, end);
      auto before = terms.size();
      int code = s->step();
      for (; code == SQLITE_ROW; code = s->step()) {
        Term one = term;
        one.prefix = false;
        one.text = s->text(0);
        terms.push_back(one);
      }
      if (code != SQLITE_DONE && (code & 0xff) != SQLITE_INTERRUPT) return db_.error(code);
      if (terms.size() == before) terms.push_back(term);
    }
    // A refused prefix must exclude all its words, not any 32 of them.
    if (!clause.any_of.front().negated) clause.any_of = std::move(terms);
  }
  return {};
}

// Among the thousands of papers with one frequent word hardly anything but the title tells them apart, and the newest
// thousand hold enough of those; several words together deserve a longer look (performance 2.1: recall by cap).
std::size_t Search::cap_for(const Query& query) const {
  if (query.all_of.size() != 1 || idf.size() != 1) return kCandidates;
  return words_.known(query.all_of.front().any_of.front().text) > kCandidates ? kHotCandidates : kCandidates;
}

Result<Search::Candidates> Search::rank(const Query& query, std::size_t cap, const SearchRequest& request) {
  auto found =
      statements_.get("SELECT rowid, broadsheet_rank(search) FROM search WHERE search MATCH ? ORDER BY rowid DESC");
  auto others = statements_.get("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC");
  if (!found || !others) return found ? others.error() : found.error();
  auto fts = to_fts(query), unwanted = unwanted_fts(query);
  Use s(**found);
  s->bind(1, fts);
  Refused refused(**others, unwanted);
  Candidates out;
  auto end = Steady::now() + request.budget;
  int code = s->step();
  for (std::size_t seen = 1; code == SQLITE_ROW; code = s->step(), ++seen) {
    bool wanted = !refused.has(s->integer(0));
    if (refused.failed()) {
      code = refused.code();
      break;
    }
    if (wanted) out.found.push_back({s->integer(0), s->real(1)});
    if (out.found.size() >= cap || (seen % 64 == 0 && Steady::now() > end)) {
      out.complete = false;
      return out;
    }
  }
  if ((code & 0xff) == SQLITE_INTERRUPT)
    out.complete = false;
  else if (code != SQLITE_DONE)
    return db_.error(code);
  return out;
}

// Filters that the index does not know are checked on the papers, newest first.
Result<Search::Candidates> Search::filtered(const std::string& fts, const Query& query, const SearchRequest& request) {
  auto columns = std::string(kPaperColumns);
  auto found =
      statements_.get(fts.empty() ? "SELECT " + columns + ", 0.0 FROM papers p ORDER BY p.key DESC"
                                  : "SELECT " + columns +
                                        ", broadsheet_rank(search) FROM search JOIN papers p ON p.key=search.rowid "
                                        "WHERE search MATCH ? ORDER BY search.rowid DESC");
  if (!found) return found.error();
  Use s(**found);
  if (!fts.empty()) s->bind(1, fts);
  Candidates out;
  int code = s->step();
  auto end = Steady::now() + request.deadline;
  for (; code == SQLITE_ROW; code = s->step()) {
    auto paper = read_paper(*s);
    if (!paper) return paper.error();
    if (matches(query, *paper)) out.found.push_back({s->integer(0), s->real(19)});
    out.back_to = day_of(*paper);
    if (out.found.size() >= kCandidates || Steady::now() > end) {
      out.complete = false;
      return out;
    }
  }
  if ((code & 0xff) == SQLITE_INTERRUPT)
    out.complete = false;
  else if (code != SQLITE_DONE)
    return db_.error(code);
  return out;
}

std::string Search::note_on(const Candidates& candidates) {
  if (candidates.complete) return {};
  auto found = std::to_string(candidates.found.size());
  if (candidates.back_to && candidates.found.size() < kCandidates)
    return "Only papers since " + to_string(*candidates.back_to) + " could be looked through in time: " + found +
           " of them match. One more word makes the search complete.";
  return "Many papers match: the newest " + found + " were ranked. More words give better answers.";
}

Result<SearchAnswer> Search::answer(Candidates candidates, const SearchRequest& request) {
  SearchAnswer out{.considered = candidates.found.size(), .complete = candidates.complete};
  out.note = note_on(candidates);
  if (request.order == SearchOrder::relevance) best_first(candidates.found);
  auto first = std::min(request.offset, candidates.found.size());
  auto last = std::min(candidates.found.size(), first + std::min(request.limit, kDeepest));
  for (auto i = first; i < last; ++i) {
    auto paper = papers_.select("WHERE p.key=?", {candidates.found[i].key});
    if (!paper) return paper.error();
    if (!paper->empty()) out.hits.push_back({std::move(paper->front()), candidates.found[i].score});
  }
  return out;
}

Result<SearchAnswer> Search::search(const SearchRequest& request) {
  // An identifier is looked up, never searched (performance 2.3, point 1).
  if (auto id = parse_paper_reference(text::trim(request.query))) {
    auto paper = papers_.by_id(id->id);
    if (!paper) return paper.error();
    SearchAnswer out;
    if (*paper) out.hits.push_back({**paper, 1}), out.considered = 1;
    return out;
  }
  auto query = parse_query(request.query);
  if (!query) return query.error();
  // Counted before the clock runs.
  if (auto all = words_.papers(); !all) return all.error();
  Result<Candidates> candidates = Candidates{};
  {
    Deadline deadline(db_.raw(), request.deadline);
    auto expanded = *query;
    if (auto done = expand_prefixes(expanded); !done) return done.error();
    auto fts = to_fts(expanded);
    if (auto done = weigh(phrases_of(expanded)); !done) return done.error();
    candidates = fts.empty() || !index_suffices(expanded) ? filtered(fts, *query, request)
                                                          : rank(expanded, cap_for(expanded), request);
  }
  if (!candidates) return candidates.error();
  return answer(*std::move(candidates), request);
}

// The words that tell the paper most apart, strongest first, with their weight.
Result<std::vector<std::pair<double, std::string>>> Search::telling_words(const Paper& paper) {
  auto all = words_.papers();
  if (!all) return all.error();
  std::vector<std::pair<double, std::string>> terms;
  std::set<std::string> seen;
  auto words = tokens(paper.title + " " + paper.abstract);
  auto in_title = tokens(paper.title);
  std::set<std::string> title(in_title.begin(), in_title.end());
  Deadline deadline(db_.raw());
  for (const auto& word : words) {
    if (seen.size() >= kTermsWeighed * 4 || deadline.over()) break;
    if (text::code_points(word) < 3 || !seen.insert(word).second) continue;
    auto f = words_.of(word);
    if (!f) return f.error();
    // A word of one paper connects nothing, a word of every tenth paper says nothing.
    if (*f < 2 || (*all > 50 && *f > *all / 10)) continue;
    if (auto done = weigh({word}); !done) return done.error();
    auto times = static_cast<double>(std::count(words.begin(), words.end(), word)) + (title.contains(word) ? 2 : 0);
    terms.emplace_back(-idf.front() * std::log1p(times), word);
  }
  std::sort(terms.begin(), terms.end());
  if (terms.size() > kSimilarTerms) terms.resize(kSimilarTerms);
  return terms;
}

Result<std::vector<SimilarHit>> Search::similar(const Paper& paper, std::size_t limit) {
  auto terms = telling_words(paper);
  if (!terms) return terms.error();
  std::vector<SimilarHit> out;
  if (terms->empty()) return out;
  Query query{{Clause{}}};
  for (const auto& [weight, word] : *terms) query.all_of.front().any_of.push_back({.text = word});
  if (auto done = weigh(phrases_of(query)); !done) return done.error();
  auto candidates = [&] {
    Deadline deadline(db_.raw());
    return rank(query, kCandidates, {});
  }();
  if (!candidates) return candidates.error();
  best_first(candidates->found);
  for (const auto& c : candidates->found) {
    if (out.size() >= limit) break;
    auto found = papers_.select("WHERE p.key=?", {c.key});
    if (!found) return found.error();
    if (found->empty() || found->front().id == paper.id) continue;
    SimilarHit hit{std::move(found->front()), c.score, {}};
    auto have = tokens(hit.paper.title + " " + hit.paper.abstract);
    for (const auto& [weight, word] : *terms)
      if (std::find(have.begin(), have.end(), word) != have.end()) hit.shared.push_back(word);
    out.push_back(std::move(hit));
  }
  return out;
}

}  // namespace broadsheet::store
