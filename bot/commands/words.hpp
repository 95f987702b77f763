// Typed text cut into words: phone keyboards' quotes and dashes undone, links unwrapped, quotes kept together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::commands {

struct Word {
  std::string raw;   // as typed, quotes included
  std::string text;  // without the quotes
  bool quoted = false;
  bool operator==(const Word&) const = default;
};

// One line of valid UTF-8: curly quotes, long dashes, full-width marks and odd spaces become plain ones, invisible
// characters go.
std::string normalised(std::string_view typed);
// "<https://x|y>" becomes the address or, where it only repeats it, the label; mentions go.
std::string unwrapped(std::string_view text);
// A quote that is not closed reaches to the end. A value may stand in single quotes, so that it can hold double ones.
std::vector<Word> words_of(std::string_view text);

}  // namespace broadsheet::commands
