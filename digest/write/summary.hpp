// The executive summary of a day: every statement names the papers it rests on.
#pragma once

#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::write {

// `cards` are the shown papers in order, `papers` the whole listing.
ExecutiveSummary write_summary(const std::vector<Card>& cards, const std::vector<Paper>& papers,
                               const Selection& selection);
// "TideFlow" for "TideFlow: Streaming …", else the title in quotation marks.
std::string short_name(const Paper& paper);

}  // namespace broadsheet::write
