// Characters that LaTeX names by number.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::latex {

// UTF-8; empty for what is no character a reader may see (surrogates, controls, beyond Unicode).
std::string utf8(char32_t c);
// "x2013", "0x2013", "U+2013", "\"2013" (hexadecimal) or "8211"; 0 if it is none of these.
char32_t code_point(std::string_view s);
// Zapf Dingbats by their number in the font: "182" is ❶.
std::string dingbat(std::string_view number);
// 1 to 3999 in small letters; else the digits.
std::string roman(std::string_view number);

}  // namespace broadsheet::latex
