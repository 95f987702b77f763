// One paper's card, from its abstract alone: every sentence on it is a sentence of the abstract, at most shortened by
// deletion (opening.hpp, shortening.hpp). Nothing is invented: a limit is shown only where the authors state one.
#pragma once

#include <vector>

#include "digest/model/digest.hpp"
#include "digest/write/roles.hpp"
#include "digest/write/tldr.hpp"

namespace broadsheet::write {

Card write_card(const Paper& paper, AnnounceType type, const std::vector<Reason>& why);

}  // namespace broadsheet::write
