// The outbox: every message that is to be sent, with what happened to it (design: reliability 2). A row is written
// before the request and finished after the answer; bodies are kept once, not once per chat. Several workers, also of
// several processes, may share it. Blocking calls, like the rest of the store; thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "bot/model/outbox_row.hpp"
#include "bot/model/target.hpp"

namespace broadsheet::store {

// Who sends for a platform. A name is never used again.
struct Worker {
  model::PlatformName platform;
  std::string name;
};

// How long a worker that says nothing is taken for alive; nothing: for ever.
using Lease = std::optional<std::chrono::milliseconds>;

class Outbox {
 public:
  virtual ~Outbox() = default;

  // All rows or none, together with the slot they fill: false when that slot was filled before, and nothing is written
  // (design: reliability P6, F04). An empty slot always writes; rows whose key is known are left as they are.
  virtual Result<bool> enqueue(const model::SlotName& slot, const std::vector<model::NewRow>& rows, Moment now) = 0;

  // ---- Work. Every open row belongs to at most one worker, and what it does to a row it does as the owner. A worker
  // is alive until its lease ends; without one it is alive until it is released or, where one process owns the store,
  // the process has ended. `now` may come from a monotonic clock that was set once by the wall clock.

  // Makes up to `limit` open rows of its platform the worker's own, in order of sending (by id), and answers them. It
  // gets what nobody owns, and what dead workers owned: what they left `sending` becomes `ambiguous`, with `due` = t0.
  // Rows of one target belong to one worker at a time, so that their order holds. Found by state: it does not matter in
  // which order rows came to be seen. Extends the lease.
  virtual Result<std::vector<model::OutboxRow>> claim(const Worker& worker, std::size_t limit, Moment now,
                                                      Lease lease) = 0;
  // Extends the lease. False: it had ended, and another one took the rows over; what is left is found by claim().
  virtual Result<bool> renew(const Worker& worker, Moment now, Lease lease) = 0;
  // The worker has ended: its rows are anybody's.
  virtual Status release(const Worker& worker) = 0;
  // Those of these rows that are open and the worker's, in any order.
  virtual Result<std::vector<model::OutboxRow>> open_rows(const Worker& worker,
                                                          const std::vector<std::int64_t>& ids) = 0;
  // Commits `sending` with the attempt counted and t0 = now, for the rows that are still open and the worker's; answers
  // with their bodies.
  virtual Result<std::vector<model::Claimed>> begin(const Worker& worker, const std::vector<std::int64_t>& ids,
                                                    Moment now) = 0;
  // Writes state, due, remote id, error and counters of rows that are still open and, in the term in which they were
  // claimed, the worker's; answers the ids of the others, of which nothing was written.
  virtual Result<std::vector<std::int64_t>> mark(const Worker& worker, const std::vector<model::OutboxRow>& rows,
                                                 Moment now) = 0;

  virtual Result<std::optional<model::Claimed>> message(std::int64_t id) = 0;

  // For recovery: remote ids at a target that belong to other rows, newest first.
  virtual Result<std::vector<model::RemoteId>> remote_ids(const model::Target& target, std::size_t limit) = 0;

  virtual Result<model::TargetState> target(const model::Target& target) = 0;
  virtual Status switch_target(const model::Target& target, bool on, const std::string& why) = 0;
  // Rewrites open rows, the target's state, its subscriptions to the new id, in one transaction. Where the
  // new place has subscriptions already, those that come get numbers after them.
  virtual Status move_target(const model::Target& from, const model::Target& to) = 0;
  virtual Result<std::map<model::Target, std::string>> targets_off() = 0;

  // Sends of a platform that were begun since then, the earliest first: what its limits have counted, whoever began
  // them.
  struct Begun {
    model::Target target;
    bool in_thread = false;
    Moment at{};
  };
  virtual Result<std::vector<Begun>> begun_since(const model::PlatformName& platform, Moment since) = 0;

  // A limit that the platform told us about; kept over restarts.
  virtual Status hold(const std::string& bucket, Moment until) = 0;
  virtual Result<std::map<std::string, Moment>> holds(Moment now) = 0;

  // For the operator.
  struct Filter {
    std::optional<model::RowState> state;
    std::optional<model::Target> target;
    bool unknown_only = false;  // rows with an ambiguous send behind them
    std::size_t limit = 100;
  };
  virtual Result<std::vector<model::OutboxRow>> list(const Filter& filter) = 0;  // newest first
  virtual Result<std::optional<model::OutboxRow>> row(std::int64_t id) = 0;
  // Sends a row once more that waits, expired or died: it gets a new id at the end of the line and that id is answered;
  // nothing for one that is delivered, in flight, ambiguous (recovery decides) or unknown.
  virtual Result<std::optional<std::int64_t>> retry(std::int64_t id, Moment now, Moment expires) = 0;
  // Gives up a row that is open and not in flight; false if it is neither.
  virtual Result<bool> drop(std::int64_t id, Moment now, const std::string& why) = 0;
  virtual Result<std::map<model::RowState, std::size_t>> counts() = 0;
  virtual Result<std::optional<Moment>> oldest_due() = 0;
  // Removes finished rows, and bodies that no row needs, that ended before `before`.
  virtual Status prune(Moment before) = 0;
};

}  // namespace broadsheet::store
