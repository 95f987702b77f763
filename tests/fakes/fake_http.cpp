#include "tests/fakes/fake_http.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <deque>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

namespace broadsheet::fakes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::awaitable;
using tcp = asio::ip::tcp;

constexpr auto kNothrow = asio::as_tuple(asio::use_awaitable);
constexpr std::uint64_t kLargestBody = 64ULL << 20;

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

awaitable<void> wait(std::chrono::milliseconds d) {
  asio::steady_timer timer(co_await asio::this_coro::executor, d);
  co_await timer.async_wait(kNothrow);
}

std::string head_of(const Reply& reply, bool keep_alive) {
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + " " +
                    std::string(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(reply.status)))) +
                    "\r\n";
  for (const auto& [name, value] : reply.headers) out += name + ": " + value + "\r\n";
  out += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  if (!keep_alive) out += "Connection: close\r\n";
  return out + "\r\n";
}

}  // namespace

class FakeHttp::Impl {
 public:
  Impl(Handler handler, std::uint16_t port)
      : handler_(std::move(handler)), acceptor_(io_, tcp::endpoint(asio::ip::address_v4::loopback(), port)) {
    acceptor_.listen(4096);
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Impl() {
    io_.stop();
    thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::uint16_t port() const { return port_; }
  void refuse(bool yes) {
    std::promise<void> done;
    asio::post(io_, [&] {
      refusing_ = yes;
      if (yes)
        for (auto* socket : open_) reset(*socket);
      done.set_value();
    });
    done.get_future().wait();
  }
  std::vector<Seen> seen() const {
    std::lock_guard lock(mutex_);
    return {seen_.begin(), seen_.end()};
  }
  void keep(std::size_t requests) {
    std::lock_guard lock(mutex_);
    kept_ = requests;
    while (seen_.size() > kept_) seen_.pop_front();
  }
  std::uint64_t count() const { return count_; }

 private:
  static void reset(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
  }

  awaitable<void> accept() {
    while (true) {
      auto [ec, socket] = co_await acceptor_.async_accept(kNothrow);
      if (ec) continue;
      if (refusing_) {
        reset(socket);
        continue;
      }
      socket.set_option(tcp::no_delay(true));
      asio::co_spawn(io_, serve(std::move(socket), ++connections_), asio::detached);
    }
  }

  void record(const Seen& seen) {
    ++count_;
    std::lock_guard lock(mutex_);
    if (kept_ == 0) return;
    seen_.push_back(seen);
    if (seen_.size() > kept_) seen_.pop_front();
  }

  awaitable<void> serve(tcp::socket socket, std::uint64_t number) {
    struct Registered {
      std::set<tcp::socket*>& open;
      tcp::socket* socket;
      ~Registered() { open.erase(socket); }
    } registered{open_, &socket};
    open_.insert(&socket);
    beast::flat_buffer buffer;
    while (socket.is_open()) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(kLargestBody);
      parser.header_limit(256U << 10U);
      auto [ec, n] = co_await http::async_read(socket, buffer, parser, kNothrow);
      if (ec) co_return;
      auto& request = parser.get();
      Seen seen;
      seen.method = request.method_string();
      seen.target = request.target();
      seen.body = std::move(request.body());
      for (const auto& field : request) seen.headers[lower(field.name_string())] = field.value();
      seen.at = std::chrono::steady_clock::now();
      seen.connection = number;
      record(seen);
      bool keep = request.keep_alive();
      auto reply = co_await settle(handler_(seen));
      bool go_on = co_await answer(socket, reply, keep);
      if (!go_on) co_return;
    }
  }

  static awaitable<Reply> settle(Reply reply) {
    if (!reply.poll) {
      if (reply.delay.count() > 0) co_await wait(reply.delay);
      co_return reply;
    }
    auto end = std::chrono::steady_clock::now() + reply.delay;
    while (std::chrono::steady_clock::now() < end) {
      if (auto now = reply.poll()) co_return std::move(*now);
      co_await wait(std::chrono::milliseconds(2));
    }
    co_return reply;
  }

  static bool has_left(tcp::socket& socket) {
    char byte = 0;
    return ::recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
  }

  // True if the connection may serve another request.
  static awaitable<bool> answer(tcp::socket& socket, const Reply& reply, bool keep) {
    bool last = !keep || reply.fault == Fault::answer_then_close;
    auto bytes = head_of(reply, !last);
    switch (reply.fault) {
      case Fault::reset_before_answer:
        reset(socket);
        co_return false;
      case Fault::silence: {
        char byte = 0;
        co_await socket.async_read_some(asio::buffer(&byte, 1), kNothrow);
        co_return false;
      }
      case Fault::garbage:
        bytes = "\x16\x03\x01 this is not HTTP\r\n\r\n";
        break;
      case Fault::cut_in_body:
        bytes += reply.body.substr(0, reply.body.size() / 2);
        break;
      default:
        bytes += reply.body;
        break;
    }
    if (reply.unheard && has_left(socket)) {
      reply.unheard();
      co_return false;
    }
    if (reply.sending) reply.sending();
    if (reply.fault == Fault::trickle) {
      for (char c : bytes) {
        auto [ec, n] = co_await asio::async_write(socket, asio::buffer(&c, 1), kNothrow);
        if (ec) co_return false;
        co_await wait(std::chrono::seconds(1));
      }
      co_return true;
    }
    auto [ec, n] = co_await asio::async_write(socket, asio::buffer(bytes), kNothrow);
    co_return !ec && !last && reply.fault == Fault::none;
  }

  Handler handler_;
  std::set<tcp::socket*> open_;  // before the context, whose end destroys the coroutines that leave it
  asio::io_context io_{1};
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  bool refusing_ = false;
  std::uint64_t connections_ = 0;
  std::atomic<std::uint64_t> count_ = 0;
  mutable std::mutex mutex_;
  std::deque<Seen> seen_;
  std::size_t kept_ = 10000;
  std::thread thread_;
};

FakeHttp::FakeHttp(Handler handler, std::uint16_t port) : impl_(std::make_unique<Impl>(std::move(handler), port)) {}
FakeHttp::~FakeHttp() = default;
std::uint16_t FakeHttp::port() const {
  return impl_->port();
}
std::string FakeHttp::base() const {
  return "http://127.0.0.1:" + std::to_string(port());
}
void FakeHttp::refuse(bool yes) {
  impl_->refuse(yes);
}
std::vector<Seen> FakeHttp::seen() const {
  return impl_->seen();
}
void FakeHttp::keep(std::size_t requests) {
  impl_->keep(requests);
}
std::uint64_t FakeHttp::count() const {
  return impl_->count();
}

}  // namespace broadsheet::fakes
