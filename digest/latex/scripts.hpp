// Pieces of formulas put into one line of Unicode: scripts, fractions, marks (contracts: arXiv 9, rules 9 and 10).
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::latex {

// A space that TeX asked for, which trimming must keep; it becomes a blank at the end.
inline constexpr char kHardSpace = '\x01';

// "²", "_CE", "^(1,α)": a script as Unicode where every character has a form, else in one line.
std::string superscript(std::string_view argument);
std::string subscript(std::string_view argument);
// Outside maths only digits become Unicode (rule 11): "⁻³", "^ab", "^(1+d)"; `mark` is ^ or _.
std::string text_script(std::string_view argument, char mark);
// In parentheses unless it is a word, a number or a function of a word.
std::string bracketed(std::string_view argument);
std::string fraction(std::string_view top, std::string_view bottom);
// The combining mark on the first letter where the rest is only its scripts and marks; else the argument alone.
std::string marked(std::string_view argument, std::string_view mark);
// The mark on the first letter, whatever follows (accents of text).
std::string accented(std::string_view argument, std::string_view mark);
std::string double_struck(std::string_view argument);

// Letters and digits of any alphabet that formulas use, without scripts; and with them.
bool is_word_character(char32_t c);
bool is_script_character(char32_t c);
bool is_word(std::string_view s);
// What multiplies when it stands beside a fraction.
bool is_factor_before(std::string_view text);
bool is_factor_after(std::string_view text);

}  // namespace broadsheet::latex
