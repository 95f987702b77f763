// The HTTP client: HTTP/1.1 over TLS, kept-alive connections per origin, every phase with a deadline, every answer
// bounded, no redirects, no compression asked for. Plain http for loopback hosts only. Error texts show scheme and host
// only: paths and queries may hold secrets. Used on the I/O thread; look-ups run on `resolver`.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::http {

struct ClientOptions {
  std::string user_agent;
  bool verify_tls = true;  // false is obeyed for loopback hosts only (design: reliability 5, TLS)
  std::string ca_file;     // PEM; empty: the system's
  // Hosts that the operator has named: these may stand at addresses that are not globally reachable.
  std::vector<std::string> private_hosts;
};

class Client final : public Transport {
 public:
  Client(boost::asio::any_io_executor executor, async::Offload& resolver, Clock& clock, ClientOptions options);
  ~Client() override;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  boost::asio::awaitable<Outcome> send(Request request) override;
  // Closes the idle connections.
  void close_idle();
  std::size_t idle_connections() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::http
