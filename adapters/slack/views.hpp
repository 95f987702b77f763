// Forms, panels, the App Home, cards under links and the answer to a category search, as JSON (contracts: Slack 4, 9).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "adapters/slack/handles.hpp"

namespace broadsheet::slack {

enum class Guide : std::uint8_t { subscribe, search };

// For views.open; `channel` comes back from the client and is checked again when the command runs.
std::string modal_for(Guide guide, std::string_view trigger, std::string_view channel);
// The answer to an empty command: buttons whose values begin with kRun.
inline constexpr std::string_view kRun = "run:";
std::string panel();
// For views.publish. `sections`: answers by the command that gave them, as {"text", "blocks"}.
std::string home_view(std::string_view user, const std::map<std::string, std::string>& sections);
// For chat.unfurl: what a person would read, under that link.
std::string unfurl_body(const Unfurl& link, std::string_view said);
// {"options": […]} for what was typed so far.
std::string category_options(std::string_view typed);

}  // namespace broadsheet::slack
