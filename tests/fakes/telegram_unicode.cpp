#include <unicode/uchar.h>

#include "tests/fakes/telegram_markup.hpp"

namespace broadsheet::fakes::utf {

char32_t next(std::string_view s, std::size_t& at) {
  auto lead = static_cast<unsigned char>(s[at++]);
  if (lead < 0x80) return lead;
  int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t c = lead & (0x3FU >> static_cast<unsigned>(more));
  for (; more > 0 && at < s.size(); --more) c = (c << 6U) | (static_cast<unsigned char>(s[at++]) & 0x3FU);
  return c;
}

char32_t previous(std::string_view s, std::size_t& at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(s[at]) & 0xC0U) == 0x80U);
  auto copy = at;
  return next(s, copy);
}

void append(std::string& out, char32_t c) {
  auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0U | (c >> 6U));
  } else {
    if (c < 0x10000) {
      put(0xE0U | (c >> 12U));
    } else {
      put(0xF0U | (c >> 18U));
      put(0x80U | ((c >> 12U) & 0x3FU));
    }
    put(0x80U | ((c >> 6U) & 0x3FU));
  }
  put(0x80U | (c & 0x3FU));
}

int units_before(std::string_view s, std::size_t byte) {
  int n = 0;
  for (std::size_t at = 0; at < byte;) n += units(next(s, at));
  return n;
}

bool is_letter(char32_t c) {
  return u_isalpha(static_cast<UChar32>(c)) != 0;
}
bool is_word(char32_t c) {
  return c == '_' || is_letter(c) || u_isdigit(static_cast<UChar32>(c)) != 0;
}
bool is_separator(char32_t c) {
  return c <= 0x20 || u_isUWhiteSpace(static_cast<UChar32>(c)) != 0;
}

}  // namespace broadsheet::fakes::utf
