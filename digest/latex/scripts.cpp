#include "digest/latex/scripts.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "bot/base/text.hpp"
#include "digest/latex/scan.hpp"

namespace broadsheet::latex {
namespace {

constexpr std::array<std::string_view, 128> make_forms(std::string_view plain,
                                                       std::initializer_list<std::string_view> forms) {
  std::array<std::string_view, 128> out{};
  const auto* form = forms.begin();
  for (char c : plain) out[static_cast<unsigned char>(c)] = *form++;
  return out;
}

constexpr auto kSuperscripts =
    make_forms("()+-0123456789=ABDEGHIJKLMNOPRTUVWabcdefghijklmnoprstuvwxyz",
               {"⁽", "⁾", "⁺", "⁻", "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁼", "ᴬ", "ᴮ", "ᴰ", "ᴱ", "ᴳ",
                "ᴴ", "ᴵ", "ᴶ", "ᴷ", "ᴸ", "ᴹ", "ᴺ", "ᴼ", "ᴾ", "ᴿ", "ᵀ", "ᵁ", "ⱽ", "ᵂ", "ᵃ", "ᵇ", "ᶜ", "ᵈ", "ᵉ", "ᶠ",
                "ᵍ", "ʰ", "ⁱ", "ʲ", "ᵏ", "ˡ", "ᵐ", "ⁿ", "ᵒ", "ᵖ", "ʳ", "ˢ", "ᵗ", "ᵘ", "ᵛ", "ʷ", "ˣ", "ʸ", "ᶻ"});

constexpr auto kSubscripts =
    make_forms("()+-0123456789=aehijklmnoprstuvx",
               {"₍", "₎", "₊", "₋", "₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉", "₌", "ₐ",
                "ₑ", "ₕ", "ᵢ", "ⱼ", "ₖ", "ₗ", "ₘ", "ₙ", "ₒ", "ₚ", "ᵣ", "ₛ", "ₜ", "ᵤ", "ᵥ", "ₓ"});

using Forms = std::array<std::string_view, 128>;

std::string_view form(const Forms& forms, char32_t c) {
  if (c == 0x2212) c = U'-';  // the minus sign
  return c < 128 ? forms[c] : std::string_view();
}

// Characters that TeX raises by themselves or that read as raised already.
bool attaches(char32_t c) {
  return c == '*' || c == 0xB0 || c == 0x2032 || c == 0x2033 || c == 0x2034 || c == 0x2020 || c == 0x2021 ||
         c == 0xAE || c == 0xA9 || c == 0x2122;
}

bool all_of(std::string_view s, bool (*test)(char32_t)) {
  while (!s.empty())
    if (!test(take_code_point(s))) return false;
  return true;
}

std::string in_line(std::string_view argument, char mark) {
  bool plain = is_word(argument) || text::code_points(argument) == 1;
  std::string out(1, mark);
  if (!plain) out += '(';
  out += argument;
  if (!plain) out += ')';
  return out;
}

// Rule 10: Unicode scripts only when every character has one and at most two are letters.
std::string script(std::string_view argument, const Forms& forms, char mark) {
  std::string out;
  int letters = 0;
  for (auto rest = argument; !rest.empty();) {
    char32_t c = take_code_point(rest);
    auto one = form(forms, c);
    if (c < 0x80 && is_letter(static_cast<char>(c))) ++letters;
    if (one.empty() || letters > 2) return in_line(argument, mark);
    out += one;
  }
  return out;
}

// L² or H¹ as a subscript: a space named by one capital, which needs no brackets (‖u‖_L²).
bool is_named_space(std::string_view s) {
  if (s.empty() || s[0] < 'A' || s[0] > 'Z' || s.size() == 1) return false;
  return all_of(s.substr(1),
                [](char32_t c) { return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0x2070 && c <= 0x2079); });
}

bool is_number(std::string_view s) {
  bool digit = false;
  for (char c : s) {
    if (!is_digit(c) && c != '.') return false;
    digit |= is_digit(c);
  }
  return digit;
}

// f(x): one word applied to another.
bool is_application(std::string_view s) {
  auto open = s.find('(');
  return open != std::string_view::npos && open > 0 && s.back() == ')' && is_word(s.substr(0, open)) &&
         is_word(s.substr(open + 1, s.size() - open - 2)) && s.size() > open + 2;
}

bool is_script_or_word(char32_t c) {
  return is_word_character(c) || is_script_character(c);
}

bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x20D0 && c <= 0x20F0);
}

char32_t last_code_point(std::string_view s) {
  auto at = s.size();
  while (at > 0 && (static_cast<unsigned char>(s[at - 1]) & 0xC0U) == 0x80) --at;
  auto tail = s.substr(at == 0 ? 0 : at - 1);
  return take_code_point(tail);
}

// A gap at either end of a script says nothing.
std::string_view without_gaps(std::string_view s) {
  auto is_gap = [](char c) { return is_blank(c) || c == kHardSpace; };
  while (!s.empty() && is_gap(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_gap(s.back())) s.remove_suffix(1);
  return s;
}

std::string_view without_blanks_behind(std::string_view s) {
  while (!s.empty() && (is_blank(s.back()) || s.back() == kHardSpace)) s.remove_suffix(1);
  return s;
}

// Dotless letters get their dot's place back under an accent.
std::string_view under_accent(char32_t c, std::string_view as_is) {
  if (c == 0x131) return "i";
  if (c == 0x237) return "j";
  return as_is;
}

}  // namespace

bool is_word_character(char32_t c) {
  if (c < 0x80) return is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c));
  return (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) || (c >= 0x370 && c <= 0x3FF) || is_mark(c) ||
         (c >= 0x400 && c <= 0x4FF) || (c >= 0x2100 && c <= 0x214F) || c == 0x221E || (c >= 0x1D400 && c <= 0x1D7FF);
}

bool is_script_character(char32_t c) {
  return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0x2B0 && c <= 0x2E4) || (c >= 0x1D2C && c <= 0x1DBF) ||
         (c >= 0x2070 && c <= 0x209C) || c == 0x2C7D;
}

bool is_word(std::string_view s) {
  return all_of(s, is_word_character);
}

std::string superscript(std::string_view a) {
  a = without_gaps(a);
  if (a.empty()) return {};
  if (a == "∘") return "°";
  if (a == "⊤") return "ᵀ";
  if (a == "∗" || a == "⋆") return "*";
  if (all_of(a, attaches)) return std::string(a);
  return script(a, kSuperscripts, '^');
}

std::string subscript(std::string_view a) {
  a = without_gaps(a);
  if (a.empty()) return {};
  if (a == "⊙" || a == "⊕" || a == "☉") return std::string(a);
  if (is_named_space(a)) return "_" + std::string(a);
  return script(a, kSubscripts, '_');
}

std::string text_script(std::string_view a, char mark) {
  a = without_gaps(a);
  if (a.empty()) return {};
  if (mark == '_') return a == "⊙" || a == "⊕" || a == "☉" ? std::string(a) : in_line(a, mark);
  auto digits = a.substr(a[0] == '-' || a[0] == '+' ? 1 : 0);
  bool number = !digits.empty() && std::ranges::all_of(digits, is_digit);
  char32_t first = [](std::string_view s) { return take_code_point(s); }(a);
  if (number || a == "∘" || a == "∗" || attaches(first)) return superscript(a);
  return in_line(a, mark);
}

std::string bracketed(std::string_view a) {
  auto word = all_of(a, is_script_or_word);
  if (word || is_number(a) || is_application(a)) return std::string(a);
  return "(" + std::string(a) + ")";
}

std::string fraction(std::string_view top, std::string_view bottom) {
  return bracketed(top) + "/" + bracketed(bottom);
}

std::string accented(std::string_view argument, std::string_view mark) {
  auto rest = argument;
  auto first = take_code_point(rest);
  std::string out(under_accent(first, argument.substr(0, argument.size() - rest.size())));
  for (auto next = rest; !next.empty(); rest = next)  // marks stay nearest to their letter
    if (!is_mark(take_code_point(next))) break;
  auto marks_end = argument.size() - rest.size();
  auto first_end = argument.size() - [&] {
    auto s = argument;
    take_code_point(s);
    return s.size();
  }();
  out += argument.substr(first_end, marks_end - first_end);
  out += mark;
  out += rest;
  return out;
}

std::string marked(std::string_view argument, std::string_view mark) {
  // A line over a few letters is one line: M̅S̅.
  constexpr std::string_view kOverline = "\xCC\x85";
  constexpr std::size_t kLongestOverlined = 3;
  if (argument.empty()) return {};
  auto rest = argument;
  take_code_point(rest);
  bool scripts = rest.empty() || rest[0] == '_' || rest[0] == '^' ||
                 all_of(rest, [](char32_t c) { return is_mark(c) || is_script_character(c) || attaches(c); });
  auto first = argument.substr(0, argument.size() - rest.size());
  if (mark == kOverline && argument.size() <= kLongestOverlined && std::ranges::all_of(argument, is_letter)) {
    std::string out;
    for (char c : argument) out.append(1, c).append(mark);
    return out;
  }
  if (!scripts || (!rest.empty() && !is_word(first))) return std::string(argument);
  return accented(argument, mark);
}

std::string double_struck(std::string_view argument) {
  static constexpr std::array<std::pair<char, std::string_view>, 7> kForms = {
      {{'C', "ℂ"}, {'H', "ℍ"}, {'N', "ℕ"}, {'P', "ℙ"}, {'Q', "ℚ"}, {'R', "ℝ"}, {'Z', "ℤ"}}};
  if (argument.size() == 1)
    for (const auto& [letter, shown] : kForms)
      if (letter == argument[0]) return std::string(shown);
  return std::string(argument);
}

bool is_factor_before(std::string_view text) {
  text = without_blanks_behind(text);
  if (text.empty()) return false;
  char32_t c = last_code_point(text);
  return is_script_or_word(c) || c == ')' || c == ']' || c == '/' || c == '!' || c == 0x2032 || c == 0x27E9 ||
         c == 0x221A || c == 0x2202 || c == 0x2207 || c == 0xB0;
}

bool is_factor_after(std::string_view text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == kHardSpace)) text.remove_prefix(1);
  if (text.empty()) return false;
  char32_t c = take_code_point(text);
  return is_script_or_word(c) || c == '(' || c == '[' || c == '/' || c == '!' || c == '^' || c == '_' || c == '|' ||
         c == 0x2032 || c == 0x2016 || c == 0x221A || c == 0x222B || c == 0x2211 || c == 0x220F || c == 0x2202 ||
         c == 0x2207 || c == 0x27E8;
}

}  // namespace broadsheet::latex
