// Bibliography entries of one paper.
#pragma once

#include <string>

#include "digest/model/paper.hpp"

namespace broadsheet::present {

// "@misc{brook2026tideflow, …}"; the key is made of first author, year and first title word, and never changes.
std::string to_bibtex(const Paper& paper);
std::string to_ris(const Paper& paper);

}  // namespace broadsheet::present
