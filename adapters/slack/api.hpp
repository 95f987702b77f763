// The Web API over the HTTP door: one call, one classified answer (contracts: Slack 8).
#pragma once

#include <string>
#include <string_view>

#include "adapters/slack/form.hpp"
#include "adapters/slack/outcome.hpp"
#include "bot/async/async.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::slack {

template <class T>
using awaitable = boost::asio::awaitable<T>;

class Api {
 public:
  // `base`: https://slack.com/api, or loopback in tests.
  Api(http::Transport& transport, std::string base) : transport_(transport), base_(std::move(base)) {}

  // chat.*, views.*: JSON. `thread` is what classify() compares with.
  awaitable<Answer> post(std::string method, std::string token, std::string json, std::string thread = {});
  // Everything that reads: form.
  awaitable<Answer> read(std::string method, std::string token, Form form);
  // oauth.v2.access: HTTP Basic instead of a token.
  awaitable<Answer> exchange(std::string method, std::string id, std::string secret, Form form);
  // A response_url; it carries its own secret, so no token goes with it.
  awaitable<Answer> respond(std::string url, std::string json);

 private:
  awaitable<Answer> call(http::Request request, std::string method, std::string thread);
  http::Transport& transport_;
  std::string base_;
};

}  // namespace broadsheet::slack
