// The page of a preview target: every message as it would be posted. Pure. Internal to bot/pages.
#pragma once

#include <string>
#include <vector>

#include "bot/pages/pages.hpp"

namespace broadsheet::pages {

// Newest post first; what stands in a thread is shown under its first message, oldest first.
std::string preview_page(const std::string& name, const std::vector<PreviewMessage>& messages);

}  // namespace broadsheet::pages
