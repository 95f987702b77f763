// The JSON half of the pages.
#include <charconv>
#include <nlohmann/json.hpp>

#include "bot/base/log.hpp"
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

// A number from the query, or `usual` when it is not given; nothing when it is not a number in range.
std::optional<std::size_t> number(const http::Parameters& query, std::string_view name, std::size_t usual,
                                  std::size_t least, std::size_t most) {
  auto text = http::parameter(query, name);
  if (text.empty()) return usual;
  std::size_t value = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

Result<store::SearchRequest> search_request(const http::Parameters& query) {
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
  if (http::parameter(query, "order") == "newest") request.order = store::SearchOrder::newest;
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

std::string Pages::openapi() const {
  Json paths = Json::object();
  for (const auto& route : routes()) {
    Json parameters = Json::array();
    std::string_view rest = route.pattern;
    for (auto open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
      auto close = rest.find('}');
      parameters.push_back({{"name", rest.substr(open + 1, close - open - 1)},
                            {"in", "path"},
                            {"required", true},
                            {"schema", {{"type", "string"}}}});
      rest.remove_prefix(close + 1);
    }
    if (route.member == &Pages::api_search)
      for (auto name : {"q", "limit", "offset", "order"})
        parameters.push_back({{"name", name},
                              {"in", "query"},
                              {"required", name == std::string_view("q")},
                              {"schema", {{"type", "string"}}}});
    Json content;
    content[route.type] = Json::object();
    paths[route.pattern]["get"] = {{"summary", route.summary},
                                   {"parameters", parameters},
                                   {"responses", {{"200", {{"description", "Good"}, {"content", content}}}}}};
  }
  Json body{{"openapi", "3.0.3"}, {"info", {{"title", "Broadsheet"}, {"version", options_.version}}}, {"paths", paths}};
  return body.dump(2) + "\n";
}

}  // namespace broadsheet::pages
