#include "bot/net/client.hpp"

#include <gtest/gtest.h>

#include "tests/unit/net/scripted_peer.hpp"

namespace broadsheet::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using test::read_request;
using test::say;
using test::Socket;

constexpr auto kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

struct ClientTest : testing::Test {
  test::Loop loop;
  SystemClock clock;
  async::Offload pool{2};
  Client client{loop.context.get_executor(), pool, clock, {.user_agent = "test/1"}};

  Request request(const std::string& url) const {
    Request r;
    r.url = url;
    r.connect_timeout = 150ms;
    r.total_timeout = 400ms;
    return r;
  }
  // Sends the requests one after another against the scripted peer.
  std::vector<Outcome> exchange(test::ScriptedPeer& peer, std::vector<Request> requests) {
    std::vector<Outcome> outcomes;
    auto body = [&]() -> awaitable<void> {
      for (auto& r : requests) outcomes.push_back(co_await client.send(std::move(r)));
      co_await peer.stop();
    };
    loop.run(body());
    return outcomes;
  }
  // One GET answered with these bytes, then silence.
  Outcome answered_with(const std::string& bytes, bool close_after = false) {
    test::ScriptedPeer peer(loop, [bytes, close_after](Socket& socket, int) -> awaitable<void> {
      co_await read_request(socket);
      co_await say(socket, bytes);
      if (!close_after) co_await test::stay_silent(socket);
    });
    return exchange(peer, {request(peer.url())}).front();
  }
  Outcome send(Request r) {
    Outcome outcome;
    auto body = [&]() -> awaitable<void> { outcome = co_await client.send(std::move(r)); };
    loop.run(body());
    return outcome;
  }
};

awaitable<void> keep_answering(Socket& socket, int) {
  while (!(co_await read_request(socket)).empty()) co_await say(socket, kOk);
}

TEST_F(ClientTest, SendsWhatItWasToldAndKeepsTheConnection) {
  std::vector<std::string> seen;
  test::ScriptedPeer peer(loop, [&seen](Socket& socket, int) -> awaitable<void> {
    for (auto text = co_await read_request(socket); !text.empty(); text = co_await read_request(socket)) {
      seen.push_back(text);
      co_await say(socket, kOk);
    }
  });
  auto post = request(peer.url("/path?q=1"));
  post.method = "POST";
  post.body = "body";
  post.headers = {{"X-Extra", "value"}};
  auto outcomes = exchange(peer, {post, request(peer.url()), request(peer.url())});
  for (const auto& outcome : outcomes) {
    ASSERT_TRUE(outcome) << outcome.failure().error.what();
    EXPECT_EQ(outcome.response().status, 200);
    EXPECT_EQ(outcome.response().body, "ok");
  }
  EXPECT_EQ(peer.connections(), 1);
  EXPECT_EQ(client.idle_connections(), 1U);
  ASSERT_FALSE(seen.empty());
  EXPECT_TRUE(seen[0].starts_with("POST /path?q=1 HTTP/1.1\r\n")) << seen[0];
  for (auto line : {"Host: 127.0.0.1:", "User-Agent: test/1\r\n", "X-Extra: value\r\n", "Content-Length: 4\r\n"})
    EXPECT_NE(seen[0].find(line), std::string::npos) << line;
  EXPECT_EQ(seen[0].find("Accept-Encoding"), std::string::npos);
  client.close_idle();
}

TEST_F(ClientTest, OpensANewConnectionWhenTheKeptOneWasClosed) {
  test::ScriptedPeer peer(loop, [](Socket& socket, int) -> awaitable<void> {
    co_await read_request(socket);
    co_await say(socket, kOk);
  });
  auto body = [&]() -> awaitable<void> {
    for (int i = 0; i < 3; ++i) {
      auto outcome = co_await client.send(request(peer.url()));
      EXPECT_TRUE(outcome) << outcome.failure().error.what();
      co_await async::sleep_for(clock, 20ms);  // the kernel tells the other side that it was closed
    }
    co_await peer.stop();
  };
  loop.run(body());
  EXPECT_EQ(peer.connections(), 3);
}

TEST_F(ClientTest, NeverRepeatsARequestThatWasWritten) {
  test::ScriptedPeer peer(loop, [](Socket& socket, int) -> awaitable<void> {
    co_await read_request(socket);
    co_await say(socket, kOk);
    co_await read_request(socket);  // then closes without an answer
  });
  auto outcomes = exchange(peer, {request(peer.url()), request(peer.url())});
  EXPECT_TRUE(outcomes[0]);
  ASSERT_FALSE(outcomes[1]);
  EXPECT_EQ(outcomes[1].failure().reached, Reached::sent);
  EXPECT_EQ(peer.connections(), 1);
}

TEST_F(ClientTest, SaysNotSentWhenNobodyListens) {
  boost::asio::ip::tcp::acceptor taken(loop.context, {boost::asio::ip::address_v4::loopback(), 0});
  auto url = "http://127.0.0.1:" + std::to_string(taken.local_endpoint().port()) + "/secret?token=hunter2";
  taken.close();
  auto outcome = send(request(url));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.failure().reached, Reached::not_sent);
  EXPECT_EQ(outcome.failure().error.kind(), ErrorKind::unavailable);
  EXPECT_EQ(outcome.failure().error.what().find("secret"), std::string::npos);
  EXPECT_EQ(outcome.failure().error.what().find("hunter2"), std::string::npos);
}

TEST_F(ClientTest, SaysPartlySentWhenTheBodyDidNotGoOut) {
  test::ScriptedPeer peer(loop, [](Socket& socket, int) -> awaitable<void> {
    char some[1000];
    co_await socket.async_read_some(boost::asio::buffer(some), async::nothrow);
    co_await async::Event(socket.get_executor()).wait();  // reads no more
  });
  auto post = request(peer.url());
  post.method = "POST";
  post.body = std::string(std::size_t{32} << 20, 'x');
  auto outcome = exchange(peer, {post}).front();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.failure().reached, Reached::partly_sent);
}

TEST_F(ClientTest, SaysSentWhenAnyByteOfTheAnswerIsMissing) {
  const std::string whole = kOk;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    auto outcome = answered_with(whole.substr(0, cut), true);
    ASSERT_FALSE(outcome) << "cut after " << cut;
    EXPECT_EQ(outcome.failure().reached, Reached::sent) << cut;
    EXPECT_EQ(outcome.failure().error.kind(), ErrorKind::transient) << outcome.failure().error.what();
  }
}

TEST_F(ClientTest, GivesUpOnASilentPeerAfterTheConnectTimeout) {
  auto start = std::chrono::steady_clock::now();
  auto outcome = answered_with("");
  auto took = std::chrono::steady_clock::now() - start;
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.failure().reached, Reached::sent);
  EXPECT_EQ(outcome.failure().error.kind(), ErrorKind::transient);
  EXPECT_GE(took, 140ms);
  EXPECT_LT(took, 390ms) << "only the first phase's deadline may have run";
}

TEST_F(ClientTest, GivesUpOnATrickleAfterTheTotalTimeout) {
  test::ScriptedPeer peer(loop, [](Socket& socket, int) -> awaitable<void> {
    SystemClock wait;
    co_await read_request(socket);
    auto alive = co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while (alive) {
      co_await async::sleep_for(wait, 5ms);  // in real time, as the deadline of a socket
      alive = co_await say(socket, "x");
    }
  });
  auto start = std::chrono::steady_clock::now();
  auto outcome = exchange(peer, {request(peer.url())}).front();
  auto took = std::chrono::steady_clock::now() - start;
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.failure().reached, Reached::sent);
  EXPECT_GE(took, 390ms);
  EXPECT_LT(took, 5s);
}

TEST_F(ClientTest, RefusesLongAnswersAtTheCap) {
  test::ScriptedPeer peer(loop, [](Socket& socket, int n) -> awaitable<void> {
    co_await read_request(socket);
    if (n == 0) co_await say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n");
    if (n == 1) co_await say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    if (n == 2) co_await say(socket, "HTTP/1.1 200 OK\r\n\r\n");
    auto block = std::string(10000, 'x');
    if (n == 1) block = "2710\r\n" + block + "\r\n";
    for (bool alive = true; alive;) alive = co_await say(socket, block);
  });
  auto r = request(peer.url());
  r.max_response = 1000000;
  for (const auto& outcome : exchange(peer, {r, r, r})) {
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.failure().error.what().find("longer than 1000000 bytes"), std::string::npos)
        << outcome.failure().error.what();
  }
}

TEST_F(ClientTest, RefusesHugeHeadersAndTrailers) {
  EXPECT_FALSE(answered_with("HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x') + "\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_FALSE(
      answered_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(100000, 'x')));
}

TEST_F(ClientTest, RefusesAmbiguousAndMalformedAnswers) {
  for (const std::string bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n", "<html>not http</html>\r\n\r\n", "\x15\x03\x01\r\n\r\n"}) {
    auto outcome = answered_with(bytes, true);
    ASSERT_FALSE(outcome) << bytes;
    EXPECT_EQ(outcome.failure().reached, Reached::sent);
  }
  EXPECT_EQ(client.idle_connections(), 0U);
}

TEST_F(ClientTest, ReadsChunkedInterimAndCloseDelimitedAnswers) {
  auto chunked = answered_with("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n");
  ASSERT_TRUE(chunked) << chunked.failure().error.what();
  EXPECT_EQ(chunked.response().body, "ok");
  auto interim =
      answered_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + std::string(kOk));
  ASSERT_TRUE(interim) << interim.failure().error.what();
  EXPECT_EQ(interim.response().status, 200);
  auto closed = answered_with("HTTP/1.0 200 OK\r\n\r\nok", true);
  ASSERT_TRUE(closed) << closed.failure().error.what();
  EXPECT_EQ(closed.response().body, "ok");
}

TEST_F(ClientTest, DropsAConnectionWithBytesNobodyAskedFor) {
  EXPECT_TRUE(answered_with(std::string(kOk) + "HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(client.idle_connections(), 0U);
}

TEST_F(ClientTest, DoesNotFollowRedirects) {
  int target_hits = 0;
  test::ScriptedPeer target(loop, [&](Socket& socket, int) -> awaitable<void> {
    ++target_hits;
    co_await read_request(socket);
  });
  auto outcome =
      answered_with("HTTP/1.1 307 Temporary Redirect\r\nContent-Length: 0\r\nLocation: " + target.url() + "\r\n\r\n");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome.response().status, 307);
  EXPECT_EQ(header(outcome.response().headers, "LOCATION"), target.url());
  loop.run(target.stop());
  EXPECT_EQ(target_hits, 0);
}

TEST_F(ClientTest, ConnectsToNoPrivateAddressAndSendsNothingInClear) {
  for (const std::string url : {"https://10.0.0.1/", "https://169.254.169.254/latest", "https://[fd00::1]/",
                                "https://[::ffff:10.0.0.1]/", "https://2130706433/", "https://0x7f.1/", "https://0/",
                                "https://[64:ff9b::7f00:1]/", "http://example.org/", "http://10.0.0.1/"}) {
    auto outcome = send(request(url));
    ASSERT_FALSE(outcome) << url;
    EXPECT_EQ(outcome.failure().error.kind(), ErrorKind::not_allowed) << url << " " << outcome.failure().error.what();
    EXPECT_EQ(outcome.failure().reached, Reached::not_sent);
  }
}

TEST_F(ClientTest, RefusesHeadersThatCouldSplitTheRequest) {
  for (const auto& field :
       Headers{{"X", "a\r\nY: b"}, {"X Y", "a"}, {"", "a"}, {"Content-Length", "3"}, {"host", "b"}, {"X:", "a"}}) {
    auto r = request("https://example.org/");
    r.headers = {field};
    auto outcome = send(std::move(r));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.failure().error.kind(), ErrorKind::bad_input) << outcome.failure().error.what();
  }
}

awaitable<void> send_quietly(Client& client, Request r) {
  (void)co_await client.send(std::move(r));
}

TEST_F(ClientTest, EndsAtOnceWhenCancelled) {
  test::ScriptedPeer peer(loop, [](Socket& socket, int) -> awaitable<void> { co_await test::stay_silent(socket); });
  async::TaskGroup group(loop.context.get_executor());
  auto r = request(peer.url());
  r.connect_timeout = r.total_timeout = 1h;
  group.spawn("send", send_quietly(client, r));
  auto body = [&]() -> awaitable<void> {
    co_await test::becomes([&peer] { return peer.connections() == 1; });
    group.cancel();
    co_await group.join();
    co_await peer.stop();
  };
  auto start = std::chrono::steady_clock::now();
  loop.run(body());
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
}

TEST_F(ClientTest, BoundsTheKeptConnections) {
  test::ScriptedPeer peer(loop, keep_answering);
  async::TaskGroup group(loop.context.get_executor());
  for (int i = 0; i < 50; ++i) group.spawn("send", send_quietly(client, request(peer.url())));
  auto body = [&]() -> awaitable<void> {
    co_await group.join();
    EXPECT_LE(client.idle_connections(), 32U);
    EXPECT_GE(client.idle_connections(), 1U);
    client.close_idle();
    co_await peer.stop();
  };
  loop.run(body());
}

}  // namespace
}  // namespace broadsheet::http
