#include "tests/fakes/telegram_pusher.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <charconv>
#include <thread>

namespace broadsheet::fakes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using namespace std::chrono_literals;

constexpr auto kNothrow = asio::as_tuple(asio::use_awaitable);
constexpr auto kPatience = 60s;  // contracts: Telegram 2.3

struct Where {
  std::uint16_t port = 0;
  std::string path;
};

// "http://127.0.0.1:PORT/path"; the fake reaches nothing else.
std::optional<Where> where(std::string_view url) {
  constexpr std::string_view kBase = "http://127.0.0.1:";
  if (!url.starts_with(kBase)) return std::nullopt;
  url.remove_prefix(kBase.size());
  Where out;
  auto [end, ec] = std::from_chars(url.data(), url.data() + url.size(), out.port);
  if (ec != std::errc()) return std::nullopt;
  out.path = url.substr(static_cast<std::size_t>(end - url.data()));
  if (out.path.empty()) out.path = "/";
  return out;
}

asio::awaitable<TelegramPusher::Outcome> post(TelegramPusher::Push push) {
  TelegramPusher::Outcome out;
  auto to = where(push.url);
  if (!to) {
    out.error = "Connection refused";
    co_return out;
  }
  beast::tcp_stream stream(co_await asio::this_coro::executor);
  stream.expires_after(kPatience);
  auto endpoint = asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), to->port);
  auto [refused] = co_await stream.async_connect(endpoint, kNothrow);
  if (refused) {
    out.error = "Connection refused";
    co_return out;
  }
  http::request<http::string_body> request(http::verb::post, to->path, 11);
  request.set(http::field::host, "127.0.0.1:" + std::to_string(to->port));
  request.set(http::field::content_type, "application/json");
  if (!push.secret.empty()) request.set("X-Telegram-Bot-Api-Secret-Token", push.secret);
  request.body() = push.body;
  request.prepare_payload();
  auto [unsent, sent] = co_await http::async_write(stream, request, kNothrow);
  beast::flat_buffer buffer;
  http::response<http::string_body> response;
  if (!unsent) {
    auto [unread, read] = co_await http::async_read(stream, buffer, response, kNothrow);
    if (!unread) {
      out.status = static_cast<int>(response.result_int());
      out.body = response.body();
      auto after = std::string(response[http::field::retry_after]);
      std::from_chars(after.data(), after.data() + after.size(), out.retry_after);
      co_return out;
    }
  }
  out.error = "Connection closed or timed out";
  co_return out;
}

}  // namespace

class TelegramPusher::Impl {
 public:
  Impl(std::function<std::optional<Push>()> next, std::function<void(const Push&, const Outcome&)> done)
      : next_(std::move(next)), done_(std::move(done)) {
    asio::co_spawn(io_, pump(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Impl() {
    io_.stop();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

 private:
  asio::awaitable<void> pump() {
    asio::steady_timer timer(io_);
    while (true) {
      while (auto push = next_()) asio::co_spawn(io_, deliver(std::move(*push)), asio::detached);
      timer.expires_after(3ms);
      co_await timer.async_wait(kNothrow);
    }
  }
  asio::awaitable<void> deliver(Push push) {
    auto outcome = co_await post(push);
    done_(push, outcome);
  }

  std::function<std::optional<Push>()> next_;
  std::function<void(const Push&, const Outcome&)> done_;
  asio::io_context io_{1};
  std::thread thread_;
};

TelegramPusher::TelegramPusher(std::function<std::optional<Push>()> next,
                               std::function<void(const Push&, const Outcome&)> done)
    : impl_(std::make_unique<Impl>(std::move(next), std::move(done))) {}
TelegramPusher::~TelegramPusher() = default;

}  // namespace broadsheet::fakes
