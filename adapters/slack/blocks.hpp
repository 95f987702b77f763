// Block Kit from the neutral document (contracts: Slack 10, 11). Foreign text stands in rich_text and plain_text only,
// where Slack reads it literally; mrkdwn is made by escape() alone, for the fallback `text`.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/slack/mrkdwn.hpp"

namespace broadsheet::slack {

inline constexpr std::size_t kMaxBlocks = 50;
// All blocks of a message, in escaped UTF-16 units; Slack refuses from about 13,200 on.
inline constexpr std::size_t kTextBudget = 10000;
inline constexpr std::size_t kHeaderCost = 100;
// chat.update counts UTF-8 bytes and refuses above 4,000.
inline constexpr std::size_t kFallbackBytes = 3800;

// {"text": …, "blocks": […]}, without address, key and thread.
struct Rendered {
  std::string body;
  std::string fallback;    // as a person reads it, whole and not escaped
  std::size_t blocks = 0;  // how many
  std::size_t units = 0;   // of kTextBudget
};
Rendered render_document(const doc::Document& document);
// Parts under one another, a divider between them.
doc::Document join(const std::vector<adapters::Part>& parts);

// Platform::render.
std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                           const adapters::RenderOptions& options);

// A button's value and back. Values come back from a client: they name, they do not authorise.
std::string button_value(const doc::Button& button);
std::optional<doc::Button> read_button(std::string_view value);
// The one paper that the buttons of a message are about; empty: none, or several.
PaperId paper_in_buttons(const nlohmann::json& message);

}  // namespace broadsheet::slack
