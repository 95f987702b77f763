// A server whose every byte the test decides.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <functional>
#include <string>
#include <vector>

#include "tests/unit/net/loop.hpp"

namespace broadsheet::test {

using Socket = boost::asio::ip::tcp::socket;
// Plays one connection; `n` counts them from 0.
using Script = std::function<boost::asio::awaitable<void>(Socket& socket, int n)>;

class ScriptedPeer {
 public:
  ScriptedPeer(Loop& loop, Script script)
      : script_(std::move(script)),
        acceptor_(loop.context, {boost::asio::ip::address_v4::loopback(), 0}),
        tasks_(loop.context.get_executor()) {
    tasks_.spawn("peer", accept());
  }
  std::string url(const std::string& path = "/") const { return "http://127.0.0.1:" + std::to_string(port()) + path; }
  unsigned port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return connections_; }
  boost::asio::awaitable<void> stop() {
    tasks_.cancel();
    co_await tasks_.join();
  }

 private:
  boost::asio::awaitable<void> accept() {
    while (true) {
      auto [ec, socket] = co_await acceptor_.async_accept(async::nothrow);
      co_await async::check_cancelled();
      if (!ec) tasks_.spawn("peer connection", play(std::move(socket), connections_++));
    }
  }
  boost::asio::awaitable<void> play(Socket socket, int n) { co_await script_(socket, n); }

  Script script_;
  boost::asio::ip::tcp::acceptor acceptor_;
  async::TaskGroup tasks_;
  int connections_ = 0;
};

// One request's header (and whatever came with it); empty when the other side closed.
inline boost::asio::awaitable<std::string> read_request(Socket& socket) {
  std::string bytes;
  auto [ec, n] =
      co_await boost::asio::async_read_until(socket, boost::asio::dynamic_buffer(bytes), "\r\n\r\n", async::nothrow);
  co_await async::check_cancelled();
  if (ec) bytes.clear();
  co_return bytes;
}

inline boost::asio::awaitable<bool> say(Socket& socket, std::string bytes) {
  auto [ec, n] = co_await boost::asio::async_write(socket, boost::asio::buffer(bytes), async::nothrow);
  co_await async::check_cancelled();
  co_return !ec;
}

// Keeps the connection open and silent until the other side leaves.
inline boost::asio::awaitable<void> stay_silent(Socket& socket) {
  char byte = 0;
  boost::system::error_code failed;
  while (!failed) {
    auto [ec, n] = co_await socket.async_read_some(boost::asio::buffer(&byte, 1), async::nothrow);
    co_await async::check_cancelled();
    failed = ec;
  }
}

}  // namespace broadsheet::test
