#include "bot/base/text.hpp"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

namespace broadsheet::text {
namespace {

// Length of the ASCII at the beginning, eight bytes at a time.
std::size_t ascii_run(std::string_view s) {
  constexpr std::uint64_t kHigh = 0x8080808080808080ULL;
  std::size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, s.data() + i, 8);
    if ((word & kHigh) != 0) break;
  }
  while (i < s.size() && static_cast<unsigned char>(s[i]) < 0x80) ++i;
  return i;
}

bool is_ascii(std::string_view s) {
  return ascii_run(s) == s.size();
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

icu::StringPiece piece(std::string_view s) {
  return {s.data(), static_cast<int32_t>(s.size())};
}

}  // namespace

bool is_valid_utf8(std::string_view s) {
  const auto* p = reinterpret_cast<const std::uint8_t*>(s.data());
  auto length = static_cast<int64_t>(s.size());
  for (int64_t i = 0; i < length;) {
    i += static_cast<int64_t>(ascii_run(s.substr(static_cast<std::size_t>(i))));
    if (i >= length) break;
    UChar32 c = 0;
    U8_NEXT(p, i, length, c);
    if (c < 0) return false;
  }
  return true;
}

std::string make_valid_utf8(std::string_view s) {
  if (is_valid_utf8(s)) return std::string(s);
  std::string out;
  const auto* p = reinterpret_cast<const std::uint8_t*>(s.data());
  auto length = static_cast<int64_t>(s.size());
  for (int64_t i = 0; i < length;) {
    int64_t start = i;
    UChar32 c = 0;
    U8_NEXT(p, i, length, c);
    if (c < 0)
      out += "\xEF\xBF\xBD";
    else
      out.append(s.substr(static_cast<std::size_t>(start), static_cast<std::size_t>(i - start)));
  }
  return out;
}

std::string nfc(std::string_view s) {
  if (is_ascii(s)) return std::string(s);
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::string(s);
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  normalizer->normalizeUTF8(0, piece(s), sink, nullptr, status);
  return U_SUCCESS(status) ? out : std::string(s);
}

std::string lower_ascii(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::size_t> grapheme_breaks(std::string_view s) {
  std::vector<std::size_t> out{0};
  if (s.empty()) return out;
  UErrorCode status = U_ZERO_ERROR;
  static const std::unique_ptr<icu::BreakIterator> prototype(
      icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
  UText* utext = utext_openUTF8(nullptr, s.data(), static_cast<int64_t>(s.size()), &status);
  if (U_FAILURE(status) || !prototype) return {0, s.size()};
  std::unique_ptr<icu::BreakIterator> breaks(prototype->clone());
  breaks->setText(utext, status);
  for (auto b = breaks->next(); b != icu::BreakIterator::DONE; b = breaks->next())
    out.push_back(static_cast<std::size_t>(b));
  utext_close(utext);
  return out;
}

std::size_t utf16_length(std::string_view s) {
  std::size_t n = 0;
  for (char ch : s) {
    auto c = static_cast<unsigned char>(ch);
    if ((c & 0xC0) != 0x80) n += c >= 0xF0 ? 2 : 1;
  }
  return n;
}

std::size_t code_points(std::string_view s) {
  return static_cast<std::size_t>(
      std::count_if(s.begin(), s.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string ellipsize(std::string_view s, std::size_t max) {
  if (s.size() <= max) return std::string(s);
  auto breaks = grapheme_breaks(s);
  if (breaks.size() - 1 <= max) return std::string(s);
  if (max == 0) return {};
  auto cut = s.substr(0, breaks.at(max - 1));
  if (auto space = cut.rfind(' '); space != std::string_view::npos && space * 4 > cut.size() * 3)
    cut = cut.substr(0, space);
  while (!cut.empty() && (is_space(cut.back()) || cut.back() == ',' || cut.back() == ';')) cut.remove_suffix(1);
  return std::string(cut) + "…";
}

std::string collapse_space(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (std::size_t i = 0; i < s.size();) {
    auto from = i;
    while (i < s.size() && !is_space(s[i])) ++i;
    if (i > from && !out.empty()) out += ' ';
    out.append(s, from, i - from);
    while (i < s.size() && is_space(s[i])) ++i;
  }
  return out;
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<std::string_view> split(std::string_view s, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    auto at = s.find(separator);
    out.push_back(s.substr(0, at));
    if (at == std::string_view::npos) return out;
    s.remove_prefix(at + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += separator;
    out += parts[i];
  }
  return out;
}

std::string escape_html(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (char c : s) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  auto gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) return limit + 1;
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return std::min(d[a.size()][b.size()], limit + 1);
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates, std::size_t limit) {
  std::string best;
  std::size_t best_distance = limit + 1;
  auto wanted = lower_ascii(word);
  for (const auto& candidate : candidates) {
    auto distance = edit_distance(wanted, lower_ascii(candidate), limit);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace broadsheet::text
