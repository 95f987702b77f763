// What to do about what came in, whichever way it came: commands into the sink, invites by policy, rooms that are left,
// replaced or encrypted (contracts: Matrix 7, 10). Internal to the adapter.
#pragma once

#include <string>
#include <vector>

#include "adapters/matrix/api.hpp"
#include "adapters/matrix/direct_rooms.hpp"
#include "adapters/matrix/incoming.hpp"
#include "adapters/matrix/invites.hpp"
#include "adapters/matrix/rooms.hpp"
#include "adapters/platform.hpp"

namespace broadsheet::matrix {

class Intake {
 public:
  // Everything outlives it. `tasks`: joins and farewells that may take minutes.
  Intake(const config::Matrix& settings, const Doors& doors, Session& session, Api& api, Rooms& rooms,
         DirectRooms& direct);

  // Before anything is taken: what a restart interrupted goes on.
  async::awaitable<void> begin(adapters::EventSink& sink, async::TaskGroup& tasks);
  Self self() const;
  // Durable when it returns without an error (design: reliability P10). `tasks` gets what may wait.
  async::awaitable<Status> take(Incoming incoming, adapters::EventSink& sink, async::TaskGroup& tasks);
  // Compares joined_rooms with what was known the last time: state resets tell nobody (contracts: Matrix 10).
  async::awaitable<void> reconcile(adapters::EventSink& sink);
  // The one sentence in a room that is encrypted, once ever.
  async::awaitable<void> explain_encryption(std::string room);
  // The room that replaced this one, if we have followed it there.
  async::awaitable<std::optional<std::string>> successor(std::string room);
  // Joins the replacement, checks that it names the old room, and says so; empty when it can't be followed (yet).
  async::awaitable<std::optional<std::string>> follow(Tombstone tombstone);

 private:
  async::awaitable<Status> typed(Typed message, adapters::EventSink& sink, async::TaskGroup& tasks);
  async::awaitable<void> refuse_encrypted(Typed asked);
  async::awaitable<Status> reacted(Reacted reaction, adapters::EventSink& sink);
  async::awaitable<Status> membership(Membership change, adapters::EventSink& sink, async::TaskGroup& tasks);
  async::awaitable<Status> place(model::PlaceEvent event, adapters::EventSink& sink);
  async::awaitable<void> arrived(Invitation invitation);
  async::awaitable<void> move(Tombstone tombstone, adapters::EventSink& sink);
  async::awaitable<bool> replaces(std::string room, Tombstone tombstone);
  struct Control {
    std::optional<doc::Button> button;  // nothing: the message has no such choice
    std::string thread;                 // that the message with the choices stands in
  };
  struct Offer {
    std::vector<doc::Button> choices;
    std::string thread;
  };
  static void press(model::CommandEvent& event, const Control& pressed, std::string key);
  async::awaitable<std::optional<Offer>> offer(std::string room, std::string event);
  async::awaitable<PaperId> paper_of(std::string room, std::string answered);
  async::awaitable<std::optional<Control>> control(std::string room, std::string event, std::string key);

  const config::Matrix& settings_;
  const Doors& doors_;
  Session& session_;
  Api& api_;
  Rooms& rooms_;
  DirectRooms& direct_;
  Invites invites_;
  adapters::EventSink* sink_ = nullptr;  // since begin()
};

}  // namespace broadsheet::matrix
