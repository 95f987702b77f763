// The one source of time. Services receive a Clock&; tests and `--clock` own it. `now()` may jump (wall clock);
// durations are measured with `steady_now()`. Thread-safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "bot/base/time.hpp"

namespace broadsheet {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Moment now() const = 0;
  virtual SteadyMoment steady_now() const = 0;
  // Real time that has to pass for `d` of this clock's time (a clock at rate 60 answers d/60). Timers use it.
  virtual std::chrono::nanoseconds real(std::chrono::nanoseconds d) const { return d; }

  // Somebody who waits for a moment; destroyed, it is woken no more.
  class Sleeper {
   public:
    Sleeper() = default;
    Sleeper(const Sleeper&) = delete;
    Sleeper& operator=(const Sleeper&) = delete;
    virtual ~Sleeper() = default;
  };
  // A clock that somebody moves calls `wake` once, on the thread that moves it past `when`. Null: this clock moves by
  // itself, and a timer over `real` time does it. Waits are made with async::Timer, which knows both.
  virtual std::unique_ptr<Sleeper> sleeper(SteadyMoment /*when*/, std::function<void()> /*wake*/) { return nullptr; }
};

class SystemClock final : public Clock {
 public:
  Moment now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  SteadyMoment steady_now() const override { return std::chrono::steady_clock::now(); }
};

// `--clock TIME[xRATE]`: starts at `start` and runs at `rate`.
class ScaledClock final : public Clock {
 public:
  ScaledClock(Moment start, double rate) : start_(start), rate_(rate), origin_(std::chrono::steady_clock::now()) {}
  Moment now() const override { return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(elapsed()); }
  SteadyMoment steady_now() const override {
    return origin_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(elapsed());
  }
  std::chrono::nanoseconds real(std::chrono::nanoseconds d) const override {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double, std::nano>(d) / rate_);
  }

 private:
  std::chrono::duration<double, std::nano> elapsed() const {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - origin_) * rate_;
  }
  Moment start_;
  double rate_;
  SteadyMoment origin_;
};

// For tests: stands still until told, and wakes those who sleep. Who still sleeps may outlive it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Moment start);
  ~ManualClock() override;
  ManualClock(const ManualClock&) = delete;
  ManualClock& operator=(const ManualClock&) = delete;
  Moment now() const override;
  SteadyMoment steady_now() const override;
  std::unique_ptr<Sleeper> sleeper(SteadyMoment when, std::function<void()> wake) override;
  // Wakes whose moment comes, in order, each at its moment.
  void advance(std::chrono::nanoseconds d);
  // To the next moment that somebody waits for; false when nobody does.
  bool advance_to_next();
  // Nothing when nobody waits.
  std::optional<SteadyMoment> next() const;
  // The wall clock alone.
  void set(Moment moment);

 private:
  class State;
  std::shared_ptr<State> state_;  // shared with the sleepers
};

}  // namespace broadsheet
