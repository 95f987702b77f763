#include "bot/store/sqlite/search.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "bot/base/text.hpp"
#include "bot/store/sqlite/tokenizer.hpp"

namespace broadsheet::store {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kCandidates = 5000;     // performance 2.3, point 3
constexpr std::size_t kHotCandidates = 1000;  // for one word that stands in more papers than kCandidates
constexpr int kOperationsPerCheck = 2000;
constexpr int kExpansions = 32;         // point 5
constexpr std::size_t kDeepest = 1000;  // limit
constexpr double kSaturation = 1.2;
constexpr auto kNewest = std::numeric_limits<std::int64_t>::max();

// Stops a statement at the deadline, if there is one.
class Deadline {
 public:
  Deadline(sqlite3* db, std::optional<std::chrono::milliseconds> after) : db_(db) {
    if (!after) return;
    end_ = Steady::now() + *after;
    sqlite3_progress_handler(
        db, kOperationsPerCheck, [](void* p) { return Steady::now() > static_cast<Deadline*>(p)->end_ ? 1 : 0; }, this);
  }
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() { sqlite3_progress_handler(db_, 0, nullptr, nullptr); }

 private:
  sqlite3* db_;
  Steady::time_point end_;
};

// Title 10, authors 4, abstract 1; saturation, no length: a look-up of the length costs more than it is worth (2.1).
// Phrases behind those that are weighed are filters.
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

bool one_word(const std::string& words) {
  return words.find(' ') == std::string::npos;
}

}  // namespace

Status Search::attach() {
  auto* api = fts5_of(db_.raw());
  if (int code = api->xCreateFunction(api, "broadsheet_rank", this, rank_function, nullptr); code != SQLITE_OK)
    return db_.error(code);
  return db_.run("CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab('main', 'search', 'row')");
}

// A phrase is at least as rare as its rarest word.
Result<double> Search::weight(const std::string& phrase) {
  auto all = words_.papers();
  if (!all) return all.error();
  double count = *all;
  for (auto word : text::split(phrase, ' ')) {
    auto f = words_.of(std::string(word));
    if (!f) return f.error();
    count = std::min(count, *f);
  }
  return std::max(1e-6, std::log((*all - count + 0.5) / (count + 0.5)));
}

Status Search::weigh(const IndexQuery& query) {
  idf.clear();
  for (const auto& any : query.ranked)
    for (const auto& sought : any) {
      auto one = weight(sought.words);
      if (!one) return one.error();
      idf.push_back(*one);
    }
  return {};
}

Status Search::expand(const Sought& begin, AnyOf& out, std::string& cut) {
  auto found =
      statements_.get("SELECT term FROM temp.terms WHERE term>=?1 AND term<?2 ORDER BY doc DESC, term LIMIT 33");
  if (!found) return found.error();
  static_assert(kExpansions == 32);
  Use s(**found);
  auto end = begin.words + "\xf4\x8f\xbf\xbf";
  s->bind(1, begin.words).bind(2, end);
  int words = 0;
  int code = s->step();
  for (; code == SQLITE_ROW && words < kExpansions; code = s->step(), ++words)
    out.push_back({std::string(s->text(0)), begin.columns});
  if (code == SQLITE_ROW) cut = begin.words;
  if (words == 0) out.push_back(begin);
  return code == SQLITE_ROW ? Status() : db_.finish(code);
}

// Only where papers are scored; elsewhere FTS5 looks for all words with the beginning.
Status Search::expand_prefixes(IndexQuery& query, std::string& cut) {
  for (auto& any : query.ranked) {
    AnyOf expanded;
    for (const auto& sought : any) {
      if (!sought.prefix || !one_word(sought.words)) {
        expanded.push_back(sought);
      } else if (auto done = expand(sought, expanded, cut); !done) {
        return done;
      }
    }
    any = std::move(expanded);
  }
  return {};
}

// Among the thousands of papers with one frequent word hardly anything but the title tells them apart, and the newest
// thousand hold enough of those; several words together deserve a longer look (performance 2.1: recall by cap).
Result<std::size_t> Search::cap_for(const IndexQuery& query) {
  const auto& ranked = query.ranked;
  if (ranked.size() != 1 || ranked.front().size() != 1 || !one_word(ranked.front().front().words)) return kCandidates;
  auto papers = words_.of(ranked.front().front().words);
  if (!papers) return papers.error();
  return *papers > kCandidates ? kHotCandidates : kCandidates;
}

Result<std::vector<Search::Found>> Search::newest(const std::string& expression, std::int64_t until, std::size_t most) {
  auto statement = statements_.get(
      "SELECT rowid, broadsheet_rank(search) FROM search WHERE search MATCH ?1 AND rowid<=?2 ORDER BY rowid DESC");
  if (!statement) return statement.error();
  Use s(**statement);
  s->bind(1, expression).bind(2, until);
  std::vector<Found> out;
  while (out.size() < most) {
    int code = s->step();
    if (code == SQLITE_DONE) break;
    if (code != SQLITE_ROW) return db_.error(code);
    out.push_back({s->integer(0), s->real(1)});
  }
  return out;
}

// FTS5 has a NOT, but with the newest first it loses places of phrases (seen in SQLite 3.40), and the score with them.
Status Search::refuse(std::vector<Found>& found, const std::string& expression, std::int64_t until) {
  if (found.empty()) return {};
  auto statement =
      statements_.get("SELECT rowid FROM search WHERE search MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC");
  if (!statement) return statement.error();
  Use s(**statement);
  s->bind(1, expression).bind(2, found.back().key).bind(3, until);
  int code = s->step();
  std::erase_if(found, [&](const Found& one) {
    while (code == SQLITE_ROW && s->integer(0) > one.key) code = s->step();
    return code == SQLITE_ROW && s->integer(0) == one.key;
  });
  return db_.finish(code);
}

Result<Search::Candidates> Search::rank(const IndexQuery& query, std::size_t most) {
  Candidates out;
  if (query.only_named) return out;
  auto wanted = wanted_expression(query), refused = refused_expression(query);
  // One more than is ranked tells whether there are more.
  for (auto until = kNewest; out.found.size() <= most;) {
    auto asked = most + 1 - out.found.size();
    auto some = newest(wanted, until, asked);
    if (!some) return some.error();
    bool last = some->size() < asked;
    auto lowest = some->empty() ? until : some->back().key;
    if (!refused.empty())
      if (auto done = refuse(*some, wanted + " AND " + refused, until); !done) return done.error();
    out.found.insert(out.found.end(), some->begin(), some->end());
    if (last) return out;
    until = lowest - 1;
  }
  out.complete = false;
  out.found.resize(most);
  return out;
}

Status Search::ask_named(Candidates& candidates, const Query& query, const std::vector<PaperId>& named) {
  for (const auto& id : named) {
    auto paper = papers_.by_id(id);
    if (!paper) return paper.error();
    auto key = paper_key(id);
    auto at =
        std::find_if(candidates.found.begin(), candidates.found.end(), [&](const auto& f) { return f.key <= key; });
    bool there = at != candidates.found.end() && at->key == key;
    bool wanted = *paper && matches(query, **paper);
    if (there && !wanted) candidates.found.erase(at);
    if (!there && wanted) candidates.found.insert(at, {key, 0});
  }
  return {};
}

Result<Search::Candidates> Search::candidates(const Query& query, std::size_t most) {
  auto asked = for_index(query);
  std::string cut;
  if (auto done = expand_prefixes(asked, cut); !done) return done.error();
  if (auto done = weigh(asked); !done) return done.error();
  auto cap = cap_for(asked);
  if (!cap) return cap.error();
  auto out = rank(asked, std::min(most, *cap));
  if (!out) return out;
  if (auto done = ask_named(*out, query, asked.named); !done) return done.error();
  if (!cut.empty()) out->complete = false;
  out->cut = cut;
  return out;
}

void Search::best_first(std::vector<Found>& found) {
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.score != b.score ? a.score > b.score : a.key > b.key; });
}

std::string Search::note_on(const Candidates& candidates, const SearchRequest& request) {
  if (!candidates.cut.empty())
    return "Many words begin with \"" + candidates.cut + "\": the " + std::to_string(kExpansions) +
           " most frequent were looked for. More letters make the search complete.";
  if (candidates.complete) return {};
  auto found = std::to_string(candidates.found.size());
  if (request.order == SearchOrder::newest)
    return "Many papers match: these are the newest of more than " + found + ".";
  return "Many papers match: the newest " + found + " were ranked. More words give better answers.";
}

Result<SearchAnswer> Search::answer(Candidates candidates, const SearchRequest& request) {
  SearchAnswer out{.considered = candidates.found.size(), .complete = candidates.complete};
  out.note = note_on(candidates, request);
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

Result<std::string> Search::instead_of(const Query& query) {
  for (const auto& wider : loosened(query)) {
    auto found = candidates(wider, 1);
    if (!found) return found.error();
    if (!found->found.empty()) return to_text(wider);
  }
  return std::string();
}

Result<SearchAnswer> Search::by_query(const Query& query, const SearchRequest& request) {
  Deadline deadline(db_.raw(), request.deadline);
  auto found = candidates(query, kCandidates);
  if (!found) return found.error();
  bool nothing = found->found.empty();
  auto out = answer(*std::move(found), request);
  if (!out || !nothing) return out;
  auto instead = instead_of(query);
  if (!instead) return instead.error();
  out->instead = *std::move(instead);
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
  return by_query(*query, request);
}

}  // namespace broadsheet::store
