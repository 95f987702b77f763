// What the readers of commands, interactivity and events share. Internal to this adapter.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "adapters/slack/payload.hpp"

namespace broadsheet::slack {

inline constexpr std::size_t kMaxId = 255;

// & < > as Slack writes them in text it passes on, undone once (contracts: Slack 3).
std::string unescape(std::string_view text);
// Longer than any command; the parser says so to the person.
std::string bounded(std::string_view text);
Result<model::Target> target(std::string_view team, std::string_view channel);
Status check_id(std::string_view id, std::string_view what);

Inbound accepted(model::CommandEvent event, std::string team, std::string kind);
Inbound ignored(std::string kind);

// An event_callback, or what else comes to the Events API.
Result<Inbound> read_event(const nlohmann::json& tree, Moment received);

}  // namespace broadsheet::slack
