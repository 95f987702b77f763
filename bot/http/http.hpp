// The HTTP door for everything outgoing: messages as values and one interface. The Beast client implements it; tests
// script it. All calls are made on the I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bot/base/result.hpp"

namespace broadsheet::http {

using Headers = std::vector<std::pair<std::string, std::string>>;
// First value of a header, case-insensitive; empty if absent.
std::string_view header(const Headers& headers, std::string_view name);

struct Request {
  std::string method = "GET";
  std::string url;  // http:// or https://
  Headers headers;
  std::string body;
  std::size_t max_response = std::size_t{8} << 20;   // bytes; a longer answer is an error
  std::chrono::milliseconds connect_timeout{20000};  // resolve + connect + TLS + first byte of the answer
  std::chrono::milliseconds total_timeout{60000};
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

// How far a failed exchange got: decides whether repeating it is safe (design: reliability 2).
enum class Reached : std::uint8_t { not_sent, partly_sent, sent };

class TransportError {
 public:
  TransportError() = default;
  TransportError(Error e, Reached r) : error(std::move(e)), reached(r) {}
  Error error;
  Reached reached = Reached::not_sent;
};

class [[nodiscard]] Outcome {
 public:
  Outcome() = default;
  Outcome(Response r) : response_(std::move(r)), ok_(true) {}  // NOLINT(google-explicit-constructor)
  Outcome(TransportError e) : failure_(std::move(e)) {}        // NOLINT(google-explicit-constructor)
  explicit operator bool() const { return ok_; }
  const Response& response() const { return response_; }
  Response& response() { return response_; }
  const TransportError& failure() const { return failure_; }

 private:
  Response response_;
  TransportError failure_;
  bool ok_ = false;
};

class Transport {
 public:
  virtual ~Transport() = default;
  // One exchange, no redirects followed. Never throws but for cancellation.
  virtual boost::asio::awaitable<Outcome> send(Request request) = 0;
};

}  // namespace broadsheet::http
