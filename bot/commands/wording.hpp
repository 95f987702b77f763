// Pieces that several answers share.
#pragma once

#include <string>
#include <string_view>

#include "bot/commands/answers.hpp"

namespace broadsheet::commands {

doc::Text code(std::string_view text);
// A command as it is typed in that place: "/arxiv help".
std::string typed(const Context& context, std::string_view command);
// " target:C1" where an offered command needs it.
std::string target_of(const Context& context);
// A command that changes what the place gets, as it works where the answer is read: "/unsubscribe #1 target:-100".
std::string typed_there(const Context& context, std::string_view command);
// "Fri 16 Jan 09:00 CET"
std::string when_text(const Zone& zone, Moment moment);

}  // namespace broadsheet::commands
