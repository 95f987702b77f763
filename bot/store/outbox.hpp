// The outbox: every message that is to be sent, with what happened to it (design: reliability 2). A row is written
// before the request and finished after the answer; bodies are kept once, not once per chat. Blocking calls, like the
// rest of the store; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/target.hpp"
#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "bot/delivery/subscription.hpp"

namespace broadsheet::store {

enum class RowState : std::uint8_t {
  pending,    // to be sent at `due`
  sending,    // committed before the first byte; found at start: ambiguous
  ambiguous,  // nobody knows whether it stands there
  delivered,
  expired,  // not sent in time
  dead,     // never to be sent; `error` says why
};
using broadsheet::to_string;  // of days, styles and others stays in sight
std::string_view to_string(RowState state);
std::optional<RowState> parse_row_state(std::string_view text);
inline bool is_open(RowState s) {
  return s == RowState::pending || s == RowState::sending || s == RowState::ambiguous;
}

// Everything about a row but its body.
struct OutboxRow {
  std::int64_t id = 0;
  std::string key;  // 32 hex digits; unique; the same in every attempt
  adapters::Target target;
  std::string group;  // the rows of one digest to one target
  int part = 0;       // order within the group
  adapters::PartKind kind{};
  bool in_thread = false;
  RowState state = RowState::pending;
  int attempt = 0;          // sends begun
  Moment first_t0{}, t0{};  // when the first and the last attempt began
  Moment due{}, expires{};
  delivery::UnknownPolicy on_unknown = delivery::UnknownPolicy::resend_summary;
  std::string remote_id;
  std::string error;      // the last one, for people
  int times_unknown = 0;  // attempts whose outcome was ambiguous
  bool operator==(const OutboxRow&) const = default;
};

struct NewRow {
  std::string key;
  adapters::Target target;
  std::string group;
  int part = 0;
  adapters::OutgoingMessage message;
  Moment due{}, expires{};
  delivery::UnknownPolicy on_unknown = delivery::UnknownPolicy::resend_summary;
};

// What a send needs besides the row.
struct Claimed {
  std::int64_t id = 0;
  adapters::OutgoingMessage message;
  std::string thread;  // remote id of the group's first message, if it was delivered
};

// A target's standing.
struct TargetState {
  bool on = true;
  std::string why;      // of off
  std::string last_id;  // the newest remote id of ours there
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  // All rows or none, together with the slot they fill: false when that slot was filled before, and nothing is written
  // (design: reliability P6, F04). An empty slot always writes; rows whose key is known are left as they are.
  virtual Result<bool> enqueue(const std::string& slot, const std::vector<NewRow>& rows, Moment now) = 0;
  // At start: rows of a platform that were left `sending` become `ambiguous`, with `due` = t0; answers how many.
  virtual Result<std::size_t> recover(adapters::PlatformKind platform) = 0;
  // Open rows of a platform with an id above `after`, in order of sending: by id. Ids grow and are never used again.
  virtual Result<std::vector<OutboxRow>> open_rows(adapters::PlatformKind platform, std::int64_t after,
                                                   std::size_t limit) = 0;
  // Those of these rows that are open, in any order.
  virtual Result<std::vector<OutboxRow>> open_rows(const std::vector<std::int64_t>& ids) = 0;
  // Commits `sending` with the attempt counted and t0 = now, for the rows that are still open; answers with their
  // bodies.
  virtual Result<std::vector<Claimed>> claim(const std::vector<std::int64_t>& ids, Moment now) = 0;
  // Writes state, due, remote id, error and counters of rows that are still open.
  virtual Status mark(const std::vector<OutboxRow>& rows, Moment now) = 0;
  virtual Result<std::optional<Claimed>> message(std::int64_t id) = 0;

  // For recovery: remote ids at a target that belong to other rows, newest first.
  virtual Result<std::vector<std::string>> remote_ids(const adapters::Target& target, std::size_t limit) = 0;

  virtual Result<TargetState> target(const adapters::Target& target) = 0;
  virtual Status switch_target(const adapters::Target& target, bool on, const std::string& why) = 0;
  // Rewrites open rows, the target's state, its subscriptions and options to the new id, in one transaction. Where the
  // new place has subscriptions already, those that come get numbers after them.
  virtual Status move_target(const adapters::Target& from, const adapters::Target& to) = 0;
  virtual Result<std::map<adapters::Target, std::string>> targets_off() = 0;

  // A limit that the platform told us about; kept over restarts.
  virtual Status hold(const std::string& bucket, Moment until) = 0;
  virtual Result<std::map<std::string, Moment>> holds(Moment now) = 0;

  // For the operator.
  struct Filter {
    std::optional<RowState> state;
    std::optional<adapters::Target> target;
    bool unknown_only = false;  // rows with an ambiguous send behind them
    std::size_t limit = 100;
  };
  virtual Result<std::vector<OutboxRow>> list(const Filter& filter) = 0;  // newest first
  virtual Result<std::optional<OutboxRow>> row(std::int64_t id) = 0;
  // Sends a row once more that waits, expired or died: it gets a new id at the end of the line and that id is answered;
  // nothing for one that is delivered, in flight, ambiguous (recovery decides) or unknown.
  virtual Result<std::optional<std::int64_t>> retry(std::int64_t id, Moment now, Moment expires) = 0;
  // Gives up a row that is open and not in flight; false if it is neither.
  virtual Result<bool> drop(std::int64_t id, Moment now, const std::string& why) = 0;
  virtual Result<std::map<RowState, std::size_t>> counts() = 0;
  virtual Result<std::optional<Moment>> oldest_due() = 0;
  // Removes finished rows, and bodies that no row needs, that ended before `before`.
  virtual Status prune(Moment before) = 0;
};

}  // namespace broadsheet::store
