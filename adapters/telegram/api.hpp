// Calls of the Bot API over the transport: JSON in and out, the answer classified by what is certain about it
// (contracts: Telegram 1, 8, 9). The token stays inside: no error text holds it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "bot/base/result.hpp"
#include "bot/net/http.hpp"
#include "config/secret.hpp"

namespace broadsheet::telegram {

struct Answer {
  enum class Kind : std::uint8_t {
    ok,
    refused,   // the server said no: code, description
    not_sent,  // surely not done: it never got there
    unknown,   // nobody knows: the answer did not come, or made no sense
  };
  Kind kind = Kind::unknown;
  nlohmann::json result;    // of ok
  int code = 0;             // of refused
  std::string description;  // of refused; else what went wrong
  std::optional<std::chrono::milliseconds> retry_after;
  std::optional<std::int64_t> migrate_to;
};

class Api {
 public:
  Api(http::Transport& transport, std::string base, const config::Secret& token)
      : transport_(transport), base_(std::move(base)), token_(token) {}
  // `patience`: for the whole exchange.
  boost::asio::awaitable<Answer> call(std::string method, nlohmann::json parameters, std::chrono::seconds patience);

 private:
  http::Transport& transport_;
  std::string base_;
  config::Secret token_;
};

}  // namespace broadsheet::telegram
