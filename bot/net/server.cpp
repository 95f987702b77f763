#include "bot/net/server.hpp"

#include <strings.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <list>
#include <map>

#include "bot/async/async.hpp"
#include "bot/base/log.hpp"
#include "bot/net/address_range.hpp"
#include "bot/net/addresses.hpp"
#include "bot/net/session.hpp"

namespace broadsheet::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using async::nothrow;

constexpr std::chrono::milliseconds kSweep{250};
constexpr std::chrono::milliseconds kStoppingSweep{100};
constexpr std::chrono::milliseconds kGrace{700};       // real time, whatever the clock: for answers in the making
constexpr std::chrono::milliseconds kAcceptPause{50};  // after a failed accept: out of file descriptors, most likely
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

}  // namespace

std::string_view parameter(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters)
    if (key == name) return value;
  return {};
}

class Server::Impl {
 public:
  Impl(const asio::any_io_executor& executor, Clock& clock, ServerOptions options, Handler handler)
      : clock_(clock),
        options_(std::move(options)),
        handler_(std::move(handler)),
        acceptor_(executor),
        tick_(executor, clock),
        busy_(executor),
        tasks_(executor) {
    for (const auto& proxy : options_.trusted_proxies)
      if (auto range = AddressRange::parse(proxy)) trusted_.push_back(*range);
  }

  Status listen(const std::string& host, std::uint16_t port) {
    boost::system::error_code ec;
    auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, ec);
    if (ec) return Error(ErrorKind::bad_input, "\"" + host + "\" is not an address to listen on");
    tcp::endpoint endpoint(address, port);
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(tcp::acceptor::max_listen_connections, ec);
    if (!ec) return {};
    acceptor_.close();
    auto kind = ec == asio::error::address_in_use ? ErrorKind::busy : ErrorKind::not_allowed;
    return Error(kind, "cannot listen on " + host + ":" + std::to_string(port) + ": " + ec.message());
  }

  std::uint16_t port() const {
    boost::system::error_code ec;
    return acceptor_.local_endpoint(ec).port();
  }

  asio::awaitable<void> run() {
    tasks_.spawn("http.accept", accept());
    tasks_.spawn("http.sweep", sweep());
    co_await tasks_.join();
  }

  void stop() {
    if (stopping_) return;
    stopping_ = true;
    stopped_at_ = std::chrono::steady_clock::now();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (auto* session : sessions_) session->stop();
    tick_.cancel();
    busy_.set();
  }

  std::size_t connections() const { return sessions_.size(); }

 private:
  asio::awaitable<void> accept() {
    while (!stopping_) {
      auto [ec, socket] = co_await acceptor_.async_accept(nothrow);
      if (!ec) {
        admit(std::move(socket));
        continue;
      }
      co_await async::check_cancelled();
      if (stopping_) co_return;
      log::warning("http.accept_failed", {{"what", ec.message()}});
      co_await async::sleep_for(clock_, kAcceptPause);
    }
  }

  void admit(tcp::socket socket) {
    boost::system::error_code ec;
    auto address = socket.remote_endpoint(ec).address();
    if (ec) return;
    auto peer = address.to_string();
    bool trusted =
        is_loopback(address) || std::any_of(trusted_.begin(), trusted_.end(),
                                            [&address](const AddressRange& range) { return range.contains(address); });
    if (sessions_.size() + starting_ >= options_.max_connections ||
        (!trusted && per_peer_[peer] >= options_.per_address)) {
      socket.non_blocking(true, ec);
      socket.write_some(asio::buffer(kFull), ec);
      return;
    }
    socket.set_option(tcp::no_delay(true), ec);
    ++starting_;
    tasks_.spawn("http.session", serve(std::move(socket), std::move(peer)));
  }

  // Counts and lists a session for as long as it lives.
  class Listed {
   public:
    Listed(Impl& impl, Session& session, std::string peer) : impl_(impl), peer_(std::move(peer)) {
      --impl_.starting_;
      ++impl_.per_peer_[peer_];
      place_ = impl_.sessions_.insert(impl_.sessions_.end(), &session);
      impl_.busy_.set();
    }
    ~Listed() {
      impl_.sessions_.erase(place_);
      if (auto found = impl_.per_peer_.find(peer_); --found->second == 0) impl_.per_peer_.erase(found);
    }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;

   private:
    Impl& impl_;
    std::string peer_;
    std::list<Session*>::iterator place_;
  };

  asio::awaitable<void> serve(tcp::socket socket, std::string peer) {
    Session session(std::move(socket), peer, clock_, options_, handler_);
    Listed listed(*this, session, std::move(peer));
    if (stopping_) co_return;
    co_await session.run();
  }

  asio::awaitable<void> sweep() {
    while (!stopping_ || tasks_.size() > 1) {
      if (sessions_.empty() && !stopping_) busy_.clear();  // nobody to watch: nobody is woken
      co_await busy_.wait();
      tick_.expires_after(stopping_ ? kStoppingSweep : kSweep);
      co_await tick_.wait();
      auto now = clock_.steady_now();
      for (auto* session : sessions_) session->sweep(now);
      if (stopping_ && std::chrono::steady_clock::now() - stopped_at_ > kGrace) tasks_.cancel();
    }
  }

  Clock& clock_;
  ServerOptions options_;
  std::vector<AddressRange> trusted_;
  Handler handler_;
  tcp::acceptor acceptor_;
  async::Timer tick_;
  async::Event busy_;  // somebody is connected, or we stop
  std::list<Session*> sessions_;
  std::map<std::string, std::size_t> per_peer_;
  std::size_t starting_ = 0;
  bool stopping_ = false;
  std::chrono::steady_clock::time_point stopped_at_;
  async::TaskGroup tasks_;
};

Server::Server(asio::any_io_executor executor, Clock& clock, ServerOptions options, Handler handler)
    : impl_(std::make_unique<Impl>(executor, clock, std::move(options), std::move(handler))) {}
Server::~Server() = default;

Status Server::listen(const std::string& host, std::uint16_t port) {
  return impl_->listen(host, port);
}
std::uint16_t Server::port() const {
  return impl_->port();
}
asio::awaitable<void> Server::run() {
  return impl_->run();
}
void Server::stop() {
  impl_->stop();
}
std::size_t Server::connections() const {
  return impl_->connections();
}

}  // namespace broadsheet::http
