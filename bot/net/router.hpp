// Routes: a method and a pattern ("/d/{category}/{date}") to a handler. `{name}` matches one segment;
// "/feed/{category}.atom" is a parameter with a fixed ending. Exact segments win over parameters. Unknown paths answer
// 404, known paths with another method 405 with Allow; HEAD is served by GET, OPTIONS answers Allow.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bot/net/server.hpp"

namespace broadsheet::http {

class Router {
 public:
  void add(std::string method, std::string_view pattern, Handler handler);
  // What 404 answers; a plain text without it.
  void not_found(Handler handler) { not_found_ = std::move(handler); }
  // For Server; the router must outlive it.
  Handler handler();
  boost::asio::awaitable<ServerResponse> route(ServerRequest request) const;

 private:
  struct Segment {
    std::string text;    // exact text, or the parameter's name
    std::string suffix;  // fixed ending after a parameter
    bool parameter = false;
  };
  struct Route {
    std::string method;
    std::vector<Segment> pattern;
    Handler handler;
  };
  static bool match(const Route& route, const std::vector<std::string>& path, Parameters& parameters);
  std::set<std::string> methods_of(const std::vector<std::string>& path) const;
  static bool more_exact(const Route& a, const Route& b);

  std::vector<Route> routes_;
  Handler not_found_;
};

}  // namespace broadsheet::http
