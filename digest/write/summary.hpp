// The executive summary of a day: every statement names the papers it rests on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

// Label of the last theme, which holds the shown papers that share their subject with none.
inline constexpr std::string_view kOtherSubjects = "other subjects";

// The same words for every order of `papers`. `cards` are the shown papers in order, `papers` the whole listing.
ExecutiveSummary write_summary(const std::vector<Card>& cards, const std::vector<Paper>& papers,
                               const Selection& selection);
// "TideFlow" for "TideFlow: Streaming …", else the title in quotation marks.
std::string short_name(const Paper& paper);

}  // namespace broadsheet::write
