// The guided form of `subscribe`, the App Home and the answer to a category search, as JSON (contracts: Slack 4).
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::slack {

// For views.open; `channel` comes back from the client and is checked again when the command runs.
std::string subscribe_modal(std::string_view trigger, std::string_view channel);
// For views.publish.
std::string home_view(std::string_view user);
// {"options": […]} for what was typed so far.
std::string category_options(std::string_view typed);

}  // namespace broadsheet::slack
