// Days as people write them. All are listing days (spec: commands 3).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "bot/commands/parse.hpp"
#include "bot/commands/words.hpp"

namespace broadsheet::commands {

struct DateReading {
  std::size_t used = 0;            // words that belong to it; 0: this is no date
  std::optional<DateRange> range;  // nothing: latest
  bool wrong = false;              // meant as a date, but none that can be used
  std::string why;                 // of wrong, when there is more to say; without full stop
};
DateReading read_date(std::span<const Word> words, Day today);

}  // namespace broadsheet::commands
