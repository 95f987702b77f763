// The Web API over the HTTP door: one call, one classified answer (contracts: Slack 8). What Slack would refuse is not
// called: such an answer is rate_limited and says how long.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/slack/form.hpp"
#include "adapters/slack/gate.hpp"
#include "adapters/slack/outcome.hpp"
#include "bot/async/async.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::slack {

template <class T>
using awaitable = boost::asio::awaitable<T>;

class Api {
 public:
  // `base`: https://slack.com/api, or loopback in tests.
  Api(http::Transport& transport, std::string base, Clock& clock)
      : transport_(transport), base_(std::move(base)), gate_(clock) {}

  // chat.*, views.*: JSON. `thread` is what classify() compares with.
  awaitable<Answer> post(std::string method, std::string token, std::string json, std::string thread = {});
  // Everything that reads: form. One call of a method at a time in a workspace: what the first is told the next obeys.
  awaitable<Answer> read(std::string method, std::string token, Form form);
  // oauth.v2.access: HTTP Basic instead of a token.
  awaitable<Answer> exchange(std::string method, std::string id, std::string secret, Form form);
  // A response_url; it carries its own secret, so no token goes with it.
  awaitable<Answer> respond(std::string url, std::string json);

 private:
  awaitable<Answer> call(http::Request request, std::string method, std::string thread);
  // `whose`: everything whose limits the call counts against.
  awaitable<Answer> through_gate(http::Request request, std::string method, std::vector<std::string> whose,
                                 std::string thread);
  http::Transport& transport_;
  std::string base_;
  Gate gate_;
  std::map<std::string, std::shared_ptr<async::AsyncMutex>> reading_;  // by method and token
};

}  // namespace broadsheet::slack
