// Events of rooms, read without trust: what a message asks for, and what happened to a room (contracts: Matrix 4, 7,
// 10). Pure functions. Internal to the adapter.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "adapters/matrix/json.hpp"
#include "bot/base/time.hpp"

namespace broadsheet::matrix {

struct Self {
  std::string user_id;       // "@arxivbot:example.org"
  std::string display_name;  // may be empty
  std::string prefix;        // "!arxiv"
};

// Everything after the first colon of a user id.
std::string server_of(std::string_view user_id);

enum class Ignored : std::uint8_t { not_for_us, notice, msgtype, own_event, edit, malformed, stale, encrypted };
std::string_view to_string(Ignored reason);

struct EventHead {
  std::string id, room, sender;
  Moment at{};
};
// A message that speaks to us.
struct Typed {
  EventHead head;
  std::string text;             // "subscribe cs.CL"; "help" when nothing was said
  std::string thread, answers;  // event ids, or empty
  bool addressed = true;        // false: a bare text, which is a command in a direct room only
};
struct Reacted {
  EventHead head;
  std::string target, key;  // key without U+FE0F and skin tones
};
// Our own membership.
struct Membership {
  EventHead head;
  std::string state;  // "invite", "join", "leave", "ban"
  std::string reason;
  bool direct = false;
};
struct Tombstone {
  EventHead head;
  std::string replacement;
};
struct EncryptionOn {
  EventHead head;
};
// Members or power have changed: what is remembered about the room is void.
struct RoomChanged {
  EventHead head;
  bool power = false;
};
using Incoming = std::variant<Ignored, Typed, Reacted, Membership, Tombstone, EncryptionOn, RoomChanged>;

struct Freshness {
  Moment now{};
  std::optional<std::chrono::milliseconds> max_age;
};
// `room`: where the event came with the room's list (sync); else the event names it itself (appservice).
Incoming read_event(const Json& event, const std::string& room, const Self& self, const Freshness& freshness);

}  // namespace broadsheet::matrix
