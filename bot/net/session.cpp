#include "bot/net/session.hpp"

#include <algorithm>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "bot/base/log.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::http {
namespace {

namespace asio = boost::asio;
namespace wire = boost::beast::http;
using async::nothrow;

constexpr int kGone = -1;
constexpr std::size_t kUsualBody = std::size_t{64} << 10;
constexpr std::size_t kLingerBytes = std::size_t{256} << 10;
constexpr std::chrono::milliseconds kLingerTime{1000};
constexpr std::size_t kUsualFields = 16;
constexpr std::size_t kReadSize = std::size_t{8} << 10;

bool safe_header(const std::pair<std::string, std::string>& field) {
  return is_token(field.first) && is_field_value(field.second);
}

bool bodyless(int status) {
  return status == 204 || status == 304 || status < 200;
}

// Formatted once a second, not once an answer.
const std::string& date_line(Moment now) {
  thread_local Moment second = Moment::min();
  thread_local std::string line;
  if (auto this_second = Moment(std::chrono::floor<std::chrono::seconds>(now)); this_second != second) {
    second = this_second;
    line = to_http_date(now);
  }
  return line;
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, std::string peer, Clock& clock, const ServerOptions& options,
                 const Handler& handler)
    : socket_(std::move(socket)),
      peer_(std::move(peer)),
      clock_(clock),
      options_(options),
      handler_(handler),
      limits_{options.max_header, options.max_target} {}

asio::awaitable<void> Session::run() {
  auto next = Next::request;
  while (next == Next::request && !stopping_) {
    HeadScan scan;
    if (auto refused = co_await read_head(scan); refused == kGone)
      next = Next::close;
    else
      next = co_await serve({refused, scan.size});
  }
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void Session::sweep(SteadyMoment now) {
  if (now < deadline_) return;
  expired_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

void Session::stop() {
  stopping_ = true;
  boost::system::error_code ignored;
  if (idle_) socket_.cancel(ignored);
}

void Session::within(std::chrono::milliseconds d) {
  deadline_ = clock_.steady_now() + d;
  expired_ = false;
}

std::string_view Session::arrived() const {
  return {static_cast<const char*>(buffer_.data().data()), buffer_.size()};
}

std::size_t Session::body_limit(std::string_view path) const {
  return options_.max_body ? options_.max_body(path) : kUsualBody;
}

asio::awaitable<int> Session::read_head(HeadScan& scan) {
  idle_ = buffer_.size() == 0;
  within(first_ || !idle_ ? options_.header_timeout : options_.idle_timeout);
  first_ = false;
  while (true) {
    if (arrived().starts_with("\r\n")) buffer_.consume(2);  // RFC 9112 2.2: an empty line before the request
    scan = scan_head(arrived(), limits_);
    if (scan.refused != 0 || scan.size != 0) co_return scan.refused;
    auto [ec, n] = co_await socket_.async_read_some(buffer_.prepare(kReadSize), nothrow);
    if (ec) {
      co_await async::check_cancelled();
      co_return expired_ && !idle_ ? 408 : kGone;
    }
    buffer_.commit(n);
    if (idle_) within(options_.header_timeout);
    idle_ = false;
  }
}

// Everything about one request; nothing of it is held while the connection is idle.
struct Session::Incoming {
  Head head;
  ServerRequest request;
  Parser parser;
};

asio::awaitable<int> Session::read_body(Incoming& in) {
  within(options_.body_timeout);
  if (in.head.expects_continue && in.parser.get().body().empty()) {
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    auto [ec, n] = co_await asio::async_write(socket_, asio::buffer(kContinue), nothrow);
    if (ec) co_return kGone;
  }
  auto [ec, n] = co_await wire::async_read(socket_, buffer_, in.parser, nothrow);
  if (!ec) co_return 0;
  co_await async::check_cancelled();
  if (expired_) co_return 408;
  if (ec == wire::error::body_limit) co_return 413;
  bool malformed = ec.category() == wire::make_error_code(wire::error::bad_chunk).category() &&
                   ec != wire::error::partial_message && ec != wire::error::end_of_stream;
  co_return malformed ? 400 : kGone;
}

int Session::begin(Incoming& in, std::size_t head_size) {
  in.head = check_head(arrived().substr(0, head_size), limits_);
  if (in.head.refused != 0) return in.head.refused;
  auto target = parse_target(in.head.target);
  if (!target) {
    why_ = "the request target: " + target.error().what();
    return 400;
  }
  auto& request = in.request;
  request.method = in.head.method;
  request.target = in.head.target;
  request.path = std::move(target->path);
  request.segments = std::move(target->segments);
  request.query = std::move(target->query);
  request.peer = peer_;
  in.parser.header_limit(static_cast<std::uint32_t>(head_size + 1));
  in.parser.body_limit(body_limit(request.path));
  in.parser.eager(true);  // what has arrived of the body with it
  boost::system::error_code ec;
  buffer_.consume(in.parser.put(buffer_.data(), ec));
  if (!ec || ec == wire::error::need_more) return 0;
  return ec == wire::error::body_limit ? 413 : 400;
}

asio::awaitable<Session::Next> Session::serve(HeadScan scan) {
  Incoming in;
  auto refused = scan.refused != 0 ? scan.refused : begin(in, scan.size);
  if (refused == 0 && !in.parser.is_done() && in.head.has_body) refused = co_await read_body(in);
  if (refused == kGone) co_return Next::close;
  if (refused != 0) {
    co_await refuse(refused);
    co_return Next::close;
  }
  auto& message = in.parser.get();
  in.request.headers.reserve(kUsualFields);
  for (const auto& field : message)
    in.request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  in.request.body = std::move(message.body());
  co_return co_await answer(std::move(in.request), in.parser.keep_alive());
}

asio::awaitable<Session::Next> Session::answer(ServerRequest request, bool keep_alive) {
  deadline_ = SteadyMoment::max();  // the handler minds its own
  bool head_only = request.method == "HEAD";
  // A handler's exception ends that request only (design: reliability 5, last resort).
  ServerResponse response{500, "text/plain; charset=utf-8", "Something went wrong here; it was logged.\n", {}};
  std::string failure;
  try {
    response = co_await handler_(std::move(request));
  } catch (const std::exception& e) {
    failure = e.what();
  }
  co_await async::check_cancelled();
  if (!failure.empty()) log::error("http.handler_failed", {{"what", failure}});
  keep_alive = keep_alive && !stopping_;
  auto written = co_await write(std::move(response), head_only, keep_alive);
  co_return written&& keep_alive ? Next::request : Next::close;
}

asio::awaitable<void> Session::refuse(int status) {
  ServerResponse response;
  response.status = status;
  auto reason = std::string(wire::obsolete_reason(static_cast<wire::status>(status)));
  response.body = std::to_string(status) + " " + reason + (why_.empty() ? "" : ": " + why_) + "\n";
  auto written = co_await write(std::move(response), false, false);
  if (written) co_await linger();
}

asio::awaitable<bool> Session::write(ServerResponse response, bool head_only, bool keep_alive) {
  Answer message;
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  message.set(wire::field::date, date_line(clock_.now()));
  for (const auto& field : response.headers)
    if (safe_header(field)) message.insert(field.first, field.second);
  if (!bodyless(response.status)) {
    message.set(wire::field::content_type, response.content_type);
    message.content_length(response.body.size());
    if (!head_only) message.body() = std::move(response.body);
  }
  message.keep_alive(keep_alive);
  within(options_.write_timeout);
  auto [ec, n] = co_await wire::async_write(socket_, message, nothrow);
  if (ec) co_await async::check_cancelled();
  co_return !ec;
}

// Closing with unread bytes would reset the connection and take our answer away before it is read.
asio::awaitable<void> Session::linger() {
  boost::system::error_code ec;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ec);
  within(kLingerTime);
  for (std::size_t read = 0; read < kLingerBytes && !stopping_;) {
    buffer_.clear();
    auto [failed, n] = co_await socket_.async_read_some(buffer_.prepare(kReadSize), nothrow);
    if (failed || n == 0) co_return;
    read += n;
  }
}

}  // namespace broadsheet::http
