// One paper's card, from its abstract alone: every sentence on it is a sentence of the abstract, at most shortened by
// an opening such as "In this paper,". Nothing is invented: a limit is shown only where the authors state one.
#pragma once

#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/write/roles.hpp"
#include "digest/write/tldr.hpp"

namespace broadsheet::write {

// Results with numbers first, in abstract order, as they stand; no background.
std::vector<std::string> findings(const std::vector<RoledSentence>& sentences, std::size_t most = 3);
Card write_card(const Paper& paper, AnnounceType type, const std::vector<Reason>& why);

}  // namespace broadsheet::write
