#include "digest/present/bibtex_title.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "bot/base/text.hpp"

namespace broadsheet::present {
namespace {

constexpr std::string_view kSpecial = "&%#_";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

// Commands that LaTeX accepts in text; any other one is maths.
bool is_text_command(std::string_view name) {
  constexpr std::array<std::string_view, 60> kText = {
      "'",      "\"",     "`",      "^",      "~",      "=",      ".",    "u",  "v",  "H",  "t",  "c",
      "d",      "b",      "r",      "k",      "ss",     "o",      "O",    "l",  "L",  "aa", "AA", "ae",
      "AE",     "oe",     "OE",     "i",      "j",      "dj",     "DJ",   "th", "TH", "dh", "DH", "ng",
      "NG",     "-",      "&",      "%",      "_",      "#",      "$",    "{",  "}",  " ",  ",",  "/",
      "textit", "textbf", "textsc", "texttt", "textrm", "textsf", "emph", "em", "it", "bf", "sc", "tt"};
  return std::find(kText.begin(), kText.end(), name) != kText.end() || name.starts_with("text");
}

bool is_balanced(std::string_view s) {
  int depth = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\\')
      ++i;
    else if (s[i] == '{')
      ++depth;
    else if (s[i] == '}' && --depth < 0)
      return false;
  }
  return depth == 0 && !s.ends_with('\\');
}

// The words of a title: blanks within maths and groups part nothing.
class Words {
 public:
  explicit Words(std::string_view s) : s_(s) {}

  std::vector<std::string> run() {
    while (at_ < s_.size()) step();
    flush();
    return std::move(out_);
  }

 private:
  void step() {
    char c = s_[at_];
    if (c == '\\') return command();
    if (c == '$') return maths();
    if (c == ' ' && depth_ == 0) {
      flush();
      ++at_;
      return;
    }
    depth_ += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (kSpecial.find(c) != std::string_view::npos)
      word_ += std::string("\\") + c;
    else if (c == '^')
      word_ += "\\textasciicircum{}";
    else if (c == '~' && word_.empty())
      word_ += "\\textasciitilde{}";
    else
      word_ += c;
    ++at_;
  }

  void maths() {
    auto twice = s_.substr(at_, 2) == "$$" ? 2U : 1U;
    auto end = at_ + twice;
    while (end < s_.size() && s_[end] != '$') end += s_[end] == '\\' ? 2 : 1;
    if (end >= s_.size()) {  // a price
      word_ += "\\$";
      ++at_;
      return;
    }
    word_ += "{$" + std::string(s_.substr(at_ + twice, end - at_ - twice)) + "$}";
    at_ = end + twice;
  }

  void command() {
    auto end = at_ + 1;
    while (end < s_.size() && is_letter(s_[end])) ++end;
    if (end == at_ + 1 && end < s_.size()) ++end;
    auto name = s_.substr(at_ + 1, end - at_ - 1);
    if (name == "(") {
      if (auto close = s_.find("\\)", end); close != std::string_view::npos) {
        word_ += "{$" + std::string(s_.substr(end, close - end)) + "$}";
        at_ = close + 2;
        return;
      }
    }
    if (is_text_command(name)) {
      word_ += s_.substr(at_, end - at_);
      if (is_letter(name.empty() ? ' ' : name.back()) && end < s_.size() && s_[end] == ' ') {
        word_ += "{}";  // the blank ends the command; it does not part words
        ++end;
      }
    } else {
      while (end < s_.size() && s_[end] == '{') {  // with its arguments
        auto close = s_.find('}', end);
        if (close == std::string_view::npos) break;
        end = close + 1;
      }
      word_ += "{$" + std::string(s_.substr(at_, end - at_)) + "$}";
    }
    at_ = end;
  }

  void flush() {
    if (!word_.empty()) out_.push_back(std::move(word_));
    word_.clear();
  }

  std::string_view s_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string word_;
  std::vector<std::string> out_;
};

// The letters of a word without TeX's commands.
std::string letters_of(std::string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\') {
      while (i + 1 < word.size() && is_letter(word[i + 1])) ++i;
    } else if (is_letter(word[i]) || static_cast<unsigned char>(word[i]) >= 0x80) {
      out += word[i];
    }
  }
  return out;
}

// Most of the longer words begin with a capital: "Deep Nets for Tides", where a capital tells nothing.
bool is_title_case(const std::vector<std::string>& words) {
  std::size_t capital = 0;
  std::size_t all = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    auto letters = letters_of(words[i]);
    if (letters.size() < 4) continue;
    ++all;
    if (is_capital(letters[0])) ++capital;
  }
  return capital * 5 > all * 3;
}

std::string guarded(const std::string& word, bool first, bool title_case) {
  auto letters = letters_of(word);
  bool within = std::any_of(letters.begin() + (letters.empty() ? 0 : 1), letters.end(), is_capital);
  bool proper = !first && !title_case && !letters.empty() && is_capital(letters[0]);
  if ((!within && !proper) || word.find('$') != std::string::npos || !is_balanced(word)) return word;
  // Punctuation stays outside.
  auto end = word.find_last_not_of(".,;:!?)");
  auto from = word.find_first_not_of('(');
  if (end == std::string::npos || from == std::string::npos || end < from ||
      !is_balanced(word.substr(from, end - from + 1)))
    return word;
  return word.substr(0, from) + "{" + word.substr(from, end - from + 1) + "}" + word.substr(end + 1);
}

}  // namespace

std::string bibtex_text(std::string_view s) {
  std::string out;
  for (char c : s) {
    if (c == '\\') {
      out += "\\textbackslash{}";
    } else if (kSpecial.find(c) != std::string_view::npos || c == '$' || c == '{' || c == '}') {
      out += '\\';
      out += c;
    } else if (c == '~') {
      out += "\\textasciitilde{}";
    } else if (c == '^') {
      out += "\\textasciicircum{}";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string bibtex_title(std::string_view raw, std::string_view shown) {
  auto title = text::collapse_space(raw);
  bool usable = !title.empty() && is_balanced(title);
  std::vector<std::string> words;
  if (usable) words = Words(title).run();
  if (!usable || !is_balanced(text::join(words, " "))) {
    title = bibtex_text(text::collapse_space(shown));
    words = Words(title).run();
  }
  bool title_case = is_title_case(words);
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) out += (i == 0 ? "" : " ") + guarded(words[i], i == 0, title_case);
  return out;
}

}  // namespace broadsheet::present
