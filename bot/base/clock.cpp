#include "bot/base/clock.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace broadsheet {

class ManualClock::State {
 public:
  using Key = std::pair<SteadyMoment, std::uint64_t>;  // with a number: who came first is woken first

  explicit State(Moment start) : now(start) {}

  void move_to(SteadyMoment when) {
    auto by = std::max<std::chrono::nanoseconds>(when - steady, {}) + rest;
    auto whole = std::chrono::floor<std::chrono::milliseconds>(by);
    now += whole;
    rest = by - whole;
    steady = std::max(steady, when);
  }

  std::mutex mutex;
  Moment now;
  SteadyMoment steady{};
  std::chrono::nanoseconds rest{};  // moved, and less than the wall clock's millisecond
  std::map<Key, std::function<void()>> sleepers;
  std::uint64_t numbers = 0;
};

namespace {

class Sleeping final : public Clock::Sleeper {
 public:
  explicit Sleeping(std::function<void()> leave) : leave_(std::move(leave)) {}
  ~Sleeping() override { leave_(); }

 private:
  std::function<void()> leave_;
};

}  // namespace

ManualClock::ManualClock(Moment start) : state_(std::make_shared<State>(start)) {}
ManualClock::~ManualClock() = default;

Moment ManualClock::now() const {
  std::lock_guard lock(state_->mutex);
  return state_->now;
}

SteadyMoment ManualClock::steady_now() const {
  std::lock_guard lock(state_->mutex);
  return state_->steady;
}

void ManualClock::set(Moment moment) {
  std::lock_guard lock(state_->mutex);
  state_->now = moment;
}

std::unique_ptr<Clock::Sleeper> ManualClock::sleeper(SteadyMoment when, std::function<void()> wake) {
  std::lock_guard lock(state_->mutex);
  State::Key key{when, ++state_->numbers};
  state_->sleepers.emplace(key, std::move(wake));
  return std::make_unique<Sleeping>([state = state_, key] {
    std::lock_guard guard(state->mutex);
    state->sleepers.erase(key);
  });
}

std::optional<SteadyMoment> ManualClock::next() const {
  std::lock_guard lock(state_->mutex);
  if (state_->sleepers.empty()) return std::nullopt;
  return state_->sleepers.begin()->first.first;
}

void ManualClock::advance(std::chrono::nanoseconds d) {
  std::unique_lock lock(state_->mutex);
  auto& sleepers = state_->sleepers;
  auto end = state_->steady + std::chrono::duration_cast<SteadyMoment::duration>(d);
  while (!sleepers.empty() && sleepers.begin()->first.first <= end) {
    auto due = sleepers.extract(sleepers.begin());
    state_->move_to(due.key().first);
    lock.unlock();  // who wakes may ask the time, and sleep again
    due.mapped()();
    lock.lock();
  }
  state_->move_to(end);
}

bool ManualClock::advance_to_next() {
  auto when = next();
  if (when) advance(std::max<SteadyMoment::duration>(*when - steady_now(), {}));
  return when.has_value();
}

}  // namespace broadsheet
