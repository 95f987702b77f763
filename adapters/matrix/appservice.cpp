#include "adapters/matrix/appservice.hpp"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;
using http::ServerRequest;
using http::ServerResponse;

constexpr std::size_t kLargestTransaction = std::size_t{16} << 20;  // design: reliability 5

ServerResponse answer(int status, const char* errcode, const char* error) {
  ServerResponse out;
  out.status = status;
  out.content_type = "application/json";
  out.body = status == 200 ? "{}" : dump(Json{{"errcode", errcode}, {"error", error}});
  return out;
}

// Digests are compared, so that neither the text nor the length of the secret shows in the time taken.
bool same_secret(const config::Secret& secret, std::string_view given) {
  return config::Secret(short_sha256(secret.reveal())).equals(short_sha256(given)) && secret.equals(given);
}

std::optional<ServerResponse> refusal(const config::Matrix& settings, const ServerRequest& request) {
  auto header = http::header(request.headers, "Authorization");
  if (!header.starts_with("Bearer ")) return answer(401, "M_MISSING_TOKEN", "the Authorization header is missing");
  bool good = !settings.hs_token.empty() && same_secret(settings.hs_token, header.substr(7));
  auto query = http::parameter(request.query, "access_token");
  if (!query.empty() && !same_secret(settings.hs_token, query)) good = false;
  if (!good) return answer(403, "M_FORBIDDEN", "not our homeserver's token");
  return std::nullopt;
}

// 200 only when every event is durable; else the homeserver sends the same transaction again. Event ids decide what is
// new, not the transaction's id.
awaitable<ServerResponse> transaction(PushDoor door, ServerRequest request) {
  if (auto refused = refusal(door.settings, request)) co_return *refused;
  auto json = parse_object(request.body);
  if (!json) co_return answer(400, "M_NOT_JSON", "the body is no JSON object");
  const auto* events = list_of(*json, "events");
  if (events == nullptr) co_return answer(400, "M_BAD_JSON", "there is no list of events");
  auto* tasks = door.tasks();
  if (tasks == nullptr) co_return answer(503, "M_UNKNOWN", "not ready yet");
  Freshness freshness{door.doors.clock.now(), {}};
  for (const auto& event : *events) {
    auto incoming = read_event(event, {}, door.intake.self(), freshness);
    auto taken = co_await door.intake.take(std::move(incoming), door.sink, *tasks);
    if (!taken) {
      log::warning("matrix.push_not_stored", {{"why", taken.error().what()}});
      co_return answer(500, "M_UNKNOWN", "not stored; send it again");
    }
  }
  co_return answer(200, "", "");
}

awaitable<ServerResponse> ping(PushDoor door, ServerRequest request) {
  if (auto refused = refusal(door.settings, request)) co_return *refused;
  co_return answer(200, "", "");
}

// Users and rooms exist before they are asked for, or not at all.
awaitable<ServerResponse> nobody(PushDoor door, ServerRequest request) {
  if (auto refused = refusal(door.settings, request)) co_return *refused;
  co_return answer(404, "M_NOT_FOUND", "no such user or room here");
}

awaitable<ServerResponse> wrong_method(PushDoor /*door*/, ServerRequest /*request*/) {
  co_return answer(405, "M_UNRECOGNIZED", "wrong method");
}

using Serve = awaitable<ServerResponse> (*)(PushDoor, ServerRequest);

adapters::Route route(const PushDoor& door, const char* method, const char* pattern, Serve serve, std::size_t body) {
  auto kept = std::make_shared<PushDoor>(door);
  return {method, pattern, body, [kept, serve](ServerRequest request) { return serve(*kept, std::move(request)); }};
}

}  // namespace

std::vector<adapters::Route> push_routes(const PushDoor& door) {
  constexpr std::size_t kSmall = 4096;
  std::vector<adapters::Route> out;
  out.push_back(route(door, "PUT", "/_matrix/app/v1/transactions/{id}", transaction, kLargestTransaction));
  out.push_back(route(door, "POST", "/_matrix/app/v1/ping", ping, kSmall));
  out.push_back(route(door, "GET", "/_matrix/app/v1/users/{id}", nobody, kSmall));
  out.push_back(route(door, "GET", "/_matrix/app/v1/rooms/{id}", nobody, kSmall));
  for (const char* method : {"GET", "POST", "DELETE"})
    out.push_back(route(door, method, "/_matrix/app/v1/transactions/{id}", wrong_method, kSmall));
  for (const char* method : {"GET", "PUT", "DELETE"})
    out.push_back(route(door, method, "/_matrix/app/v1/ping", wrong_method, kSmall));
  return out;
}

}  // namespace broadsheet::matrix
