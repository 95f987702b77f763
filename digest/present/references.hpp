// Bibliography entries for reference managers: RIS and CSL-JSON.
#pragma once

#include <string>
#include <vector>

#include "digest/model/paper.hpp"

namespace broadsheet::present {

// One record from "TY  - " to "ER  - ".
std::string to_ris(const Paper& paper);
// An array of items, as citeproc and Pandoc read it.
std::string to_csl_json(const std::vector<Paper>& papers);

}  // namespace broadsheet::present
