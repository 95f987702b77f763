// Whether a message speaks to us, and what it says (contracts: Matrix 7; spec: commands 2): the prefix at the beginning
// of a line, a mention as the first word, or a structured command. Pure. Internal to the adapter.
#pragma once

#include <optional>
#include <string>

#include "adapters/matrix/incoming.hpp"

namespace broadsheet::matrix {

// What a person typed after the prefix or the mention, one line; nothing when the message is not for us.
std::optional<std::string> addressed_text(const Json& content, const Self& self);
// The first line as a person meant it: quotes of replies, no-break blanks, curly quotes and invisible marks are gone.
std::string first_line(const Json& content);

}  // namespace broadsheet::matrix
