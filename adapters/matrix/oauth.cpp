#include "adapters/matrix/oauth.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/matrix/json.hpp"
#include "adapters/matrix/outcome.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;
constexpr const char* kDeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

struct Endpoints {
  std::string registration, device, token;
};

bool trustworthy(const std::string& url) {
  auto parsed = http::parse_url(url);
  return parsed && (parsed->tls() || http::is_loopback(parsed->host));
}

Call form(const std::vector<std::pair<std::string, std::string>>& fields) {
  return {.method = "POST", .body = http::encode_query(fields), .content_type = "application/x-www-form-urlencoded"};
}

Call registration_call() {
  Json body{{"client_name", "Broadsheet"}, {"application_type", "native"}, {"token_endpoint_auth_method", "none"}};
  body["grant_types"] = Json::array({kDeviceGrant, "refresh_token"});
  return {.method = "POST", .body = dump(body)};
}

Call device_call(const std::string& client, const std::string& device) {
  return form({{"client_id", client}, {"scope", "urn:matrix:client:api:* urn:matrix:client:device:" + device}});
}

Call token_call(const std::string& client, const std::string& code) {
  return form({{"grant_type", kDeviceGrant}, {"device_code", code}, {"client_id", client}});
}

std::string new_device(const std::function<std::uint64_t()>& random) {
  static constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  std::string out = "BS";
  for (auto word = random(); out.size() < 14; word >>= 5U) out += kLetters[word & 31U];
  return out;
}

awaitable<Result<Endpoints>> endpoints(Wire& wire) {
  Call get{.path = "/_matrix/client/v1/auth_metadata"};
  auto answer = co_await wire.exchange(std::move(get), std::string());
  if (answer.status == 404)
    co_return Error(ErrorKind::refused, "the homeserver offers no OAuth; set matrix.password or matrix.access_token");
  auto json = parse_object(answer.body);
  if (!answer.good() || !json)
    co_return Error(ErrorKind::transient, "asking for OAuth: " + explain(answer.status, answer.body));
  Endpoints out{text_at(*json, {"registration_endpoint"}), text_at(*json, {"device_authorization_endpoint"}),
                text_at(*json, {"token_endpoint"})};
  if (!trustworthy(out.registration) || !trustworthy(out.device) || !trustworthy(out.token))
    co_return Error(ErrorKind::refused, "the homeserver's OAuth lacks registration or the device grant");
  co_return out;
}

struct Started {
  std::string client, device_id, code;
  std::chrono::seconds interval{5}, life{900};
};

// nullopt: not allowed yet.
std::optional<Result<Tokens>> read_tokens(const Answer& answer, Started& started, const Endpoints& at, Moment now) {
  auto json = parse_object(answer.body);
  if (answer.status == 0 || answer.status >= 500 || !json) return std::nullopt;
  if (!answer.good()) {
    auto error = text_at(*json, {"error"});
    if (error == "slow_down") started.interval += std::chrono::seconds(5);
    if (error == "slow_down" || error == "authorization_pending") return std::nullopt;
    auto why = error == "access_denied" ? "it was refused" : error == "expired_token" ? "it took too long" : error;
    return Error(ErrorKind::refused, "the login was not allowed: " + std::string(why));
  }
  Tokens out;
  out.access = text_at(*json, {"access_token"});
  out.refresh = text_at(*json, {"refresh_token"});
  if (out.access.empty()) return Error(ErrorKind::refused, "the homeserver's token answer has no token");
  out.device_id = started.device_id;
  out.issued = now;
  auto life = number_at(*json, {"expires_in"}).value_or(0);
  if (life > 0) out.expires = now + std::chrono::seconds(life);
  out.token_endpoint = at.token;
  out.client_id = started.client;
  return out;
}

awaitable<Result<Started>> start(const Doors& doors, Wire& wire, const Endpoints& at,
                                 const std::function<void(std::string)>& say) {
  Started out;
  out.device_id = new_device(doors.random);
  auto registered = co_await wire.exchange_at(at.registration, registration_call(), std::string());
  auto client = parse_object(registered.body);
  if (!registered.good() || !client || text_at(*client, {"client_id"}).empty())
    co_return Error(ErrorKind::refused,
                    "registering at the homeserver: " + explain(registered.status, registered.body));
  out.client = text_at(*client, {"client_id"});
  auto begun = co_await wire.exchange_at(at.device, device_call(out.client, out.device_id), std::string());
  auto json = parse_object(begun.body);
  if (!begun.good() || !json || text_at(*json, {"device_code"}).empty())
    co_return Error(ErrorKind::refused, "asking for a device login: " + explain(begun.status, begun.body));
  out.code = text_at(*json, {"device_code"});
  out.interval = std::chrono::seconds(std::clamp<std::int64_t>(number_at(*json, {"interval"}).value_or(5), 1, 60));
  out.life = std::chrono::seconds(std::clamp<std::int64_t>(number_at(*json, {"expires_in"}).value_or(900), 1, 3600));
  auto url = text_at(*json, {"verification_uri_complete"});
  if (url.empty()) url = text_at(*json, {"verification_uri"});
  say("Open " + url + " and allow the login; the code is " + text_at(*json, {"user_code"}) + ".");
  co_return out;
}

}  // namespace

awaitable<Result<Tokens>> device_grant(const Doors& doors, Wire& wire, std::function<void(std::string)> say) {
  auto at = co_await endpoints(wire);
  if (!at) co_return std::move(at).error();
  auto started = co_await start(doors, wire, *at, say);
  if (!started) co_return std::move(started).error();
  auto until = doors.clock.steady_now() + started->life;
  while (doors.clock.steady_now() < until) {
    co_await async::sleep_for(doors.clock, started->interval);
    auto answer = co_await wire.exchange_at(at->token, token_call(started->client, started->code), std::string());
    auto read = read_tokens(answer, *started, *at, doors.clock.now());
    if (read) co_return std::move(*read);
  }
  co_return Error(ErrorKind::refused, "the login was not allowed in time");
}

}  // namespace broadsheet::matrix
