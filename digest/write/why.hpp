// Why a paper is here in the terms of its day: the theme it belongs to, and what it alone is about.
#pragma once

#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

// Puts such a reason in place of the cards' reasons of kind topic; `papers` is the listing, `themes` those of its
// summary. A reason that says little (many categories) goes where others stand.
void place_in_day(std::vector<Card>& cards, const std::vector<Theme>& themes, const std::vector<Paper>& papers);

}  // namespace broadsheet::write
