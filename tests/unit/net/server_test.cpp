#include "bot/net/server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/read.hpp>
#include <stdexcept>

#include "bot/net/router.hpp"
#include "tests/unit/net/scripted_peer.hpp"

namespace broadsheet::http {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using boost::asio::ip::tcp;
using test::say;
using test::Socket;

// What the handlers of "/hang" and "/slow" wait for, and how many do.
struct Waiting {
  explicit Waiting(const boost::asio::any_io_executor& executor) : never(executor), go(executor) {}
  async::Event never, go;
  int begun = 0;
};

// Echoes method, path and body; "/slow" takes its time, "/throw" has a bug, "/split" tries to.
awaitable<ServerResponse> echo(Waiting& waiting, ServerRequest request) {
  ServerResponse response;
  if (request.path == "/throw") throw std::runtime_error("a handler's bug");
  if (request.path == "/hang" || request.path == "/slow") {
    ++waiting.begun;
    co_await (request.path == "/hang" ? waiting.never : waiting.go).wait();
  }
  if (request.path == "/split") response.headers = {{"Location", "x\r\nSet-Cookie: a=b"}, {"X-Good", "1"}};
  response.body = request.method + " " + request.path + " [" + request.body + "]";
  co_return response;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

struct ServerTest : testing::Test {
  test::Loop loop;
  ScaledClock clock{test::some_moment(), 100};  // five seconds in fifty milliseconds
  SystemClock real;                             // these live as long as the server that uses them
  ManualClock manual{test::some_moment()};
  ServerOptions options;
  Waiting waiting{loop.context.get_executor()};
  std::unique_ptr<Server> server;
  std::unique_ptr<async::TaskGroup> tasks;

  void start(Clock& with) {
    server = std::make_unique<Server>(loop.context.get_executor(), with, options,
                                      [this](ServerRequest request) { return echo(waiting, std::move(request)); });
    auto listening = server->listen("127.0.0.1", 0);
    ASSERT_TRUE(listening) << listening.error().what();
    tasks = std::make_unique<async::TaskGroup>(loop.context.get_executor());
    tasks->spawn("server", server->run());
  }
  void start() { start(clock); }
  ~ServerTest() override {
    if (!server) return;
    server->stop();
    loop.run(tasks->join());
    EXPECT_EQ(server->connections(), 0U);
  }
  awaitable<Socket> connect() {
    Socket socket(loop.context);
    auto [ec] =
        co_await socket.async_connect({boost::asio::ip::address_v4::loopback(), server->port()}, async::nothrow);
    EXPECT_FALSE(ec);
    co_return socket;
  }
  static awaitable<std::string> read_all(Socket& socket) {
    std::string out;
    char block[4096];
    boost::system::error_code failed;
    while (!failed) {
      auto [ec, n] = co_await socket.async_read_some(boost::asio::buffer(block), async::nothrow);
      out.append(block, n);
      failed = ec;
    }
    co_return out;
  }
  // Sends the bytes and reads until the server closes.
  std::string raw(const std::string& bytes) {
    if (!server) start();
    std::string answer;
    auto body = [&]() -> awaitable<void> {
      auto socket = co_await connect();
      co_await say(socket, bytes);
      answer = co_await read_all(socket);
    };
    loop.run(body());
    return answer;
  }
  int status(const std::string& bytes) {
    auto answer = raw(bytes);
    EXPECT_EQ(count(answer, "HTTP/1.1 "), 1U) << answer;
    return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
  }
};

std::string get(const std::string& path, const std::string& fields = "Connection: close\r\n") {
  return "GET " + path + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

std::string post(const std::string& fields, const std::string& body) {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}

TEST_F(ServerTest, AnswersARequest) {
  auto answer = raw(get("/a%20b?q=1"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nGET /a b []")) << answer;
  EXPECT_NE(answer.find("Content-Length: 11\r\n"), std::string::npos);
  EXPECT_NE(answer.find("Date: Fri, 19 Dec 2025"), std::string::npos);
}

TEST_F(ServerTest, KeepsTheConnectionAndAnswersPipelinedRequestsInOrder) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += get("/" + std::to_string(i), "");
  auto answer = raw(many + post("Content-Length: 3\r\n", "abc") + get("/last"));
  EXPECT_EQ(count(answer, "HTTP/1.1 200 OK\r\n"), 1002U);
  EXPECT_LT(answer.find("GET /1 []"), answer.find("GET /2 []"));
  EXPECT_LT(answer.find("GET /999 []"), answer.find("POST /x [abc]"));
  EXPECT_TRUE(answer.ends_with("GET /last []"));
}

TEST_F(ServerTest, ReadsBodiesOfBothFramings) {
  EXPECT_TRUE(raw(post("Connection: close\r\nContent-Length: 3\r\n", "abc")).ends_with("POST /x [abc]"));
  EXPECT_TRUE(raw(post("Connection: close\r\nTransfer-Encoding: chunked\r\n", "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))
                  .ends_with("POST /x [abc]"));
}

TEST_F(ServerTest, SaysContinueWhenAskedTo) {
  start();
  auto body = [&]() -> awaitable<void> {
    auto socket = co_await connect();
    co_await say(socket, post("Connection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n", ""));
    std::string interim(25, ' ');
    co_await boost::asio::async_read(socket, boost::asio::buffer(interim), async::nothrow);
    EXPECT_EQ(interim, "HTTP/1.1 100 Continue\r\n\r\n");
    co_await say(socket, "abc");
    auto rest = co_await read_all(socket);
    EXPECT_TRUE(rest.ends_with("POST /x [abc]")) << rest;
  };
  loop.run(body());
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  auto answer = raw("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 10\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(ServerTest, SpeaksHttp10) {
  auto answer = raw("GET /x HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("GET /x []")) << answer;
}

TEST_F(ServerTest, RefusesSmugglingAndClosesSoThatTheRestIsNeverARequest) {
  const auto hidden = get("/hidden");
  for (const auto& bytes :
       {post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        post("Content-Length: 0\r\nContent-Length: 4\r\n", ""), post("X: a\r\n b\r\n", ""),
        post("Content-Length : 0\r\n", ""), post("X: a\nContent-Length: 3\r\n", ""),
        std::string("G(T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        post("Transfer-Encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"),
        post("Transfer-Encoding: chunked\r\n", "3\nabc\n0\n\n"), post("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"),
        get("/%00"), get("/%zz"), get("/%ff")}) {
    auto answer = raw(bytes + hidden);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << bytes << "\n" << answer;
    EXPECT_EQ(answer.find("/hidden"), std::string::npos) << bytes;
    EXPECT_LT(answer.size(), 300U);
  }
}

TEST_F(ServerTest, BoundsHeaderTargetAndBody) {
  options.max_body = [](std::string_view path) { return path == "/x" ? std::size_t{100} : std::size_t{0}; };
  EXPECT_EQ(status(get("/", "X: " + std::string(9000, 'x') + "\r\n")), 431);
  EXPECT_EQ(status(get("/" + std::string(3000, 'x'))), 414);
  EXPECT_EQ(status(post("Content-Length: 101\r\n", std::string(101, 'x'))), 413);
  EXPECT_EQ(status(post("Content-Length: 10000000\r\nExpect: 100-continue\r\n", "")), 413) << "before the body is sent";
  EXPECT_EQ(status(post("Transfer-Encoding: chunked\r\n", "65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n")), 413);
  EXPECT_EQ(status(post("Connection: close\r\nContent-Length: 100\r\n", std::string(100, 'x'))), 200);
}

TEST_F(ServerTest, CutsSlowHeadersAtTheDeadlineHoweverTheyTrickle) {
  start(manual);
  std::string answer;
  auto body = [&]() -> awaitable<void> {
    auto socket = co_await connect();
    co_await test::becomes([&] { return server->connections() == 1; });
    auto alive = co_await say(socket, "GET / HTTP/1.1\r\n");
    for (int i = 0; alive && i < 200 && socket.available() == 0; ++i) {
      alive = co_await say(socket, "X: y\r\n");
      manual.advance(100ms);
      co_await boost::asio::post(loop.context, boost::asio::use_awaitable);
    }
    answer = co_await read_all(socket);
  };
  loop.run(body());
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
  EXPECT_GE(manual.steady_now() - SteadyMoment(), 5s);
  EXPECT_LT(manual.steady_now() - SteadyMoment(), 10s);
}

TEST_F(ServerTest, CutsSlowBodiesAndSilentConnections) {
  EXPECT_EQ(status(post("Content-Length: 10\r\n", "abc")), 408);
  EXPECT_EQ(raw(""), "");
  auto kept = raw(get("/", ""));  // answered, then idle until cut, without a word
  EXPECT_TRUE(kept.ends_with("GET / []")) << kept;
}

TEST_F(ServerTest, AHundredSlowConnectionsDoNotHinderAGoodOne) {
  start(real);
  auto body = [&]() -> awaitable<void> {
    std::vector<Socket> slow;
    for (int i = 0; i < 100; ++i) {
      slow.push_back(co_await connect());
      co_await say(slow.back(), "GET / HT");
    }
    auto begin = std::chrono::steady_clock::now();
    auto socket = co_await connect();
    co_await say(socket, get("/good"));
    auto answer = co_await read_all(socket);
    EXPECT_TRUE(answer.ends_with("GET /good []"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 200ms);
  };
  loop.run(body());
}

TEST_F(ServerTest, TurnsAwayConnectionsAboveTheLimitAndRecovers) {
  options.max_connections = 3;
  start(real);
  auto body = [&]() -> awaitable<void> {
    {
      std::vector<Socket> open;
      for (int i = 0; i < 3; ++i) {
        open.push_back(co_await connect());
        co_await say(open.back(), "GET");
      }
      auto one_more = co_await connect();
      auto answer = co_await read_all(one_more);
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
      EXPECT_EQ(server->connections(), 3U);
    }
    co_await test::becomes([this] { return server->connections() == 0; });
    auto socket = co_await connect();
    co_await say(socket, get("/"));
    auto answer = co_await read_all(socket);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
  };
  loop.run(body());
}

TEST_F(ServerTest, AHandlersExceptionEndsThatRequestOnly) {
  auto answer = raw(get("/throw", "") + get("/after"));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 ")) << answer;
  EXPECT_EQ(answer.find("bug"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("GET /after []")) << answer;
}

TEST_F(ServerTest, NeverWritesAHeaderThatWouldSplitTheAnswer) {
  auto answer = raw(get("/split"));
  EXPECT_EQ(answer.find("Set-Cookie"), std::string::npos) << answer;
  EXPECT_NE(answer.find("X-Good: 1"), std::string::npos);
}

TEST_F(ServerTest, StopFinishesTheAnswerInTheMakingAndEndsWithinASecond) {
  start(real);
  std::string slow_answer;
  auto body = [&]() -> awaitable<void> {
    auto idle = co_await connect();
    auto hanging = co_await connect();
    auto slow = co_await connect();
    co_await say(hanging, get("/hang"));
    co_await say(slow, get("/slow", ""));
    co_await test::becomes([this] { return waiting.begun == 2 && server->connections() == 3; });
    auto begin = std::chrono::steady_clock::now();
    server->stop();
    waiting.go.set();
    slow_answer = co_await read_all(slow);
    co_await tasks->join();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
  };
  loop.run(body());
  EXPECT_TRUE(slow_answer.ends_with("GET /slow []")) << slow_answer;
  EXPECT_NE(slow_answer.find("Connection: close"), std::string::npos);
}

TEST_F(ServerTest, CancellingTheGroupEndsEverything) {
  start(real);
  auto body = [&]() -> awaitable<void> {
    auto hanging = co_await connect();
    co_await say(hanging, get("/hang"));
    co_await test::becomes([this] { return waiting.begun == 1; });
    tasks->cancel();
    co_await tasks->join();
  };
  auto begin = std::chrono::steady_clock::now();
  loop.run(body());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 1s);
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  start();
  Server second(loop.context.get_executor(), real, {}, {});
  auto taken = second.listen("127.0.0.1", server->port());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind(), ErrorKind::busy);
  EXPECT_EQ(second.listen("no address", 1).error().kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace broadsheet::http
