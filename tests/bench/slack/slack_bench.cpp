// Signed slash commands a second over loopback, beside a bare Beast server that does the same HMAC and the same
// splitting of the form, in one run (goal: at least 0.7 of it). The store is left out on both sides.
#include <benchmark/benchmark.h>
#include <openssl/hmac.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fstream>
#include <thread>

#include "adapters/slack/inlet.hpp"
#include "bot/net/async.hpp"
#include "bot/net/router.hpp"
#include "bot/net/url.hpp"

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace slack = broadsheet::slack;
namespace net = broadsheet::http;
using asio::ip::tcp;
using broadsheet::Result;
using broadsheet::Status;
using broadsheet::async::nothrow;

const std::string kSecret = "bench signing secret";
constexpr int kTimes = 50;
constexpr std::size_t kBodyBytes = 600;

// What that thread used so far, in seconds.
double cpu_of(std::thread& thread) {
  clockid_t id{};
  timespec t{};
  if (pthread_getcpuclockid(thread.native_handle(), &id) != 0 || clock_gettime(id, &t) != 0) return 0;
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

double megabytes_resident() {
  std::ifstream in("/proc/self/status");
  for (std::string word; in >> word;)
    if (double kb = 0; word == "VmRSS:" && in >> kb) return kb / 1024;
  return 0;
}

std::string body() {
  std::string out =
      "token=legacy&team_id=T0TEAM&team_domain=team&channel_id=C0PAPERS&channel_name=papers&user_id=U0READER&user_name="
      "reader&command=%2Farxiv&text=paper+2401.12345&api_app_id=A0APP&is_enterprise_install=false&trigger_id=1.2.3&"
      "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT0TEAM%2F1%2F";
  return out + std::string(kBodyBytes - out.size(), 'a');
}

std::string mac(const std::string& base) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), kSecret.data(), static_cast<int>(kSecret.size()),
       reinterpret_cast<const unsigned char*>(base.data()), base.size(), digest.data(), &size);
  std::string out;
  for (auto byte : digest) {
    out += "0123456789abcdef"[byte >> 4U];
    out += "0123456789abcdef"[byte & 0xFU];
  }
  return out;
}

std::string request() {
  auto now = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
  auto content = body();
  return "POST /slack/command HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "X-Slack-Request-Timestamp: " +
         now + "\r\nX-Slack-Signature: v0=" + mac("v0:" + now + ":" + content) +
         "\r\nContent-Length: " + std::to_string(content.size()) + "\r\n\r\n" + content;
}

// ---- Ours

class NoSink final : public broadsheet::adapters::EventSink {
 public:
  broadsheet::adapters::awaitable<Result<bool>> accept(broadsheet::adapters::Event) override { co_return true; }
};
class NoState final : public broadsheet::adapters::State {
 public:
  broadsheet::adapters::awaitable<Result<std::optional<std::string>>> get(std::string) override {
    co_return std::optional<std::string>();
  }
  broadsheet::adapters::awaitable<Status> put(std::string, std::string) override { co_return Status(); }
};
class NoTransport final : public net::Transport {
 public:
  asio::awaitable<net::Outcome> send(net::Request) override { co_return net::Outcome(); }
};

class Ours {
 public:
  Ours() {
    auto verifier = slack::Verifier::make({broadsheet::config::Secret(kSecret)});
    for (auto& route : slack::inlet_routes(inlet_, *verifier, clock_))
      router_.add(route.method, route.pattern, route.handler);
    server_ = std::make_unique<net::Server>(context_.get_executor(), clock_, net::ServerOptions{}, router_.handler());
    if (!server_->listen("127.0.0.1", 0)) std::abort();
    asio::co_spawn(context_, server_->run(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Ours() {
    asio::post(context_, [this] { server_->stop(); });
    thread_.join();
  }
  std::uint16_t port() const { return server_->port(); }
  double cpu() { return cpu_of(thread_); }

 private:
  broadsheet::SystemClock clock_;
  asio::io_context context_{1};
  NoSink sink_;
  NoState state_;
  NoTransport transport_;
  slack::Api api_{transport_, "http://127.0.0.1:1"};
  slack::Installations installations_{api_, state_, clock_, {}};
  slack::Surfaces surfaces_{api_, clock_};
  slack::Inlet inlet_{sink_, api_, installations_, surfaces_, clock_, {}};
  net::Router router_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

// ---- Bare Beast

class Bare {
 public:
  Bare() : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Bare() {
    context_.stop();
    thread_.join();
  }
  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  double cpu() { return cpu_of(thread_); }

 private:
  asio::awaitable<void> accept() {
    while (true) {
      auto [ec, socket] = co_await acceptor_.async_accept(nothrow);
      if (ec) co_return;
      asio::co_spawn(context_, serve(std::move(socket)), asio::detached);
    }
  }
  static asio::awaitable<void> serve(tcp::socket socket) {
    socket.set_option(tcp::no_delay(true));
    beast::flat_buffer buffer;
    while (true) {
      beast::http::request<beast::http::string_body> in;
      auto [ec, size] = co_await beast::http::async_read(socket, buffer, in, nothrow);
      if (ec) co_return;
      auto expected = "v0=" + mac("v0:" + std::string(in["x-slack-request-timestamp"]) + ":" + in.body());
      auto form = slack::parse_form(in.body());
      bool good = expected == in["x-slack-signature"] && form && !slack::field(*form, "text").empty();
      beast::http::response<beast::http::string_body> out(
          good ? beast::http::status::ok : beast::http::status::unauthorized, in.version());
      out.set(beast::http::field::content_type, "text/plain; charset=utf-8");
      out.keep_alive(true);
      out.prepare_payload();
      auto [failed, written] = co_await beast::http::async_write(socket, out, nothrow);
      if (failed) co_return;
    }
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

// ---- The caller, the same for both

using Times = std::vector<float>;  // milliseconds

asio::awaitable<void> ask(tcp::socket& socket, const std::string& what, std::size_t answer_size, Times& took) {
  std::string block(answer_size, ' ');
  for (int i = 0; i < kTimes; ++i) {
    auto begun = std::chrono::steady_clock::now();
    co_await asio::async_write(socket, asio::buffer(what), nothrow);
    co_await asio::async_read(socket, asio::buffer(block), nothrow);
    took.push_back(std::chrono::duration<float, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
}

template <class ServerUnderTest>
void SlashCommands(benchmark::State& state) {
  ServerUnderTest server;
  asio::io_context context{1};
  std::vector<tcp::socket> sockets;
  for (int i = 0; i < state.range(0); ++i) {
    sockets.emplace_back(context);
    sockets.back().connect({asio::ip::address_v4::loopback(), server.port()});
    sockets.back().set_option(tcp::no_delay(true));
  }
  auto what = request();
  asio::write(sockets[0], asio::buffer(what));
  std::string first(4096, ' ');
  auto size = sockets[0].read_some(asio::buffer(first));
  if (!first.starts_with("HTTP/1.1 200")) state.SkipWithError("the command was not accepted");
  Times took;
  auto cpu = server.cpu();
  for (auto _ : state) {
    for (auto& socket : sockets) asio::co_spawn(context, ask(socket, what, size, took), asio::detached);
    context.restart();
    context.run();
  }
  cpu = server.cpu() - cpu;
  auto p99 = took.begin() + static_cast<std::ptrdiff_t>(took.size() * 99 / 100);
  std::nth_element(took.begin(), p99, took.end());
  state.counters["p99_ms"] = *p99;
  state.counters["server_us"] = cpu * 1e6 / static_cast<double>(took.size());
  state.counters["rss_mb"] = megabytes_resident();  // of both sides
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0) * kTimes);
}
BENCHMARK(SlashCommands<Bare>)->Arg(64)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(SlashCommands<Ours>)->Arg(64)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
