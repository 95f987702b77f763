// A message that is to be sent, as the outbox keeps it (design: reliability 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/time.hpp"
#include "bot/model/message.hpp"
#include "bot/model/names.hpp"
#include "bot/model/subscription.hpp"
#include "bot/model/target.hpp"

namespace broadsheet::model {

enum class RowState : std::uint8_t {
  pending,    // to be sent at `due`
  sending,    // committed before the first byte; found at start: ambiguous
  ambiguous,  // nobody knows whether it stands there
  delivered,
  expired,  // not sent in time
  dead,     // never to be sent; `error` says why
};
std::string_view to_string(RowState state);
std::optional<RowState> parse_row_state(std::string_view text);
inline bool is_open(RowState s) {
  return s == RowState::pending || s == RowState::sending || s == RowState::ambiguous;
}

// Everything about a row but its body.
struct OutboxRow {
  std::int64_t id = 0;
  DeliveryKey key;  // unique; the same in every attempt
  Target target;
  std::string group;  // the rows of one digest to one target
  int part = 0;       // order within the group
  PartKind kind{};
  bool in_thread = false;
  RowState state = RowState::pending;
  int attempt = 0;          // sends begun
  Moment first_t0{}, t0{};  // when the first and the last attempt began
  Moment due{}, expires{};
  UnknownPolicy on_unknown = UnknownPolicy::resend_summary;
  RemoteId remote_id;
  std::string error;      // the last one, for people
  int times_unknown = 0;  // attempts whose outcome was ambiguous
  std::int64_t term = 0;  // grows with each worker that the row belongs to: what an earlier one says is not heard
  bool operator==(const OutboxRow&) const = default;
};

struct NewRow {
  DeliveryKey key;
  Target target;
  std::string group;
  int part = 0;
  OutgoingMessage message;
  Moment due{}, expires{};
  UnknownPolicy on_unknown = UnknownPolicy::resend_summary;
};

// What a send needs besides the row.
struct Claimed {
  std::int64_t id = 0;
  OutgoingMessage message;
  RemoteId thread;  // the group's first message, if it was delivered
};

// A target's standing.
struct TargetState {
  bool on = true;
  std::string why;   // of off
  RemoteId last_id;  // our newest message there
};

}  // namespace broadsheet::model
