#include "adapters/slack/socket_mode.hpp"

#include <gtest/gtest.h>

#include "rig.hpp"

namespace broadsheet::slack {
namespace {

std::string envelope(const std::string& id, const std::string& trigger) {
  return R"({"envelope_id":")" + id + R"(","type":"slash_commands","accepts_response_payload":true,"payload":{
      "team_id":"T0TEAM","channel_id":"C0PAPERS","user_id":"U0READER","command":"/arxiv","text":"help","trigger_id":")" +
         trigger + "\"}}";
}

struct Socket : Rig {
  using Steps = std::function<boost::asio::awaitable<void>()>;

  // Runs the adapter beside the steps, then cancels it.
  void play(Steps steps) { loop.run(beside(std::move(steps))); }
  boost::asio::awaitable<void> push(std::string text, std::size_t connection = 0) {
    fake.socket().push(std::move(text), connection);
    co_return;
  }
  bool acknowledged(const std::string& id) const {
    for (const auto& r : fake.socket().received())
      if (r.find("\"envelope_id\":\"" + id + "\"") != std::string::npos) return true;
    return false;
  }

 private:
  boost::asio::awaitable<void> beside(Steps steps) {
    async::TaskGroup tasks(co_await boost::asio::this_coro::executor);
    tasks.spawn("slack", slack->run(sink));
    EXPECT_TRUE(co_await until([&] { return fake.socket().open() >= 1; }));
    co_await steps();
    tasks.cancel();
    co_await tasks.join();
  }
};

TEST(SocketMode, AcknowledgesAfterStoringAndStoresOnce) {
  Socket s;
  s.play([&]() -> boost::asio::awaitable<void> {
    co_await s.push(envelope("e-1", "1.1"));
    co_await s.push(envelope("e-2", "1.1"));
    EXPECT_TRUE(co_await s.until([&] { return s.acknowledged("e-1") && s.acknowledged("e-2"); }));
  });
  EXPECT_EQ(s.sink.events.size(), 1U);
  EXPECT_TRUE(s.slack->trouble().empty()) << s.slack->trouble();
}

TEST(SocketMode, AnswersALookUpInTheAcknowledgementWhereOneIsTaken) {
  Socket socket;
  socket.sink.look_up.body = R"({"text":"Patient Maps of Tides"})";
  auto asked = [](std::string id, bool takes) {
    return R"({"envelope_id":")" + id + R"(","type":"slash_commands","accepts_response_payload":)" +
           (takes ? "true" : "false") + R"(,"payload":{"team_id":"T0TEAM","channel_id":"D0READER","user_id":"U0READER",
      "command":"/arxiv","text":"paper 2601.00001","trigger_id":")" +
           id + "\"}}";
  };
  socket.play([&]() -> boost::asio::awaitable<void> {
    co_await socket.push(asked("e1", true));
    EXPECT_TRUE(co_await socket.until([&] { return socket.acknowledged("e1"); }));
    EXPECT_EQ(socket.fake.socket().take_payload(), R"({"response_type":"ephemeral","text":"Patient Maps of Tides"})");
    EXPECT_TRUE(socket.sink.events.empty());
    co_await socket.push(asked("e2", false));
    EXPECT_TRUE(co_await socket.until([&] { return socket.acknowledged("e2"); }));
    EXPECT_EQ(socket.fake.socket().take_payload(), "");
    EXPECT_EQ(socket.sink.events.size(), 1U);
  });
}

TEST(SocketMode, SurvivesRubbishAndAcknowledgesWhatItDoesNotKnow) {
  Socket s;
  s.play([&]() -> boost::asio::awaitable<void> {
    co_await s.push("not json");
    co_await s.push(std::string(100000, '['));
    co_await s.push(R"({"envelope_id":"e-5","type":"something_new","payload":{}})");
    co_await s.push(R"({"envelope_id":"e-6","type":"slash_commands","payload":{"text":"no ids"}})");
    EXPECT_TRUE(co_await s.until([&] { return s.acknowledged("e-5") && s.acknowledged("e-6"); }));
  });
  EXPECT_EQ(s.fake.socket().opened(), 1U);
  EXPECT_TRUE(s.sink.events.empty());
}

TEST(SocketMode, DoesNotAcknowledgeAnEventItCouldNotStore) {
  Socket s;
  s.sink.broken = true;
  s.play([&]() -> boost::asio::awaitable<void> {
    co_await s.push(R"({"envelope_id":"e-1","type":"events_api","payload":{"type":"event_callback","event_id":"Ev1",
        "team_id":"T0TEAM","event":{"type":"channel_archive","channel":"C1"}}})");
    co_await s.push(R"({"envelope_id":"e-2","type":"something_new","payload":{}})");
    EXPECT_TRUE(co_await s.until([&] { return s.acknowledged("e-2"); }));
    EXPECT_FALSE(s.acknowledged("e-1"));
  });
}

TEST(SocketMode, OpensTheNextConnectionBeforeTheLastOneEnds) {
  Socket s;
  s.play([&]() -> boost::asio::awaitable<void> {
    co_await s.push(R"({"type":"disconnect","reason":"warning"})");
    EXPECT_TRUE(co_await s.until([&] { return s.fake.socket().open() == 2; }));
    // Both still work; a second notice does not open a third.
    co_await s.push(R"({"type":"disconnect","reason":"refresh_requested"})", 1);
    co_await s.push(envelope("e-1", "1.1"), 1);
    co_await s.push(envelope("e-2", "2.2"), 2);
    EXPECT_TRUE(co_await s.until([&] { return s.acknowledged("e-1") && s.acknowledged("e-2"); }));
    s.fake.socket().close(1);
    EXPECT_TRUE(co_await s.until([&] { return s.fake.socket().open() == 1; }));
  });
  EXPECT_EQ(s.fake.socket().opened(), 2U);
  EXPECT_EQ(s.sink.events.size(), 2U);
}

TEST(SocketMode, StopsForGoodWhenItIsSwitchedOff) {
  Socket s;
  s.play([&]() -> boost::asio::awaitable<void> {
    co_await s.push(R"({"type":"disconnect","reason":"link_disabled"})");
    EXPECT_TRUE(co_await s.until([&] { return !s.slack->trouble().empty(); }));
    co_await async::sleep_for(s.real, std::chrono::milliseconds(50));  // in real time: long enough for a connection
  });
  EXPECT_EQ(s.fake.socket().opened(), 1U);
}

TEST(SocketMode, ComesBackAfterACutConnectionWithAPause) {
  Socket s;
  auto began = std::chrono::steady_clock::now();
  s.play([&]() -> boost::asio::awaitable<void> {
    s.fake.socket().drop();
    EXPECT_TRUE(co_await s.until([&] { return s.fake.socket().opened() == 2; }));
  });
  EXPECT_GT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(500));
}

TEST(SocketMode, StopsWhenTheAppTokenIsRefused) {
  Rig rig;
  rig.fake.fail_next("apps.connections.open", "invalid_auth");
  rig.loop.run(rig.slack->run(rig.sink));
  EXPECT_NE(rig.slack->trouble().find("app_token"), std::string::npos);
  EXPECT_EQ(rig.fake.calls("apps.connections.open"), 1U);
}

TEST(WebSocket, GoesToLoopbackOnlyWithoutTls) {
  Rig rig;
  auto refused = [&](const std::string& url) {
    auto out = rig.get(rig.sockets.connect(url, {}));
    return !out.has_value();
  };
  EXPECT_TRUE(refused("ws://example.org/"));
  EXPECT_TRUE(refused("http://127.0.0.1/"));
  EXPECT_TRUE(refused("wss://10.0.0.1/"));
}

TEST(WebSocket, RefusesAMessageBeyondItsBound) {
  Rig rig;
  auto scenario = [&]() -> boost::asio::awaitable<void> {
    http::WebSocketOptions options;
    options.max_message = 1000;
    auto socket = co_await rig.sockets.connect(rig.fake.socket().url(), options);
    EXPECT_TRUE(socket) << socket.error().what();
    auto hello = co_await (*socket)->read();
    EXPECT_TRUE(hello);
    rig.fake.socket().push(std::string(2000, 'x'));
    auto big = co_await (*socket)->read();
    EXPECT_FALSE(big);
  };
  rig.loop.run(scenario());
}

}  // namespace
}  // namespace broadsheet::slack
