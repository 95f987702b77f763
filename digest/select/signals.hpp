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
// True if a sentence of the abstract reports a measured gain.
bool reports_numbers(const Paper& paper);

}  // namespace broadsheet::select
