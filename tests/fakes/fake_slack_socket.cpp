#include "fake_slack_socket.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace broadsheet::fakes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
constexpr auto kQuiet = asio::as_tuple(asio::use_awaitable);

struct Link {
  explicit Link(tcp::socket s) : socket(std::move(s)) {}
  beast::websocket::stream<tcp::socket> socket;
  std::deque<std::string> out;
  bool writing = false, open = false;
};

}  // namespace

class FakeSlackSocket::Impl {
 public:
  Impl() : acceptor_(context_, {asio::ip::make_address("127.0.0.1"), 0}) {
    port = acceptor_.local_endpoint().port();
    asio::co_spawn(context_, accept(), asio::detached);
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Impl() {
    asio::post(context_, [this] { context_.stop(); });
    thread_.join();
  }

  void with(std::size_t number, std::function<void(std::shared_ptr<Link>)> what) {
    asio::post(context_, [this, number, what = std::move(what)] {
      std::shared_ptr<Link> link;
      {
        std::lock_guard lock(mutex);
        for (auto& [n, candidate] : links_)
          if (candidate->open && (number == 0 || n == number)) link = candidate;
      }
      if (link) what(link);
    });
  }
  void push(const std::shared_ptr<Link>& link, std::string text) {
    link->out.push_back(std::move(text));
    if (!link->writing) asio::co_spawn(context_, write(link), asio::detached);
  }

  mutable std::mutex mutex;
  std::vector<std::string> received;
  std::size_t opened = 0, open = 0, payloads_seen = 0;
  bool hello = true;
  std::atomic<int> envelopes{0};
  std::uint16_t port = 0;

 private:
  asio::awaitable<void> accept() {
    while (true) {
      auto [ec, socket] = co_await acceptor_.async_accept(kQuiet);
      if (ec) co_return;
      asio::co_spawn(context_, serve(std::make_shared<Link>(std::move(socket))), asio::detached);
    }
  }

  asio::awaitable<void> write(std::shared_ptr<Link> link) {
    link->writing = true;
    while (!link->out.empty()) {
      auto text = std::move(link->out.front());
      link->out.pop_front();
      auto [ec, size] = co_await link->socket.async_write(asio::buffer(text), kQuiet);
      if (ec) break;
    }
    link->writing = false;
  }

  asio::awaitable<void> serve(std::shared_ptr<Link> link) {
    auto [failed] = co_await link->socket.async_accept(kQuiet);
    if (failed) co_return;
    std::size_t number = 0;
    {
      std::lock_guard lock(mutex);
      number = ++opened;
      ++open;
      link->open = true;
      links_[number] = link;
      if (hello) push(link, R"({"type":"hello","num_connections":1,"connection_info":{"app_id":"A0APP"}})");
    }
    beast::flat_buffer buffer;
    while (true) {
      buffer.clear();
      auto [ec, size] = co_await link->socket.async_read(buffer, kQuiet);
      std::lock_guard lock(mutex);
      if (ec) {
        link->open = false;
        --open;
        co_return;
      }
      received.push_back(std::to_string(number) + " " + beast::buffers_to_string(buffer.data()));
    }
  }

  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  std::map<std::size_t, std::shared_ptr<Link>> links_;
  std::thread thread_;
};

FakeSlackSocket::FakeSlackSocket() : impl_(std::make_unique<Impl>()) {}
FakeSlackSocket::~FakeSlackSocket() = default;

std::string FakeSlackSocket::url() const {
  return "ws://127.0.0.1:" + std::to_string(impl_->port) + "/link?ticket=one-use&app_id=A0APP";
}
void FakeSlackSocket::say_hello(bool yes) {
  std::lock_guard lock(impl_->mutex);
  impl_->hello = yes;
}
void FakeSlackSocket::push(std::string text, std::size_t connection) {
  impl_->with(connection, [this, text = std::move(text)](const auto& link) { impl_->push(link, text); });
}
bool FakeSlackSocket::acknowledged(const std::string& envelope) const {
  for (const auto& text : received())
    if (text.find("\"envelope_id\":\"" + envelope + "\"") != std::string::npos) return true;
  return false;
}
std::string FakeSlackSocket::take_payload() {
  std::lock_guard lock(impl_->mutex);
  auto& from = impl_->payloads_seen;
  std::string out;
  for (; from < impl_->received.size(); ++from) {
    const auto& text = impl_->received[from];
    auto tree = nlohmann::json::parse(text.substr(text.find(' ')), nullptr, false);
    if (tree.is_object() && tree.contains("payload")) out = tree["payload"].dump();
  }
  return out;
}
bool FakeSlackSocket::deliver(const std::string& type, nlohmann::json payload, bool accepts_payload,
                              std::chrono::milliseconds guard) {
  constexpr std::chrono::milliseconds kAgain{4000}, kLook{2};
  nlohmann::json envelope = {{"envelope_id", "env-" + std::to_string(++impl_->envelopes)},
                             {"type", type},
                             {"payload", std::move(payload)},
                             {"accepts_response_payload", accepts_payload}};
  auto end = std::chrono::steady_clock::now() + guard;
  std::chrono::steady_clock::time_point again{};
  while (std::chrono::steady_clock::now() < end) {
    if (std::chrono::steady_clock::now() >= again && open() > 0) {
      push(envelope.dump());
      envelope["retry_attempt"] = envelope.value("retry_attempt", 0) + 1;
      again = std::chrono::steady_clock::now() + kAgain;
    }
    if (acknowledged(envelope["envelope_id"])) return true;
    std::this_thread::sleep_for(kLook);
  }
  return false;
}
void FakeSlackSocket::close(std::size_t connection) {
  impl_->with(connection, [](const std::shared_ptr<Link>& link) {
    link->socket.async_close(beast::websocket::close_code::normal, [link](const auto&) {});
  });
}
void FakeSlackSocket::drop(std::size_t connection) {
  impl_->with(connection, [](const auto& link) { beast::get_lowest_layer(link->socket).close(); });
}
std::size_t FakeSlackSocket::opened() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->opened;
}
std::size_t FakeSlackSocket::open() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->open;
}
std::vector<std::string> FakeSlackSocket::received() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->received;
}
}  // namespace broadsheet::fakes
