// siunitx: numbers and units as they are printed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace broadsheet::latex::units {

// Reads source as a formula.
using Maths = std::function<std::string(std::string_view)>;

// "1.5e3" is 1.5×10³, "2 +- 1" is 2±1.
std::string number(std::string_view source, const Maths& maths);
// "\kilo\metre\per\second" is km s⁻¹.
std::string unit(std::string_view source, const Maths& maths);
// "100 ms", "99.9%", "20°".
std::string quantity(std::string_view value, std::string_view unit_source, const Maths& maths);
// "12;30;5" is 12°30′5″.
std::string angle(std::string_view source, const Maths& maths);
// "1–2 GHz"; without a unit "1–2".
std::string range(std::string_view from, std::string_view to, std::string_view unit_source, const Maths& maths);
// "1;2;3" is "1, 2 and 3 m".
std::string list(std::string_view values, std::string_view unit_source, const Maths& maths);

}  // namespace broadsheet::latex::units
