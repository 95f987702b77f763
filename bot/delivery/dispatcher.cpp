#include "bot/delivery/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>

#include "bot/base/log.hpp"

namespace broadsheet::delivery {
namespace {

using boost::asio::awaitable;
using model::OutboxRow;
using model::RowState;
using model::Target;

constexpr std::size_t kPortion = 1000;  // rows read at once
constexpr std::chrono::seconds kTidying{10};
constexpr std::size_t kLoops = 3;               // that run beside the sends
constexpr std::chrono::milliseconds kGrain{1};  // moments are stored in these; a wait is never stored shorter
constexpr std::chrono::seconds kStoreRetry{1};
constexpr int kLooksPerLease = 10;
constexpr std::chrono::minutes kLongestRest{1};

// In flight when its worker died, and nobody has looked yet.
bool nobody_knows(const OutboxRow& row) {
  return row.state == RowState::ambiguous && row.due <= row.t0;
}

// Receipts, and what they say beside their rows.
struct Notes {
  std::vector<OutboxRow> rows;
  std::vector<std::pair<std::string, Moment>> holds;
  std::vector<std::pair<Target, std::string>> off;  // with the reason
  std::vector<std::pair<Target, Target>> moves;
};

// Rows last: whoever is killed in between finds them `sending`, and all that was said about their target is known.
// Answers the rows that are not ours any more.
Result<std::vector<std::int64_t>> write(store::Outbox& outbox, const store::Worker& worker, const Notes& notes,
                                        Moment wall) {
  for (const auto& [bucket, until] : notes.holds)
    if (auto done = outbox.hold(bucket, until); !done) return done.error();
  for (const auto& [target, why] : notes.off)
    if (auto done = outbox.switch_target(target, false, why); !done) return done.error();
  for (const auto& [from, to] : notes.moves)
    if (auto done = outbox.move_target(from, to); !done) return done.error();
  return outbox.mark(worker, notes.rows, wall);
}

}  // namespace

Dispatcher::Dispatcher(const boost::asio::any_io_executor& executor, store::Outbox& outbox,
                       adapters::Platform& platform, async::Offload& workers, Clock& clock, Metrics& metrics,
                       std::function<double()> jitter, std::function<void(const Incident&)> incident,
                       DispatcherOptions options)
    : outbox_(outbox),
      worker_{platform.kind(), options.worker},
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
      claimable_(executor),
      hungry_changed_(executor),
      sends_(executor) {}

Moment Dispatcher::now() const {
  return wall_base_ + std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - steady_base_);
}

std::chrono::milliseconds Dispatcher::skew() const {
  return clock_.now() - now();
}

void Dispatcher::count(const char* outcome) {
  metrics_.count("broadsheet_sends_total", "Sends by outcome",
                 {{"platform", platform_.kind().str()}, {"outcome", outcome}});
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
  paused_.clear();
  trouble_.clear();
  consider_all();
  changed_.set();
}

void Dispatcher::switch_target(const Target& target, bool on) {
  auto& lane = lanes_[target];
  unqueue(lane);
  lane.target = target;
  lane.off = !on;
  consider(lane);
  changed_.set();
}

void Dispatcher::move_target(const Target& from, const Target& to) {
  auto it = lanes_.find(from);
  if (it == lanes_.end() || from == to) return;
  it->second.leaves_for = to;
  if (it->second.busy) return;
  unqueue(it->second);
  move(it->second, to);
  consider(lanes_[to]);
  changed_.set();
}

// ---- Start ----------------------------------------------------------------------------------------------------------

// What we or others were told: holds, targets that are off.
awaitable<bool> Dispatcher::heed() {
  auto prefix = platform_.kind().str() + "/";
  auto read = [&outbox = outbox_, wall = clock_.now()] { return outbox.holds(wall); };
  auto holds = co_await workers_.run(std::move(read));
  auto off = co_await workers_.run([&outbox = outbox_] { return outbox.targets_off(); });
  if (!holds || !off) {
    trouble_ = "the outbox cannot be read: " + (!holds ? holds.error() : off.error()).what();
    co_return false;
  }
  for (const auto& [name, until] : *holds)
    if (name.starts_with(prefix))
      pacer_.hold(name.substr(prefix.size()), clock_.steady_now() + believed(until - clock_.now()));
  for (const auto& [target, why] : *off)
    if (target.platform == platform_.kind() && !lanes_[target].off) switch_target(target, false);
  for (auto& [target, lane] : lanes_)
    if (lane.off && !off->contains(target)) switch_target(target, true);
  co_return true;
}

// Rows that are new to us, in portions: neither the store nor this thread is kept busy for long.
awaitable<bool> Dispatcher::load() {
  loading_ = true;
  while (more_) {
    more_ = false;
    auto asked = clock_.steady_now();
    auto work = [&outbox = outbox_, worker = worker_, lease = options_.lease, now = now()] {
      return outbox.claim(worker, kPortion, now, lease);
    };
    auto rows = co_await workers_.run(std::move(work));
    if (!rows) {
      more_ = true;
      loading_ = false;
      trouble_ = "the outbox cannot be read: " + rows.error().what();
      co_return false;
    }
    trust(asked);
    if (rows->size() == kPortion) more_ = true;
    for (auto& row : *rows) {
      if (nobody_knows(row))
        metrics_.count("broadsheet_outbox_ambiguous_total", "Sends whose outcome was not known",
                       {{"platform", platform_.kind().str()}, {"cause", "restart"}});
      add(std::move(row));
    }
    if (paused_.empty()) trouble_.clear();
  }
  // A digest is written in one transaction: all of its rows are here now.
  loading_ = false;
  for (const auto& target : std::exchange(fresh_, {}))
    if (auto it = lanes_.find(target); it != lanes_.end()) consider(it->second);
  co_return true;
}

// Lanes hold one row, and know the others by their numbers: a hundred thousand messages that wait are not kept here.
awaitable<void> Dispatcher::refill() {
  while (true) {
    co_await hungry_changed_.wait();
    hungry_changed_.clear();
    Asked asked;
    std::vector<std::int64_t> ids;
    auto hungry = std::exchange(hungry_, {});
    for (const auto& target : hungry)
      if (auto it = lanes_.find(target); it != lanes_.end() && it->second.hungry())
        if (asked.try_emplace(it->second.later[0].id).second) ids.push_back(it->second.later[0].id);
    auto work = [&outbox = outbox_, worker = worker_, ids = std::move(ids)] { return outbox.open_rows(worker, ids); };
    auto rows = co_await workers_.run(std::move(work));
    if (!rows) {
      trouble_ = "the outbox cannot be read: " + rows.error().what();
      hungry_.insert(hungry_.end(), hungry.begin(), hungry.end());
      co_await async::sleep_for(clock_, kStoreRetry);
      hungry_changed_.set();
      continue;
    }
    for (auto& row : *rows) asked[row.id] = std::move(row);
    for (const auto& target : hungry)
      if (auto it = lanes_.find(target); it != lanes_.end()) feed(it->second, asked);
    changed_.set();
  }
}

void Dispatcher::feed(Lane& lane, Asked& asked) {
  auto it = lane.hungry() ? asked.find(lane.later[0].id) : asked.end();
  if (it == asked.end()) return consider(lane);
  auto row = std::move(it->second);
  asked.erase(it);
  lane.later.erase(lane.later.begin());
  if (row) return adopt(lane, *std::move(row));
  --rows_;  // the operator dropped it, or gave it a new number
  consider(lane);
}

// ---- Receipts -------------------------------------------------------------------------------------------------------

// Writes receipts, gathered for a moment; a lane goes on when its receipt is committed.
awaitable<void> Dispatcher::record() {
  while (true) {
    co_await recorded_.wait();
    // While something is under way its receipt may join this commit; alone, nobody waits for company.
    if (in_flight_ > 0 && receipts_.size() < options_.batch) co_await async::sleep_for(clock_, options_.gather);
    recorded_.clear();
    auto batch = std::move(receipts_);
    receipts_.clear();
    Notes notes;
    for (const auto& [lane, after, hold, lost] : batch) {
      notes.rows.push_back(after.row);
      notes.rows.back().due += skew() + kGrain;
      if (hold) notes.holds.push_back(*hold);
      if (after.moved_to)
        notes.moves.emplace_back(lane->target, *after.moved_to);
      else if (after.target_off)
        notes.off.emplace_back(lane->target, after.why);
    }
    writing_ = true;
    auto work = [&outbox = outbox_, worker = worker_, notes = std::move(notes), wall = clock_.now()] {
      return write(outbox, worker, notes, wall);
    };
    auto written = co_await workers_.run(std::move(work));
    writing_ = false;
    if (!written) {
      // What was sent stays `sending` in the store until this succeeds: a crash now means recovery, never a loss.
      trouble_ = "receipts cannot be written: " + written.error().what();
      log::error("outbox.mark_failed", {{"why", written.error().what()}});
      receipts_.insert(receipts_.begin(), std::make_move_iterator(batch.begin()), std::make_move_iterator(batch.end()));
      co_await async::sleep_for(clock_, kStoreRetry);
      recorded_.set();
      continue;
    }
    for (auto& receipt : batch) {
      receipt.lost = std::ranges::find(*written, receipt.after.row.id) != written->end();
      settle(receipt);
    }
    changed_.set();
  }
}

void Dispatcher::finish(Lane& lane, const OutboxRow& row) {
  auto at = std::find_if(lane.rows.begin(), lane.rows.end(), [&row](const OutboxRow& r) { return r.id == row.id; });
  if (model::is_open(row.state)) {
    *at = row;
    return;
  }
  lane.rows.erase(at);
  --rows_;
}

// The row is somebody else's, or the operator ended it meanwhile.
void Dispatcher::give_up(Lane& lane, OutboxRow row) {
  lane.busy = false;
  row.state = RowState::dead;
  finish(lane, row);
  consider(lane);
}

void Dispatcher::settle(const Receipt& receipt) {
  auto& lane = *receipt.lane;
  const auto& after = receipt.after;
  if (receipt.lost) {
    log::warning("outbox.row_lost", {{"id", after.row.id}, {"target", lane.target.str()}});
    return give_up(lane, after.row);
  }
  lane.busy = false;
  auto target = lane.target;
  finish(lane, after.row);
  if (after.row.state == RowState::dead || after.row.state == RowState::expired)
    incident_({Incident::Kind::dead, target, after.why, after.fix});
  if (after.lost_sight) incident_({Incident::Kind::unknown, target, after.row.error, {}});
  if (after.moved_to) return follow(lane, *after.moved_to);
  if (after.target_off) {
    lane.off = true;
    incident_({Incident::Kind::target_off, target, after.why, after.fix});
  }
  if (after.installation_off && paused_.insert(target.workspace).second) {
    trouble_ = after.why;
    incident_({Incident::Kind::installation_off, target, after.why, after.fix});
  }
  if (lane.leaves_for) {
    auto to = *lane.leaves_for;
    move(lane, to);
    return consider(lanes_[to]);
  }
  consider(lane);
}

void Dispatcher::follow(Lane& lane, const Target& to) {
  auto from = lane.target;
  move(lane, to);
  incident_({Incident::Kind::moved, from, "it is now " + to.str(), {}});
  consider(lanes_[to]);
}

// ---- The lease ------------------------------------------------------------------------------------------------------

// Others count from when they saw our word, which is later than we sent it; a quarter is left for what is under way.
void Dispatcher::trust(SteadyMoment asked) {
  if (options_.lease) trusted_until_ = asked + *options_.lease * 3 / 4;
}

// Until cancelled, where there is a lease: others add work, hear what platforms say, and die, without telling us.
awaitable<void> Dispatcher::keep_lease() {
  while (true) {
    co_await async::sleep_for(clock_, *options_.lease / kLooksPerLease);
    auto asked = clock_.steady_now();
    auto work = [&outbox = outbox_, worker = worker_, lease = options_.lease, now = now()] {
      return outbox.renew(worker, now, lease);
    };
    auto ours = co_await workers_.run(std::move(work));
    if (!ours) {
      log::warning("outbox.lease_not_renewed", {{"why", ours.error().what()}});
      continue;
    }
    if (*ours)
      trust(asked);
    else
      disown();
    co_await heed();
    wake();
  }
}

// Another one has taken over: what we knew is not ours. What is in flight ends, and finds that nobody hears it.
void Dispatcher::disown() {
  log::warning("outbox.lease_lost", {{"platform", platform_.kind().str()}});
  for (auto& [target, lane] : lanes_) {
    rows_ -= lane.later.size();
    lane.later.clear();
    if (lane.busy) continue;
    unqueue(lane);
    rows_ -= lane.rows.size();
    lane.rows.clear();
  }
}

awaitable<void> Dispatcher::release() {
  auto work = [&outbox = outbox_, worker = worker_] { return outbox.release(worker); };
  if (auto done = co_await workers_.run(std::move(work)); !done)
    log::warning("outbox.not_released", {{"why", done.error().what()}});
}

// ---- The loop -------------------------------------------------------------------------------------------------------

awaitable<void> Dispatcher::rest() {
  auto steady = clock_.steady_now();
  auto wait = std::chrono::duration_cast<SteadyMoment::duration>(kLongestRest);
  if (!waiting_.empty()) wait = std::min<SteadyMoment::duration>(wait, waiting_.begin()->first - now());
  if (!bucket_timers_.empty()) wait = std::min(wait, bucket_timers_.begin()->first - steady);
  if (more_) wait = std::min<SteadyMoment::duration>(wait, kStoreRetry);
  if (steady >= trusted_until_) wait = kStoreRetry;  // what is ready has to wait for the lease
  if (steady >= tidy_at_) {
    pacer_.tidy(steady);
    tidy_at_ = steady + kTidying;
  }
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
  co_await load();
  while (!stopping_) {
    if (clock_.steady_now() >= trusted_until_) co_return;
    wake_due();
    auto batch = pick();
    if (batch.empty()) co_return;
    launch(std::move(batch));
  }
}

awaitable<void> Dispatcher::run() {
  while (!stopping_ && !co_await heed()) co_await async::sleep_for(clock_, kStoreRetry);
  sends_.spawn("receipts", record());
  sends_.spawn("claims", claim());
  sends_.spawn("refill", refill());
  if (options_.lease) sends_.spawn("lease", keep_lease());
  std::exception_ptr cancelled;
  try {
    while (!stopping_) {
      co_await pump();
      if (!stopping_) co_await rest();
    }
    auto end = clock_.steady_now() + options_.finish_time;
    auto busy = [this] {
      return in_flight_ > 0 || claiming_ > 0 || writing_ || !receipts_.empty() ||
             sends_.size() > kLoops + (options_.lease ? 1 : 0);
    };
    while (busy() && clock_.steady_now() < end) {
      changed_.clear();
      co_await async::sleep_for(clock_, std::chrono::milliseconds(10));
    }
  } catch (...) {
    cancelled = std::current_exception();
  }
  sends_.cancel();
  co_await boost::asio::this_coro::reset_cancellation_state();
  co_await sends_.join();
  co_await release();
  if (cancelled) std::rethrow_exception(cancelled);
}

}  // namespace broadsheet::delivery
