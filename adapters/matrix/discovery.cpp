#include "adapters/matrix/discovery.hpp"

#include <nlohmann/json.hpp>
#include <set>

#include "adapters/matrix/json.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::matrix {
namespace {

constexpr int kRedirects = 5;

Call small_get() {
  return {.timeout = std::chrono::seconds(20), .max_response = 65536};
}

std::string without_port(std::string_view server_name) {
  auto bracket = server_name.rfind(']');
  auto colon = server_name.rfind(':');
  bool port = colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return std::string(port ? server_name.substr(0, colon) : server_name);
}

}  // namespace

std::string well_known_url(std::string_view server_name) {
  return "https://" + without_port(server_name) + "/.well-known/matrix/client";
}

WellKnown read_well_known(int status, std::string_view body) {
  if (status == 404) return {Discovery::ignore, {}};
  if (status != 200) return {Discovery::fail_prompt, {}};
  auto json = parse_object(body);
  const auto* server = json ? object_of(*json, "m.homeserver") : nullptr;
  const auto* base = server == nullptr ? nullptr : text_of(*server, "base_url");
  if (base == nullptr) return {Discovery::fail_prompt, {}};
  auto url = http::parse_url(*base);
  if (!url || (!url->tls() && !http::is_loopback(url->host))) return {Discovery::fail_error, {}};
  return {Discovery::ok, base->ends_with('/') ? base->substr(0, base->size() - 1) : *base};
}

boost::asio::awaitable<Result<std::string>> discover(Wire& wire, std::string server_name) {
  auto url = well_known_url(server_name);
  Answer answer;
  std::set<std::string> visited;
  for (int hop = 0; hop <= kRedirects; ++hop) {
    if (!visited.insert(url).second) break;
    answer = co_await wire.exchange_at(url, small_get(), std::string());
    auto location = std::string(http::header(answer.headers, "Location"));
    if (answer.status < 300 || answer.status >= 400) break;
    if (!location.starts_with("https://") || !http::parse_url(location)) break;
    url = location;
  }
  if (answer.status == 0) co_return Error(answer.lost.error).in("looking for the homeserver of " + server_name);
  auto known = read_well_known(answer.status, answer.body);
  auto failed = [&](const std::string& why) {
    return Error(ErrorKind::refused,
                 "the homeserver of " + server_name + " was not found (" + why + "); set matrix.homeserver_url");
  };
  if (known.result == Discovery::fail_prompt) co_return failed("its .well-known answers nothing usable");
  if (known.result == Discovery::fail_error) co_return failed("its .well-known names no usable address");
  auto base = known.result == Discovery::ok ? known.base_url : "https://" + server_name;
  auto versions = co_await wire.exchange_at(base + "/_matrix/client/versions", small_get(), std::string());
  auto json = parse_object(versions.body);
  if (versions.status != 200 || !json || list_of(*json, "versions") == nullptr)
    co_return failed("no Matrix server answers at " + base);
  co_return base;
}

}  // namespace broadsheet::matrix
