// Where a digest that was posted can be read by everybody.
#pragma once

#include <string>
#include <vector>

#include "bot/base/time.hpp"
#include "bot/model/subscription.hpp"

namespace broadsheet::loops {

// What a digest was made from and with.
struct Posted {
  const std::vector<Category>& categories;
  Day day{};
  bool several_days = false;
  const model::Effective& options;
};
// The address of the page that shows the same; empty where pages show none (no public address, several categories or
// days, or a digest by a filter, interests or a length that are not the `usual` ones of the service).
std::string public_page(const std::string& public_url, const Posted& posted, const model::Effective& usual);

}  // namespace broadsheet::loops
