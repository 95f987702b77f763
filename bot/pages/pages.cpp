#include "bot/pages/pages.hpp"

#include <nlohmann/json.hpp>

#include "bot/base/log.hpp"
#include "bot/pages/markup.hpp"
#include "bot/pages/preview.hpp"
#include "bot/pages/replies.hpp"
#include "digest/present/atom.hpp"
#include "digest/present/html.hpp"

namespace broadsheet::pages {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kArchive = 100;
constexpr std::size_t kFeed = 20;

http::ServerResponse page_error(const Error& error) {
  log::error("pages.store_failed", {{"what", error.what()}});
  return html(sentence_page("Not just now", "The store cannot be read just now. Try again in a minute."), 503);
}

http::ServerResponse page_missing(const std::string& sentence) {
  return html(sentence_page("Not here", sentence), 404);
}

http::ServerResponse page_failed(const Error& error) {
  return error.kind() == ErrorKind::not_found ? page_missing(error.what()) : page_error(error);
}

Result<std::vector<Digest>> newest_digests(store::Store& store, const Profiles& profiles, const Category& category) {
  auto refs = public_digests(store, profiles, std::nullopt, category, kFeed);
  if (!refs) return refs.error();
  std::vector<Digest> digests;
  for (const auto& ref : *refs) {
    auto digest = store.digests().get(ref.key);
    if (!digest) return digest.error();
    if (*digest) digests.push_back(std::move(**digest));
  }
  return digests;
}

// The category's own of that day, or of the newest.
Result<std::optional<Digest>> look_up_digest(store::Store& store, const Profiles& profiles, const Category& category,
                                             std::optional<Day> day) {
  auto refs = public_digests(store, profiles, day, category, 1);
  if (!refs) return refs.error();
  if (refs->empty()) return std::optional<Digest>();
  return store.digests().get(refs->front().key);
}

// Every answer counted, finished and never an exception away from one.
http::Handler wrapped(http::Handler inner, Metrics& metrics, std::string route) {
  return [inner = std::move(inner), &metrics, route = std::move(route)](http::ServerRequest request) {
    return [](const http::Handler& handler, Metrics& counts, const std::string& name,
              http::ServerRequest asked) -> awaitable<http::ServerResponse> {
      auto headers = asked.headers;
      auto response = co_await handler(std::move(asked));
      response = finish(std::move(response), headers);
      counts.count("broadsheet_http_requests_total", "Answers by route and status",
                   {{"route", name}, {"status", std::to_string(response.status)}});
      co_return response;
    }(inner, metrics, route, std::move(request));
  };
}

}  // namespace

const std::vector<Pages::Route>& Pages::routes() {
  static const std::vector<Route> kRoutes{
      {"/", "The digests, newest first", "text/html", &Pages::home},
      {"/d/{category}/{date}", "One digest; date is 2025-12-19 or latest", "text/html", &Pages::digest},
      {"/p/{id}", "One paper", "text/html", &Pages::paper},
      {"/p/{archive}/{number}", "One paper with an identifier of before 2007", "text/html", &Pages::paper},
      {"/feed/{category}.atom", "The newest digests of a category", "application/atom+xml", &Pages::feed},
      {"/preview/{target}", "What a preview target was sent", "text/html", &Pages::preview},
      {"/healthz", "200 while the process lives", "text/plain", &Pages::live},
      {"/readyz", "200 or 503, with the state of each part", "application/json", &Pages::ready},
      {"/metrics", "Prometheus text", "text/plain", &Pages::metrics},
      {"/api/v1/papers/{id}", "One paper", "application/json", &Pages::api_paper},
      {"/api/v1/papers/{archive}/{number}", "One paper with an identifier of before 2007", "application/json",
       &Pages::api_paper},
      {"/api/v1/search", "Papers that match the query q; limit 1 to 100, offset", "application/json",
       &Pages::api_search},
      {"/api/v1/digests/{category}/{date}", "One digest; date is 2025-12-19 or latest", "application/json",
       &Pages::api_digest},
      {"/api/v1/status", "Version, state and size of the store", "application/json", &Pages::api_status},
      {"/api/v1/openapi.json", "This description", "application/json", &Pages::api_description},
  };
  return kRoutes;
}

void Pages::install(http::Router& router) {
  for (const auto& route : routes()) {
    auto inner = [this, member = route.member](http::ServerRequest request) {
      return (this->*member)(std::move(request));
    };
    router.add("GET", route.pattern, wrapped(inner, metrics_, route.pattern));
  }
  router.not_found(
      wrapped([this](http::ServerRequest request) { return missing(std::move(request)); }, metrics_, "none"));
}

Pages::Answer Pages::live(http::ServerRequest) {
  co_return Response{200, "text/plain; charset=utf-8", "ok\n", {}};
}

Pages::Answer Pages::ready(http::ServerRequest) {
  auto parts = options_.parts ? options_.parts() : std::vector<PartState>{};
  bool all = true;
  auto body = nlohmann::ordered_json::object();
  for (const auto& part : parts) {
    all = all && (part.ready || part.degraded);
    body[part.name] = {{"ready", part.ready}, {"detail", part.detail}};
    if (part.degraded) body[part.name]["degraded"] = true;
  }
  co_return json(body.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n", all ? 200 : 503);
}

Pages::Answer Pages::metrics(http::ServerRequest) {
  co_return Response{200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(), {}};
}

Pages::Answer Pages::home(http::ServerRequest) {
  auto work = [this, all = profiles()] { return public_digests(store_, all, std::nullopt, std::nullopt, kArchive); };
  auto refs = co_await pool_.run(std::move(work));
  if (!refs) co_return page_error(refs.error());
  co_return html(archive_page(*refs));
}

awaitable<Result<std::optional<Digest>>> Pages::find_digest(http::ServerRequest request) {
  auto category = Category::parse(http::parameter(request.path_parameters, "category"));
  auto date = http::parameter(request.path_parameters, "date");
  auto day = parse_day(date);
  if (!category || (!day && date != "latest")) co_return std::optional<Digest>();
  auto work = [this, all = profiles(), c = *category, day] { return look_up_digest(store_, all, c, day); };
  co_return co_await pool_.run(std::move(work));
}

awaitable<Result<std::optional<Paper>>> Pages::find_paper(http::ServerRequest request) {
  std::string written(http::parameter(request.path_parameters, "id"));
  if (written.empty())  // "hep-th/9901001" is two segments
    written = std::string(http::parameter(request.path_parameters, "archive")) + "/" +
              std::string(http::parameter(request.path_parameters, "number"));
  auto id = parse_paper_reference(written);
  if (!id) co_return std::optional<Paper>();
  auto work = [this, wanted = *id]() -> Result<std::optional<Paper>> {
    auto paper = store_.papers().get(wanted.id);
    if (paper && *paper && wanted.version != 0 && (*paper)->version != wanted.version)
      return Error(ErrorKind::not_found, "Version " + std::to_string(wanted.version) + " of " + wanted.id.str() +
                                             " is not here; version " + std::to_string((*paper)->version) + " is.");
    return paper;
  };
  co_return co_await pool_.run(std::move(work));
}

Pages::Answer Pages::digest(http::ServerRequest request) {
  auto found = co_await find_digest(std::move(request));
  if (!found) co_return page_error(found.error());
  if (!*found) co_return page_missing("There is no digest of that category and day here.");
  auto work = [digest = std::move(**found)] { return present::digest_page(digest); };
  co_return html(co_await pool_.run(std::move(work)));
}

Pages::Answer Pages::paper(http::ServerRequest request) {
  auto found = co_await find_paper(std::move(request));
  if (!found) co_return page_failed(found.error());
  if (!*found) co_return page_missing("That paper is not in the store.");
  co_return html(paper_page(**found));
}

Pages::Answer Pages::feed(http::ServerRequest request) {
  auto category = Category::parse(http::parameter(request.path_parameters, "category"));
  if (!category) co_return page_missing("There is no such category.");
  auto work = [this, all = profiles(), c = *category]() -> Result<std::string> {
    auto digests = newest_digests(store_, all, c);
    if (!digests) return digests.error();
    return present::atom_feed(*digests, {options_.public_url, c.str()});
  };
  auto feed = co_await pool_.run(std::move(work));
  if (!feed) co_return page_error(feed.error());
  co_return Response{200, "application/atom+xml; charset=utf-8", std::move(*feed), {}};
}

Pages::Answer Pages::preview(http::ServerRequest request) {
  std::string target(http::parameter(request.path_parameters, "target"));
  if (!options_.preview) co_return page_missing("There are no preview targets here.");
  auto messages = co_await options_.preview(target);
  if (!messages) co_return page_error(messages.error());
  if (messages->empty()) co_return page_missing("Nothing was sent to that preview target yet.");
  auto work = [target, messages = std::move(*messages)] { return preview_page(target, messages); };
  co_return html(co_await pool_.run(std::move(work)));
}

Pages::Answer Pages::missing(http::ServerRequest request) {
  if (request.path.starts_with("/api/"))
    co_return json_error(Error(ErrorKind::not_found, "there is nothing at this path"));
  co_return page_missing("There is nothing at this address. The front page lists every digest.");
}

}  // namespace broadsheet::pages
