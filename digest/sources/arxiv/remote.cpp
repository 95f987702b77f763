#include "digest/sources/arxiv/remote.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "bot/http/url.hpp"

namespace broadsheet::arxiv {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kListPage = 2000;  // contracts: arXiv 2.7
constexpr std::size_t kApiPage = 500;    // contracts: arXiv 1.1 allows 2,000; smaller pages fail less often
constexpr std::size_t kMostPages = 40;   // of one list: more is a loop of the other side

// contracts: arXiv 1.6, 1.7: after an empty page where there are papers: the same page again, then smaller ones.
struct Retry {
  std::chrono::seconds after;
  std::size_t page;
};
constexpr std::array kEmptyRetries = {Retry{std::chrono::seconds(5), kApiPage}, Retry{std::chrono::seconds(30), 100},
                                      Retry{std::chrono::seconds(300), 20}};

// "202512031900" in GMT, as submittedDate wants it.
std::string api_minute(Moment moment) {
  auto iso = to_iso(moment);  // 2025-12-03T19:00:00Z
  return iso.substr(0, 4) + iso.substr(5, 2) + iso.substr(8, 2) + iso.substr(11, 2) + iso.substr(14, 2);
}

// A refusal comes as a document that says why (contracts: arXiv 1.5, 2.4); one that reads like papers is none either.
template <class Page>
Result<Page> accepted(int status, Result<Page> page) {
  if (page && status != 200)
    return Error(ErrorKind::bad_input, "arXiv refused the request (" + std::to_string(status) + ")");
  return page;
}

// contracts: arXiv 1.7: the sort order was ignored for days; such an answer is no answer.
Status in_order(const std::vector<Paper>& papers, const Calendar::Window& window) {
  std::optional<Moment> before;
  for (const auto& paper : papers) {
    if (!paper.published) return Error(ErrorKind::transient, "the query API answered with a paper without a date");
    if (*paper.published < window.from || *paper.published >= window.to + std::chrono::minutes(1))
      return Error(ErrorKind::transient, "the query API answered with papers outside the window asked for");
    if (before && *paper.published < *before)
      return Error(ErrorKind::transient, "the query API ignored the order asked for");
    before = paper.published;
  }
  return {};
}

bool submitted_in(const Paper& paper, const Calendar::Window& window) {
  return paper.published && *paper.published >= window.from && *paper.published < window.to;
}

}  // namespace

Remote::Remote(Gate& gate, Clock& clock, async::Offload& workers, Addresses addresses)
    : gate_(gate), clock_(clock), workers_(workers), addresses_(std::move(addresses)) {}

awaitable<Result<FeedAnswer>> Remote::feed(Category category, std::string etag) {
  auto answer =
      co_await gate_.get(SourceKind::feed, addresses_.feed + "/rss/" + category.canonical().str(), std::move(etag));
  if (!answer) co_return std::move(answer).error().in("the feed of " + category.str());
  FeedAnswer out;
  out.unchanged = answer->status == 304;
  if (out.unchanged) co_return out;
  out.etag = http::header(answer->headers, "ETag");
  auto read = [body = std::move(answer->body)] { return sources::read_feed(body); };
  auto page = accepted(answer->status, co_await workers_.run(std::move(read)));
  if (!page) co_return std::move(page).error().in("the feed of " + category.str());
  out.page = std::move(*page);
  co_return out;
}

awaitable<Result<sources::ListingPage>> Remote::one_listing_page(std::string address) {
  auto answer = co_await gate_.get(SourceKind::site, std::move(address));
  if (!answer) co_return std::move(answer).error();
  if (answer->status != 200)
    co_return Error(ErrorKind::bad_input, "arXiv refused the request (" + std::to_string(answer->status) + ")");
  co_return co_await workers_.run([body = std::move(answer->body)] { return sources::read_listing_html(body); });
}

awaitable<Result<sources::ListingPage>> Remote::listing_page(Category category, std::optional<Day> past) {
  auto code = category.canonical().str();
  auto base = past ? addresses_.site + "/catchup/" + code + "/" + to_string(*past) + "?abs=True&page="
                   : addresses_.site + "/list/" + code + "/new?show=" + std::to_string(kListPage) + "&skip=";
  sources::ListingPage whole;
  for (std::size_t n = 0; n < kMostPages; ++n) {
    auto page = co_await one_listing_page(base + std::to_string(past ? n + 1 : n * kListPage));
    if (!page) co_return std::move(page).error().in("the listing page of " + category.str());
    bool full = page->listed >= kListPage;
    if (n > 0 && page->day != whole.day) break;  // a new batch came in between
    if (n == 0)
      whole = std::move(*page);
    else
      sources::append(whole, std::move(*page));
    if (whole.complete || !full) break;
  }
  co_return whole;
}

awaitable<Result<sources::OaiPage>> Remote::oai(std::string query) {
  auto answer = co_await gate_.get(SourceKind::oai, addresses_.oai + "?" + query);
  if (!answer) co_return std::move(answer).error().in("OAI-PMH");
  auto read = [body = std::move(answer->body)] { return sources::read_oai(body); };
  auto page = accepted(answer->status, co_await workers_.run(std::move(read)));
  if (!page) co_return std::move(page).error().in("OAI-PMH");
  co_return page;
}

awaitable<Result<std::vector<Paper>>> Remote::harvest(Category category, Day from, Calendar::Window window) {
  const auto* info = category_info(category.canonical());
  const auto first = http::encode_query({{"verb", "ListRecords"},
                                         {"metadataPrefix", "arXivRaw"},
                                         {"from", to_string(from)},
                                         {"set", info == nullptr ? std::string() : info->oai_set}});
  auto query = first;
  bool begun_again = false;
  std::map<PaperId, Paper> found;  // a list that begins again, or shifts between pages, repeats itself
  for (std::size_t n = 0; n < kMostPages; ++n) {
    auto page = co_await oai(query);
    // contracts: arXiv 3: tokens die at midnight UTC; the list begins again.
    if (!page && page.error().kind() == ErrorKind::refused && query != first && !begun_again) {
      begun_again = true;
      query = first;
      continue;
    }
    if (!page) co_return std::move(page).error();
    for (auto& paper : page->papers)
      if (submitted_in(paper, window)) found.insert_or_assign(paper.id, std::move(paper));
    if (page->resumption_token.empty()) {
      std::vector<Paper> out;
      for (auto& [id, paper] : found) out.push_back(std::move(paper));
      co_return out;
    }
    // Exclusive with the verb, encoded again (contracts: arXiv 3).
    query = http::encode_query({{"verb", "ListRecords"}, {"resumptionToken", page->resumption_token}});
  }
  co_return Error(ErrorKind::transient, "OAI-PMH: the list does not end");
}

awaitable<Result<sources::ApiPage>> Remote::api_page(ApiQuery query, std::size_t start, std::size_t most) {
  query.parameters.emplace_back("start", std::to_string(start));
  query.parameters.emplace_back("max_results", std::to_string(most));
  auto answer = co_await gate_.get(SourceKind::api, addresses_.api + "?" + http::encode_query(query.parameters));
  if (!answer) co_return std::move(answer).error().in("the query API");
  auto read = [body = std::move(answer->body)] { return sources::read_api(body); };
  auto page = accepted(answer->status, co_await workers_.run(std::move(read)));
  if (!page) co_return std::move(page).error().in("the query API");
  co_return page;
}

awaitable<Result<std::vector<Paper>>> Remote::api_pages(ApiQuery query, std::size_t limit) {
  std::vector<Paper> out;
  std::set<PaperId> known;
  std::size_t start = 0, empty_tries = 0, most = kApiPage;
  for (std::size_t n = 0; n < kMostPages && start < limit; ++n) {
    auto page = co_await api_page(query, start, std::min(most, limit - start));
    if (!page) co_return std::move(page).error();
    auto received = page->papers.size() + page->problems.size();  // an unreadable entry has its place in the list too
    bool ends = start + received >= page->total;
    if (received == 0 && (!ends || (start == 0 && !query.may_be_empty))) {
      if (empty_tries == kEmptyRetries.size())
        co_return Error(ErrorKind::transient, "the query API sends empty pages where there are papers");
      const auto& retry = kEmptyRetries.at(empty_tries++);
      co_await async::sleep_for(clock_, retry.after);
      most = retry.page;
      continue;
    }
    start += received;
    for (auto& paper : page->papers)  // the list may shift between two pages
      if (out.size() < limit && known.insert(paper.id).second) out.push_back(std::move(paper));
    if (ends) co_return out;
  }
  if (start < limit) co_return Error(ErrorKind::transient, "the query API: the list does not end");
  co_return out;
}

awaitable<Result<std::vector<Paper>>> Remote::submitted(Category category, Calendar::Window window) {
  constexpr std::size_t kReachable = 30000;  // contracts: arXiv 1.1
  ApiQuery query;
  query.parameters = {
      {"search_query", "cat:" + category.canonical().str() + " AND submittedDate:[" + api_minute(window.from) + " TO " +
                           api_minute(window.to - std::chrono::minutes(1)) + "]"},
      {"sortBy", "submittedDate"},
      {"sortOrder", "ascending"}};
  query.may_be_empty = false;
  auto papers = co_await api_pages(std::move(query), kReachable);
  if (!papers) co_return papers;
  if (auto ordered = in_order(*papers, window); !ordered) co_return ordered.error();
  co_return papers;
}

awaitable<Result<Paper>> Remote::paper_by_oai(PaperId id) {
  auto query = http::encode_query(
      {{"verb", "GetRecord"}, {"metadataPrefix", "arXiv"}, {"identifier", "oai:arXiv.org:" + id.str()}});
  auto page = co_await oai(std::move(query));
  if (!page) co_return std::move(page).error();
  for (auto& paper : page->papers)
    if (paper.id == id) co_return std::move(paper);
  co_return Error(ErrorKind::not_found, "arXiv has no " + id.str());
}

awaitable<Result<Paper>> Remote::paper_by_api(VersionedId id) {
  ApiQuery query;
  query.parameters = {{"id_list", id.str()}};
  auto papers = co_await api_pages(std::move(query), 1);
  if (!papers) co_return std::move(papers).error();
  for (auto& paper : *papers)
    if (paper.id == id.id && (id.version == 0 || paper.version == id.version)) co_return std::move(paper);
  co_return Error(ErrorKind::not_found, "arXiv has no " + id.str());
}

awaitable<Result<Paper>> Remote::paper(VersionedId id) {
  if (id.version != 0) co_return co_await paper_by_api(std::move(id));
  auto by_oai = co_await paper_by_oai(id.id);
  if (by_oai || by_oai.error().kind() == ErrorKind::not_found) co_return by_oai;
  auto by_api = co_await paper_by_api(std::move(id));
  if (by_api || by_api.error().kind() == ErrorKind::not_found) co_return by_api;
  co_return Error(by_api.error().kind(), by_oai.error().what() + "; " + by_api.error().what());
}

awaitable<Result<std::vector<Paper>>> Remote::search(std::vector<std::string> words, std::size_t limit) {
  // A stray quote, bracket or colon would change the meaning (contracts: arXiv 1.2): only letters and digits pass.
  std::string text;
  for (const auto& word : words) {
    std::string clean;
    for (char c : word)
      if (static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-')
        clean += c;
    if (clean.empty()) continue;
    if (!text.empty()) text += " AND ";
    text += "all:\"" + clean + "\"";
  }
  if (text.empty()) co_return std::vector<Paper>();
  ApiQuery query;
  query.parameters = {{"search_query", std::move(text)}};
  co_return co_await api_pages(std::move(query), limit);
}

}  // namespace broadsheet::arxiv
