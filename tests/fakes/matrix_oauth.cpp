// OAuth 2.0 as homeservers with an authentication service offer it: metadata, registration, device grant, refresh.
#include "bot/http/url.hpp"
#include "tests/fakes/matrix_world.hpp"

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::json;

Reply refused(const std::string& error) {
  return matrix_reply(400, {{"error", error}});
}

}  // namespace

std::map<std::string, std::string> MatrixWorld::form_of(const Seen& seen) {
  std::map<std::string, std::string> out;
  auto target = http::parse_target("/x?" + seen.body);
  if (target)
    for (const auto& [key, value] : target->query) out[key] = value;
  return out;
}

Reply MatrixWorld::oauth(const Seen& seen) {
  auto base = "http://" + seen.headers.at("host");
  if (seen.target.ends_with("/auth_metadata"))
    return matrix_reply(200, {{"issuer", base + "/"},
                              {"registration_endpoint", base + "/oauth/register"},
                              {"device_authorization_endpoint", base + "/oauth/device"},
                              {"token_endpoint", base + "/oauth/token"}});
  if (seen.target == "/oauth/register") {
    auto body = Json::parse(seen.body, nullptr, false);
    bool good = body.is_object() && body.value("token_endpoint_auth_method", "") == "none" &&
                body.value("grant_types", Json::array()).size() == 2;
    return good ? matrix_reply(201, {{"client_id", "client-1"}}) : refused("invalid_client_metadata");
  }
  auto form = form_of(seen);
  if (form["client_id"] != "client-1") return refused("invalid_client");
  if (seen.target == "/oauth/device") {
    const std::string scope = "urn:matrix:client:device:";
    auto at = form["scope"].find(scope);
    if (at == std::string::npos) return refused("invalid_scope");
    options.device = form["scope"].substr(at + scope.size());
    return matrix_reply(200, {{"device_code", "code-1"},
                              {"user_code", "ABCD-EFGH"},
                              {"verification_uri", base + "/link"},
                              {"verification_uri_complete", base + "/link?code=ABCD-EFGH"},
                              {"interval", 1},
                              {"expires_in", 600}});
  }
  if (form["grant_type"] == "refresh_token") {
    ++refreshes;
    if (form["refresh_token"] != refresh_token) return refused("invalid_grant");
  } else if (form["device_code"] != "code-1") {
    return refused("invalid_grant");
  } else if (options.oauth_denied) {
    return refused("access_denied");
  } else if (oauth_asked++ < 2) {
    return refused(oauth_asked == 1 ? "authorization_pending" : "slow_down");
  }
  auto out = new_tokens();
  out.erase("expires_in_ms");
  out["expires_in"] = 300;
  out["token_type"] = "Bearer";
  return matrix_reply(200, out);
}

}  // namespace broadsheet::fakes
