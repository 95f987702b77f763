// Key findings: what a paper found, measured or proved.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "digest/write/roles.hpp"

namespace broadsheet::write {

// The numbers of the sentences that tell the results, in abstract order, at most `most`: measured results and claimed
// gains first, statements and bounds of mathematics; no background, no resource, no outlook. `except` is not taken
// unless there is nothing else. Sentences that lean on the one before are taken only where standing_alone() resolves
// them.
std::vector<std::size_t> findings(const std::vector<RoledSentence>& sentences, std::size_t most = 3,
                                  std::size_t except = static_cast<std::size_t>(-1));
// The same as they are shown.
std::string finding_text(const std::string& sentence);

}  // namespace broadsheet::write
