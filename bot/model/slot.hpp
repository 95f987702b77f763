// What a subscription was given in its runs.
#pragma once

#include <string>

#include "bot/base/time.hpp"
#include "bot/model/names.hpp"

namespace broadsheet::model {

// One run of a subscription: each happens at most once (design: reliability P6).
struct Slot {
  SubscriptionId subscription;
  RunName run;
  Day local_day{};
  std::string state;  // "posted", "notice", "skipped"
  std::string detail;
  Moment at{};
};

}  // namespace broadsheet::model
