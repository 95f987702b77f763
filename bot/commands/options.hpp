// The value of one option, checked and put where it belongs.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bot/commands/parse.hpp"

namespace broadsheet::commands {

std::optional<UserError> apply_option(ParsedCommand& command, const OptionSpec& option, std::string_view value);
// "brief, cards, full or titles", "1 to 50"
std::string allowed_text(const OptionSpec& option);

}  // namespace broadsheet::commands
