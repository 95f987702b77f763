#include "digest/latex/characters.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "bot/base/text.hpp"

namespace broadsheet::latex {
namespace {

unsigned number(std::string_view s, int base) {
  unsigned value = 0;
  auto [end, error] = std::from_chars(s.data(), s.data() + s.size(), value, base);
  return error == std::errc() && end == s.data() + s.size() ? value : 0;
}

bool is_hidden(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         c == 0xAD || (c >= 0xE000 && c <= 0xF8FF) || c >= 0xE0000;
}

// The positions whose character is not in Unicode's Dingbats block.
constexpr auto kOtherDingbats = std::to_array<std::pair<unsigned, char32_t>>({{37, 0x260E},
                                                                              {42, 0x261B},
                                                                              {43, 0x261E},
                                                                              {72, 0x2605},
                                                                              {108, 0x25CF},
                                                                              {110, 0x25A0},
                                                                              {115, 0x25B2},
                                                                              {116, 0x25BC},
                                                                              {117, 0x25C6},
                                                                              {119, 0x25D7},
                                                                              {168, 0x2663},
                                                                              {169, 0x2666},
                                                                              {170, 0x2665},
                                                                              {171, 0x2660},
                                                                              {213, 0x2192},
                                                                              {214, 0x2194},
                                                                              {215, 0x2195}});

char32_t dingbat_point(unsigned n) {
  for (auto [position, c] : kOtherDingbats)
    if (position == n) return c;
  if (n >= 172 && n <= 181) return 0x2460 + n - 172;  // circled 1 to 10
  if (n >= 33 && n <= 126) return 0x2700 + n - 32;
  if (n >= 161 && n <= 254 && n != 240) return 0x2700 + n - 64;
  return 0;
}

}  // namespace

std::string utf8(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xD800 && c < 0xE000) || is_hidden(c)) return {};
  if (c == 0xA0) return " ";
  std::string out;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0U | (c >> 6U));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0U | (c >> 12U));
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
  } else {
    out += static_cast<char>(0xF0U | (c >> 18U));
    out += static_cast<char>(0x80U | ((c >> 12U) & 0x3FU));
    out += static_cast<char>(0x80U | ((c >> 6U) & 0x3FU));
  }
  if (c >= 0x80) out += static_cast<char>(0x80U | (c & 0x3FU));
  return out;
}

char32_t code_point(std::string_view s) {
  s = text::trim(s);
  for (std::string_view prefix : {"0x", "0X", "U+", "u+", "x", "X", "\"", "U", "u"})
    if (s.starts_with(prefix)) return number(s.substr(prefix.size()), 16);
  if (s.starts_with('\'')) return number(s.substr(1), 8);
  return number(s, 10);
}

std::string dingbat(std::string_view s) {
  return utf8(dingbat_point(code_point(s)));
}

std::string roman(std::string_view s) {
  static constexpr std::array<std::pair<unsigned, std::string_view>, 13> kParts = {{{1000, "m"},
                                                                                    {900, "cm"},
                                                                                    {500, "d"},
                                                                                    {400, "cd"},
                                                                                    {100, "c"},
                                                                                    {90, "xc"},
                                                                                    {50, "l"},
                                                                                    {40, "xl"},
                                                                                    {10, "x"},
                                                                                    {9, "ix"},
                                                                                    {5, "v"},
                                                                                    {4, "iv"},
                                                                                    {1, "i"}}};
  auto n = number(text::trim(s), 10);
  if (n == 0 || n > 3999) return std::string(s);
  std::string out;
  for (auto [value, letters] : kParts)
    for (; n >= value; n -= value) out += letters;
  return out;
}

}  // namespace broadsheet::latex
