// The queues of one platform's outbox as a pure machine: which lane is ready, is blocked by a bucket, waits for a
// moment, is in work, and what is to be recorded (design: reliability 2, performance 3 and 4). A lane is a target: its
// messages go one after another, first messages of all lanes before second ones, older before younger. No clock, no
// store, no coroutine: the dispatcher tells it the moment and obeys; the tests drive the same functions. Every row and
// moment is in our own time (OwnTime). For one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/delivery/lane.hpp"
#include "bot/delivery/pacer.hpp"

namespace broadsheet::delivery {

// Something that the operator or a target's owner has to know.
struct Incident {
  enum class Kind : std::uint8_t { target_off, installation_off, dead, unknown, moved };
  Kind kind{};
  model::Target target;
  std::string why, fix;
};

class LaneBook {
 public:
  struct Now {
    Moment own{};
    SteadyMoment steady{};
  };
  // The buckets that a message to that target needs a token of.
  using Paces = std::function<std::vector<adapters::Pace>(const model::Target& target, bool in_thread)>;
  // `batch`: at most that many who wait for a bucket are looked at each time that it has a token.
  LaneBook(const adapters::Capabilities& can, Paces paces, std::size_t batch);

  // ---- Rows come in

  // Between the two, digests are not put in order: not all rows of one may be here.
  void begin_loading() { loading_ = true; }
  void end_loading(Now now);
  // A row that is new here.
  void add(model::OutboxRow row, Now now);
  // A lane whose next row is known by its number alone: a hundred thousand messages that wait are not kept here.
  struct Hungry {
    model::Target lane;
    std::int64_t id = 0;
  };
  bool is_hungry() const { return !hungry_.empty(); }
  // Each lane once; they are fed, or given back.
  std::vector<Hungry> take_hungry();
  void give_back(const std::vector<Hungry>& hungry);
  // `row`: nothing when it is no longer open.
  void feed(const Hungry& hungry, std::optional<model::OutboxRow> row, Now now);

  // ---- Work goes out

  struct Job {
    model::Target lane;
    model::OutboxRow row;
    bool asks = false;  // whether it stands there, instead of sending it
  };
  // Whoever waited until now is looked at again.
  void wake_due(Now now);
  // The next ones, at most `room`; their tokens are taken and their lanes are in work.
  std::vector<Job> pick(Now now, std::size_t room);
  // It was not begun; again at that moment.
  void postpone(const Job& job, Moment again);
  // It was committed as `sending` at `t0`; answers the row as it stands now.
  model::OutboxRow begin(const Job& job, Moment t0);
  // It is somebody else's, or the operator ended it meanwhile.
  void give_up(const model::Target& lane, model::OutboxRow row, Now now);

  // ---- What came of it

  // The platform's word that a bucket has to wait: its name in the store, and until when by the wall clock.
  using Hold = std::pair<std::string, Moment>;
  // What an outcome makes of a row, to be written before its lane goes on.
  struct Receipt {
    model::Target lane;
    After after;
    std::optional<Hold> hold;
    bool lost = false;  // the row belongs to another worker, or has ended: nothing was written
  };
  void record(Receipt receipt) { receipts_.push_back(std::move(receipt)); }
  const std::vector<Receipt>& receipts() const { return receipts_; }
  std::vector<Receipt> take_receipts() { return std::exchange(receipts_, {}); }
  // They could not be written: before those that came since.
  void give_back(std::vector<Receipt> receipts);
  // Written: the lane goes on. Answers what somebody has to know.
  std::vector<Incident> settle(const Receipt& receipt, Now now);

  // ---- What is said about targets and tokens

  void switch_target(const model::Target& target, bool on, Now now);
  std::vector<model::Target> targets_off() const;
  // Everything open goes to the other one, once, behind what waits there; a lane in work follows when it has ended.
  void move_target(const model::Target& from, const model::Target& to, Now now);
  // A workspace whose token is void; its rows wait until `resume`, or expire.
  void pause(const std::string& workspace) { paused_.insert(workspace); }
  bool pauses() const { return !paused_.empty(); }
  void resume(Now now);
  void hold(const std::string& bucket, SteadyMoment until) { pacer_.hold(bucket, until); }
  // A message that somebody before us sent there then: its tokens are gone.
  void spent(const model::Target& target, bool in_thread, SteadyMoment at) {
    pacer_.take(paces_(target, in_thread), at);
  }
  void tidy(SteadyMoment now) { pacer_.tidy(now); }
  // Another worker has taken over: all is forgotten but for what is in work.
  void disown();

  // ---- When to look again

  std::optional<Moment> next_due() const;
  std::optional<SteadyMoment> next_token() const;
  // Open rows, here or known by number.
  std::size_t open() const { return open_; }

 private:
  // A row behind a lane's first one: enough to put digests in order.
  struct Behind {
    std::int64_t id = 0;
    int part = 0;
    Moment expires{};
  };
  struct Lane {
    model::Target target;
    std::vector<model::OutboxRow> rows;  // the next one, seldom more
    std::vector<Behind> later;           // those that follow, in order
    bool busy = false;                   // its first row is in work or its receipt is not settled yet
    bool off = false;
    bool queued = false;                      // in ready_, in blocked_ or in waiting_
    std::optional<model::Target> leaves_for;  // as soon as it is not busy
    model::OutboxRow* find(std::int64_t id);
    bool hungry() const { return rows.empty() && !later.empty(); }
  };
  // First messages before second ones, older before younger.
  struct Entry {
    int part = 0;
    std::int64_t id = 0;
    Lane* lane = nullptr;
    bool operator<(const Entry& other) const { return std::pair(part, id) < std::pair(other.part, other.id); }
  };
  struct Waiters {
    std::set<Entry> entries;
    SteadyMoment until{};
  };

  bool asleep(const Lane& lane) const { return lane.off || paused_.contains(lane.target.workspace); }
  void adopt(Lane& lane, model::OutboxRow row, Now now);
  void consider(Lane& lane, Now now);
  void prefer_newest(Lane& lane);
  void enqueue(Lane& lane, Next next, Now now);
  void unqueue(Lane& lane);
  void block(const std::string& bucket, const Entry& entry, SteadyMoment until);
  bool may_go(const Entry& entry, SteadyMoment steady);
  void finish(Lane& lane, const model::OutboxRow& row);
  void move(const model::Target& from, const model::Target& to, Now now);

  const adapters::Capabilities can_;
  Paces paces_;
  std::size_t batch_;
  Pacer pacer_;
  std::map<model::Target, Lane> lanes_;
  std::set<Entry> ready_;
  std::map<std::string, Waiters> blocked_;  // by the bucket they wait for; each has one timer
  std::set<std::pair<SteadyMoment, std::string>> bucket_timers_;
  std::multimap<Moment, Lane*> waiting_;
  std::vector<Receipt> receipts_;
  std::vector<model::Target> hungry_;
  std::vector<model::Target> fresh_;  // where a digest was added behind another one
  std::set<std::string> paused_;
  bool loading_ = false;
  std::size_t open_ = 0;
};

}  // namespace broadsheet::delivery
