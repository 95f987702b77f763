#include "bot/commands/words.hpp"

#include <array>

#include "bot/base/text.hpp"

namespace broadsheet::commands {
namespace {

struct Plain {
  std::string_view typed, plain;
};
constexpr std::array kPlain = {
    Plain{"“", "\""}, Plain{"”", "\""},  Plain{"„", "\""}, Plain{"‟", "\""}, Plain{"«", "\""}, Plain{"»", "\""},
    Plain{"″", "\""}, Plain{"＂", "\""}, Plain{"‘", "'"},  Plain{"’", "'"},  Plain{"‚", "'"},  Plain{"′", "'"},
    Plain{"‐", "-"},  Plain{"‑", "-"},   Plain{"‒", "-"},  Plain{"–", "-"},  Plain{"−", "-"},  Plain{"…", ".."},
    Plain{"：", ":"}, Plain{"＝", "="},  Plain{"，", ","}, Plain{"＃", "#"}};

std::size_t length_of(char lead) {
  auto c = static_cast<unsigned char>(lead);
  if (c < 0x80) return 1;
  if (c < 0xE0) return 2;
  return c < 0xF0 ? 3 : 4;
}

// The code point of a valid sequence of two or three bytes; 0 for others.
unsigned code_point(std::string_view s) {
  auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(s[i])); };
  if (s.size() == 2) return (at(0) & 0x1FU) << 6U | (at(1) & 0x3FU);
  if (s.size() == 3) return (at(0) & 0x0FU) << 12U | (at(1) & 0x3FU) << 6U | (at(2) & 0x3FU);
  return 0;
}

bool is_odd_space(unsigned c) {
  return c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

// Zero widths, marks of direction, soft hyphens: they change what is read, not what is seen.
bool is_invisible(unsigned c) {
  return c == 0xAD || (c >= 0x80 && c < 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF;
}

bool is_long_dash(std::string_view s) {
  return s == "—" || s == "―" || s == "⸺";
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "<…>": what it stands for.
std::string meaning(std::string_view inside) {
  auto bar = inside.find('|');
  auto address = inside.substr(0, bar);
  auto label = bar == std::string_view::npos ? std::string_view() : inside.substr(bar + 1);
  if (address.starts_with('@') || address.starts_with('!')) return {};
  if (address.starts_with('#')) return std::string(address.substr(1));
  auto bare = address;
  for (std::string_view scheme : {"https://", "http://", "mailto:"})
    if (bare.starts_with(scheme)) bare.remove_prefix(scheme.size());
  if (bare.size() == address.size()) return "<" + std::string(inside) + ">";
  while (bare.ends_with('/')) bare.remove_suffix(1);
  // A client took "cs.CL" for the name of a host.
  if (bare.find('/') == std::string_view::npos || text::lower_ascii(label) == text::lower_ascii(bare))
    return label.empty() || label.find(' ') != std::string_view::npos ? std::string(bare) : std::string(label);
  return std::string(address);
}

}  // namespace

std::string normalised(std::string_view typed) {
  auto valid = text::make_valid_utf8(typed);
  std::string out;
  for (std::size_t i = 0; i < valid.size();) {
    auto one = std::string_view(valid).substr(i, length_of(valid[i]));
    i += one.size();
    auto c = code_point(one);
    const auto* plain = one.size() == 1 ? kPlain.end() : kPlain.begin();
    while (plain != kPlain.end() && plain->typed != one) ++plain;
    if (plain != kPlain.end()) {
      out += plain->plain;
    } else if (is_long_dash(one)) {  // phones write it for "--"
      bool option = (out.empty() || out.back() == ' ') && i < valid.size() && is_letter(valid[i]);
      out += option ? "--" : "-";
    } else if (is_odd_space(c) || (one.size() == 1 && (static_cast<unsigned char>(one[0]) < 0x20 || one[0] == 0x7F))) {
      out += ' ';
    } else if (one.size() == 1 || !is_invisible(c)) {
      out += one;
    }
  }
  return text::nfc(out);
}

std::string unwrapped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '<') {
      auto end = text.find_first_of("<>", i + 1);
      if (end != std::string_view::npos && text[end] == '>' && end > i + 1) {
        out += meaning(text.substr(i + 1, end - i - 1));
        i = end + 1;
        continue;
      }
    }
    out += text[i++];
  }
  return out;
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      ++i;
      continue;
    }
    Word word;
    word.quoted = text[i] == '"';
    char open = 0;  // the quote we are in
    for (; i < text.size() && (open != 0 || text[i] != ' '); ++i) {
      char c = text[i];
      bool opens = open == 0 && (c == '"' || (c == '\'' && (word.raw.ends_with(':') || word.raw.ends_with('='))));
      bool closes = open != 0 && c == open;
      word.raw += c;
      if (opens)
        open = c;
      else if (closes)
        open = 0;
      else
        word.text += c;
    }
    out.push_back(std::move(word));
  }
  return out;
}

}  // namespace broadsheet::commands
