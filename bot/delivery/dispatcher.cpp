#include "bot/delivery/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/multiple_exceptions.hpp>

#include "bot/base/log.hpp"

namespace broadsheet::delivery {
namespace {

using adapters::Target;
using boost::asio::awaitable;
using store::OutboxRow;
using store::RowState;

constexpr std::size_t kKnownIds = 200;  // for recovery
constexpr std::size_t kPortion = 1000;  // rows read at once
constexpr int kGuard = 3;               // times the request's own timeout: an adapter may repeat in a plainer form
constexpr std::chrono::milliseconds kGrain{1};  // moments are stored in these; a wait is never stored shorter
constexpr std::chrono::seconds kStoreRetry{1};
constexpr std::chrono::minutes kLongestRest{1};

// Receipts, and what they say beside their rows.
struct Notes {
  std::vector<OutboxRow> rows;
  std::vector<std::pair<std::string, Moment>> holds;
  std::vector<std::pair<Target, std::string>> off;  // with the reason
  std::vector<std::pair<Target, Target>> moves;
};

// Rows last: whoever is killed in between finds them `sending`, and all that was said about their target is known.
Status write(store::Outbox& outbox, const Notes& notes, Moment wall) {
  for (const auto& [bucket, until] : notes.holds)
    if (auto done = outbox.hold(bucket, until); !done) return done;
  for (const auto& [target, why] : notes.off)
    if (auto done = outbox.switch_target(target, false, why); !done) return done;
  for (const auto& [from, to] : notes.moves)
    if (auto done = outbox.move_target(from, to); !done) return done;
  return outbox.mark(notes.rows, wall);
}

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

std::chrono::milliseconds Dispatcher::skew() const {
  return clock_.now() - now();
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

// What the last process left: holds, targets that are off, sends without an answer.
awaitable<bool> Dispatcher::recover() {
  auto prefix = std::string(to_string(platform_.kind())) + "/";
  auto read = [this, wall = clock_.now()] { return outbox_.holds(wall); };
  auto holds = co_await workers_.run(std::move(read));
  auto off = co_await workers_.run([this] { return outbox_.targets_off(); });
  auto left = co_await workers_.run([this] { return outbox_.recover(platform_.kind()); });
  if (!holds || !off || !left) {
    trouble_ = "the outbox cannot be read: " + (!holds ? holds.error() : !off ? off.error() : left.error()).what();
    co_return false;
  }
  for (const auto& [name, until] : *holds)
    if (name.starts_with(prefix))
      pacer_.hold(name.substr(prefix.size()), clock_.steady_now() + believed(until - clock_.now()));
  for (const auto& [target, why] : *off)
    if (target.platform == platform_.kind()) lanes_[target].target = target, lanes_[target].off = true;
  if (*left > 0)
    metrics_.count("broadsheet_outbox_ambiguous_total", "Sends whose outcome was not known",
                   {{"platform", std::string(to_string(platform_.kind()))}, {"cause", "restart"}},
                   static_cast<double>(*left));
  co_return true;
}

// Rows that are new to us, in portions: neither the store nor this thread is kept busy for long.
awaitable<bool> Dispatcher::load() {
  while (more_) {
    more_ = false;
    auto work = [this, after = newest_] { return outbox_.open_rows(platform_.kind(), after, kPortion); };
    auto rows = co_await workers_.run(std::move(work));
    if (!rows) {
      more_ = true;
      trouble_ = "the outbox cannot be read: " + rows.error().what();
      co_return false;
    }
    if (rows->size() == kPortion) more_ = true;
    for (auto& row : *rows) {
      newest_ = std::max(newest_, row.id);
      add(std::move(row));
    }
    if (paused_.empty()) trouble_.clear();
  }
  co_return true;
}

// ---- Sending --------------------------------------------------------------------------------------------------------

awaitable<void> Dispatcher::launch(std::vector<Sending> batch) {
  Claims claims;
  std::vector<std::int64_t> ids;
  for (auto& sending : batch) {
    if (sending.asks) {
      ++in_flight_;
      sends_.spawn("read back", read_back(std::move(sending)));
      continue;
    }
    ids.push_back(sending.row.id);
    claims.emplace(sending.row.id, std::move(sending));
  }
  if (ids.empty()) co_return;
  auto t0 = now();
  auto work = [this, ids, wall = clock_.now()] { return outbox_.claim(ids, wall); };
  auto claimed = co_await workers_.run(std::move(work));
  if (!claimed) co_return claim_failed(claims, claimed.error());
  if (paused_.empty()) trouble_.clear();
  begin(claims, *std::move(claimed), t0);
}

// Nothing was sent: `sending` could not be committed (reliability 2.1).
void Dispatcher::claim_failed(Claims& claims, const Error& error) {
  trouble_ = "the outbox cannot be written: " + error.what();
  log::error("outbox.claim_failed", {{"why", error.what()}});
  for (auto& [id, sending] : claims) {
    sending.lane->busy = false;
    sending.lane->queued = true;
    waiting_.emplace(now() + kStoreRetry, sending.lane);
  }
}

void Dispatcher::begin(Claims& claims, std::vector<store::Claimed> claimed, Moment t0) {
  for (auto& one : claimed) {
    auto it = claims.find(one.id);
    auto& row = *it->second.lane->find(one.id);
    row.state = RowState::sending;
    if (++row.attempt == 1) row.first_t0 = t0;
    row.t0 = t0;
    it->second.row = row;
    ++in_flight_;
    sends_.spawn("send", send_one(std::move(it->second), std::move(one)));
    claims.erase(it);
  }
  // Rows that are no longer open: dropped, or given a new number, by the operator meanwhile.
  for (auto& [id, sending] : claims) {
    sending.row.state = RowState::dead;
    finish(*sending.lane, sending.row);
    sending.lane->busy = false;
    consider(*sending.lane);
  }
}

// An adapter that throws or never comes back must not keep its lane for ever: nobody knows what it did.
awaitable<Result<adapters::SendOutcome>> Dispatcher::attempt(adapters::SendRequest request) {
  std::string why;
  try {
    co_return co_await platform_.send(std::move(request));
  } catch (const std::exception& e) {
    why = e.what();
  }
  co_await async::check_cancelled();
  log::error("outbox.send_threw", {{"what", why}});
  co_return Error(ErrorKind::internal, why);
}

awaitable<void> Dispatcher::send_one(Sending sending, store::Claimed claimed) {
  adapters::SendRequest request;
  request.target = sending.row.target;
  request.key = sending.row.key;
  request.message = std::move(claimed.message);
  request.thread = std::move(claimed.thread);
  auto answer = co_await async::with_timeout(clock_, kGuard * can_.request_timeout, attempt(std::move(request)));
  auto outcome = answer ? *std::move(answer) : adapters::SendOutcome(adapters::Unknown{answer.error()});
  count_outcome(outcome);
  auto hold = told_to_wait(sending, outcome);
  done(sending, after_send(sending.row, outcome, now(), can_, jitter_()), std::move(hold));
}

void Dispatcher::done(const Sending& sending, After after, std::optional<Hold> hold) {
  --in_flight_;
  receipts_.push_back({sending.lane, std::move(after), std::move(hold)});
  recorded_.set();
  changed_.set();
}

void Dispatcher::count_outcome(const adapters::SendOutcome& outcome) {
  constexpr std::array<const char*, 4> kNames = {"unknown", "sent", "not_sent", "refused"};
  count(kNames.at(outcome.index()));
  if (std::holds_alternative<adapters::Unknown>(outcome))
    metrics_.count("broadsheet_outbox_ambiguous_total", "Sends whose outcome was not known",
                   {{"platform", std::string(to_string(platform_.kind()))}, {"cause", "answer"}});
}

// The platform's own word holds the bucket, and outlives us.
std::optional<Dispatcher::Hold> Dispatcher::told_to_wait(const Sending& sending, const adapters::SendOutcome& outcome) {
  const auto* not_sent = std::get_if<adapters::NotSent>(&outcome);
  // Without a bucket this row's own due time is enough.
  if (not_sent == nullptr || !not_sent->retry_after || not_sent->bucket.empty()) return std::nullopt;
  auto wait = believed(*not_sent->retry_after);
  pacer_.hold(not_sent->bucket, clock_.steady_now() + wait);
  log::warning(
      "outbox.told_to_wait",
      {{"target", sending.row.target.str()}, {"bucket", not_sent->bucket}, {"ms", std::to_string(wait.count())}});
  return Hold(std::string(to_string(platform_.kind())) + "/" + not_sent->bucket, clock_.now() + wait + kGrain);
}

awaitable<void> Dispatcher::read_back(Sending sending) {
  auto ids = [this, target = sending.row.target] { return outbox_.remote_ids(target, kKnownIds); };
  auto state = [this, target = sending.row.target] { return outbox_.target(target); };
  auto body = [this, id = sending.row.id] { return outbox_.message(id); };
  auto known = co_await workers_.run(std::move(ids));
  auto standing = co_await workers_.run(std::move(state));
  auto message = co_await workers_.run(std::move(body));
  Result<adapters::FindOutcome> answer = Error(ErrorKind::transient, "the store cannot be read");
  if (known && standing && message && *message) {
    adapters::FindRequest request;
    request.target = sending.row.target;
    request.key = sending.row.key;
    request.since = sending.row.first_t0 + skew();
    request.known_ids = std::move(*known);
    request.last_remote_id = standing->last_id;
    request.message = std::move((*message)->message);
    request.thread = std::move((*message)->thread);
    answer = co_await async::with_timeout(clock_, kGuard * can_.request_timeout, ask(std::move(request)));
  }
  auto outcome = answer ? *std::move(answer) : adapters::FindOutcome(adapters::CannotTell{answer.error(), false, {}});
  auto after = after_read_back(sending.row, outcome, now(), can_, jitter_());
  if (!after.policy.empty())
    metrics_.count("broadsheet_outbox_policy_total", "Unknown outcomes that a policy decided",
                   {{"platform", std::string(to_string(platform_.kind()))}, {"policy", after.policy}});
  done(sending, std::move(after), std::nullopt);
}

awaitable<Result<adapters::FindOutcome>> Dispatcher::ask(adapters::FindRequest request) {
  std::string why;
  try {
    co_return co_await platform_.find_sent(std::move(request));
  } catch (const std::exception& e) {
    why = e.what();
  }
  co_await async::check_cancelled();
  log::error("outbox.read_back_threw", {{"what", why}});
  co_return Error(ErrorKind::internal, why);
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
    for (const auto& [lane, after, hold] : batch) {
      notes.rows.push_back(after.row);
      notes.rows.back().due += skew() + kGrain;
      if (hold) notes.holds.push_back(*hold);
      if (after.moved_to)
        notes.moves.emplace_back(lane->target, *after.moved_to);
      else if (after.target_off)
        notes.off.emplace_back(lane->target, after.why);
    }
    writing_ = true;
    auto work = [this, notes = std::move(notes), wall = clock_.now()] { return write(outbox_, notes, wall); };
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
    for (auto& receipt : batch) settle(*receipt.lane, receipt.after);
    changed_.set();
  }
}

void Dispatcher::finish(Lane& lane, const OutboxRow& row) {
  auto at = std::find_if(lane.rows.begin(), lane.rows.end(), [&row](const OutboxRow& r) { return r.id == row.id; });
  if (store::is_open(row.state)) {
    *at = row;
    return;
  }
  lane.rows.erase(at);
  --rows_;
}

void Dispatcher::settle(Lane& lane, const After& after) {
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

// ---- The loop -------------------------------------------------------------------------------------------------------

awaitable<void> Dispatcher::rest() {
  auto steady = clock_.steady_now();
  auto wait = std::chrono::duration_cast<SteadyMoment::duration>(kLongestRest);
  if (!waiting_.empty()) wait = std::min<SteadyMoment::duration>(wait, waiting_.begin()->first - now());
  if (!bucket_timers_.empty()) wait = std::min(wait, bucket_timers_.begin()->first - steady);
  if (more_) wait = std::min<SteadyMoment::duration>(wait, kStoreRetry);
  pacer_.tidy(steady);
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
    wake_due();
    auto batch = pick();
    if (batch.empty()) co_return;
    co_await launch(std::move(batch));
  }
}

awaitable<void> Dispatcher::run() {
  while (!stopping_ && !co_await recover()) co_await async::sleep_for(clock_, kStoreRetry);
  sends_.spawn("receipts", record());
  std::exception_ptr cancelled;
  try {
    while (!stopping_) {
      co_await pump();
      if (!stopping_) co_await rest();
    }
    auto end = clock_.steady_now() + options_.finish_time;
    while ((in_flight_ > 0 || writing_ || !receipts_.empty() || sends_.size() > 1) && clock_.steady_now() < end) {
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
