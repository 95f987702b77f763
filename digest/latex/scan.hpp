// Small scanners shared by the text and the formula parser.
#pragma once

#include <cstddef>
#include <string_view>

namespace broadsheet::latex {

inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_blank(char c) {
  return c == ' ' || c == '\n';
}

// Decodes and removes the first code point of valid UTF-8.
inline char32_t take_code_point(std::string_view& s) {
  auto byte = [&s](std::size_t i) { return static_cast<unsigned char>(i < s.size() ? s[i] : 0); };
  unsigned char b = byte(0);
  std::size_t length = b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
  char32_t c = b < 0x80 ? b : b < 0xE0 ? b & 0x1FU : b < 0xF0 ? b & 0x0FU : b & 0x07U;
  for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (byte(i) & 0x3FU);
  s.remove_prefix(length < s.size() ? length : s.size());
  return c;
}

// All bytes of the first character of valid UTF-8.
inline std::string_view first_character(std::string_view s) {
  auto rest = s;
  take_code_point(rest);
  return s.substr(0, s.size() - rest.size());
}

// The name of the command whose backslash is at s[at]: letters, or one other character (all its bytes); empty at the
// end.
inline std::string_view command_name(std::string_view s, std::size_t at) {
  std::size_t end = at + 1;
  while (end < s.size() && is_letter(s[end])) ++end;
  if (end > at + 1 || end >= s.size()) return s.substr(at + 1, end - at - 1);
  auto rest = s.substr(end);
  auto from = rest;
  take_code_point(rest);
  return from.substr(0, from.size() - rest.size());
}

// Groups and formulas longer than this are taken as plain text, so that hostile nesting stays linear.
inline constexpr std::size_t kLongestGroup = 2000;

// The position after the group that starts at s[at] == '{'; `at` itself when there is none or it never closes within
// `longest` characters.
inline std::size_t skip_group(std::string_view s, std::size_t at, std::size_t longest = kLongestGroup) {
  if (at >= s.size() || s[at] != '{') return at;
  int depth = 0;
  for (std::size_t i = at; i < s.size() && i - at < longest; ++i) {
    if (s[i] == '\\') {
      ++i;
    } else if (s[i] == '{') {
      ++depth;
    } else if (s[i] == '}' && --depth == 0) {
      return i + 1;
    }
  }
  return at;
}

}  // namespace broadsheet::latex
