#include "digest/latex/math.hpp"

#include "bot/base/text.hpp"
#include "digest/latex/display.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/tables.hpp"

namespace broadsheet::latex {
namespace {

constexpr std::size_t kLongestDegree = 40;
constexpr int kMaxDepth = 40;  // deeper groups lose their braces' meaning, never their text

bool is_word_character(char32_t c) {
  if (c < 0x80) return is_letter(static_cast<char>(c)) || is_digit(static_cast<char>(c));
  return c == 0xB2 || c == 0xB3 || c == 0xB9 || (c >= 0xC0 && c <= 0x24F) || (c >= 0x370 && c <= 0x3FF) ||
         (c >= 0x1D00 && c <= 0x1DBF) || (c >= 0x2070 && c <= 0x209C) || (c >= 0x2100 && c <= 0x214F);
}

bool is_word(std::string_view s) {
  while (!s.empty())
    if (!is_word_character(take_code_point(s))) return false;
  return true;
}

// Rule 10: Unicode scripts only when every character has one and at most two are letters.
std::string script(const std::string& argument, std::string_view (*form)(char32_t), char mark) {
  std::string out;
  int letters = 0;
  std::string_view rest = argument;
  while (!rest.empty()) {
    char32_t c = take_code_point(rest);
    auto one = form(c);
    if (c < 0x80 && is_letter(static_cast<char>(c))) ++letters;
    if (one.empty() || letters > 2) {
      bool plain = is_word(argument) || text::code_points(argument) == 1;
      return plain ? mark + argument : std::string(1, mark) + "(" + argument + ")";
    }
    out += one;
  }
  return out;
}

class MathParser {
 public:
  explicit MathParser(std::string_view s) : s_(s) {}

  std::string parse() {
    std::string out;
    while (i_ < s_.size()) {
      if (s_[i_] == '}') {
        ++i_;  // stray
        continue;
      }
      step(out);
    }
    return out;
  }

 private:
  // One token, appended to `out`.
  void step(std::string& out) {
    char c = s_[i_];
    if (c == '^' || c == '_') {
      ++i_;
      auto argument = atom(out);
      out += c == '^' ? superscript(argument) : subscript(argument);
    } else {
      out += token(out);
    }
  }

  std::string token(const std::string& before) {
    char c = s_[i_];
    if (c == '{') return group();
    if (c == '\\') return command(before);
    if (c == '\'') return ++i_, "′";
    if (c == '~' || c == '\n') return ++i_, " ";
    auto rest = s_.substr(i_);
    auto length = rest.size();
    take_code_point(rest);
    auto start = i_;
    i_ += length - rest.size();
    return std::string(s_.substr(start, i_ - start));
  }

  // An argument: a group, a command or one character, after white space.
  std::string atom(const std::string& before = {}) {
    while (i_ < s_.size() && is_blank(s_[i_])) ++i_;
    if (i_ >= s_.size() || s_[i_] == '}') return {};
    if (s_[i_] == '^' || s_[i_] == '_') return {};
    return token(before);
  }

  std::string group() {
    ++i_;
    if (++depth_ > kMaxDepth) {
      --depth_;
      return {};
    }
    std::string out;
    while (i_ < s_.size() && s_[i_] != '}') step(out);
    if (i_ < s_.size()) ++i_;
    --depth_;
    return std::string(text::trim(out));
  }

  std::string command(const std::string& before) {
    auto name = command_name(s_, i_);
    i_ += 1 + name.size();
    if (name.empty()) return "\\";
    if (!is_letter(name[0])) return control_symbol(name);
    if (auto symbol = tables::symbol(name); !symbol.empty()) {
      if (name == "langle" || name == "lfloor" || name == "lceil" || name == "lvert" || name == "lVert") skip_blanks();
      return std::string(symbol);
    }
    if (auto mark = tables::math_accent(name); !mark.empty()) return accented(mark);
    if (tables::is_function(name)) return function(name, before);
    if (tables::is_font_switch(name)) return skip_blanks(), std::string();
    if (name == "left" || name == "right") return delimiter();
    if (tables::is_nothing(name)) return {};
    if (tables::is_space(name)) return " ";
    if (auto letter = tables::letter(name); !letter.empty()) return std::string(letter);
    return structure(name, before);
  }

  std::string structure(std::string_view name, const std::string& before) {
    if (name == "frac" || name == "tfrac" || name == "dfrac" || name == "nicefrac" || name == "sfrac") {
      auto top = atom();
      auto bottom = atom();
      return bracketed(top) + "/" + bracketed(bottom);
    }
    if (name == "sqrt") return root();
    if (name == "mathbb" || name == "mathds" || name == "Bbb") return double_struck();
    if (name == "not") return negated();
    if (name == "operatorname" || name == "operatorname*") {
      if (i_ < s_.size() && s_[i_] == '*') ++i_;
      return function(atom(), before);
    }
    if (name == "text" || name == "mbox" || name == "textrm" || name == "textnormal" || name == "href" || name == "url")
      return text_argument(name);
    if (name == "binom") {
      auto n = atom();
      return "C(" + n + "," + atom() + ")";
    }
    if (tables::vanishes(name)) return atom(), std::string();
    if (name == "begin" || name == "end") return atom(), std::string();
    // \mathrm{x}, \textbf{x} and unknown commands: the argument alone, else the name.
    if (i_ < s_.size() && s_[i_] == '{') {
      auto argument = group();
      return argument.empty() ? std::string(name) : argument;
    }
    if (name.starts_with("math") || name.starts_with("bold")) return atom();
    return std::string(name);
  }

  static std::string control_symbol(std::string_view name) {
    switch (name[0]) {
      case ',':
      case ';':
      case ':':
      case ' ':
      case '>':
      case '\\':
        return " ";
      case '!':
      case '-':
      case '/':
        return {};
      case '|':
        return "‖";
      case '(':
      case ')':
      case '[':
      case ']':
        return {};
      default:
        return std::string(name);
    }
  }

  std::string accented(std::string_view mark) {
    auto argument = atom();
    if (text::code_points(argument) != 1) return argument;
    return text::nfc(argument + std::string(mark));
  }

  static std::string function(std::string_view name, const std::string& before) {
    bool apart = !before.empty() && (is_letter(before.back()) || is_digit(before.back()));
    return (apart ? " " : "") + std::string(name);
  }

  std::string delimiter() {
    if (i_ < s_.size() && s_[i_] == '.') ++i_;
    return {};
  }

  static std::string bracketed(const std::string& s) { return is_word(s) ? s : "(" + s + ")"; }

  std::string root() {
    std::string degree;
    if (i_ < s_.size() && s_[i_] == '[') {
      auto close = s_.substr(i_, kLongestDegree).find(']');
      if (close != std::string_view::npos) {
        degree = superscript(std::string(s_.substr(i_ + 1, close - 1)));
        i_ += close + 1;
      }
    }
    return degree + "√" + bracketed(atom());
  }

  std::string double_struck() {
    auto argument = atom();
    if (argument.size() != 1) return argument;
    auto found = tables::double_struck(argument[0]);
    return found.empty() ? argument : std::string(found);
  }

  std::string negated() {
    auto argument = atom();
    if (argument.empty()) return {};
    return text::nfc(argument + "\xCC\xB8");  // combining long solidus
  }

  // Text inside a formula goes through the text rules.
  std::string text_argument(std::string_view name) {
    auto end = skip_group(s_, i_);
    if (name == "href") end = skip_group(s_, end);
    std::string source = "\\" + std::string(name) + std::string(s_.substr(i_, end - i_));
    if (name != "href" && name != "url") source = std::string(s_.substr(i_, end - i_));
    i_ = end;
    if (++depth_ > kMaxDepth) return source;
    auto out = to_display(source, Mode::title);
    --depth_;
    return out;
  }

  void skip_blanks() {
    while (i_ < s_.size() && is_blank(s_[i_])) ++i_;
  }

  std::string_view s_;
  std::size_t i_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string superscript(const std::string& a) {
  if (a == "∘") return "°";
  if (a == "⊤") return "ᵀ";
  if (a == "∗") return "*";
  if (a == "*" || a == "′" || a == "″" || a == "′′" || a == "†" || a == "‡" || a == "°") return a;
  return a.empty() ? a : script(a, tables::superscript, '^');
}

std::string subscript(const std::string& a) {
  if (a == "⊙" || a == "⊕" || a == "☉") return a;
  return a.empty() ? a : script(a, tables::subscript, '_');
}

std::string math_to_text(std::string_view tex) {
  return MathParser(tex).parse();
}

}  // namespace broadsheet::latex
