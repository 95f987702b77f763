// One connection of the server. Internal to bot/net.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "bot/async/async.hpp"
#include "bot/net/framing.hpp"
#include "bot/net/server.hpp"

namespace broadsheet::http {

class Session {
 public:
  Session(boost::asio::ip::tcp::socket socket, std::string peer, Clock& clock, const ServerOptions& options,
          const Handler& handler);

  // Until the other side leaves, a limit is broken, or stop().
  boost::asio::awaitable<void> run();
  // Called a few times a second by the server: one sweep over all connections instead of a timer for each read
  // (design: performance 1).
  void sweep(SteadyMoment now);
  // Ends after the answer in the making; at once if there is none.
  void stop();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Answer = boost::beast::http::response<boost::beast::http::string_body>;
  enum class Next : std::uint8_t { request, close };

  struct Incoming;

  // One request whose head has arrived or is refused.
  boost::asio::awaitable<Next> serve(HeadScan scan);
  // Status to refuse with, or 0.
  int begin(Incoming& in, std::size_t head_size);
  // Status to refuse with, 0, or kGone when nobody is there to be told.
  boost::asio::awaitable<int> read_head(HeadScan& scan);
  boost::asio::awaitable<int> read_body(Incoming& in);
  boost::asio::awaitable<Next> answer(ServerRequest request, bool keep_alive);
  boost::asio::awaitable<void> refuse(int status);
  boost::asio::awaitable<bool> write(ServerResponse response, bool head_only, bool keep_alive);
  boost::asio::awaitable<void> linger();
  std::size_t body_limit(std::string_view path) const;
  void within(std::chrono::milliseconds d);
  std::string_view arrived() const;

  boost::asio::ip::tcp::socket socket_;
  std::string peer_;
  Clock& clock_;
  const ServerOptions& options_;
  const Handler& handler_;
  HeadLimits limits_;
  boost::beast::flat_buffer buffer_{std::size_t{64} << 10};
  SteadyMoment deadline_ = SteadyMoment::max();
  std::string why_;  // of a refusal, where there is more to say
  bool expired_ = false, stopping_ = false, idle_ = false, first_ = true;
};

}  // namespace broadsheet::http
