// What is known about rooms: encryption, power, members, the newest message of each thread. Asked when needed,
// remembered for five minutes or until an event says that it changed (spec: commands 7). Internal to the adapter.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "adapters/matrix/api.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::matrix {

struct Power {
  std::map<std::string, std::int64_t> users;
  std::int64_t users_default = 0, state_default = 50, events_default = 0, invite = 0;
  std::set<std::string> creators;  // of version 12 rooms: endless power
  std::int64_t of(const std::string& user) const;
};
Power read_power(const Json& power_levels, const Json& create_content, const std::string& creator);

struct Members {
  bool many = false;  // too many to be listed
  std::set<std::string> joined;
};

class Rooms {
 public:
  Rooms(Api& api, Clock& clock) : api_(api), clock_(clock) {}

  async::awaitable<Result<bool>> encrypted(std::string room);
  async::awaitable<Result<Power>> power(std::string room);
  async::awaitable<Result<Members>> members(std::string room);
  // Two members and no name: a private conversation.
  async::awaitable<bool> direct(std::string room);
  async::awaitable<bool> named(std::string room);

  void changed(const std::string& room);
  void encryption_on(const std::string& room) { rooms_[room].encrypted = true; }

  // The newest message of ours in a thread, for clients without threads.
  std::string latest(const std::string& root) const;
  void sent_in_thread(const std::string& root, const std::string& event);

 private:
  struct Room {
    std::optional<bool> encrypted;  // true for ever; false until told otherwise
    std::optional<Power> power;
    std::optional<Members> members;
    std::optional<bool> named;
    SteadyMoment power_until{}, members_until{};
  };
  Room& room(const std::string& id);
  // Still good, else nullptr.
  const Power* known_power(const std::string& id);
  const Members* known_members(const std::string& id);

  Api& api_;
  Clock& clock_;
  std::map<std::string, Room> rooms_;
  std::map<std::string, std::string> latest_;
};

}  // namespace broadsheet::matrix
