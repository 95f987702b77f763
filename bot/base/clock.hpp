// The one source of time. Services receive a Clock&; tests and `--clock` own it. `now()` may jump (wall clock);
// durations are measured with `steady_now()`. Thread-safe.
#pragma once

#include <chrono>

#include "bot/base/time.hpp"

namespace broadsheet {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Moment now() const = 0;
  virtual SteadyMoment steady_now() const = 0;
  // Real time that has to pass for `d` of this clock's time (a clock at rate 60 answers d/60). Timers use it.
  virtual std::chrono::nanoseconds real(std::chrono::nanoseconds d) const { return d; }
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

// For tests: stands still until told.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Moment start) : now_(start) {}
  Moment now() const override { return now_; }
  SteadyMoment steady_now() const override { return steady_; }
  void advance(std::chrono::milliseconds d) {
    now_ += d;
    steady_ += d;
  }
  void set(Moment moment) { now_ = moment; }

 private:
  Moment now_;
  SteadyMoment steady_{};
};

}  // namespace broadsheet
