// Budgets of one message (contracts: Telegram 3.1 and 3.6) and splitting what is over them.
#pragma once

#include <cstddef>
#include <vector>

#include "adapters/telegram/text.hpp"

namespace broadsheet::telegram {

// The server counts code points; UTF-16 units are never fewer, so this budget is safe (contracts: Telegram 3.1).
struct Limits {
  std::size_t units = 4096;
  std::size_t entities = 100;
  std::size_t entity_bytes = 9500;
};

struct Measure {
  std::size_t units = 0, entities = 0, entity_bytes = 0;
};
Measure measure(const FormattedText& text);
bool fits(const FormattedText& text, const Limits& limits = {});

// Parts that fit, in order, joined again the text but for white space at the cuts. Cuts stand, by preference, at a
// blank line, a line, a sentence, a word; never inside a surrogate pair, a grapheme, and not inside a link, a word or a
// formula that would fit whole. Entities that cross a cut are closed and opened again.
std::vector<FormattedText> split(const FormattedText& text, const Limits& limits = {});

}  // namespace broadsheet::telegram
