#include "bot/net/websocket.hpp"

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "bot/net/connection.hpp"

namespace broadsheet::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ws = beast::websocket;
using async::nothrow;

constexpr std::chrono::seconds kGoodbye{1};

ws::stream_base::timeout timeouts(const WebSocketOptions& options) {
  // Beast's own timers, in real time: they watch the other side, nothing that a rehearsal's clock should speed up.
  return {options.connect_timeout, options.idle_timeout, /*keep_alive_pings=*/true};
}

// One implementation for both kinds of stream: Stream is a reference to a socket or to a TLS stream of `connection`.
template <class Stream>
class Open final : public WebSocket {
 public:
  Open(Clock& clock, std::unique_ptr<Connection> connection, Stream stream, WebSocketOptions options)
      : clock_(clock),
        options_(options),
        connection_(std::move(connection)),
        socket_(stream),
        writing_(socket_.get_executor()) {
    socket_.set_option(timeouts(options));
    socket_.read_message_max(options.max_message);
    socket_.text(true);
  }

  asio::awaitable<Status> upgrade(std::string host, std::string target, std::string agent) {
    socket_.set_option(ws::stream_base::decorator([agent](ws::request_type& request) {
      if (!agent.empty()) request.set(beast::http::field::user_agent, agent);
    }));
    auto [ec] = co_await socket_.async_handshake(host, target, nothrow);
    if (ec) co_return co_await failed("the upgrade to a WebSocket failed", ec);
    co_return Status();
  }

  asio::awaitable<Result<std::string>> read() override {
    buffer_.clear();
    auto [ec, size] = co_await socket_.async_read(buffer_, nothrow);
    if (ec) co_return co_await failed("the WebSocket ended", ec);
    if (!socket_.got_text()) co_return Error(ErrorKind::bad_input, "a binary message on the WebSocket");
    co_return beast::buffers_to_string(buffer_.data());
  }

  asio::awaitable<Status> write(std::string text) override {
    auto guard = co_await writing_.lock();
    co_return co_await async::with_timeout(clock_, options_.write_timeout, write_now(std::move(text)));
  }

  asio::awaitable<void> close() override {
    auto guard = co_await writing_.lock();
    auto closed = co_await async::with_timeout(clock_, kGoodbye, say_goodbye());
    if (!closed) connection_->socket.close();
  }

 private:
  asio::awaitable<Status> write_now(std::string text) {
    auto [ec, size] = co_await socket_.async_write(asio::buffer(text), nothrow);
    if (ec) co_return co_await failed("the WebSocket cannot be written to", ec);
    co_return Status();
  }
  asio::awaitable<Status> say_goodbye() {
    auto [ec] = co_await socket_.async_close(ws::close_code::normal, nothrow);
    if (ec) co_return co_await failed("closing", ec);
    co_return Status();
  }
  static asio::awaitable<Error> failed(std::string_view what, boost::system::error_code ec) {
    co_await async::check_cancelled();
    co_return Error(ErrorKind::unavailable, std::string(what) + ": " + ec.message());
  }

  Clock& clock_;
  WebSocketOptions options_;
  std::unique_ptr<Connection> connection_;
  ws::stream<Stream> socket_;
  beast::flat_buffer buffer_;
  async::AsyncMutex writing_;
};

// ws → http, wss → https: the rules for hosts and addresses are the same.
Result<Url> parse_websocket_url(const std::string& text) {
  bool known = text.starts_with("ws://") || text.starts_with("wss://");
  if (!known) return Error(ErrorKind::bad_input, "not a WebSocket address");
  auto url = parse_url("http" + text.substr(2));
  if (!url) return url;
  if (!url->tls() && !is_loopback(std::string_view(url->host)))
    return Error(ErrorKind::not_allowed, "plain ws is for loopback hosts only");
  return url;
}

}  // namespace

class WebSocketClient::Impl {
 public:
  Impl(asio::any_io_executor executor, async::Offload& resolver, Clock& clock, const ClientOptions& options)
      : clock_(clock), agent_(options.user_agent), connector_(std::move(executor), resolver, options) {}

  asio::awaitable<Result<std::unique_ptr<WebSocket>>> connect(std::string text, WebSocketOptions options) {
    auto url = parse_websocket_url(text);
    if (!url) co_return url.error();
    auto opened = co_await async::with_timeout(clock_, options.connect_timeout, open(*url, options));
    if (!opened) co_return opened.error().in(url->origin());
    co_return std::move(*opened);
  }

 private:
  using Opened = Result<std::unique_ptr<WebSocket>>;

  asio::awaitable<Opened> open(Url url, WebSocketOptions options) {
    auto connection = co_await connector_.connect(url);
    if (!connection) co_return connection.error();
    auto& c = **connection;
    if (c.tls) co_return co_await upgrade<TlsStream&>(std::move(*connection), *c.tls, url, options);
    co_return co_await upgrade<asio::ip::tcp::socket&>(std::move(*connection), c.socket, url, options);
  }

  template <class Stream>
  asio::awaitable<Opened> upgrade(std::unique_ptr<Connection> connection, Stream stream, const Url& url,
                                  WebSocketOptions options) {
    auto open = std::make_unique<Open<Stream>>(clock_, std::move(connection), stream, options);
    if (auto ok = co_await open->upgrade(url.authority(), url.target, agent_); !ok) co_return ok.error();
    co_return std::unique_ptr<WebSocket>(std::move(open));
  }

  Clock& clock_;
  std::string agent_;
  Connector connector_;
};

WebSocketClient::WebSocketClient(asio::any_io_executor executor, async::Offload& resolver, Clock& clock,
                                 ClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(executor), resolver, clock, options)) {}
WebSocketClient::~WebSocketClient() = default;

asio::awaitable<Result<std::unique_ptr<WebSocket>>> WebSocketClient::connect(std::string url,
                                                                             WebSocketOptions options) {
  co_return co_await impl_->connect(std::move(url), options);
}

}  // namespace broadsheet::http
