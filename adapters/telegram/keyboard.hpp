// Inline keyboards. A button's callback data is the delivery key, the action and the paper in at most 64 bytes, so
// buttons work after any restart, and the keyboard of a delivery is like no other: recovery finds the message by it
// (contracts: Telegram 9).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "digest/doc/document.hpp"

namespace broadsheet::telegram {

constexpr std::size_t kKeyLength = 32;

// "<key>1:2401.12345", "<key>0:cs.CV/2026-01-13"; the key may be empty (a template). A subject that has no room is left
// out.
std::string callback_data(std::string_view key, const doc::Button& button);

struct Pressed {
  std::string key;
  doc::Button button;
};
// The inverse; nothing for foreign data.
std::optional<Pressed> parse_callback(std::string_view data);

// Rows of buttons as they stand in a message.
using Keyboard = std::vector<std::vector<doc::Button>>;

}  // namespace broadsheet::telegram
