// The floor: a bare Beast server that checks the same signature, splits the same form, and has the same answers ready.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <string>
#include <thread>
#include <unordered_map>

#include "adapters/slack/form.hpp"
#include "bot/async/async.hpp"
#include "tests/bench/slack/request.hpp"

namespace broadsheet::bench {

class Bare {
 public:
  // By what is typed: "paper 2601.00001".
  using Answers = std::unordered_map<std::string, std::string>;
  explicit Bare(Answers answers)
      : answers_(std::move(answers)), acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
    boost::asio::co_spawn(context_, accept(), boost::asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Bare() {
    context_.stop();
    thread_.join();
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::thread& thread() { return thread_; }

 private:
  boost::asio::awaitable<void> accept() {
    while (true) {
      auto [ec, socket] = co_await acceptor_.async_accept(async::nothrow);
      if (ec) co_return;
      boost::asio::co_spawn(context_, serve(std::move(socket)), boost::asio::detached);
    }
  }
  boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket) {
    namespace wire = boost::beast::http;
    socket.set_option(boost::asio::ip::tcp::no_delay(true));
    boost::beast::flat_buffer buffer;
    while (true) {
      wire::request<wire::string_body> in;
      auto [ec, size] = co_await wire::async_read(socket, buffer, in, async::nothrow);
      if (ec) co_return;
      auto expected = "v0=" + mac("v0:" + std::string(in["x-slack-request-timestamp"]) + ":" + in.body());
      auto form = slack::parse_form(in.body());
      auto answer = form ? answers_.find(std::string(slack::field(*form, "text"))) : answers_.end();
      bool good = expected == in["x-slack-signature"] && answer != answers_.end();
      wire::response<wire::string_body> out(good ? wire::status::ok : wire::status::unauthorized, in.version());
      out.set(wire::field::content_type, "application/json; charset=utf-8");
      if (good) out.body() = answer->second;
      out.keep_alive(true);
      out.prepare_payload();
      auto [failed, written] = co_await wire::async_write(socket, out, async::nothrow);
      if (failed) co_return;
    }
  }

  Answers answers_;
  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

}  // namespace broadsheet::bench
