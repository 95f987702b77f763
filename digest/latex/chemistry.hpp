// mhchem: \ce{2H2 + O2 -> 2H2O} as it is printed.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace broadsheet::latex {

// `maths` reads source as a formula.
std::string chemistry(std::string_view source, const std::function<std::string(std::string_view)>& maths);

}  // namespace broadsheet::latex
