// What is no message: the App Home and cards under pasted links (contracts: Slack 9, link unfurls; spec: commands 2).
#pragma once

#include <deque>
#include <map>
#include <string>

#include "adapters/platform.hpp"
#include "adapters/slack/api.hpp"
#include "adapters/slack/handles.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::slack {

class Surfaces {
 public:
  Surfaces(Api& api, Clock& clock) : api_(api), clock_(clock) {}

  // True once a day for a link in a channel; asked before its card is made.
  bool wants_card(const std::string& team, const Unfurl& link);
  // The tab as it is before its sections are known.
  awaitable<void> open_home(std::string team, std::string user, std::string token);
  // An answer whose handle names a surface; nothing for every other handle.
  awaitable<std::optional<adapters::SendOutcome>> show(adapters::ReplyRequest request, std::string token);

 private:
  awaitable<adapters::SendOutcome> publish(std::string key, HomeSection part, std::string body, std::string token);
  awaitable<adapters::SendOutcome> unfurl(Unfurl link, model::OutgoingMessage said, std::string token);

  Api& api_;
  Clock& clock_;
  std::map<std::string, std::map<std::string, std::string>> homes_;  // "T1/U1": sections as {"text", "blocks"}
  std::deque<std::string> recent_;                                   // the keys of homes_, oldest first
  std::map<std::string, Moment> shown_;                              // links, by place
};

}  // namespace broadsheet::slack
