// Who somebody is in a channel (spec: commands 7): admins and owners, and who made the channel, manage it.
#pragma once

#include <map>
#include <string>

#include "adapters/platform.hpp"
#include "adapters/slack/api.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::slack {

// A conversation with the bot, where the person is the manager.
inline bool is_own_conversation(const model::Actor& who, const model::Target& where) {
  return where.place.starts_with('D') || where.place == who.id;
}

class Roles {
 public:
  Roles(Api& api, Clock& clock) : api_(api), clock_(clock) {}
  // Asked of Slack at most once a minute for a person in a place. Errors: Slack could not be asked.
  awaitable<Result<model::Role>> of(model::Actor who, model::Target where, std::string token);
  // What the last answer of this day said; `unknown` when there was none. For reading: rights to change something are
  // asked anew.
  model::Role remembered(const model::Actor& who, const model::Target& where) const;

 private:
  struct Known {
    model::Role role{};
    Moment asked;
  };
  awaitable<Result<model::Role>> ask(std::string user, std::string channel, std::string token);

  Api& api_;
  Clock& clock_;
  std::map<std::string, Known> known_;
};

}  // namespace broadsheet::slack
