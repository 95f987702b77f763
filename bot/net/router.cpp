#include "bot/net/router.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::http {
namespace {

bool serves(const std::string& method, const std::string& asked) {
  return method == asked || (method == "GET" && asked == "HEAD");
}

ServerResponse with_allow(const std::set<std::string>& methods, bool options) {
  std::string allow = "OPTIONS";
  for (const auto& method : methods) allow += ", " + method;
  if (methods.contains("GET")) allow += ", HEAD";
  ServerResponse response{options ? 204 : 405, "text/plain; charset=utf-8", "405 Method Not Allowed\n", {}};
  response.headers.emplace_back("Allow", allow);
  return response;
}

}  // namespace

void Router::add(std::string method, std::string_view pattern, Handler handler) {
  Route route{std::move(method), {}, std::move(handler)};
  auto parts = text::split(pattern, '/');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (pattern == "/") break;
    auto open = parts[i].find('{'), close = parts[i].find('}');
    if (open != 0 || close == std::string_view::npos)
      route.pattern.push_back({std::string(parts[i]), "", false});
    else
      route.pattern.push_back(
          {std::string(parts[i].substr(1, close - 1)), std::string(parts[i].substr(close + 1)), true});
  }
  routes_.push_back(std::move(route));
}

bool Router::match(const Route& route, const std::vector<std::string>& path, Parameters& parameters) {
  if (route.pattern.size() != path.size()) return false;
  parameters.clear();
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto& segment = route.pattern[i];
    if (!segment.parameter) {
      if (segment.text != path[i]) return false;
      continue;
    }
    if (path[i].size() <= segment.suffix.size() || !path[i].ends_with(segment.suffix)) return false;
    parameters.emplace_back(segment.text, path[i].substr(0, path[i].size() - segment.suffix.size()));
  }
  return true;
}

bool Router::more_exact(const Route& a, const Route& b) {
  return std::lexicographical_compare(a.pattern.begin(), a.pattern.end(), b.pattern.begin(), b.pattern.end(),
                                      [](const Segment& x, const Segment& y) { return !x.parameter && y.parameter; });
}

std::set<std::string> Router::methods_of(const std::vector<std::string>& path) const {
  std::set<std::string> out;
  Parameters ignored;
  for (const auto& route : routes_)
    if (match(route, path, ignored)) out.insert(route.method);
  return out;
}

Handler Router::handler() {
  return [this](ServerRequest request) { return route(std::move(request)); };
}

boost::asio::awaitable<ServerResponse> Router::route(ServerRequest request) const {
  const Route* best = nullptr;
  for (const auto& candidate : routes_) {
    Parameters parameters;
    if (!match(candidate, request.segments, parameters)) continue;
    if (!serves(candidate.method, request.method) || (best != nullptr && !more_exact(candidate, *best))) continue;
    best = &candidate;
    request.path_parameters = std::move(parameters);
  }
  if (best != nullptr) co_return co_await best->handler(std::move(request));
  if (auto methods = methods_of(request.segments); !methods.empty())
    co_return with_allow(methods, request.method == "OPTIONS");
  if (not_found_) co_return co_await not_found_(std::move(request));
  co_return ServerResponse{404, "text/plain; charset=utf-8", "404 Not Found\n", {}};
}

}  // namespace broadsheet::http
