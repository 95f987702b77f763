// Pieces that several answers share.
#pragma once

#include <string>
#include <string_view>

#include "bot/commands/answers.hpp"

namespace broadsheet::commands {

doc::Text code(std::string_view text);
// A command as it is typed in that place: "/arxiv help".
std::string typed(const Context& context, std::string_view command);
// "Fri 16 Jan 09:00 CET"
std::string when_text(const Zone& zone, Moment moment);

}  // namespace broadsheet::commands
