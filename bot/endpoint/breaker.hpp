// Leaves an endpoint alone that fails again and again, and for as long as it asked (contracts: Models 6).
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <optional>

#include "bot/base/time.hpp"
#include "bot/endpoint/reading.hpp"

namespace broadsheet::endpoint {

class Breaker {
 public:
  // What stands in the way of a call now; nothing: go. After the time is over one probe goes first.
  std::optional<Class> closed_by(Moment now) const;
  // One call ended so.
  void note(Class outcome, Moment now, std::optional<std::chrono::milliseconds> told = std::nullopt);
  // Told to wait until then (also by an earlier process).
  void hold(Moment until) { held_until_ = std::max(held_until_, until); }
  Moment held_until() const { return held_until_; }

 private:
  void open(Class why, Moment until);
  void note_failure(Class outcome, Moment now);

  Class why_ = Class::answer;
  Moment open_until_{}, held_until_{};
  std::chrono::seconds next_{60};  // of the next opening
  std::size_t in_row_ = 0, permanent_in_row_ = 0;
  std::deque<bool> last_;  // true: failed
};

}  // namespace broadsheet::endpoint
