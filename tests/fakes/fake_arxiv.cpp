#include "tests/fakes/fake_arxiv.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/text.hpp"
#include "bot/http/url.hpp"
#include "digest/sources/readers/file.hpp"

namespace broadsheet::fakes {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Query = std::map<std::string, std::string>;

constexpr std::array<std::string_view, 13> kFaultNames = {
    "rate-429",  "rate-text",      "retry-after-30", "unavailable", "denied",    "empty", "zero-bytes",
    "unordered", "newest-missing", "reset",          "silence",     "truncated", "html"};
constexpr std::array<std::string_view, 5> kSourceNames = {"feed", "site", "oai", "api", "all"};
constexpr std::size_t kFeedLimit = 2000;  // contracts: arXiv 2.6
constexpr seconds kLeastGap{3};           // contracts: arXiv 4
constexpr seconds kAfter429{60};          // contracts: arXiv 1.7
constexpr std::chrono::hours kAfter403{24};
constexpr seconds kPatience{20};

std::string value(const Query& query, const std::string& name, const std::string& otherwise = {}) {
  auto it = query.find(name);
  return it == query.end() ? otherwise : it->second;
}

std::size_t number(const std::string& text, std::size_t otherwise) {
  std::size_t out = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// Midnight Eastern of the day before or at `now`: when the feeds are made.
Moment midnight_before(Moment now) {
  auto zone = Zone::eastern();
  return zone.at(zone.local_day(now), minutes(0));
}

std::string etag_of(const std::string& body) {
  return "\"" + std::to_string(std::hash<std::string>()(body)) + "\"";
}

Reply plain(int status, std::string type, std::string body) {
  Reply out;
  out.status = status;
  out.headers = {{"Content-Type", std::move(type)}};
  out.body = std::move(body);
  return out;
}

std::vector<Batch> by_day(std::vector<Batch> batches) {
  std::sort(batches.begin(), batches.end(), [](const Batch& a, const Batch& b) { return a.day < b.day; });
  return batches;
}

Paper invented(const Category& category, Day day, std::size_t n, std::size_t running, Moment submitted) {
  static constexpr std::array kThings = {"Kites", "Tides", "Lanterns", "Orchards", "Gliders", "Harbours", "Mosaics"};
  static constexpr std::array kWays = {"Sparse", "Patient", "Layered", "Robust", "Gentle"};
  std::chrono::year_month_day date(day);
  std::array<char, 16> id{};
  std::snprintf(id.data(), id.size(), "%02d%02u.%05u", static_cast<int>(date.year()) % 100,
                static_cast<unsigned>(date.month()), static_cast<unsigned>(running));
  Paper out;
  out.id = *PaperId::parse(id.data());
  out.version = 1;
  auto thing = std::string(kThings.at(n % kThings.size()));
  auto way = std::string(kWays.at((n + running) % kWays.size()));
  out.title_raw = way + " Maps of " + thing + " for " + category.str() + ", Part " + std::to_string(running);
  out.abstract_raw = "Maps of " + text::lower_ascii(thing) + " are hard to draw. We present a " +
                     text::lower_ascii(way) +
                     " method that draws them from few samples. On three invented data sets it lowers the error by " +
                     std::to_string(10 + n) + " % at half the cost. The method needs a calm day.";
  out.authors = {{.name = "Ada Brook"}, {.name = "Tomas Fenn"}};
  out.authors_raw = "Ada Brook, Tomas Fenn";
  out.categories = {category.str()};
  out.published = out.updated = submitted;
  out.listed = day;
  return out;
}

}  // namespace

std::optional<ArxivFault> parse_arxiv_fault(std::string_view name) {
  for (std::size_t i = 0; i < kFaultNames.size(); ++i)
    if (kFaultNames.at(i) == name) return static_cast<ArxivFault>(i);
  return std::nullopt;
}

std::optional<ArxivSource> parse_arxiv_source(std::string_view name) {
  for (std::size_t i = 0; i < kSourceNames.size(); ++i)
    if (kSourceNames.at(i) == name) return static_cast<ArxivSource>(i);
  return std::nullopt;
}

std::vector<Batch> invented_batches(Day first, Day last, const std::vector<Category>& categories,
                                    const arxiv::Calendar& calendar, std::size_t papers_a_category) {
  std::vector<Batch> out;
  std::size_t running = 100;
  for (auto day = first; day <= last; day += std::chrono::days(1)) {
    if (calendar.quiet(day)) continue;
    Batch batch;
    batch.day = day;
    auto from = calendar.submissions(day).from;
    std::size_t n = 0;
    for (const auto& category : categories)
      for (std::size_t i = 0; i < papers_a_category; ++i, ++n)
        batch.papers.push_back(invented(category, day, n, running++, from + minutes(static_cast<int>(n) + 1)));
    // The first paper of each category is cross-listed in the next one.
    for (std::size_t c = 0; categories.size() > 1 && c < categories.size(); ++c)
      batch.papers[c * papers_a_category].categories.push_back(categories[(c + 1) % categories.size()].str());
    out.push_back(std::move(batch));
  }
  return out;
}

Result<std::vector<Batch>> batches_from(const std::string& path) {
  std::map<Day, Batch> by_day;
  sources::ReadSink sink;
  sink.paper = [&](Paper paper) {
    if (!paper.listed) return;
    auto& batch = by_day[*paper.listed];
    batch.day = *paper.listed;
    batch.papers.push_back(std::move(paper));
  };
  if (auto read = sources::read_path(path, sink); !read) return read.error();
  std::vector<Batch> out;
  for (auto& [day, batch] : by_day) out.push_back(std::move(batch));
  return out;
}

FakeArxiv::FakeArxiv(Clock& clock, std::vector<Batch> batches, Options options)
    : clock_(clock),
      batches_(by_day(std::move(batches))),  // before the server's thread reads them
      options_(std::move(options)),
      http_([this](const Seen& seen) { return answer(seen); }, options_.port) {}

void FakeArxiv::late(Day day, minutes by) {
  std::lock_guard lock(mutex_);
  late_[day] = by;
}

void FakeArxiv::stale(const Category& category, Day day) {
  std::lock_guard lock(mutex_);
  stale_.emplace(category.str(), day);
}

void FakeArxiv::fault(ArxivSource source, ArxivFault fault, Moment from, Moment to) {
  std::lock_guard lock(mutex_);
  rules_.push_back({source, fault, from, to});
}

void FakeArxiv::excuse(ArxivSource source) {
  std::lock_guard lock(mutex_);
  silent_until_.erase(source);
}

void FakeArxiv::heal() {
  std::lock_guard lock(mutex_);
  rules_.clear();
  silent_until_.clear();
}

std::vector<std::string> FakeArxiv::violations() const {
  std::lock_guard lock(mutex_);
  return violations_;
}

std::map<std::string, std::uint64_t> FakeArxiv::requests() const {
  std::lock_guard lock(mutex_);
  return requests_;
}

Moment FakeArxiv::announced(const Batch& batch) const {
  auto it = late_.find(batch.day);
  return options_.calendar.announced_at(batch.day) + (it == late_.end() ? minutes(0) : it->second);
}

const Batch* FakeArxiv::newest(Moment now) const {
  const Batch* out = nullptr;
  for (const auto& batch : batches_)
    if (announced(batch) <= now) out = &batch;
  return out;
}

std::vector<Line> FakeArxiv::lines_of(const Batch& batch, const Category& category) const {
  std::array<std::vector<Line>, 4> by_type;
  auto sort_in = [&](const std::vector<Paper>& papers, AnnounceType own, AnnounceType other) {
    for (const auto& paper : papers) {
      if (!matches(paper.categories, category)) continue;
      auto primary = Category::parse(paper.primary());
      auto type = primary && primary->canonical() == category.canonical() ? own : other;
      by_type.at(static_cast<std::size_t>(type)).push_back({type, &paper});
    }
  };
  sort_in(batch.papers, AnnounceType::new_paper, AnnounceType::cross);
  sort_in(batch.replaced, AnnounceType::replace, AnnounceType::replace_cross);
  std::vector<Line> out;
  for (auto& lines : by_type) {
    std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.paper->id < b.paper->id; });
    out.insert(out.end(), lines.begin(), lines.end());
  }
  return out;
}

std::optional<ArxivFault> FakeArxiv::fault_of(ArxivSource source) const {
  auto now = clock_.now();
  for (const auto& rule : rules_)
    if ((rule.source == source || rule.source == ArxivSource::all) && rule.from <= now && now < rule.to)
      return rule.fault;
  return std::nullopt;
}

// ---- Politeness ---------------------------------------------------------------------------------------------------

void FakeArxiv::watch(const Seen& seen, ArxivSource source) {
  auto now = clock_.steady_now();
  auto complain = [&](const std::string& what) { violations_.push_back(to_iso(clock_.now()) + " " + what); };
  // A fake that is slower than the deadline of who asks (20 s, contracts: arXiv 1.7) blames nobody.
  bool given_up = now - last_begin_ > kPatience;
  if (++in_flight_ > 1 && !given_up) complain("two requests at once");
  if (last_end_ && now - *last_end_ < kLeastGap)
    complain("only " + std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now - *last_end_).count()) +
             " ms after the last answer");
  if (auto it = silent_until_.find(source); it != silent_until_.end() && now < it->second)
    complain("a request to a source that asked for silence");
  auto agent = seen.headers.contains("user-agent") ? seen.headers.at("user-agent") : std::string();
  if (agent.find('/') == std::string::npos || (options_.require_contact && agent.find("mailto:") == std::string::npos))
    complain("User-Agent \"" + agent + "\" does not say who asks");
  if (!seen.headers.contains("accept")) complain("no Accept header");
  last_begin_ = now;
  ++requests_[std::string(kSourceNames.at(static_cast<std::size_t>(source)))];
}

void FakeArxiv::note_end(ArxivSource source, int status) {
  std::lock_guard lock(mutex_);
  --in_flight_;
  // Whoever asked has left by then, and cannot know when we are done.
  last_end_ = std::min(clock_.steady_now(), last_begin_ + kPatience);
  if (status == 429) silent_until_[source] = *last_end_ + kAfter429;
  if (status == 403) silent_until_[source] = *last_end_ + kAfter403;
}

// ---- Documents ------------------------------------------------------------------------------------------------------

Reply FakeArxiv::answer(const Seen& seen) {
  std::lock_guard lock(mutex_);
  auto target = http::parse_target(seen.target);
  if (!target) return plain(400, "text/plain", "bad target");
  Query query;
  for (const auto& [name, text] : target->query) query[name] = text;
  const auto& path = target->path;
  auto source = path.starts_with("/rss") || path.starts_with("/atom") || path.starts_with("/feed") ? ArxivSource::feed
                : path.starts_with("/oai")                                                         ? ArxivSource::oai
                : path.starts_with("/api")                                                         ? ArxivSource::api
                                                                                                   : ArxivSource::site;
  watch(seen, source);
  auto reply = routed(path, query, seen);
  if (auto fault = fault_of(source)) reply = broken(*fault, std::move(reply), query);
  reply.sending = [this, source, status = reply.status] { note_end(source, status); };
  reply.unheard = [this] {  // it gave up, and counts its distance from there
    std::lock_guard guard(mutex_);
    --in_flight_;
  };
  if (reply.fault == Fault::reset_before_answer || reply.fault == Fault::silence) {
    --in_flight_;
    last_end_ = clock_.steady_now();
  }
  return reply;
}

Reply FakeArxiv::routed(const std::string& path, const Query& query, const Seen& seen) {
  if (path == "/feed/status") return plain(200, "application/json", "{\"status\": \"good\"}");
  if (path.starts_with("/rss/")) return feed(path.substr(5), false, seen);
  if (path.starts_with("/atom/")) return feed(path.substr(6), true, seen);
  if (path.starts_with("/oai")) return oai(query);
  if (path.starts_with("/api/query")) return api(query);
  if (path.starts_with("/list/") && path.ends_with("/new")) return listing(path.substr(6, path.size() - 10), query);
  if (path.starts_with("/catchup/")) {
    auto rest = path.substr(9);
    auto slash = rest.find('/');
    if (slash != std::string::npos) return catchup(rest.substr(0, slash), rest.substr(slash + 1), query);
  }
  return plain(404, "text/html", "<html><body>Not found</body></html>");
}

Reply FakeArxiv::feed(const std::string& code, bool atom, const Seen& seen) const {
  auto category = Category::parse(code);
  if (!category)
    return plain(400, "application/rss+xml", feed_error_document("Bad archive '" + code + "'. Valid archives are: …"));
  auto now = clock_.now();
  auto midnight = midnight_before(now);
  auto today = Zone::eastern().local_day(now);
  // Made at midnight Eastern with the day's batch; a batch that comes later makes it anew.
  auto built = midnight + seconds(3);
  const Batch* batch = nullptr;
  if (options_.calendar.quiet(today)) {
    batch = nullptr;
  } else {
    for (const auto& b : batches_) {
      if (b.day > today) break;
      auto due = std::max(announced(b) + options_.feed_after, Zone::eastern().at(b.day, minutes(0)));
      if (stale_.contains({category->str(), b.day}) && b.day == today) continue;
      if (due <= now) {
        batch = &b;
        if (b.day == today) built = std::max(built, due + seconds(3));
      }
    }
  }
  auto lines = batch == nullptr ? std::vector<Line>() : lines_of(*batch, *category);
  // contracts: arXiv 2.6: cut at the end that holds the new papers.
  if (lines.size() > kFeedLimit) lines.erase(lines.begin(), lines.end() - kFeedLimit);
  auto body = atom ? atom_document(code, built, midnight, lines) : rss_document(code, built, midnight, lines);
  auto etag = etag_of(body);
  Reply out = plain(200, atom ? "application/atom+xml" : "application/rss+xml", std::move(body));
  out.headers.emplace_back("ETag", etag);
  out.headers.emplace_back("Cache-Control", "max-age=3600");
  if (seen.headers.contains("if-none-match") && seen.headers.at("if-none-match") == etag) {
    out.status = 304;
    out.body.clear();
  }
  return out;
}

Reply FakeArxiv::listing(const std::string& code, const Query& query) const {
  auto category = Category::parse(code);
  const auto* batch = newest(clock_.now());
  if (!category || batch == nullptr) return plain(404, "text/html", "<html><body>No such archive</body></html>");
  return plain(200, "text/html; charset=utf-8",
               listing_document(ListingKind::newest, batch->day, lines_of(*batch, *category),
                                number(value(query, "skip"), 0), number(value(query, "show"), 50)));
}

Reply FakeArxiv::catchup(const std::string& code, const std::string& day, const Query& query) const {
  auto category = Category::parse(code);
  auto wanted = parse_day(day);
  // The real one counts the days in its own zone and takes no later day than today, none before 90 days ago.
  auto today = Zone::eastern().local_day(clock_.now()) + std::chrono::days(1);
  if (!category || !wanted || *wanted > today || *wanted < today - std::chrono::days(91))
    return plain(400, "text/html", "<html><body>Bad request</body></html>");
  std::vector<Line> lines;
  for (const auto& batch : batches_)
    if (batch.day == *wanted && announced(batch) <= clock_.now()) lines = lines_of(batch, *category);
  auto skip = (number(value(query, "page"), 1) - 1) * 2000;
  return plain(200, "text/html; charset=utf-8", listing_document(ListingKind::archive, *wanted, lines, skip, 2000));
}

Reply FakeArxiv::oai(const Query& query) const {
  auto now = clock_.now();
  auto xml = [](std::string body) { return plain(200, "text/xml", std::move(body)); };
  auto verb = value(query, "verb");
  if (verb == "Identify") return xml(oai_document("Identify", "", {}, "", {}, now));
  auto format = value(query, "metadataPrefix", "arXivRaw");
  if (verb == "GetRecord") {
    for (const auto& batch : batches_)
      for (const auto& paper : batch.papers)
        if ("oai:arXiv.org:" + paper.id.str() == value(query, "identifier") && announced(batch) <= now)
          return xml(oai_document(verb, format, {&paper}, "", {}, now));
    return xml(oai_error_document("idDoesNotExist", "no such paper", now));
  }
  if (verb != "ListRecords") return xml(oai_error_document("badVerb", "unknown verb", now));
  auto token = value(query, "resumptionToken");
  Query asked = query;
  std::size_t skip = 0;
  if (!token.empty()) {
    if (query.size() != 2) return xml(oai_error_document("badArgument", "resumptionToken is exclusive", now));
    auto parsed = http::parse_target("/?" + token);
    if (!parsed) return xml(oai_error_document("badResumptionToken", "not a token of ours", now));
    asked.clear();
    for (const auto& [name, text] : parsed->query) asked[name] = text;
    skip = number(value(asked, "skip"), 0);
    format = value(asked, "metadataPrefix", "arXivRaw");
  }
  auto from = parse_day(value(asked, "from"));
  auto set = value(asked, "set");
  std::vector<const Paper*> found;
  for (const auto& batch : batches_) {
    auto updated = announced(batch) + minutes(150);  // 22:30 Eastern
    if (updated > now || (from && updated < Moment(*from))) continue;
    for (const auto& paper : batch.papers) {
      bool in_set = set.empty();
      for (const auto& code : paper.categories)
        if (auto category = Category::parse(code); category && category_info(*category)->oai_set == set) in_set = true;
      if (in_set) found.push_back(&paper);
    }
  }
  if (found.empty()) return xml(oai_error_document("noRecordsMatch", "nothing", now));
  std::vector<const Paper*> page(found.begin() + static_cast<std::ptrdiff_t>(std::min(skip, found.size())),
                                 found.end());
  std::string next;
  if (page.size() > options_.oai_page) {
    page.resize(options_.oai_page);
    next = http::encode_query({{"metadataPrefix", format},
                               {"from", value(asked, "from")},
                               {"set", set},
                               {"skip", std::to_string(skip + page.size())}});
  }
  return xml(oai_document(verb, format, page, next, Moment(std::chrono::ceil<std::chrono::days>(now)), now));
}

Reply FakeArxiv::api(const Query& query) const {
  auto now = clock_.now();
  auto xml = [](std::string body) { return plain(200, "application/atom+xml", std::move(body)); };
  auto start = number(value(query, "start"), 0), count = number(value(query, "max_results"), 10);
  if (start + count > 30000) {
    auto out = xml(api_error_document("start + max_results must be less than 30000"));
    out.status = 400;
    return out;
  }
  std::vector<const Paper*> found;
  auto search = value(query, "search_query"), ids = value(query, "id_list");
  auto bracket = search.find("submittedDate:[");
  auto from = bracket == std::string::npos ? "" : search.substr(bracket + 15, 12);
  auto to = bracket == std::string::npos ? "" : search.substr(bracket + 31, 12);
  auto at = search.find("cat:");
  auto category =
      at == std::string::npos ? std::nullopt : Category::parse(search.substr(at + 4, search.find(' ', at) - at - 4));
  for (const auto& batch : batches_) {
    if (announced(batch) > now) continue;
    for (const auto& paper : batch.papers) {
      if (!ids.empty()) {
        for (auto id : text::split(ids, ','))
          if (auto wanted = parse_paper_reference(id); wanted && wanted->id == paper.id) found.push_back(&paper);
        continue;
      }
      if (category && !matches(paper.categories, *category)) continue;
      auto iso = to_iso(paper.published.value_or(Moment{}));
      auto minute = iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2) + iso.substr(11, 2) + iso.substr(14, 2);
      if (from.empty() || (minute >= from && minute <= to)) found.push_back(&paper);
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Paper* a, const Paper* b) { return a->published < b->published; });
  auto total = found.size();
  std::vector<const Paper*> page(found.begin() + static_cast<std::ptrdiff_t>(std::min(start, total)),
                                 found.begin() + static_cast<std::ptrdiff_t>(std::min(start + count, total)));
  return xml(api_document(page, total, start, count, now));
}

// ---- Faults ---------------------------------------------------------------------------------------------------------

Reply FakeArxiv::broken(ArxivFault fault, Reply good, const Query& query) const {
  switch (fault) {
    case ArxivFault::rate_429:
      return plain(429, "text/plain", "Rate exceeded.");
    case ArxivFault::rate_text:
      return plain(200, "text/plain", "Rate exceeded.");
    case ArxivFault::retry_after_30: {
      auto out = plain(429, "text/plain", "Rate exceeded.");
      out.headers.emplace_back("Retry-After", "30");
      return out;
    }
    case ArxivFault::unavailable: {
      auto out = plain(503, "text/html", "<html><body><h1>Error 503 first byte timeout</h1></body></html>");
      out.headers.emplace_back("Retry-After", "0");
      return out;
    }
    case ArxivFault::denied:
      return plain(403, "text/html", "<html><body>Access denied</body></html>");
    case ArxivFault::empty:
      return plain(200, "application/atom+xml", api_document({}, 0, 0, 10, clock_.now()));
    case ArxivFault::zero_bytes:
      return plain(200, "application/atom+xml", "");
    case ArxivFault::unordered:
    case ArxivFault::newest_missing: {
      auto papers = std::vector<const Paper*>();
      for (const auto& batch : batches_)
        for (const auto& paper : batch.papers) papers.push_back(&paper);
      if (fault == ArxivFault::unordered) std::reverse(papers.begin(), papers.end());
      if (papers.size() > 5) papers.resize(5);
      return plain(200, "application/atom+xml",
                   api_document(papers, papers.size(), number(value(query, "start"), 0), 10, clock_.now()));
    }
    case ArxivFault::reset:
      good.fault = Fault::reset_before_answer;
      return good;
    case ArxivFault::silence:
      good.fault = Fault::silence;
      return good;
    case ArxivFault::truncated:
      good.body.resize(good.body.size() / 2);
      return good;
    case ArxivFault::html:
      return plain(200, "text/html", "<html><body><h1>We are doing some work</h1></body></html>");
  }
  return good;
}

}  // namespace broadsheet::fakes
