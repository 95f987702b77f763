#include "bot/net/client.hpp"

#include <strings.h>

#include <algorithm>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <deque>
#include <map>

#include "bot/net/connection.hpp"
#include "bot/net/framing.hpp"

namespace broadsheet::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = beast::http;
using async::nothrow;

constexpr std::size_t kIdlePerOrigin = 32;
constexpr std::size_t kIdleTotal = 64;
constexpr std::chrono::seconds kIdleAge{30};  // shorter than servers commonly keep a quiet connection
constexpr std::uint32_t kHeaderLimit = 32 * 1024;
constexpr int kInterimAnswers = 5;

using Parser = wire::response_parser<wire::string_body>;

// Everything about one exchange, so that a cancelled coroutine leaves behind how far it got.
struct Exchange {
  Request request;
  Url url;
  std::unique_ptr<Connection> connection;
  bool reused = false;
  Reached reached = Reached::not_sent;
  const char* doing = "connecting";
  Response response;
};

bool ours(std::string_view name) {
  for (auto own : {"host", "content-length", "transfer-encoding", "connection", "accept-encoding", "expect", "upgrade"})
    if (name.size() == std::string_view(own).size() && strncasecmp(name.data(), own, name.size()) == 0) return true;
  return false;
}

Status check_request(const Request& request, const Url& url) {
  if (!url.tls() && !is_loopback(std::string_view(url.host)))
    return Error(ErrorKind::not_allowed, "plain http is for loopback addresses only");
  if (!is_token(request.method)) return Error(ErrorKind::bad_input, "the method is malformed");
  for (const auto& [name, value] : request.headers)
    if (!is_token(name) || !is_field_value(value) || ours(name))
      return Error(ErrorKind::bad_input, "the request header \"" + name + "\" cannot be sent");
  return {};
}

// Its body is the request's own, which lives longer.
wire::request<wire::span_body<const char>> to_wire(const Request& request, const Url& url, const std::string& agent) {
  wire::request<wire::span_body<const char>> message;
  message.method_string(request.method);
  message.target(url.target);
  message.version(11);
  message.set(wire::field::host, url.authority());
  if (!agent.empty()) message.set(wire::field::user_agent, agent);
  for (const auto& [name, value] : request.headers) message.insert(name, value);
  message.body() = {request.body.data(), request.body.size()};
  bool has_body =
      !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
  if (has_body) message.content_length(request.body.size());
  return message;
}

Error answer_error(const boost::system::error_code& ec, const Request& request) {
  if (ec == wire::error::body_limit)
    return Error(ErrorKind::bad_input, "the answer is longer than " + std::to_string(request.max_response) + " bytes");
  if (ec == wire::error::header_limit || ec == wire::error::buffer_overflow)
    return Error(ErrorKind::bad_input, "the answer's header is too long");
  if (ec == wire::error::end_of_stream || ec == asio::error::eof)
    return Error(ErrorKind::transient, "the connection was closed before an answer");
  if (ec == wire::error::partial_message || ec == asio::ssl::error::stream_truncated)
    return Error(ErrorKind::transient, "the answer was cut off");
  if (ec.category() == make_error_code(wire::error::bad_version).category())
    return Error(ErrorKind::bad_input, "the answer is not valid HTTP: " + ec.message());
  return Error(ErrorKind::transient, "the connection broke: " + ec.message());
}

// An answer that two readers could cut differently must not be used, nor its connection.
Status check_framing(const Parser& parser) {
  const auto& message = parser.get();
  auto lengths = message.count(wire::field::content_length);
  auto codings = message.count(wire::field::transfer_encoding);
  bool odd = lengths > 1 || codings > 1 || (lengths > 0 && codings > 0) || (codings > 0 && !parser.chunked());
  if (odd) return Error(ErrorKind::bad_input, "the answer's length is ambiguous");
  auto coding = message[wire::field::content_encoding];
  if (!coding.empty() && coding != "identity")
    return Error(ErrorKind::bad_input, "the answer is compressed although nobody asked for it");
  if (message.result_int() == 101) return Error(ErrorKind::bad_input, "the answer changes the protocol");
  return {};
}

}  // namespace

class Client::Impl {
 public:
  Impl(asio::any_io_executor executor, async::Offload& resolver, Clock& clock, ClientOptions options)
      : clock_(clock), agent_(options.user_agent), connector_(std::move(executor), resolver, options) {}

  asio::awaitable<Outcome> send(Request request) {
    auto url = parse_url(request.url);
    if (!url) co_return fail(url.error(), Reached::not_sent, "URL");
    auto where = request.method + " " + url->origin();
    if (auto good = check_request(request, *url); !good) co_return fail(good.error(), Reached::not_sent, where);
    Exchange exchange;
    exchange.request = std::move(request);
    exchange.url = std::move(*url);
    auto done = co_await async::with_timeout(clock_, exchange.request.total_timeout, perform(exchange));
    if (!done) co_return fail(done.error(), exchange.reached, where + ", " + exchange.doing);
    co_return std::move(exchange.response);
  }

  void close_idle() { idle_.clear(); }
  std::size_t idle() const {
    std::size_t n = 0;
    for (const auto& [origin, connections] : idle_) n += connections.size();
    return n;
  }

 private:
  static TransportError fail(const Error& error, Reached reached, const std::string& where) {
    return TransportError(error.in(where), reached);
  }

  asio::awaitable<Status> perform(Exchange& exchange) {
    auto begun = co_await async::with_timeout(clock_, exchange.request.connect_timeout, begin(exchange));
    // A kept connection that broke before the request was written at all: nothing was asked yet, so ask on a new one.
    if (!begun && exchange.reused && exchange.reached == Reached::not_sent) {
      exchange.connection.reset();
      begun = co_await async::with_timeout(clock_, exchange.request.connect_timeout, begin(exchange, true));
    }
    if (!begun) co_return begun.error();
    exchange.doing = "reading the answer";
    Status read;
    if (exchange.connection->tls)
      read = co_await finish(exchange, *exchange.connection->tls);
    else
      read = co_await finish(exchange, exchange.connection->socket);
    co_return read;
  }

  // Up to the first byte of the answer.
  asio::awaitable<Status> begin(Exchange& exchange, bool fresh = false) {
    exchange.doing = "connecting";
    exchange.connection = fresh ? nullptr : take(exchange.url.origin());
    exchange.reused = exchange.connection != nullptr;
    if (!exchange.reused) {
      auto connected = co_await connector_.connect(exchange.url);
      if (!connected) co_return connected.error();
      exchange.connection = std::move(*connected);
    }
    Status asked;
    if (exchange.connection->tls)
      asked = co_await ask(exchange, *exchange.connection->tls);
    else
      asked = co_await ask(exchange, exchange.connection->socket);
    co_return asked;
  }

  template <class Stream>
  asio::awaitable<Status> ask(Exchange& exchange, Stream& stream) {
    auto message = to_wire(exchange.request, exchange.url, agent_);
    exchange.doing = "sending";
    exchange.reached = Reached::partly_sent;
    auto [ec, written] = co_await wire::async_write(stream, message, nothrow);
    if (ec) {
      // Nothing accepted: over TLS not one whole record, which the other side could not read.
      if (written == 0) exchange.reached = Reached::not_sent;
      co_await async::check_cancelled();
      co_return Error(ErrorKind::transient, "the connection broke: " + ec.message());
    }
    exchange.reached = Reached::sent;
    exchange.doing = "waiting for an answer";
    auto& buffer = exchange.connection->buffer;
    auto [failed, n] = co_await stream.async_read_some(buffer.prepare(16 * 1024), nothrow);
    if (failed) {
      co_await async::check_cancelled();
      co_return answer_error(failed, exchange.request);
    }
    buffer.commit(n);
    co_return Status();
  }

  template <class Stream>
  asio::awaitable<Status> finish(Exchange& exchange, Stream& stream) {
    auto& buffer = exchange.connection->buffer;
    for (int interim = 0; interim <= kInterimAnswers; ++interim) {
      Parser parser;
      parser.header_limit(kHeaderLimit);
      parser.body_limit(exchange.request.max_response);
      parser.skip(exchange.request.method == "HEAD");
      auto [ec, n] = co_await wire::async_read_header(stream, buffer, parser, nothrow);
      if (!ec) {
        if (auto good = check_framing(parser); !good) co_return good.error();
        if (parser.get().result_int() < 200) continue;
        std::tie(ec, n) = co_await wire::async_read(stream, buffer, parser, nothrow);
      }
      if (ec) {
        co_await async::check_cancelled();
        co_return answer_error(ec, exchange.request);
      }
      keep(exchange, parser);
      co_return Status();
    }
    co_return Error(ErrorKind::bad_input, "too many interim answers");
  }

  void keep(Exchange& exchange, Parser& parser) {
    bool reusable = parser.keep_alive() && !parser.need_eof() && exchange.connection->buffer.size() == 0;
    auto message = parser.release();
    exchange.response.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
      exchange.response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    exchange.response.body = std::move(message.body());
    if (!reusable || idle() >= kIdleTotal) return;
    auto& kept = idle_[exchange.url.origin()];
    if (kept.size() >= kIdlePerOrigin) return;
    exchange.connection->idle_since = clock_.steady_now();
    kept.push_back(std::move(exchange.connection));
  }

  // The youngest kept connection that is still usable. Drops what is too old, of every origin; the rest is looked at
  // when it is wanted, not at every request.
  std::unique_ptr<Connection> take(const std::string& origin) {
    auto oldest = clock_.steady_now() - kIdleAge;
    for (auto entry = idle_.begin(); entry != idle_.end();) {
      auto& kept = entry->second;
      while (!kept.empty() && kept.front()->idle_since < oldest) kept.pop_front();
      entry = kept.empty() ? idle_.erase(entry) : std::next(entry);
    }
    auto found = idle_.find(origin);
    if (found == idle_.end()) return nullptr;
    auto& kept = found->second;
    while (!kept.empty()) {
      auto connection = std::move(kept.back());
      kept.pop_back();
      if (connection->quiet()) return connection;
    }
    return nullptr;
  }

  Clock& clock_;
  std::string agent_;
  Connector connector_;
  std::map<std::string, std::deque<std::unique_ptr<Connection>>> idle_;  // oldest first
};

Client::Client(asio::any_io_executor executor, async::Offload& resolver, Clock& clock, ClientOptions options)
    : impl_(std::make_unique<Impl>(std::move(executor), resolver, clock, std::move(options))) {}
Client::~Client() = default;

asio::awaitable<Outcome> Client::send(Request request) {
  return impl_->send(std::move(request));
}
void Client::close_idle() {
  impl_->close_idle();
}
std::size_t Client::idle_connections() const {
  return impl_->idle();
}

}  // namespace broadsheet::http
