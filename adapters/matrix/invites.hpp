// Invitations (contracts: Matrix 10): whose are followed, joining with patience. They come once, so that each is kept
// until it is dealt with, over restarts too. Internal to the adapter.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/matrix/api.hpp"
#include "adapters/platform.hpp"

namespace broadsheet::matrix {

// Users ("@ada:example.org") or servers ("example.org") whose invites are accepted; empty: our own server.
bool may_invite(const std::vector<std::string>& allowed, const std::string& own_server, const std::string& inviter);

struct Invitation {
  std::string room, by;
  Moment at{};  // when we first heard of it
};

class Invites {
 public:
  // What follows when we are in.
  using Arrived = std::function<async::awaitable<void>(Invitation)>;

  // Everything outlives it.
  Invites(const config::Matrix& settings, const Doors& doors, Session& session, Api& api, Arrived arrived);

  // Durable when it returns without an error. `expected`: the room replaces one of ours.
  async::awaitable<Status> take(Invitation invitation, bool expected, async::TaskGroup& tasks);
  // We are no longer there: the next invitation is a new one.
  void left(const std::string& room) { in_.erase(room); }
  // Those that a restart interrupted.
  async::awaitable<void> resume(async::TaskGroup& tasks);

 private:
  async::awaitable<void> accept(Invitation invitation);
  async::awaitable<bool> join(Invitation invitation);
  async::awaitable<void> refuse(std::string room);
  async::awaitable<Status> keep();

  const config::Matrix& settings_;
  const Doors& doors_;
  Session& session_;
  Api& api_;
  Arrived arrived_;
  std::map<std::string, Invitation> open_;  // by room
  std::set<std::string> in_;                // joined since: a sync that was under way tells the invitation again
  std::optional<async::AsyncMutex> keeping_;
  std::deque<SteadyMoment> refusals_;
};

}  // namespace broadsheet::matrix
