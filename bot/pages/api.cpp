// The JSON half of the pages.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "bot/base/log.hpp"
#include "bot/base/text.hpp"
#include "bot/pages/pages.hpp"
#include "bot/pages/replies.hpp"
#include "digest/record/json.hpp"

namespace broadsheet::pages {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostHits = 100;
constexpr std::size_t kMostOffset = 10000;
constexpr std::size_t kLongestQuery = 1000;

std::string text_of(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

http::ServerResponse failed(const Error& error) {
  if (status_of(error.kind()) >= 500) log::error("api.failed", {{"what", error.what()}});
  return json_error(error);
}

Error not_here(const char* what) {
  return Error(ErrorKind::not_found, what);
}

// Each parameter at most once, so that nobody believes the one that was not read.
Status each_once(const http::Parameters& query) {
  std::set<std::string> seen;
  for (const auto& [name, value] : query)
    if (!seen.insert(name).second) return Error(ErrorKind::bad_input, text::ellipsize(name, 40) + " is given twice");
  return {};
}

// A number from the query, or `usual` when it is not given; nothing when it is not a number in range.
std::optional<std::size_t> number(const http::Parameters& query, std::string_view name, std::size_t usual,
                                  std::size_t least, std::size_t most) {
  bool given = std::any_of(query.begin(), query.end(), [name](const auto& one) { return one.first == name; });
  if (!given) return usual;
  auto text = http::parameter(query, name);
  std::size_t value = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

Result<store::SearchOrder> order(const http::Parameters& query) {
  auto word = http::parameter(query, "order");
  bool given = std::any_of(query.begin(), query.end(), [](const auto& one) { return one.first == "order"; });
  if (!given || word == "relevance") return store::SearchOrder::relevance;
  if (word == "newest") return store::SearchOrder::newest;
  return Error(ErrorKind::bad_input, "order must be relevance or newest");
}

Result<store::SearchRequest> search_request(const http::Parameters& query) {
  if (auto single = each_once(query); !single) return single.error();
  store::SearchRequest request;
  request.deadline = store::kServedSearch;
  request.query = http::parameter(query, "q");
  if (request.query.empty()) return Error(ErrorKind::bad_input, "q is missing");
  if (request.query.size() > kLongestQuery) return Error(ErrorKind::bad_input, "q is longer than 1000 bytes");
  auto limit = number(query, "limit", request.limit, 1, kMostHits);
  auto offset = number(query, "offset", 0, 0, kMostOffset);
  if (!limit) return Error(ErrorKind::bad_input, "limit must be 1 to 100");
  if (!offset) return Error(ErrorKind::bad_input, "offset must be 0 to 10000");
  request.limit = *limit;
  request.offset = *offset;
  auto wanted = order(query);
  if (!wanted) return wanted.error();
  request.order = *wanted;
  return request;
}

std::string search_body(const store::SearchAnswer& answer) {
  Json body{{"considered", answer.considered}, {"complete", answer.complete}, {"note", answer.note}};
  if (!answer.instead.empty()) body["instead"] = answer.instead;
  auto& results = body["results"] = Json::array();
  for (const auto& hit : answer.hits)
    results.push_back({{"score", hit.score}, {"paper", Json::parse(record::to_json(hit.paper))}});
  return text_of(body);
}

}  // namespace

Pages::Answer Pages::api_paper(http::ServerRequest request) {
  auto found = co_await find_paper(std::move(request));
  if (!found) co_return failed(found.error());
  if (!*found) co_return failed(not_here("that paper is not in the store"));
  co_return json(record::to_json(**found) + "\n");
}

Pages::Answer Pages::api_digest(http::ServerRequest request) {
  auto found = co_await find_digest(std::move(request));
  if (!found) co_return failed(found.error());
  if (!*found) co_return failed(not_here("there is no digest of that category and day"));
  auto work = [digest = std::move(**found)] { return record::to_json(digest) + "\n"; };
  co_return json(co_await pool_.run(std::move(work)));
}

Pages::Answer Pages::api_search(http::ServerRequest request) {
  auto wanted = search_request(request.query);
  if (!wanted) co_return failed(wanted.error());
  auto work = [this, search = std::move(*wanted)]() -> Result<std::string> {
    auto answer = store_.search().find(search);
    if (!answer) return answer.error();
    return search_body(*answer);
  };
  auto body = co_await pool_.run(std::move(work));
  if (!body) co_return failed(body.error());
  co_return json(std::move(*body));
}

Pages::Answer Pages::api_status(http::ServerRequest) {
  auto work = [this] { return store_.papers().count(); };
  auto papers = co_await pool_.run(std::move(work));
  if (!papers) co_return failed(papers.error());
  Json body{{"version", options_.version}, {"papers", *papers}, {"parts", Json::object()}};
  for (const auto& part : options_.parts ? options_.parts() : std::vector<PartState>{})
    body["parts"][part.name] = {{"ready", part.ready}, {"detail", part.detail}};
  co_return json(text_of(body));
}

Pages::Answer Pages::api_description(http::ServerRequest) {
  co_return json(openapi());
}

}  // namespace broadsheet::pages
