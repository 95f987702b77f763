// What the server would say of a message, decided here (contracts: Telegram 3.1, 3.2; vectors: limits,
// entities_parameter). Every message that is sent has passed.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "adapters/telegram/text.hpp"
#include "bot/base/result.hpp"

namespace broadsheet::telegram {

enum class Use : std::uint8_t { message, caption };

// The server's verdict on text and entities as they are sent. Errors: bad_input with the server's words.
Status validate(const FormattedText& message, Use use = Use::message);
// The text as the server keeps it before trimming.
std::string as_the_server_cleans(std::string_view text);

}  // namespace broadsheet::telegram
