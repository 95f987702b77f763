// Our time: wall time at the start, and from then on the monotonic clock, so that nobody who sets the clock makes rows
// due, late or expired. The store speaks wall time, which other processes read: rows and moments are translated where
// they come in and where they go out, and nowhere else.
#pragma once

#include "bot/base/clock.hpp"
#include "bot/model/outbox_row.hpp"

namespace broadsheet::delivery {

class OwnTime {
 public:
  explicit OwnTime(const Clock& clock) : clock_(clock), steady_base_(clock.steady_now()), wall_base_(clock.now()) {}

  Moment now() const {
    return wall_base_ + std::chrono::duration_cast<std::chrono::milliseconds>(clock_.steady_now() - steady_base_);
  }
  Moment to_wall(Moment own) const { return own + skew(); }
  model::OutboxRow from_store(model::OutboxRow row) const {
    for (auto* moment : {&row.first_t0, &row.t0, &row.due, &row.expires}) *moment -= skew();
    return row;
  }

 private:
  // From ours to the wall clock's.
  std::chrono::milliseconds skew() const { return clock_.now() - now(); }

  const Clock& clock_;
  SteadyMoment steady_base_;
  Moment wall_base_;
};

}  // namespace broadsheet::delivery
