// How often somebody may do something: so many times in any minute. Bounded memory; measured time only.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "bot/base/time.hpp"

namespace broadsheet::commands {

class RateWindow {
 public:
  // `most`: 0 for any number.
  explicit RateWindow(std::size_t most) : most_(most) {}

  struct Verdict {
    std::optional<std::chrono::seconds> wait;  // nothing: go on
    bool tell = false;                         // the refusal has not been told in this minute yet
  };
  Verdict take(const std::string& who, SteadyMoment now);

 private:
  struct Taken {
    std::deque<SteadyMoment> times;
    std::optional<SteadyMoment> told;
  };
  void forget_old(SteadyMoment now);

  std::size_t most_;
  std::map<std::string, Taken> taken_;
};

}  // namespace broadsheet::commands
