// Key findings: what a paper found, measured or proved.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "digest/write/roles.hpp"

namespace broadsheet::write {

// The numbers of the sentences that tell the results, in abstract order, at most `most`: measured results and claimed
// gains first, statements and bounds of mathematics; no background, no resource, no outlook; never `except`. Sentences
// that lean on the one before are taken only where as_point() resolves them or that one can be shown with them.
std::vector<std::size_t> findings(const std::vector<RoledSentence>& sentences, std::size_t most = 3,
                                  std::size_t except = static_cast<std::size_t>(-1));
// As they are shown: one that leans together with the sentence before it. `chosen` gains the numbers of those.
std::vector<std::string> shown_findings(const std::vector<RoledSentence>& sentences, std::vector<std::size_t>& chosen);
// One sentence as a point of the list.
std::string finding_text(const std::string& sentence);

}  // namespace broadsheet::write
