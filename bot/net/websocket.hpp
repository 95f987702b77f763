// A WebSocket client (RFC 6455): TLS verified as by the HTTP client, plain ws for loopback hosts only, text messages
// bounded, pings both ways, silence ends the connection. Used on the I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "bot/async/async.hpp"
#include "bot/base/result.hpp"
#include "bot/net/client.hpp"

namespace broadsheet::http {

struct WebSocketOptions {
  std::size_t max_message = std::size_t{1} << 20;
  std::chrono::milliseconds connect_timeout{20000};  // resolve + connect + TLS + upgrade
  // Half of it without a byte from the other side: a ping is sent; all of it: the connection is given up.
  std::chrono::milliseconds idle_timeout{20000};
  std::chrono::milliseconds write_timeout{10000};
};

// An open connection. One coroutine reads; any number write, one after the other.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // The next whole text message. An Error ends the connection.
  virtual boost::asio::awaitable<Result<std::string>> read() = 0;
  virtual boost::asio::awaitable<Status> write(std::string text) = 0;
  // Says goodbye, for at most a second; read() then ends with an Error.
  virtual boost::asio::awaitable<void> close() = 0;
};

class WebSocketDoor {
 public:
  virtual ~WebSocketDoor() = default;
  // ws:// or wss://. Error texts show scheme and host only: the query may hold a ticket.
  virtual boost::asio::awaitable<Result<std::unique_ptr<WebSocket>>> connect(std::string url,
                                                                             WebSocketOptions options) = 0;
};

// The real one.
class WebSocketClient final : public WebSocketDoor {
 public:
  WebSocketClient(boost::asio::any_io_executor executor, async::Offload& resolver, Clock& clock, ClientOptions options);
  ~WebSocketClient() override;
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;
  boost::asio::awaitable<Result<std::unique_ptr<WebSocket>>> connect(std::string url,
                                                                     WebSocketOptions options) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::http
