// The dispatcher's queues: which lane may go, which waits, for what and until when.
#include <algorithm>

#include "bot/delivery/dispatcher.hpp"

namespace broadsheet::delivery {

using model::OutboxRow;
using model::Target;

namespace {

// Digests that are posted together are of one day.
constexpr std::chrono::hours kAnotherDay{6};

}  // namespace

OutboxRow* Dispatcher::Lane::find(std::int64_t id) {
  auto it = std::find_if(rows.begin(), rows.end(), [id](const OutboxRow& row) { return row.id == id; });
  return it == rows.end() ? nullptr : &*it;
}

void Dispatcher::add(OutboxRow row) {
  auto& lane = lanes_[row.target];
  lane.target = row.target;
  ++rows_;
  if (lane.rows.empty() && lane.later.empty()) return adopt(lane, std::move(row));
  lane.later.push_back({row.id, row.part, row.expires});
  if (row.part == 0) fresh_.push_back(row.target);
  consider(lane);
}

void Dispatcher::adopt(Lane& lane, OutboxRow row) {
  for (auto* moment : {&row.first_t0, &row.t0, &row.due, &row.expires}) *moment -= skew();
  lane.rows.push_back(after_restart(std::move(row), now(), can_));
  consider(lane);
}

bool Dispatcher::asleep(const Lane& lane) const {
  return lane.off || paused_.contains(lane.target.workspace);
}

// After an outage the newest digest goes first (design: reliability F32): one of another day, and only while nothing of
// the older one stands there. Older ones follow, the next newest first, or expire with notice.
void Dispatcher::prefer_newest(Lane& lane) {
  bool idle = !loading_ && !lane.busy && !asleep(lane) && !lane.later.empty() && lane.rows.size() <= 1;
  if (!idle || (!lane.rows.empty() && lane.rows.front().state != model::RowState::pending)) return;
  auto front = lane.later.front();
  if (!lane.rows.empty()) front = {lane.rows.front().id, lane.rows.front().part, lane.rows.front().expires + skew()};
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

// Puts an idle lane where its first row belongs. A lane that is off keeps its rows until they expire.
void Dispatcher::consider(Lane& lane) {
  prefer_newest(lane);
  if (lane.hungry()) {
    hungry_.push_back(lane.target);
    hungry_changed_.set();
  }
  if (lane.busy || lane.queued || lane.rows.empty()) return;
  auto& row = lane.rows.front();
  auto next = next_step(row, now(), can_);
  if (next == Next::finished) {
    lane.busy = true;
    After after;
    after.row = row;
    after.why = row.error;
    receipts_.push_back({&lane, std::move(after), std::nullopt, false});
    recorded_.set();
    return;
  }
  lane.queued = true;
  if (asleep(lane) && now() < row.expires)
    waiting_.emplace(row.expires, &lane);
  else if (next == Next::wait)
    waiting_.emplace(row.due, &lane);
  else
    ready_.insert({row.part, row.id, &lane});
}

void Dispatcher::consider_all() {
  ready_.clear();
  blocked_.clear();
  bucket_timers_.clear();
  waiting_.clear();
  for (auto& [target, lane] : lanes_) lane.queued = false, consider(lane);
}

// Takes a lane out of whatever queue it waits in.
void Dispatcher::unqueue(Lane& lane) {
  if (!lane.queued) return;
  Entry entry{lane.rows.front().part, lane.rows.front().id, &lane};
  ready_.erase(entry);
  for (auto& [bucket, waiters] : blocked_) waiters.entries.erase(entry);
  std::erase_if(waiting_, [&lane](const auto& one) { return one.second == &lane; });
  lane.queued = false;
}

// One timer for all that wait for a bucket: nobody goes before it has a token again.
void Dispatcher::block(const std::string& bucket, const Entry& entry, SteadyMoment until) {
  auto& waiters = blocked_[bucket];
  waiters.entries.insert(entry);
  bucket_timers_.erase({waiters.until, bucket});
  waiters.until = until;
  bucket_timers_.emplace(until, bucket);
}

void Dispatcher::wake_due() {
  auto wall = now();
  while (!waiting_.empty() && waiting_.begin()->first <= wall) {
    auto* lane = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    lane->queued = false;
    consider(*lane);
  }
  auto steady = clock_.steady_now();
  std::vector<std::string> due;
  for (auto it = bucket_timers_.begin(); it != bucket_timers_.end() && it->first <= steady; ++it)
    due.push_back(it->second);
  for (const auto& bucket : due) {
    auto& waiters = blocked_[bucket];
    for (std::size_t n = 0; n < options_.batch && !waiters.entries.empty(); ++n)
      ready_.insert(waiters.entries.extract(waiters.entries.begin()));
    if (!waiters.entries.empty()) continue;  // the timer stands: the next ones follow, or pick() sets it anew
    bucket_timers_.erase({waiters.until, bucket});
    blocked_.erase(bucket);
  }
}

// Takes the tokens, or queues the entry for the bucket that has none, or that has an earlier one waiting: who comes in
// the moment in which a token is there must not overtake.
bool Dispatcher::may_go(const Entry& entry) {
  const auto& row = entry.lane->rows.front();
  auto paces = platform_.paces(row.target, row.in_thread);
  for (const auto& pace : paces)
    if (auto it = blocked_.find(pace.name); it != blocked_.end()) {
      auto& waiting = it->second.entries;
      if (waiting.empty() || entry < *waiting.begin()) continue;
      waiting.insert(entry);
      return false;
    }
  auto steady = clock_.steady_now();
  if (auto blocked = pacer_.blocked(paces, steady)) {
    block(blocked->bucket, entry, blocked->until);
    return false;
  }
  pacer_.take(paces, steady);
  return true;
}

std::vector<Dispatcher::Sending> Dispatcher::pick() {
  std::vector<Sending> out;
  auto under_way = [&] { return in_flight_ + claiming_ + to_claim_.size() + out.size(); };
  while (!ready_.empty() && out.size() < options_.batch && under_way() < options_.most_in_flight) {
    auto entry = *ready_.begin();
    ready_.erase(ready_.begin());
    auto& lane = *entry.lane;
    lane.queued = false;
    auto next = next_step(lane.rows.front(), now(), can_);
    if (next == Next::wait || next == Next::finished || (asleep(lane) && now() < lane.rows.front().expires)) {
      consider(lane);  // it expired, or was switched off, while it stood in line
      continue;
    }
    lane.queued = !may_go(entry);
    if (lane.queued) continue;
    lane.busy = true;
    out.push_back({&lane, lane.rows.front(), next == Next::read_back});
  }
  return out;
}

// The target has another id: everything open goes there, once, behind what waits there already.
void Dispatcher::move(Lane& lane, const Target& to) {
  auto moved = std::move(lane);
  lanes_.erase(Target(moved.target));
  auto& fresh = lanes_[to];
  if (fresh.off) unqueue(fresh);
  fresh.target = to;
  fresh.off = false;
  for (auto& row : moved.rows) {
    row.target = to;
    if (fresh.rows.empty() && fresh.later.empty())
      fresh.rows.push_back(std::move(row));
    else
      fresh.later.push_back({row.id, row.part, row.expires + skew()});
  }
  fresh.later.insert(fresh.later.end(), moved.later.begin(), moved.later.end());
}

}  // namespace broadsheet::delivery
