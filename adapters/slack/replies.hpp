// Answers to what a person did: the response_url while it lives, else an ephemeral message, else a direct one
// (contracts: Slack 3; spec: commands 1.4).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/slack/api.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::slack {

class Replies {
 public:
  // `origins`: where a response_url may lead, as "https://hooks.slack.com".
  Replies(Api& api, Clock& clock, std::vector<std::string> origins);

  // Seen by the asker alone, or refused as private_undeliverable; never public.
  awaitable<adapters::SendOutcome> privately(adapters::ReplyRequest request, std::string token);
  // Through the response_url into the channel, for channels the bot is not in. Nothing if it is spent.
  awaitable<std::optional<adapters::SendOutcome>> publicly(model::ReplyTo to, std::string body);
  // Uses left of a response_url: none after 5, after 30 minutes, for another host, or when this process did not see
  // its first use.
  int uses_left(const model::ReplyTo& to) const;

 private:
  struct Spent {
    int uses = 0;
    Moment received;
  };
  bool allowed(const std::string& url) const;
  awaitable<std::optional<Answer>> use(model::ReplyTo to, std::string body, std::string_view type);

  Api& api_;
  Clock& clock_;
  std::vector<std::string> origins_;
  Moment started_;
  std::map<std::string, Spent> spent_;
};

}  // namespace broadsheet::slack
