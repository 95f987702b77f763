// Answers of the Bot API as outcomes of a send (contracts: Telegram 8 and 9).
#pragma once

#include "adapters/platform.hpp"
#include "adapters/telegram/api.hpp"

namespace broadsheet::telegram {

// The line is the first byte of the request: before it nothing was done, after it only a full answer tells (contracts:
// Telegram 9).
adapters::SendOutcome send_outcome(const Failure& failure, const model::Target& target);
// Our formatting was refused: plain text may still pass, once (contracts: Telegram 3.7).
bool wants_plain_text(const Failure& failure);

}  // namespace broadsheet::telegram
