#include "bot/delivery/lane_book.hpp"

#include <algorithm>
#include <utility>

namespace broadsheet::delivery {

using model::OutboxRow;
using model::Target;

namespace {

// Digests that are posted together are of one day.
constexpr std::chrono::hours kAnotherDay{6};

}  // namespace

OutboxRow* LaneBook::Lane::find(std::int64_t id) {
  auto it = std::find_if(rows.begin(), rows.end(), [id](const OutboxRow& row) { return row.id == id; });
  return it == rows.end() ? nullptr : &*it;
}

LaneBook::LaneBook(const adapters::Capabilities& can, Paces paces, std::size_t batch)
    : can_(can), paces_(std::move(paces)), batch_(batch) {}

// ---- Rows come in ---------------------------------------------------------------------------------------------------

void LaneBook::end_loading(Now now) {
  loading_ = false;
  for (const auto& target : std::exchange(fresh_, {}))
    if (auto it = lanes_.find(target); it != lanes_.end()) consider(it->second, now);
}

void LaneBook::add(OutboxRow row, Now now) {
  auto& lane = lanes_[row.target];
  lane.target = row.target;
  ++open_;
  if (lane.rows.empty() && lane.later.empty()) return adopt(lane, std::move(row), now);
  lane.later.push_back({row.id, row.part, row.expires});
  if (row.part == 0) fresh_.push_back(row.target);
  consider(lane, now);
}

void LaneBook::adopt(Lane& lane, OutboxRow row, Now now) {
  lane.rows.push_back(after_restart(std::move(row), now.own, can_));
  consider(lane, now);
}

std::vector<LaneBook::Hungry> LaneBook::take_hungry() {
  std::vector<Hungry> out;
  std::set<std::int64_t> ids;
  for (auto& target : std::exchange(hungry_, {}))
    if (auto it = lanes_.find(target); it != lanes_.end() && it->second.hungry())
      if (auto id = it->second.later.front().id; ids.insert(id).second) out.push_back({std::move(target), id});
  return out;
}

void LaneBook::give_back(const std::vector<Hungry>& hungry) {
  for (const auto& one : hungry) hungry_.push_back(one.lane);
}

void LaneBook::feed(const Hungry& hungry, std::optional<OutboxRow> row, Now now) {
  auto it = lanes_.find(hungry.lane);
  if (it == lanes_.end()) return;
  auto& lane = it->second;
  if (!lane.hungry() || lane.later.front().id != hungry.id) return consider(lane, now);
  lane.later.erase(lane.later.begin());
  if (row) return adopt(lane, *std::move(row), now);
  --open_;  // the operator dropped it, or gave it a new number
  consider(lane, now);
}

// After an outage the newest digest goes first (design: reliability F32): one of another day, and only while nothing of
// the older one stands there. Older ones follow, the next newest first, or expire with notice.
void LaneBook::prefer_newest(Lane& lane) {
  bool idle = !loading_ && !lane.busy && !asleep(lane) && !lane.later.empty() && lane.rows.size() <= 1;
  if (!idle || (!lane.rows.empty() && lane.rows.front().state != model::RowState::pending)) return;
  auto front = lane.later.front();
  if (!lane.rows.empty()) front = {lane.rows.front().id, lane.rows.front().part, lane.rows.front().expires};
  auto begins = [](const Behind& row) { return row.part == 0; };
  if (!begins(front)) return;
  auto latest = front.expires;
  for (const auto& row : lane.later)
    if (begins(row)) latest = std::max(latest, row.expires);
  if (latest - front.expires <= kAnotherDay) return;
  if (!lane.rows.empty()) {
    unqueue(lane);
    lane.rows.clear();
    lane.later.insert(lane.later.begin(), front);
  }
  auto newest = std::find_if(lane.later.begin(), lane.later.end(),
                             [&](const Behind& row) { return begins(row) && latest - row.expires <= kAnotherDay; });
  std::rotate(lane.later.begin(), newest, std::find_if(newest + 1, lane.later.end(), begins));
}

// Puts an idle lane where its first row belongs.
void LaneBook::consider(Lane& lane, Now now) {
  prefer_newest(lane);
  if (lane.hungry()) hungry_.push_back(lane.target);
  if (lane.busy || lane.queued || lane.rows.empty()) return;
  auto& row = lane.rows.front();
  auto next = next_step(row, now.own, can_);
  if (next != Next::finished) return enqueue(lane, next, now);
  lane.busy = true;
  After after;
  after.row = row;
  after.why = row.error;
  record({lane.target, std::move(after), std::nullopt, false});
}

// A lane that is off keeps its rows until they expire.
void LaneBook::enqueue(Lane& lane, Next next, Now now) {
  const auto& row = lane.rows.front();
  lane.queued = true;
  if (asleep(lane) && now.own < row.expires)
    waiting_.emplace(row.expires, &lane);
  else if (next == Next::wait)
    waiting_.emplace(row.due, &lane);
  else
    ready_.insert({row.part, row.id, &lane});
}

// Takes a lane out of whatever queue it waits in.
void LaneBook::unqueue(Lane& lane) {
  if (!lane.queued) return;
  Entry entry{lane.rows.front().part, lane.rows.front().id, &lane};
  ready_.erase(entry);
  for (auto& [bucket, waiters] : blocked_) waiters.entries.erase(entry);
  std::erase_if(waiting_, [&lane](const auto& one) { return one.second == &lane; });
  lane.queued = false;
}

// ---- Work goes out --------------------------------------------------------------------------------------------------

// One timer for all that wait for a bucket: nobody goes before it has a token again.
void LaneBook::block(const std::string& bucket, const Entry& entry, SteadyMoment until) {
  auto& waiters = blocked_[bucket];
  waiters.entries.insert(entry);
  bucket_timers_.erase({waiters.until, bucket});
  waiters.until = until;
  bucket_timers_.emplace(until, bucket);
}

void LaneBook::wake_due(Now now) {
  while (!waiting_.empty() && waiting_.begin()->first <= now.own) {
    auto* lane = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    lane->queued = false;
    consider(*lane, now);
  }
  std::vector<std::string> due;
  for (auto it = bucket_timers_.begin(); it != bucket_timers_.end() && it->first <= now.steady; ++it)
    due.push_back(it->second);
  for (const auto& bucket : due) {
    auto& waiters = blocked_[bucket];
    for (std::size_t n = 0; n < batch_ && !waiters.entries.empty(); ++n)
      ready_.insert(waiters.entries.extract(waiters.entries.begin()));
    if (!waiters.entries.empty()) continue;  // the timer stands: the next ones follow, or pick() sets it anew
    bucket_timers_.erase({waiters.until, bucket});
    blocked_.erase(bucket);
  }
}

// Takes the tokens, or queues the entry for the bucket that has none, or that has an earlier one waiting: who comes in
// the moment in which a token is there must not overtake.
bool LaneBook::may_go(const Entry& entry, SteadyMoment steady) {
  const auto& row = entry.lane->rows.front();
  auto paces = paces_(row.target, row.in_thread);
  for (const auto& pace : paces)
    if (auto it = blocked_.find(pace.name); it != blocked_.end()) {
      auto& waiting = it->second.entries;
      if (waiting.empty() || entry < *waiting.begin()) continue;
      waiting.insert(entry);
      return false;
    }
  if (auto blocked = pacer_.blocked(paces, steady)) {
    block(blocked->bucket, entry, blocked->until);
    return false;
  }
  pacer_.take(paces, steady);
  return true;
}

std::vector<LaneBook::Job> LaneBook::pick(Now now, std::size_t room) {
  std::vector<Job> out;
  while (!ready_.empty() && out.size() < room) {
    auto entry = *ready_.begin();
    ready_.erase(ready_.begin());
    auto& lane = *entry.lane;
    lane.queued = false;
    auto next = next_step(lane.rows.front(), now.own, can_);
    if (next == Next::wait || next == Next::finished || (asleep(lane) && now.own < lane.rows.front().expires)) {
      consider(lane, now);  // it expired, or was switched off, while it stood in line
      continue;
    }
    lane.queued = !may_go(entry, now.steady);
    if (lane.queued) continue;
    lane.busy = true;
    out.push_back({lane.target, lane.rows.front(), next == Next::read_back});
  }
  return out;
}

void LaneBook::postpone(const Job& job, Moment again) {
  auto& lane = lanes_.at(job.lane);
  lane.busy = false;
  lane.queued = true;
  waiting_.emplace(again, &lane);
}

OutboxRow LaneBook::begin(const Job& job, Moment t0) {
  auto& row = *lanes_.at(job.lane).find(job.row.id);
  row.state = model::RowState::sending;
  if (++row.attempt == 1) row.first_t0 = t0;
  row.t0 = t0;
  return row;
}

void LaneBook::give_up(const Target& target, OutboxRow row, Now now) {
  auto& lane = lanes_.at(target);
  lane.busy = false;
  row.state = model::RowState::dead;
  finish(lane, row);
  consider(lane, now);
}

// ---- What came of it ------------------------------------------------------------------------------------------------

void LaneBook::give_back(std::vector<Receipt> receipts) {
  receipts_.insert(receipts_.begin(), std::make_move_iterator(receipts.begin()),
                   std::make_move_iterator(receipts.end()));
}

void LaneBook::finish(Lane& lane, const OutboxRow& row) {
  auto at = std::find_if(lane.rows.begin(), lane.rows.end(), [&row](const OutboxRow& r) { return r.id == row.id; });
  if (model::is_open(row.state)) {
    *at = row;
    return;
  }
  lane.rows.erase(at);
  --open_;
}

std::vector<Incident> LaneBook::settle(const Receipt& receipt, Now now) {
  const auto& after = receipt.after;
  std::vector<Incident> told;
  if (receipt.lost) {
    give_up(receipt.lane, after.row, now);
    return told;
  }
  auto& lane = lanes_.at(receipt.lane);
  lane.busy = false;
  finish(lane, after.row);
  auto tell = [&](Incident::Kind kind, std::string why, std::string fix = {}) {
    told.push_back({kind, receipt.lane, std::move(why), std::move(fix)});
  };
  if (after.row.state == model::RowState::dead || after.row.state == model::RowState::expired)
    tell(Incident::Kind::dead, after.why, after.fix);
  if (after.lost_sight) tell(Incident::Kind::unknown, after.row.error);
  if (after.moved_to) {
    tell(Incident::Kind::moved, "it is now " + after.moved_to->str());
    move(receipt.lane, *after.moved_to, now);
    return told;
  }
  if (after.target_off) {
    lane.off = true;
    tell(Incident::Kind::target_off, after.why, after.fix);
  }
  if (after.installation_off && paused_.insert(receipt.lane.workspace).second)
    tell(Incident::Kind::installation_off, after.why, after.fix);
  if (lane.leaves_for)
    move(receipt.lane, Target(*lane.leaves_for), now);
  else
    consider(lane, now);
  return told;
}

// ---- What is said about targets and tokens --------------------------------------------------------------------------

void LaneBook::switch_target(const Target& target, bool on, Now now) {
  auto& lane = lanes_[target];
  unqueue(lane);
  lane.target = target;
  lane.off = !on;
  consider(lane, now);
}

std::vector<Target> LaneBook::targets_off() const {
  std::vector<Target> out;
  for (const auto& [target, lane] : lanes_)
    if (lane.off) out.push_back(target);
  return out;
}

void LaneBook::move_target(const Target& from, const Target& to, Now now) {
  auto it = lanes_.find(from);
  if (it == lanes_.end() || from == to) return;
  it->second.leaves_for = to;
  if (it->second.busy) return;
  unqueue(it->second);
  move(from, to, now);
}

void LaneBook::move(const Target& from, const Target& to, Now now) {
  auto moved = std::move(lanes_.extract(from).mapped());
  auto& fresh = lanes_[to];
  if (fresh.off) unqueue(fresh);
  fresh.target = to;
  fresh.off = false;
  for (auto& row : moved.rows) {
    row.target = to;
    if (fresh.rows.empty() && fresh.later.empty())
      fresh.rows.push_back(std::move(row));
    else
      fresh.later.push_back({row.id, row.part, row.expires});
  }
  fresh.later.insert(fresh.later.end(), moved.later.begin(), moved.later.end());
  consider(fresh, now);
}

void LaneBook::resume(Now now) {
  paused_.clear();
  ready_.clear();
  blocked_.clear();
  bucket_timers_.clear();
  waiting_.clear();
  for (auto& [target, lane] : lanes_) lane.queued = false, consider(lane, now);
}

void LaneBook::disown() {
  for (auto& [target, lane] : lanes_) {
    open_ -= lane.later.size();
    lane.later.clear();
    if (lane.busy) continue;
    unqueue(lane);
    open_ -= lane.rows.size();
    lane.rows.clear();
  }
}

// ---- When to look again ---------------------------------------------------------------------------------------------

std::optional<Moment> LaneBook::next_due() const {
  return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first);
}

std::optional<SteadyMoment> LaneBook::next_token() const {
  return bucket_timers_.empty() ? std::nullopt : std::optional(bucket_timers_.begin()->first);
}

}  // namespace broadsheet::delivery
