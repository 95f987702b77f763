#include "bot/net/connection.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include "bot/net/addresses.hpp"

namespace broadsheet::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using async::nothrow;

// Blocking; on the look-up threads only (architecture R16: Asio's own resolver has one thread for everybody).
Result<std::vector<tcp::endpoint>> look_up(const std::string& host, std::uint16_t port) {
  // RFC 6761, 6.3: always loopback, whatever a resolver or a missing hosts file would say.
  if (host == "localhost" || host.ends_with(".localhost"))
    return std::vector<tcp::endpoint>{{asio::ip::address_v4::loopback(), port},
                                      {asio::ip::address_v6::loopback(), port}};
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  int failure = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (failure == EAI_AGAIN) return Error(ErrorKind::transient, "its name cannot be looked up just now");
  if (failure != 0) return Error(ErrorKind::unavailable, "its name is not known");
  std::vector<tcp::endpoint> endpoints;
  for (const auto* a = found; a != nullptr; a = a->ai_next) {
    tcp::endpoint endpoint;
    if (a->ai_addrlen > endpoint.capacity()) continue;
    std::copy_n(reinterpret_cast<const char*>(a->ai_addr), a->ai_addrlen, reinterpret_cast<char*>(endpoint.data()));
    endpoint.port(port);
    endpoints.push_back(endpoint);
  }
  freeaddrinfo(found);
  return endpoints;
}

}  // namespace

bool Connection::quiet() {
  char byte = 0;
  return recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

Connector::Connector(asio::any_io_executor executor, async::Offload& resolver, const ClientOptions& options)
    : executor_(std::move(executor)),
      resolver_(resolver),
      verify_tls_(options.verify_tls),
      private_hosts_(options.private_hosts),
      ca_file_(options.ca_file),
      context_(asio::ssl::context::tls_client) {}

asio::awaitable<Result<Connector::Endpoints>> Connector::resolve(const Url& url) {
  boost::system::error_code ec;
  auto address = asio::ip::make_address(url.host, ec);
  if (!ec) co_return Endpoints{tcp::endpoint(address, url.port)};
  auto work = [host = url.host, port = url.port] { return look_up(host, port); };
  co_return co_await resolver_.run(std::move(work));
}

// The connection goes to an address that was checked; there is no second look-up (design: reliability 5, SSRF).
Status Connector::check(const Url& url, Endpoints& endpoints) const {
  bool local = is_loopback(std::string_view(url.host));
  bool named = std::find(private_hosts_.begin(), private_hosts_.end(), url.host) != private_hosts_.end();
  std::erase_if(endpoints, [&](const tcp::endpoint& endpoint) {
    if (local) return !is_loopback(endpoint.address());
    return !named && !is_public(endpoint.address());
  });
  if (endpoints.empty()) return Error(ErrorKind::not_allowed, "its address is not one of the public internet");
  return {};
}

const Status& Connector::trusted() {
  if (!trusted_) trusted_ = trust(context_, ca_file_);
  return *trusted_;
}

asio::awaitable<Result<std::unique_ptr<Connection>>> Connector::connect(const Url& url) {
  if (url.tls())
    if (auto ready = trusted(); !ready) co_return ready.error();
  auto endpoints = co_await resolve(url);
  if (!endpoints) co_return endpoints.error();
  if (auto allowed = check(url, *endpoints); !allowed) co_return allowed.error();
  auto connection = std::make_unique<Connection>(executor_);
  auto [ec, endpoint] = co_await asio::async_connect(connection->socket, *endpoints, nothrow);
  if (ec) {
    co_await async::check_cancelled();
    co_return Error(ErrorKind::unavailable, "cannot connect: " + ec.message());
  }
  connection->socket.set_option(tcp::no_delay(true), ec);
  if (!url.tls()) co_return std::move(connection);
  auto& tls = connection->tls.emplace(connection->socket, context_);
  bool verify = verify_tls_ || !is_loopback(std::string_view(url.host));
  if (auto ready = expect_host(tls, url.host, verify); !ready) co_return ready.error();
  auto [failed] = co_await tls.async_handshake(asio::ssl::stream_base::client, nothrow);
  if (failed) {
    co_await async::check_cancelled();
    co_return handshake_error(tls, failed);
  }
  co_return std::move(connection);
}

}  // namespace broadsheet::http
