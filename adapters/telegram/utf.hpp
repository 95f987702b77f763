// Walking UTF-8 that is known to be valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace broadsheet::telegram {

// The code point at s[i]; `i` moves behind it.
char32_t next_code_point(std::string_view s, std::size_t& i);
void append_utf8(std::string& out, char32_t c);
inline std::size_t units_of(char32_t c) {
  return c > 0xFFFF ? 2 : 1;
}
inline bool is_word_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}
inline bool is_blank(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}
inline bool beyond_ascii(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace broadsheet::telegram
