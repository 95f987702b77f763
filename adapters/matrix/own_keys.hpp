// The bot's own reactions under what offers choices, so that one tap answers (contracts: Matrix 6, Relations). Each
// costs as much as a message: at most three a message, and only when nothing else has been said for a while. They are
// no part of a message's delivery: what waits at a stop is not added. Internal to the adapter.
#pragma once

#include <deque>
#include <string>

#include "adapters/matrix/api.hpp"
#include "adapters/matrix/session.hpp"
#include "adapters/matrix/wire.hpp"
#include "bot/async/async.hpp"

namespace broadsheet::matrix {

class OwnKeys {
 public:
  OwnKeys(const Doors& doors, Session& session, Api& api) : doors_(doors), session_(session), api_(api) {}

  // A message of ours stands there; its content says what it offers.
  void said(const std::string& room, const std::string& event, const std::string& content);
  // Until cancelled.
  async::awaitable<void> run();

 private:
  struct Key {
    std::string room, event;
    std::size_t number = 0;
  };
  async::awaitable<void> quiet();
  async::awaitable<bool> add(Key key);

  const Doors& doors_;
  Session& session_;
  Api& api_;
  std::deque<Key> waiting_;
  std::optional<async::Event> some_;  // while run() runs
  SteadyMoment last_said_{};
};

}  // namespace broadsheet::matrix
