// Whether a text says more, surer or the other way round than the sentences it cites. Pure.
#pragma once

#include <string_view>

#include "digest/model_writer/defect.hpp"
#include "digest/model_writer/wording.hpp"

namespace broadsheet::model_writer {

// "first", "state of the art", praise and the like only where the cited sentences have a word of that class.
Defect overclaimed(const Folded& text, const Folded& cited);
// Comparisons keep their direction: higher and lower, more and fewer, faster and slower.
Defect turned_round(const Folded& text, const Folded& cited);
Defect surer(const Folded& text, const Folded& cited);
Defect denies(const Folded& text, const Folded& cited);

}  // namespace broadsheet::model_writer
