// Facts in a record that speak for a paper: links, venue, kind. Shared by selection (reasons) and the writer (badges).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::select {

// Badges from comment and abstract. Addresses are https, from hosts where code and data live; never shortened or
// guessed.
std::vector<Badge> badges(const Paper& paper);
// "7.6%", "3×": the first difference that the abstract measures against something else ("outperforms … by 7.6%",
// "3× faster"), or empty. Plain figures ("reaches 91%") are none.
std::string measured_difference(const Paper& paper);

}  // namespace broadsheet::select
