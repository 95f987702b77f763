#include "digest/latex/display.hpp"

#include <cstdint>

#include "bot/base/text.hpp"
#include "digest/latex/reader.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"

namespace broadsheet::latex {
namespace {

// Rule 1: what never reaches a reader: controls, zero width space, marks and overrides of direction, BOM, soft hyphen.
bool is_dropped(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x200B || c == 0x200E || c == 0x200F ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

// White space and characters: every white space becomes one blank, a paragraph break (abstracts: a line that starts
// with white space, or an empty one) a newline.
std::string tidied(std::string_view s, Mode mode) {
  std::string out;
  out.reserve(s.size());
  while (!s.empty()) {
    char c = s.front();
    if (is_white(c)) {
      bool newline = false;
      bool paragraph = false;
      while (!s.empty() && is_white(s.front())) {
        if (newline && s.front() != '\r') paragraph = true;
        if (s.front() == '\n') newline = true;
        s.remove_prefix(1);
      }
      out += paragraph && mode == Mode::abstract ? '\n' : ' ';
    } else if (static_cast<unsigned char>(c) < 0x80) {
      if (c >= 0x20 && c != 0x7F) out += c;
      s.remove_prefix(1);
    } else {
      auto rest = s;
      char32_t point = take_code_point(rest);
      if (point == 0xA0 || point == 0x2028 || point == 0x2029)
        out += ' ';
      else if (!is_dropped(point))
        out.append(s.substr(0, s.size() - rest.size()));
      s = rest;
    }
  }
  return out;
}

// Blanks collapsed and trimmed around line ends.
std::string squeezed(std::string_view s, Mode mode) {
  std::string out;
  out.reserve(s.size());
  for (char c : s) {
    if (c == kHardSpace || (c == '\n' && mode != Mode::abstract)) c = ' ';
    if (c == ' ' && (out.empty() || out.back() == ' ' || out.back() == '\n')) continue;
    if (c == '\n') {
      if (!out.empty() && out.back() == ' ') out.pop_back();
      if (out.empty() || out.back() == '\n') continue;
    }
    out += c;
  }
  while (!out.empty() && is_blank(out.back())) out.pop_back();
  return out;
}

// Printable ASCII, single blanks between words: nothing to tidy. Without branches, so that it is done many at a time.
bool is_tidy(std::string_view s) {
  if (s.empty() || s.front() == ' ' || s.back() == ' ') return s.empty();
  std::uint8_t odd = 0;
  for (char c : s) odd |= std::uint8_t{c < 0x20} | std::uint8_t{c == 0x7F};
  for (std::size_t i = 1; i < s.size(); ++i) odd |= std::uint8_t{s[i] == ' '} & std::uint8_t{s[i - 1] == ' '};
  return odd == 0;
}

}  // namespace

std::string to_display(std::string_view tex, Mode mode) {
  if (is_tidy(tex)) {
    if (!needs_reading(tex)) return std::string(tex);
    auto read = Reader(tex, mode).read();
    return is_tidy(read) ? read : text::nfc(squeezed(read, mode));
  }
  std::string repaired;
  if (!text::is_valid_utf8(tex)) {
    repaired = text::make_valid_utf8(tex);
    tex = repaired;
  }
  auto clean = tidied(tex, mode);
  if (needs_reading(clean)) clean = Reader(clean, mode).read();
  return text::nfc(squeezed(clean, mode));
}

}  // namespace broadsheet::latex
