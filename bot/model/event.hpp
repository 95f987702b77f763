// What comes in from a platform, in the product's words. Text is what the person typed after the platform's wrapping
// (slash word, prefix, mention) was taken off; everything in it is untrusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "bot/base/time.hpp"
#include "bot/model/names.hpp"
#include "bot/model/target.hpp"
#include "digest/doc/document.hpp"

namespace broadsheet::model {

// Spec: commands 7. `unknown`: the platform has to be asked (Platform::role_of).
enum class Role : std::uint8_t { unknown, guest, member, manager, operator_ };

struct Actor {
  std::string id;        // the platform's id: "U0123", "@ada:example.org", "1000"
  std::string name;      // for addressing; untrusted
  std::string language;  // two letters, when the platform tells it
  Role role = Role::unknown;
};

// How to answer an event: everything the adapter needs, as values that survive a restart.
struct ReplyTo {
  Target target;
  bool direct = false;  // a private conversation: replies there are private by nature
  RemoteId thread;      // that the event stands in, or empty
  RemoteId message;     // to refer to, or empty
  std::string handle;   // the adapter's own: response_url's key, callback query id; secret, never logged
  Actor who;
  Moment received{};
};

// A typed command or a pressed button.
struct CommandEvent {
  std::string id;  // unique for the platform: update id, event id, envelope id
  ReplyTo from;
  std::string text;  // "digest cs.CL top:5"; for a button the empty string
  std::optional<doc::Button> button;
  std::string button_key;  // the opaque key that the platform carried, when the button is not known by itself
  bool edited = false;     // the person changed an earlier command
  PaperId about;           // that the message which it answers is about, or empty
};

enum class PlaceState : std::uint8_t {
  joined,       // the bot can write here
  left,         // removed, kicked, blocked, left: nothing may be sent
  read_only,    // member without the right to write
  moved,        // the place has another id now (migration, room upgrade)
  uninstalled,  // a whole workspace: tokens are void
};

// The bot's standing somewhere has changed.
struct PlaceEvent {
  std::string id;
  Target target;
  PlaceState state{};
  std::optional<Target> moved_to;
  std::string why;
  Actor by;
  bool invited = false;  // somebody has just brought the bot in: it says once what it is
  bool direct = false;   // a private conversation
};

using Event = std::variant<CommandEvent, PlaceEvent>;

}  // namespace broadsheet::model
