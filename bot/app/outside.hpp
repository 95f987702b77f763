// What lies outside the service and is given to it: threads, time, the network, randomness. `Machine` is the real one;
// a rehearsal gives its own and has the whole service in one thread and in no time.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/net/client.hpp"
#include "bot/net/websocket.hpp"

namespace broadsheet::app {

using Random = std::function<std::uint64_t()>;
// From the operating system: nobody can guess the next one.
std::uint64_t unguessable();

// All of it outlives who is given it.
struct Outside {
  boost::asio::any_io_executor executor;  // of the I/O thread
  async::Offload& workers;
  Clock& clock;
  http::Transport& arxiv;  // apart from the platforms': its requests say themselves who asks
  http::Transport& platforms;
  http::WebSocketDoor& websockets;
  Random random;
};

class Machine {
 public:
  // `options`: of the clients that call platforms.
  Machine(Clock& clock, std::size_t threads, const http::ClientOptions& options);
  ~Machine() { workers_.finish(); }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  Outside outside();
  boost::asio::io_context& io() { return io_; }
  async::Offload& workers() { return workers_; }
  // Runs the loop until the task, and all that it left behind, has ended; what it throws is thrown here at once.
  void run(boost::asio::awaitable<void> task);

 private:
  Clock& clock_;
  boost::asio::io_context io_{1};
  async::Offload workers_;
  http::Client arxiv_, platforms_;
  http::WebSocketClient websockets_;
};

}  // namespace broadsheet::app
