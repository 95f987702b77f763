// The extractive writer: cards and summary from the abstracts' own sentences. No model and no network; the same input
// gives the same bytes.
#pragma once

#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

// Its name and version. A change of what it writes changes the version.
inline constexpr std::string_view kExtractive = "extractive/1";

struct Written {
  std::vector<Card> cards;
  ExecutiveSummary summary;
};

// Cards and summary of the shown papers, in order. Pure.
Written extract(const Selection& selection, const std::vector<Paper>& papers);

}  // namespace broadsheet::write
