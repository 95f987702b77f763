// Installation by a workspace's admin (contracts: Slack 7): GET /slack/install sends the browser to Slack, GET
// /slack/oauth takes it back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/slack/installations.hpp"
#include "bot/base/clock.hpp"
#include "config/settings.hpp"

namespace broadsheet::slack {

class OAuth {
 public:
  OAuth(Api& api, Installations& installations, Clock& clock, const config::Slack& settings, std::string public_url);

  std::vector<adapters::Route> routes(adapters::EventSink& sink);

 private:
  awaitable<http::ServerResponse> begin();
  awaitable<http::ServerResponse> finish(adapters::EventSink& sink, http::ServerRequest request);
  // True once for a state that this browser was given less than ten minutes ago.
  bool redeem(const std::string& state, std::string_view cookies);

  Api& api_;
  Installations& installations_;
  Clock& clock_;
  config::Slack settings_;
  std::string redirect_;                   // identical in both steps
  std::map<std::string, Moment> waiting_;  // states given out
};

}  // namespace broadsheet::slack
