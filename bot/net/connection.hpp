// One client connection and the door to new ones. Internal to bot/net: Asio's socket and TLS types live here.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "bot/async/async.hpp"
#include "bot/http/url.hpp"
#include "bot/net/client.hpp"
#include "bot/net/tls.hpp"

namespace broadsheet::http {

struct Connection {
  explicit Connection(const boost::asio::any_io_executor& executor) : socket(executor) {}
  // False if the other side closed it or sent something nobody asked for.
  bool quiet();

  boost::asio::ip::tcp::socket socket;
  std::optional<TlsStream> tls;                             // over the socket; has 70 KB of buffers
  boost::beast::flat_buffer buffer{std::size_t{64} << 10};  // bounds header fields and trailers
  SteadyMoment idle_since{};
};

// Resolves, checks every address, connects, shakes hands.
class Connector {
 public:
  Connector(boost::asio::any_io_executor executor, async::Offload& resolver, const ClientOptions& options);
  boost::asio::awaitable<Result<std::unique_ptr<Connection>>> connect(const Url& url);

 private:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  boost::asio::awaitable<Result<Endpoints>> resolve(const Url& url);
  Status check(const Url& url, Endpoints& endpoints) const;
  // The certificates of this machine are read at the first use: 25 ms that a start-up would wait for.
  const Status& trusted();

  boost::asio::any_io_executor executor_;
  async::Offload& resolver_;
  bool verify_tls_;
  std::vector<std::string> private_hosts_;
  std::string ca_file_;
  boost::asio::ssl::context context_;
  std::optional<Status> trusted_;
};

}  // namespace broadsheet::http
