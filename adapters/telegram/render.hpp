// Parts of a digest into as few messages as read well (spec: commands 9; performance 4).
#pragma once

#include <vector>

#include "adapters/platform.hpp"

namespace broadsheet::telegram {

std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                           const adapters::RenderOptions& options);

}  // namespace broadsheet::telegram
