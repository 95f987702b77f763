// Who may do what where (contracts: Slack; spec: commands 7): workspace admins and owners and a channel's creator
// manage it, guests and strangers only look. What is known of persons and channels is shared by all who ask, and asked
// once however many ask at once.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "adapters/platform.hpp"
#include "adapters/slack/api.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::slack {

// A conversation with the bot, where the person is the manager.
inline bool is_own_conversation(const model::Actor& who, const model::Target& where) {
  return where.place.starts_with('D') || where.place == who.id;
}

struct Person {
  bool manages = false, outside = false;  // an admin or owner; a guest, a stranger, or gone
  std::string name;                       // as the workspace shows it, or empty
};
struct Channel {
  std::string creator;
  bool hidden = false;  // Slack will not tell of it: gone, or private without us
  bool closed = false;  // private: only its members may look
  bool archived = false;
  bool writable = false;  // the app is a member, or may write into public channels without
  bool unknown = false;   // the scope for asking is missing
};

class Roles {
 public:
  Roles(Api& api, Clock& clock) : api_(api), clock_(clock) {}
  // A person's standing is remembered for five minutes, a channel's too. Waits as Slack tells, a few seconds at most.
  // Errors: Slack could not be asked; rate_limited says when it can.
  awaitable<Result<model::Role>> of(model::Actor who, model::Target where, std::string token);
  // Our standing there has changed.
  void forget(const model::Target& where) { channels_.erase(where.workspace + "/" + where.place); }
  // Empty where it is not known.
  awaitable<std::string> name_of(std::string team, std::string user, std::string token);
  awaitable<Result<Channel>> channel(std::string team, std::string channel, std::string token);
  // For what somebody in that place reads: he is a member, unless he is known to be a guest. Asks nobody.
  model::Role reader(const model::Actor& who, const model::Target& where) const;

 private:
  template <class T>
  struct Known {
    std::optional<T> value;
    Moment asked{};
    std::shared_ptr<async::AsyncMutex> asking;
  };
  template <class T>
  using Ask = std::function<awaitable<Result<T>>()>;
  template <class T>
  awaitable<Result<T>> look_up(std::map<std::string, Known<T>>& known, std::string key, Ask<T> ask);
  awaitable<Result<Person>> person(std::string team, std::string user, std::string token);
  awaitable<Result<Person>> ask_person(std::string user, std::string token);
  awaitable<Result<Channel>> ask_channel(std::string channel, std::string token);
  awaitable<Result<bool>> inside(std::string channel, std::string user, std::string token);
  awaitable<Answer> ask(std::string method, std::string token, Form form);

  Api& api_;
  Clock& clock_;
  std::map<std::string, Known<Person>> persons_;    // "T1/U1"
  std::map<std::string, Known<Channel>> channels_;  // "T1/C1"
};

}  // namespace broadsheet::slack
