// The day's themes: phrases that several titles share, chosen to cover much of the listing with little overlap.
#pragma once

#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

struct ThemeGroup {
  std::string label;                // "video diffusion"
  std::vector<std::size_t> papers;  // indexes, in the given order
};

// At most `most` groups of at least two papers each; a paper is in one group only.
std::vector<ThemeGroup> find_themes(const std::vector<Paper>& papers, std::size_t most);

}  // namespace broadsheet::write
