// A displayed name taken apart, as bibliographies want it.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::present {

struct PersonName {
  std::string given, particle, family, suffix;  // "Ada", "van der", "Brook", "Jr."
};

// "Ada van der Brook Jr."; a single word is a family name. Which words are particles is a matter of spelling: lower
// case ones, and capital ones that people treat as part of the family name ("De Luca").
PersonName parse_person(std::string_view name);
// "van der Brook, Ada, Jr." (RIS puts the suffix last.)
std::string last_first(const PersonName& name);

}  // namespace broadsheet::present
