// The fake Slack without a network between: every call takes turns of the loop, so that tests decide what happens in
// which step.
#pragma once

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "../../fakes/fake_slack.hpp"
#include "bot/base/text.hpp"
#include "bot/http/http.hpp"
#include "bot/http/url.hpp"
#include "bot/net/websocket.hpp"

namespace broadsheet::slack {

class DirectTransport final : public http::Transport {
 public:
  explicit DirectTransport(fakes::FakeSlack& fake) : fake_(fake) {}
  boost::asio::awaitable<http::Outcome> send(http::Request request) override {
    co_await turn();
    fakes::Seen seen;
    seen.method = request.method;
    seen.target = http::parse_url(request.url)->target;
    seen.body = request.body;
    for (const auto& [name, value] : request.headers) seen.headers[text::lower_ascii(name)] = value;
    seen.at = std::chrono::steady_clock::now();
    auto reply = fake_.answer(seen);
    co_await turn();
    co_return http::Response{reply.status, {reply.headers.begin(), reply.headers.end()}, reply.body};
  }

 private:
  static boost::asio::awaitable<void> turn() {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
  }
  fakes::FakeSlack& fake_;
};

class NoSockets final : public http::WebSocketDoor {
 public:
  boost::asio::awaitable<Result<std::unique_ptr<http::WebSocket>>> connect(std::string,
                                                                           http::WebSocketOptions) override {
    co_return Error(ErrorKind::unavailable, "no sockets here");
  }
};

}  // namespace broadsheet::slack
