#include "adapters/slack/mrkdwn.hpp"

#include <vector>

#include "bot/base/text.hpp"

namespace broadsheet::slack {
namespace {

constexpr std::string_view kEllipsis = "…";

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    default:
      return {};
  }
}

// U+202A-202E and U+2066-2069 turn text around that follows them, ours included.
bool is_bidi_override(std::string_view at) {
  if (at.size() < 3 || at[0] != '\xE2') return false;
  auto last = static_cast<unsigned char>(at[2]);
  if (at[1] == '\x80') return last >= 0xAA && last <= 0xAE;
  return at[1] == '\x81' && last >= 0xA6 && last <= 0xA9;
}

bool is_dropped_control(char c) {
  auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

std::string escape_clean(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (char c : s) {
    auto e = entity(c);
    if (e.empty())
      out += c;
    else
      out += e;
  }
  return out;
}

// How many bytes of `s` stay when its escaped form may have `limit` units; all of them if it fits.
std::size_t kept(std::string_view s, std::size_t limit) {
  if (escaped_units(s) <= limit) return s.size();
  auto breaks = text::grapheme_breaks(s);
  std::size_t units = 1, end = 0;  // one for the ellipsis
  for (std::size_t i = 1; i < breaks.size(); ++i) {
    units += escaped_units(s.substr(breaks[i - 1], breaks[i] - breaks[i - 1]));
    if (units > limit) break;
    end = breaks[i];
  }
  return end;
}

bool is_web(std::string_view url) {
  auto scheme = text::lower_ascii(url.substr(0, 8));
  return scheme.starts_with("http://") || scheme.starts_with("https://");
}

}  // namespace

std::string clean(std::string_view raw) {
  std::string repaired;
  if (!text::is_valid_utf8(raw)) {
    repaired = text::make_valid_utf8(raw);
    raw = repaired;
  }
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\r') {
      if (i + 1 == raw.size() || raw[i + 1] != '\n') out += '\n';
    } else if (is_bidi_override(raw.substr(i))) {
      i += 2;
    } else if (!is_dropped_control(raw[i])) {
      out += raw[i];
    }
  }
  return out;
}

std::string escape(std::string_view text) {
  return escape_clean(clean(text));
}

std::string escape_line(std::string_view text) {
  return escape_clean(text::collapse_space(clean(text)));
}

std::size_t escaped_units(std::string_view cleaned) {
  auto units = text::utf16_length(cleaned);
  for (char c : cleaned)
    if (auto e = entity(c); !e.empty()) units += e.size() - 1;
  return units;
}

std::string clean_to(std::string_view text, std::size_t limit) {
  auto cleaned = clean(text);
  auto end = kept(cleaned, limit);
  if (end == cleaned.size()) return cleaned;
  return cleaned.substr(0, end) + std::string(kEllipsis);
}

std::string escape_to(std::string_view text, std::size_t limit) {
  return escape_clean(clean_to(text, limit));
}

std::string link_address(std::string_view url) {
  std::string out;
  for (char c : clean(url)) {
    switch (c) {
      case ' ':
        out += "%20";
        break;
      case '<':
        out += "%3C";
        break;
      case '>':
        out += "%3E";
        break;
      case '|':
        out += "%7C";
        break;
      case '"':
        out += "%22";
        break;
      case '`':
        out += "%60";
        break;
      case '\n':
      case '\t':
        break;
      default:
        out += c;
    }
  }
  return is_web(out) ? out : std::string();
}

std::string link(std::string_view url, std::string_view label) {
  auto address = link_address(url);
  auto shown = escape_line(label);
  if (address.empty()) return shown;
  return "<" + escape_clean(address) + (shown.empty() ? "" : "|" + shown) + ">";
}

std::string date(std::int64_t epoch, std::string_view tokens, std::string_view fallback, std::string_view url) {
  auto address = link_address(url);
  return "<!date^" + std::to_string(epoch) + "^" + escape_line(tokens) +
         (address.empty() ? "" : "^" + escape_clean(address)) + "|" + escape_line(fallback) + ">";
}

}  // namespace broadsheet::slack
