// What a digest of several listing days holds, and what it lacks, in sentences for its readers.
#pragma once

#include <string>
#include <vector>

#include "bot/base/time.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::loops {

// One listing day of a digest: whose listings are at hand, and whose are not.
struct CoveredDay {
  Day day{};
  std::vector<Category> held, missing;
};

// "It covers 2 listings: Thu 18 Dec, Fri 19 Dec. Not among them, because their listings could not be had: …"
std::string coverage_text(const std::vector<CoveredDay>& days);

// One after the other; either may be empty.
std::string sentences(const std::string& first, const std::string& then);

}  // namespace broadsheet::loops
