// Commands and what they stand for. All look-ups are by the name without its backslash.
#pragma once

#include <string_view>

namespace broadsheet::latex::tables {

// Symbols, Greek letters and operators, in math and outside; empty if unknown.
std::string_view symbol(std::string_view name);
// Special letters (\o, \ss …) that swallow a following {} or space.
std::string_view letter(std::string_view name);
// Combining mark of a text accent (' ` ^ " ~ = . c v H u k r d b t); empty if it is none.
std::string_view accent(std::string_view name);
// Combining mark of a math accent (hat, bar …).
std::string_view math_accent(std::string_view name);
// log, sin, max …
bool is_function(std::string_view name);
// \em, \it, \bf …: switches without an argument.
bool is_font_switch(std::string_view name);
// \cite, \ref, \label …: vanish with their arguments.
bool vanishes(std::string_view name);
// Spacing and layout commands that stand for one space.
bool is_space(std::string_view name);
// Layout commands that stand for nothing: \left, \displaystyle, \noindent …
bool is_nothing(std::string_view name);
// \mathbb of one letter; empty if there is no double-struck form in use.
std::string_view double_struck(char letter);
// Superscript and subscript forms of one character; empty if there is none.
std::string_view superscript(char32_t c);
std::string_view subscript(char32_t c);

}  // namespace broadsheet::latex::tables
