// The inside of a formula to display text (contracts: arXiv 9, rules 9 and 10).
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::latex {

std::string math_to_text(std::string_view tex);
// "²", "_CE", "^(1,α)": a script as Unicode where every character has a form, else in one line.
std::string superscript(const std::string& argument);
std::string subscript(const std::string& argument);

}  // namespace broadsheet::latex
