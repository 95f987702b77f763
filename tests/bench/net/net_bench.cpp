// Requests a second over loopback, kept-alive connections, a 300-byte answer: the server on its own thread and loop
// (design: performance 1).
#include <benchmark/benchmark.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "bot/async/async.hpp"
#include "bot/net/framing.hpp"
#include "bot/net/server.hpp"

namespace {

namespace asio = boost::asio;
namespace http = broadsheet::http;
using asio::ip::tcp;
using broadsheet::async::nothrow;

asio::awaitable<http::ServerResponse> answer(http::ServerRequest) {
  co_return http::ServerResponse{200, "application/json", std::string(300, 'x'), {}};
}

class RunningServer {
 public:
  RunningServer() : server_(context_.get_executor(), clock_, {}, answer) {
    if (!server_.listen("127.0.0.1", 0)) std::abort();
    asio::co_spawn(context_, server_.run(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~RunningServer() {
    asio::post(context_, [this] { server_.stop(); });
    thread_.join();
  }
  std::uint16_t port() const { return server_.port(); }

 private:
  broadsheet::SystemClock clock_;
  asio::io_context context_{1};
  http::Server server_;
  std::thread thread_;
};

constexpr std::string_view kRequest =
    "GET /d/cs.CL/2025-12-19 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n\r\n";

asio::awaitable<void> ask(tcp::socket& socket, std::size_t answer_size, int times) {
  std::string block(answer_size, ' ');
  for (int i = 0; i < times; ++i) {
    co_await asio::async_write(socket, asio::buffer(kRequest), nothrow);
    co_await asio::async_read(socket, asio::buffer(block), nothrow);
  }
}

void KeptAlive(benchmark::State& state) {
  RunningServer server;
  asio::io_context context{1};
  std::vector<tcp::socket> sockets;
  for (int i = 0; i < state.range(0); ++i) {
    sockets.emplace_back(context);
    sockets.back().connect({asio::ip::address_v4::loopback(), server.port()});
    sockets.back().set_option(tcp::no_delay(true));
  }
  asio::write(sockets[0], asio::buffer(kRequest));
  std::string first(4096, ' ');
  auto size = sockets[0].read_some(asio::buffer(first));
  constexpr int kTimes = 50;
  for (auto _ : state) {
    for (auto& socket : sockets) asio::co_spawn(context, ask(socket, size, kTimes), asio::detached);
    context.restart();
    context.run();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0) * kTimes);
}
BENCHMARK(KeptAlive)->Arg(1)->Arg(64)->Arg(900)->UseRealTime()->Unit(benchmark::kMillisecond);

void CheckHead(benchmark::State& state) {
  http::HeadLimits limits;
  for (auto _ : state) {
    auto scan = http::scan_head(kRequest, limits);
    benchmark::DoNotOptimize(http::check_head(kRequest.substr(0, scan.size), limits));
  }
}
BENCHMARK(CheckHead);

}  // namespace
