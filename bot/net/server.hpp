// The HTTP server: one coroutine per connection, keep-alive, strict framing, every size and wait bounded (design:
// reliability 5). Plain HTTP: a reverse proxy terminates TLS. Used on the I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::http {

using Parameters = std::vector<std::pair<std::string, std::string>>;
// First value of that name; empty if absent.
std::string_view parameter(const Parameters& parameters, std::string_view name);

struct ServerRequest {
  std::string method;
  std::string target;                 // as received
  std::string path;                   // decoded
  std::vector<std::string> segments;  // of the path, each decoded
  Parameters query;                   // decoded
  Parameters path_parameters;         // filled by the Router: {"category", "cs.CL"}
  Headers headers;
  std::string body;
  std::string peer;  // address
};

struct ServerResponse {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  Headers headers;
};

using Handler = std::function<boost::asio::awaitable<ServerResponse>(ServerRequest)>;

struct ServerOptions {
  std::size_t max_connections = 1000;
  std::size_t per_address = 64;              // loopback and trusted proxies excepted
  std::vector<std::string> trusted_proxies;  // addresses and ranges, as AddressRange reads them
  std::size_t max_header = std::size_t{8} << 10;
  std::size_t max_target = std::size_t{2} << 10;
  // Longest body for a path; null: 64 KiB everywhere.
  std::function<std::size_t(std::string_view path)> max_body;
  std::chrono::milliseconds header_timeout{5000};
  std::chrono::milliseconds body_timeout{10000};
  std::chrono::milliseconds idle_timeout{75000};
  std::chrono::milliseconds write_timeout{30000};
};

class Server {
 public:
  Server(boost::asio::any_io_executor executor, Clock& clock, ServerOptions options, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds; `host` is an address or "localhost", port 0 picks a free one. Connections are accepted once run() runs.
  Status listen(const std::string& host, std::uint16_t port);
  std::uint16_t port() const;
  // Serves until stop() was called and every connection has ended.
  boost::asio::awaitable<void> run();
  // No new connections, idle ones closed at once, answers in the making get under a second. From the I/O thread.
  void stop();
  std::size_t connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::http
