// The day's themes: phrases that several titles share and subjects with many names (digest/select/kin.tsv), chosen to
// cover much of the listing with little overlap; papers that are clearly near one; then categories that many of the
// rest are listed in.
#pragma once

#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

struct ThemeGroup {
  std::string label;                // "video diffusion"
  std::vector<std::size_t> papers;  // indexes, in the given order
};

// At most `most` groups by subject and a few by category, of at least two papers each, the largest first; a paper is in
// one group only.
std::vector<ThemeGroup> find_themes(const std::vector<Paper>& papers, std::size_t most);

}  // namespace broadsheet::write
