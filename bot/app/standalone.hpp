// A loop, an HTTP client and a state for one-shot commands that use an adapter without the service.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

#include "adapters/platform.hpp"
#include "bot/app/platforms.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/net/client.hpp"
#include "bot/net/websocket.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

class Standalone {
 public:
  // Without a store nothing is known and nothing is kept.
  explicit Standalone(Clock& clock, store::Store* store = nullptr, http::ClientOptions options = client_options());
  ~Standalone();
  Standalone(const Standalone&) = delete;
  Standalone& operator=(const Standalone&) = delete;

  boost::asio::any_io_executor executor() { return io_.get_executor(); }
  http::Client& client() { return client_; }
  http::WebSocketClient& websockets() { return websockets_; }
  adapters::State& state() { return *state_; }
  Doors doors() { return {client_, websockets_, clock_, *state_}; }
  // Runs the loop until the task ends; what it throws is thrown here.
  void run(boost::asio::awaitable<void> task);

 private:
  Clock& clock_;
  boost::asio::io_context io_{1};
  async::Offload workers_{1};
  http::Client client_;
  http::WebSocketClient websockets_;
  std::unique_ptr<adapters::State> state_;
};

}  // namespace broadsheet::app
