// Answers as outcomes (contracts: Telegram 8): by code first, by known openings of the description second; an unknown
// 400 is final for the message, not for the chat.
#pragma once

#include "adapters/platform.hpp"
#include "adapters/telegram/api.hpp"

namespace broadsheet::telegram {

adapters::SendOutcome outcome_of(const Answer& answer, const adapters::Target& target);
// The server could not read our text: a defect of ours, answered by plain text once (3.7).
bool is_parse_failure(const Answer& answer);
bool is_not_modified(const Answer& answer);
bool is_reply_gone(const Answer& answer);  // the message to be replied to was deleted

}  // namespace broadsheet::telegram
