// What no text of a model may hold, whatever it says: links, mentions, markup, controls, characters that nobody sees,
// talk to the asker, orders. Pure.
#pragma once

#include <string_view>

#include "digest/model_writer/defect.hpp"
#include "digest/model_writer/wording.hpp"

namespace broadsheet::model_writer {

// Defect::none if it is clean.
Defect unclean(std::string_view text, const Folded& folded);

}  // namespace broadsheet::model_writer
