// Moments in sentences for operators.
#pragma once

#include <string>

#include "bot/base/time.hpp"

namespace broadsheet {

// "2026-01-13 20:15 UTC"
inline std::string in_words(Moment moment) {
  return to_string(std::chrono::floor<std::chrono::days>(moment)) + " " + Zone::utc().clock_text(moment);
}

}  // namespace broadsheet
