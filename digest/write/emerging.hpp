// What is unusual today: phrases in clearly more papers than their fields make one expect.
#pragma once

#include <string>
#include <vector>

#include "digest/model/paper.hpp"

namespace broadsheet::write {

struct Emerging {
  std::string label;                // "flow matching"
  std::vector<std::size_t> papers;  // indexes, in the given order; at least three, by different authors
  double usual = 0;                 // papers of such a day that name it usually
};

// Most unusual first; none where nothing holds.
std::vector<Emerging> find_emerging(const std::vector<Paper>& papers, std::size_t most);

}  // namespace broadsheet::write
