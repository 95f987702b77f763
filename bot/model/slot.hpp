// What a subscription was given on a local date.
#pragma once

#include <string>

#include "bot/base/time.hpp"

namespace broadsheet::model {

// One planned post of a subscription: at most one for a local date (design: reliability P6).
struct Slot {
  std::string subscription;
  Day local_day{};
  std::string state;  // "posted", "notice", "skipped"
  std::string detail;
  Moment at{};
};

}  // namespace broadsheet::model
