#include "bot/delivery/dispatcher.hpp"

#include <algorithm>
#include <boost/asio/multiple_exceptions.hpp>

#include "bot/base/log.hpp"

namespace broadsheet::delivery {
namespace {

using adapters::Target;
using boost::asio::awaitable;
using store::OutboxRow;
using store::RowState;

constexpr std::size_t kWoken = 32;      // lanes that a bucket wakes at once
constexpr std::size_t kKnownIds = 200;  // for recovery
constexpr std::chrono::seconds kStoreRetry{1};
constexpr std::chrono::minutes kLongestRest{1};

}  // namespace

Dispatcher::Dispatcher(const boost::asio::any_io_executor& executor, store::Outbox& outbox,
                       adapters::Platform& platform, async::Offload& workers, Clock& clock, Metrics& metrics,
                       std::function<double()> jitter, std::function<void(const Incident&)> incident,
                       DispatcherOptions options)
    : outbox_(outbox),
      platform_(platform),
      workers_(workers),
      clock_(clock),
      metrics_(metrics),
      jitter_(std::move(jitter)),
      incident_(std::move(incident)),
      options_(options),
      can_(platform.capabilities()),
      steady_base_(clock.steady_now()),
      wall_base_(clock.now()),
      changed_(executor),
      recorded_(executor),
      sends_(executor) {}

Moment Dispatcher::now() const {
  return wall_base_ + std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - steady_base_);
}

void Dispatcher::count(const char* outcome) {
  metrics_.count("broadsheet_sends_total", "Sends by outcome",
                 {{"platform", std::string(to_string(platform_.kind()))}, {"outcome", outcome}});
}

void Dispatcher::wake() {
  more_ = true;
  changed_.set();
}

void Dispatcher::stop() {
  stopping_ = true;
  changed_.set();
}

void Dispatcher::resume() {
  paused_ = false;
  trouble_.clear();
  changed_.set();
}

void Dispatcher::switch_target(const Target& target, bool on) {
  auto it = lanes_.find(target);
  if (it == lanes_.end()) return;
  it->second.off = !on;
  if (!on) unqueue(it->second);
  consider(it->second);
  changed_.set();
}

// ---- Lanes ----------------------------------------------------------------------------------------------------------

void Dispatcher::add(OutboxRow row) {
  newest_ = std::max(newest_, row.id);
  if (row.target.platform != platform_.kind()) return;
  auto& lane = lanes_[row.target];
  lane.target = row.target;
  lane.rows.push_back(after_restart(std::move(row), can_));
  ++rows_;
}

// Takes a lane out of whatever queue it waits in.
void Dispatcher::unqueue(Lane& lane) {
  if (!lane.queued || lane.rows.empty()) return;
  Entry entry{lane.rows.front().part, lane.rows.front().id, &lane};
  ready_.erase(entry);
  for (auto& [bucket, entries] : blocked_) entries.erase(entry);
  for (auto it = waiting_.begin(); it != waiting_.end();) it = it->second == &lane ? waiting_.erase(it) : std::next(it);
  lane.queued = false;
}

// Puts an idle lane where its first row belongs.
void Dispatcher::consider(Lane& lane) {
  if (lane.busy || lane.off || lane.queued || lane.rows.empty()) return;
  auto& row = lane.rows.front();
  switch (next_step(row, now(), can_)) {
    case Next::wait:
      waiting_.emplace(row.due, &lane);
      lane.queued = true;
      return;
    case Next::finished: {
      lane.busy = true;
      After after;
      after.row = row;
      after.why = row.error;
      receipts_.emplace_back(&lane, std::move(after));
      recorded_.set();
      return;
    }
    default:
      ready_.insert({row.part, row.id, &lane});
      lane.queued = true;
  }
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
  while (!bucket_timers_.empty() && bucket_timers_.begin()->first <= steady) {
    auto bucket = bucket_timers_.begin()->second;
    bucket_timers_.erase(bucket_timers_.begin());
    auto it = blocked_.find(bucket);
    if (it == blocked_.end()) continue;
    for (std::size_t n = 0; n < kWoken && !it->second.empty(); ++n) {
      ready_.insert(*it->second.begin());
      it->second.erase(it->second.begin());
    }
    if (it->second.empty())
      blocked_.erase(it);
    else
      bucket_timers_.emplace(steady, bucket);  // the next ones follow these
  }
}

std::vector<Dispatcher::Sending> Dispatcher::pick() {
  std::vector<Sending> out;
  auto steady = clock_.steady_now();
  while (!ready_.empty() && out.size() < options_.batch && in_flight_ + out.size() < options_.most_in_flight) {
    auto entry = *ready_.begin();
    ready_.erase(ready_.begin());
    auto& row = entry.lane->rows.front();
    bool asks = row.state == RowState::ambiguous && next_step(row, now(), can_) == Next::read_back;
    auto paces = platform_.paces(row.target, row.in_thread);
    if (!asks) {
      if (auto blocked = pacer_.blocked(paces, steady)) {
        auto& waiting = blocked_[blocked->bucket];
        // Whoever waits for this bucket already goes first; one timer for a bucket is enough.
        if (waiting.empty()) bucket_timers_.emplace(blocked->until, blocked->bucket);
        waiting.insert(entry);
        continue;
      }
      pacer_.take(paces, steady);
    }
    entry.lane->queued = false;
    entry.lane->busy = true;
    out.push_back({entry.lane, row});
  }
  return out;
}

// ---- Sending --------------------------------------------------------------------------------------------------------

awaitable<bool> Dispatcher::load(bool first) {
  auto work = [this, first, after = newest_] { return first ? outbox_.recover() : outbox_.open_rows(after); };
  auto rows = co_await workers_.run(std::move(work));
  if (!rows) {
    trouble_ = "the outbox cannot be read: " + rows.error().what();
    co_return false;
  }
  for (auto& row : *rows) {
    if (row.state == RowState::ambiguous && row.target.platform == platform_.kind())
      metrics_.count("broadsheet_outbox_ambiguous_total", "Sends whose outcome was not known",
                     {{"platform", std::string(to_string(platform_.kind()))}, {"cause", "restart"}});
    add(std::move(row));
  }
  for (auto& [target, lane] : lanes_) consider(lane);
  co_return true;
}

awaitable<void> Dispatcher::apply_holds() {
  auto prefix = std::string(to_string(platform_.kind())) + "/";
  auto work = [this, wall = now()] { return outbox_.holds(wall); };
  auto holds = co_await workers_.run(std::move(work));
  auto off = co_await workers_.run([this] { return outbox_.targets_off(); });
  if (holds)
    for (const auto& [name, until] : *holds)
      if (name.starts_with(prefix)) pacer_.hold(name.substr(prefix.size()), clock_.steady_now() + (until - now()));
  if (off)
    for (const auto& [target, why] : *off)
      if (target.platform == platform_.kind()) lanes_[target].target = target, lanes_[target].off = true;
}

awaitable<void> Dispatcher::launch(std::vector<Sending> batch) {
  std::map<std::int64_t, Sending> claims;
  std::vector<std::int64_t> ids;
  for (auto& sending : batch) {
    bool asks = sending.row.state == RowState::ambiguous && next_step(sending.row, now(), can_) == Next::read_back;
    if (asks) {
      ++in_flight_;
      sends_.spawn("read back", read_back(std::move(sending)));
      continue;
    }
    ids.push_back(sending.row.id);
    claims.emplace(sending.row.id, std::move(sending));
  }
  if (ids.empty()) co_return;
  auto wall = now();
  auto work = [this, ids, wall] { return outbox_.claim(ids, wall); };
  auto claimed = co_await workers_.run(std::move(work));
  if (!claimed) {
    // Nothing was sent: `sending` could not be committed (reliability 2.1).
    trouble_ = "the outbox cannot be written: " + claimed.error().what();
    log::error("outbox.claim_failed", {{"why", claimed.error().what()}});
    for (auto& [id, sending] : claims) {
      sending.lane->busy = false;
      sending.lane->queued = true;
      waiting_.emplace(wall + kStoreRetry, sending.lane);
    }
    co_return;
  }
  if (!paused_) trouble_.clear();
  for (auto& one : *claimed) {
    auto it = claims.find(one.id);
    auto& row = it->second.lane->rows.front();
    row.state = RowState::sending;
    if (++row.attempt == 1) row.first_t0 = wall;
    row.t0 = wall;
    it->second.row = row;
    ++in_flight_;
    sends_.spawn("send", send_one(std::move(it->second), std::move(one)));
    claims.erase(it);
  }
  // Rows that are no longer open: dropped by the operator meanwhile.
  for (auto& [id, sending] : claims) {
    sending.lane->rows.pop_front();
    --rows_;
    sending.lane->busy = false;
    consider(*sending.lane);
  }
}

awaitable<void> Dispatcher::send_one(Sending sending, store::Claimed claimed) {
  adapters::SendRequest request;
  request.target = sending.row.target;
  request.key = sending.row.key;
  request.message = std::move(claimed.message);
  request.thread = std::move(claimed.thread);
  auto outcome = co_await platform_.send(std::move(request));
  --in_flight_;
  told_to_wait(sending, outcome);
  auto after = after_send(sending.row, outcome, now(), can_, jitter_());
  receipts_.emplace_back(sending.lane, std::move(after));
  recorded_.set();
  changed_.set();
}

void Dispatcher::told_to_wait(const Sending& sending, const adapters::SendOutcome& outcome) {
  const auto* not_sent = std::get_if<adapters::NotSent>(&outcome);
  count(outcome.index() == 1   ? "sent"
        : not_sent != nullptr  ? "not_sent"
        : outcome.index() == 3 ? "refused"
                               : "unknown");
  if (std::holds_alternative<adapters::Unknown>(outcome))
    metrics_.count("broadsheet_outbox_ambiguous_total", "Sends whose outcome was not known",
                   {{"platform", std::string(to_string(platform_.kind()))}, {"cause", "answer"}});
  if (not_sent == nullptr || !not_sent->retry_after) return;
  // The platform's own word holds the bucket, and outlives us.
  auto bucket = not_sent->bucket;
  if (bucket.empty()) return;  // this row's own due time is enough
  pacer_.hold(bucket, clock_.steady_now() + *not_sent->retry_after);
  auto name = std::string(to_string(platform_.kind())) + "/" + bucket;
  auto until = now() + *not_sent->retry_after;
  sends_.spawn("hold", [](Dispatcher& self, std::string kept, Moment then) -> awaitable<void> {
    auto work = [&self, kept, then] { return self.outbox_.hold(kept, then); };
    if (auto done = co_await self.workers_.run(std::move(work)); !done)
      log::warning("outbox.hold_not_stored", {{"bucket", kept}, {"why", done.error().what()}});
  }(*this, name, until));
  log::warning("outbox.told_to_wait", {{"target", sending.row.target.str()},
                                       {"bucket", bucket},
                                       {"ms", std::to_string(not_sent->retry_after->count())}});
}

awaitable<void> Dispatcher::read_back(Sending sending) {
  adapters::FindRequest request;
  request.target = sending.row.target;
  request.key = sending.row.key;
  request.since = sending.row.first_t0;
  auto ids = [this, target = sending.row.target] { return outbox_.remote_ids(target, kKnownIds); };
  auto state = [this, target = sending.row.target] { return outbox_.target(target); };
  auto body = [this, id = sending.row.id] { return outbox_.message(id); };
  auto known = co_await workers_.run(std::move(ids));
  auto standing = co_await workers_.run(std::move(state));
  auto message = co_await workers_.run(std::move(body));
  adapters::FindOutcome outcome =
      adapters::CannotTell{Error(ErrorKind::transient, "the store cannot be read"), false, {}};
  if (known && standing && message && *message) {
    request.known_ids = std::move(*known);
    request.last_remote_id = standing->last_id;
    request.message = std::move(**message);
    outcome = co_await platform_.find_sent(std::move(request));
  }
  --in_flight_;
  auto after = after_read_back(sending.row, outcome, now(), can_, jitter_());
  if (!after.policy.empty())
    metrics_.count("broadsheet_outbox_policy_total", "Unknown outcomes that a policy decided",
                   {{"platform", std::string(to_string(platform_.kind()))}, {"policy", after.policy}});
  receipts_.emplace_back(sending.lane, std::move(after));
  recorded_.set();
  changed_.set();
}

// ---- Receipts -------------------------------------------------------------------------------------------------------

// Writes receipts, gathered for a moment; a lane goes on when its receipt is committed.
awaitable<void> Dispatcher::record() {
  while (true) {
    co_await recorded_.wait();
    if (receipts_.size() < options_.batch) co_await async::sleep_for(clock_, options_.gather);
    recorded_.clear();
    auto batch = std::move(receipts_);
    receipts_.clear();
    std::vector<OutboxRow> rows;
    rows.reserve(batch.size());
    for (const auto& [lane, after] : batch) rows.push_back(after.row);
    auto work = [this, rows] { return outbox_.mark(rows); };
    auto done = co_await workers_.run(std::move(work));
    if (!done) {
      // What was sent stays `sending` in the store until this succeeds: a crash now means recovery, never a loss.
      trouble_ = "receipts cannot be written: " + done.error().what();
      log::error("outbox.mark_failed", {{"why", done.error().what()}});
      receipts_.insert(receipts_.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
      co_await async::sleep_for(clock_, kStoreRetry);
      recorded_.set();
      continue;
    }
    for (auto& [lane, after] : batch) settle(*lane, after);
    changed_.set();
  }
}

void Dispatcher::finish(Lane& lane, OutboxRow row) {
  if (store::is_open(row.state)) {
    lane.rows.front() = std::move(row);
    return;
  }
  lane.rows.pop_front();
  --rows_;
}

void Dispatcher::settle(Lane& lane, const After& after) {
  lane.busy = false;
  auto target = lane.target;
  if (after.row.state == RowState::dead || after.row.state == RowState::expired)
    incident_({Incident::Kind::dead, target, after.why, after.fix});
  if (after.row.state == RowState::ambiguous) incident_({Incident::Kind::unknown, target, after.row.error, {}});
  if (after.moved_to) return move(lane, *after.moved_to);
  finish(lane, after.row);
  if (after.target_off) {
    lane.off = true;
    sends_.spawn("switch off", [](Dispatcher& self, Target gone, std::string why) -> awaitable<void> {
      auto work = [&self, gone, why] { return self.outbox_.switch_target(gone, false, why); };
      if (auto done = co_await self.workers_.run(std::move(work)); !done)
        log::error("outbox.target_not_switched_off", {{"target", gone.str()}, {"why", done.error().what()}});
    }(*this, target, after.why));
    incident_({Incident::Kind::target_off, target, after.why, after.fix});
  }
  if (after.installation_off) {
    paused_ = true;
    trouble_ = after.why;
    incident_({Incident::Kind::installation_off, target, after.why, after.fix});
  }
  consider(lane);
}

// The target has another id: everything open goes there, once.
void Dispatcher::move(Lane& lane, const Target& to) {
  auto from = lane.target;
  auto rows = std::move(lane.rows);
  lanes_.erase(from);
  auto& fresh = lanes_[to];
  fresh.target = to;
  for (auto& row : rows) {
    row.target = to;
    row.state = RowState::pending;
    row.due = now();
    fresh.rows.push_back(std::move(row));
  }
  std::sort(fresh.rows.begin(), fresh.rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  sends_.spawn("move", [](Dispatcher& self, Target old_place, Target new_place) -> awaitable<void> {
    auto work = [&self, old_place, new_place] { return self.outbox_.move_target(old_place, new_place); };
    if (auto done = co_await self.workers_.run(std::move(work)); !done)
      log::error("outbox.target_not_moved", {{"from", old_place.str()}, {"why", done.error().what()}});
    self.consider(self.lanes_[new_place]);
    self.changed_.set();
  }(*this, from, to));
  incident_({Incident::Kind::moved, from, "it is now " + to.str(), {}});
}

// ---- The loop -------------------------------------------------------------------------------------------------------

awaitable<void> Dispatcher::rest() {
  auto steady = clock_.steady_now();
  auto wait = std::chrono::duration_cast<SteadyMoment::duration>(kLongestRest);
  if (!waiting_.empty()) wait = std::min<SteadyMoment::duration>(wait, waiting_.begin()->first - now());
  if (!bucket_timers_.empty()) wait = std::min(wait, bucket_timers_.begin()->first - steady);
  if (paused_) wait = kLongestRest;
  using boost::asio::experimental::awaitable_operators::operator||;
  try {
    auto real = std::max(std::chrono::ceil<std::chrono::milliseconds>(wait), std::chrono::milliseconds(0));
    co_await (async::sleep_for(clock_, real) || changed_.wait());
  } catch (const boost::asio::multiple_exceptions& both) {  // cancelled: each side says so
    std::rethrow_exception(both.first_exception());
  }
  changed_.clear();
}

awaitable<void> Dispatcher::pump() {
  if (more_) {
    more_ = false;
    if (!co_await load(false)) more_ = true;
  }
  wake_due();
  if (paused_) co_return;
  while (!stopping_) {
    auto batch = pick();
    if (batch.empty()) co_return;
    co_await launch(std::move(batch));
    wake_due();
  }
}

awaitable<void> Dispatcher::run() {
  co_await apply_holds();
  while (!co_await load(true)) co_await async::sleep_for(clock_, kStoreRetry);
  sends_.spawn("receipts", record());
  std::exception_ptr cancelled;
  try {
    while (!stopping_) {
      co_await pump();
      if (!stopping_) co_await rest();
    }
    auto end = clock_.steady_now() + options_.finish_time;
    while ((in_flight_ > 0 || !receipts_.empty() || sends_.size() > 1) && clock_.steady_now() < end) {
      changed_.clear();
      co_await async::sleep_for(clock_, std::chrono::milliseconds(10));
    }
  } catch (...) {
    cancelled = std::current_exception();
  }
  sends_.cancel();
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await sends_.join();
  if (cancelled) std::rethrow_exception(cancelled);
}

}  // namespace broadsheet::delivery
