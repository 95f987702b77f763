#include "bot/delivery/dispatcher.hpp"

#include <algorithm>
#include <array>

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
constexpr std::chrono::minutes kLongestRefill{2};  // of any platform's bucket
constexpr std::chrono::seconds kUnderWay{1};

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
      time_(clock),
      book_(
          can_, [&platform](const Target& target, bool in_thread) { return platform.paces(target, in_thread); },
          options.batch),
      changed_(executor, clock),
      recorded_(executor),
      claimable_(executor),
      hungry_(executor),
      sends_(executor) {}

void Dispatcher::count(const char* outcome) {
  metrics_.count("broadsheet_sends_total", "Sends by outcome",
                 {{"platform", platform_.kind().str()}, {"outcome", outcome}});
}

void Dispatcher::wake() {
  more_ = true;
  changed_.ring();
}

void Dispatcher::stop() {
  stopping_ = true;
  changed_.ring();
}

void Dispatcher::wake_loops() {
  if (!book_.receipts().empty()) recorded_.set();
  if (book_.is_hungry()) hungry_.set();
}

void Dispatcher::book_changed() {
  wake_loops();
  changed_.ring();
}

void Dispatcher::resume() {
  trouble_.clear();
  book_.resume(now());
  book_changed();
}

void Dispatcher::switch_target(const Target& target, bool on) {
  book_.switch_target(target, on, now());
  book_changed();
}

void Dispatcher::move_target(const Target& from, const Target& to) {
  book_.move_target(from, to, now());
  book_changed();
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
      book_.hold(name.substr(prefix.size()), clock_.steady_now() + believed(until - clock_.now()));
  auto known = book_.targets_off();
  for (const auto& [target, why] : *off)
    if (target.platform == platform_.kind() && std::ranges::find(known, target) == known.end())
      switch_target(target, false);
  for (const auto& target : known)
    if (!off->contains(target)) switch_target(target, true);
  co_return true;
}

// What the one before us sent in its last moments, the platform's limits have counted. A send arrives later than it was
// begun, by as much as a slow disk and a slow line take.
awaitable<bool> Dispatcher::remember_spent() {
  auto read = [&outbox = outbox_, kind = platform_.kind(), since = clock_.now() - kLongestRefill] {
    return outbox.begun_since(kind, since);
  };
  auto begun = co_await workers_.run(std::move(read));
  if (!begun) {
    trouble_ = "the outbox cannot be read: " + begun.error().what();
    co_return false;
  }
  auto wall = clock_.now();
  for (const auto& one : *begun) {
    auto ago =
        std::clamp<std::chrono::milliseconds>(wall - one.at - kUnderWay, std::chrono::milliseconds(0), kLongestRefill);
    book_.spent(one.target, one.in_thread, clock_.steady_now() - ago);
  }
  co_return true;
}

// Rows that are new to us, in portions: neither the store nor this thread is kept busy for long.
awaitable<bool> Dispatcher::load() {
  book_.begin_loading();
  while (more_) {
    more_ = false;
    auto asked = clock_.steady_now();
    auto work = [&outbox = outbox_, worker = worker_, lease = options_.lease, now = time_.now()] {
      return outbox.claim(worker, kPortion, now, lease);
    };
    auto rows = co_await workers_.run(std::move(work));
    if (!rows) {
      more_ = true;
      trouble_ = "the outbox cannot be read: " + rows.error().what();
      wake_loops();
      co_return false;
    }
    trust(asked);
    if (rows->size() == kPortion) more_ = true;
    for (auto& row : *rows) {
      if (nobody_knows(row))
        metrics_.count("broadsheet_outbox_ambiguous_total", "Sends whose outcome was not known",
                       {{"platform", platform_.kind().str()}, {"cause", "restart"}});
      book_.add(time_.from_store(std::move(row)), now());
    }
    if (!book_.pauses()) trouble_.clear();
  }
  // A digest is written in one transaction: all of its rows are here now.
  book_.end_loading(now());
  wake_loops();
  co_return true;
}

// Brings the rows of lanes that know them by their numbers.
awaitable<void> Dispatcher::refill() {
  while (true) {
    co_await hungry_.wait();
    hungry_.clear();
    auto hungry = book_.take_hungry();
    std::vector<std::int64_t> ids;
    for (const auto& one : hungry) ids.push_back(one.id);
    auto work = [&outbox = outbox_, worker = worker_, ids = std::move(ids)] { return outbox.open_rows(worker, ids); };
    auto rows = co_await workers_.run(std::move(work));
    if (!rows) {
      trouble_ = "the outbox cannot be read: " + rows.error().what();
      book_.give_back(hungry);
      co_await async::sleep_for(clock_, kStoreRetry);
      hungry_.set();
      continue;
    }
    std::map<std::int64_t, OutboxRow> open;
    for (auto& row : *rows) {
      auto id = row.id;
      open.emplace(id, time_.from_store(std::move(row)));
    }
    for (const auto& one : hungry) {
      auto row = open.extract(one.id);
      book_.feed(one, row ? std::optional(std::move(row.mapped())) : std::nullopt, now());
    }
    book_changed();
  }
}

// ---- Receipts -------------------------------------------------------------------------------------------------------

// Writes receipts, gathered for a moment; a lane goes on when its receipt is committed.
awaitable<void> Dispatcher::record() {
  while (true) {
    co_await recorded_.wait();
    // While something is under way its receipt may join this commit; alone, nobody waits for company.
    if (in_flight_ > 0 && book_.receipts().size() < options_.batch) co_await async::sleep_for(clock_, options_.gather);
    recorded_.clear();
    auto batch = book_.take_receipts();
    Notes notes;
    for (const auto& [lane, after, hold, lost] : batch) {
      notes.rows.push_back(after.row);
      notes.rows.back().due = time_.to_wall(after.row.due) + kGrain;
      if (hold) notes.holds.push_back(*hold);
      if (after.moved_to)
        notes.moves.emplace_back(lane, *after.moved_to);
      else if (after.target_off)
        notes.off.emplace_back(lane, after.why);
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
      book_.give_back(std::move(batch));
      co_await async::sleep_for(clock_, kStoreRetry);
      recorded_.set();
      continue;
    }
    for (auto& receipt : batch) {
      receipt.lost = std::ranges::find(*written, receipt.after.row.id) != written->end();
      settle(receipt);
    }
    book_changed();
  }
}

void Dispatcher::settle(const LaneBook::Receipt& receipt) {
  if (receipt.lost) log::warning("outbox.row_lost", {{"id", receipt.after.row.id}, {"target", receipt.lane.str()}});
  for (const auto& incident : book_.settle(receipt, now())) {
    if (incident.kind == Incident::Kind::installation_off) trouble_ = incident.why;
    incident_(incident);
  }
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
    auto work = [&outbox = outbox_, worker = worker_, lease = options_.lease, now = time_.now()] {
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
  book_.disown();
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
  if (auto due = book_.next_due()) wait = std::min<SteadyMoment::duration>(wait, *due - time_.now());
  if (auto token = book_.next_token()) wait = std::min(wait, *token - steady);
  if (more_) wait = std::min<SteadyMoment::duration>(wait, kStoreRetry);
  if (steady >= trusted_until_) wait = kStoreRetry;  // what is ready has to wait for the lease
  if (steady >= tidy_at_) {
    book_.tidy(steady);
    tidy_at_ = steady + kTidying;
  }
  co_await changed_.wait(std::max<SteadyMoment::duration>(wait, {}));
}

awaitable<void> Dispatcher::pump() {
  co_await load();
  while (!stopping_) {
    if (clock_.steady_now() >= trusted_until_) co_return;
    book_.wake_due(now());
    auto batch = book_.pick(now(), room());
    wake_loops();
    if (batch.empty()) co_return;
    launch(std::move(batch));
  }
}

std::size_t Dispatcher::room() const {
  auto under_way = in_flight_ + claiming_ + to_claim_.size();
  return std::min(options_.batch, options_.most_in_flight - std::min(under_way, options_.most_in_flight));
}

awaitable<void> Dispatcher::run() {
  while (!stopping_ && !(co_await heed() && co_await remember_spent())) co_await async::sleep_for(clock_, kStoreRetry);
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
      return in_flight_ > 0 || claiming_ > 0 || writing_ || !book_.receipts().empty() ||
             sends_.size() > kLoops + (options_.lease ? 1 : 0);
    };
    while (busy() && clock_.steady_now() < end) {
      co_await changed_.wait(std::chrono::milliseconds(10));
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
