#include "bot/loops/coverage.hpp"

#include "bot/base/text.hpp"

namespace broadsheet::loops {
namespace {

constexpr std::size_t kListed = 5;  // more are told by the first and the last

std::string listed(const std::vector<std::string>& days) {
  return days.size() <= kListed ? text::join(days, ", ") : days.front() + " to " + days.back();
}

// "Thu 18 Dec", "cs.RO of Thu 18 Dec"
std::string missing_text(const CoveredDay& day) {
  if (day.held.empty()) return short_date(day.day);
  std::vector<std::string> codes;
  for (const auto& category : day.missing) codes.push_back(category.str());
  return listed(codes) + " of " + short_date(day.day);
}

}  // namespace

std::string coverage_text(const std::vector<CoveredDay>& days) {
  std::vector<std::string> held, missing;
  for (const auto& day : days) {
    if (!day.held.empty()) held.push_back(short_date(day.day));
    if (!day.missing.empty()) missing.push_back(missing_text(day));
  }
  auto count = std::to_string(held.size()) + (held.size() == 1 ? " day: " : " days: ");
  auto out = "It covers the listings of " + count + listed(held) + ".";
  if (missing.empty()) return out;
  auto lacks =
      missing.size() > kListed ? std::to_string(missing.size()) + " days, " + listed(missing) : listed(missing);
  return out + " Not in it, because the listing could not be had: " + lacks + ".";
}

std::string sentences(const std::string& first, const std::string& then) {
  return first.empty() || then.empty() ? first + then : first + " " + then;
}

}  // namespace broadsheet::loops
