#include "digest/latex/display.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/latex/math.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/tables.hpp"

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
    if (c == '\n' && mode != Mode::abstract) c = ' ';
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

// What the parser may have to act on; the length of the run of other characters is all that plain text needs.
constexpr std::array<bool, 256> make_active() {
  std::array<bool, 256> out{};
  for (char c : {'\\', '$', '{', '}', '~', '-', '`', '\'', '!', '?', '^', 'h'})
    out[static_cast<unsigned char>(c)] = true;
  return out;
}
constexpr auto kActive = make_active();

std::size_t plain_run(std::string_view s, std::size_t from) {
  auto end = from;
  while (end < s.size() && !kActive[static_cast<unsigned char>(s[end])]) ++end;
  return end - from;
}

bool needs_parsing(std::string_view s) {
  for (std::size_t i = plain_run(s, 0); i < s.size(); i += 1 + plain_run(s, i + 1)) {
    switch (s[i]) {
      case '\'':
      case '!':
      case '?':
      case 'h':
        break;  // act only beside a character that is found by itself
      case '-':
        if (i + 1 < s.size() && s[i + 1] == '-') return true;
        break;
      default:
        return true;
    }
  }
  return false;
}

// Printable ASCII, single blanks between words: nothing to tidy. Without branches, so that it is done many at a time.
bool is_tidy(std::string_view s) {
  if (s.empty() || s.front() == ' ' || s.back() == ' ') return s.empty();
  std::uint8_t odd = 0;
  for (char c : s) odd |= std::uint8_t{c < 0x20} | std::uint8_t{c == 0x7F};
  for (std::size_t i = 1; i < s.size(); ++i) odd |= std::uint8_t{s[i] == ' '} & std::uint8_t{s[i - 1] == ' '};
  return odd == 0;
}

class TextParser {
 public:
  TextParser(std::string_view s, Mode mode) : s_(s), mode_(mode) { out_.reserve(s.size()); }

  std::string parse() {
    while (i_ < s_.size()) step();
    while (!closers_.empty()) close();
    return std::move(out_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return i_ + ahead < s_.size() ? s_[i_ + ahead] : '\0'; }
  bool at(std::string_view what) const { return s_.substr(i_, what.size()) == what; }

  void step() {
    switch (peek()) {
      case '\\':
        return command();
      case '$':
        return dollar();
      case '{':
        closers_.push_back(next_closer_);
        next_closer_ = {};
        ++i_;
        return;
      case '}':
        if (closers_.empty()) break;  // stray: literal
        ++i_;
        return close();
      case '~':
        ++i_, out_ += ' ';
        return;
      case '-':
        return dashes();
      case '`':
        return open_quote();
      case '\'':
        return close_quote();
      case '!':
      case '?':
        if (peek(1) == '`') {
          out_ += peek() == '!' ? "¡" : "¿";
          i_ += 2;
          return;
        }
        break;
      case '^':
        return caret();
      case 'h':
        if (at("http://") || at("https://")) return bare_url();
        break;
      default:
        break;
    }
    auto run = 1 + plain_run(s_, i_ + 1);
    out_.append(s_, i_, run);
    i_ += run;
  }

  void close() {
    out_ += closers_.back();
    closers_.pop_back();
  }

  // Rule 6.
  void dashes() {
    std::size_t n = 1;
    while (n < 3 && peek(n) == '-') ++n;
    out_ += n == 1 ? "-" : n == 2 ? "–" : "—";
    i_ += n;
  }

  void open_quote() {
    if (peek(1) == '`') {
      out_ += "“";
      ++double_quotes_;
      i_ += 2;
      return;
    }
    ++i_;
    if (next_apostrophe_ < i_ || next_apostrophe_ == 0) {
      auto found = s_.find('\'', i_);
      next_apostrophe_ = found == std::string_view::npos ? s_.size() + 1 : found;
    }
    if (next_apostrophe_ < s_.size()) {
      ++single_quotes_;
      out_ += "‘";
    } else {
      out_ += '`';
    }
  }

  void close_quote() {
    if (peek(1) == '\'' && double_quotes_ > 0) {
      --double_quotes_;
      out_ += "”";
      i_ += 2;
      return;
    }
    ++i_;
    bool inside_word = is_letter(peek()) || is_digit(peek());
    if (single_quotes_ > 0 && !inside_word) {
      --single_quotes_;
      out_ += "’";
    } else {
      out_ += '\'';
    }
  }

  // Rule 11: outside math only digits become superscripts.
  void caret() {
    bool after = !out_.empty() && (is_letter(out_.back()) || is_digit(out_.back()) || out_.back() == ')');
    std::size_t from = i_ + 1;
    bool braces = from < s_.size() && s_[from] == '{';
    if (braces) ++from;
    std::size_t end = from;
    if (braces && end < s_.size() && (s_[end] == '-' || s_[end] == '+')) ++end;
    auto digits = end;
    while (end < s_.size() && is_digit(s_[end])) ++end;
    bool closed = !braces || (end < s_.size() && s_[end] == '}');
    if (!after || digits == end || !closed) {
      out_ += s_[i_++];
      return;
    }
    out_ += superscript(std::string(s_.substr(from, end - from)));
    i_ = end + (braces ? 1 : 0);
  }

  // An address stays as it is but for escaped characters.
  void bare_url() {
    while (i_ < s_.size() && !is_blank(s_[i_]) && s_[i_] != '{' && s_[i_] != '}') {
      if (s_[i_] == '$') return;
      if (s_[i_] == '\\') {
        if (is_letter(peek(1)) || i_ + 1 >= s_.size() || is_blank(peek(1)) || peek(1) == '\\') return;
        ++i_;
      }
      out_ += s_[i_++];
    }
  }

  // Rule 8.
  void dollar() {
    bool display = peek(1) == '$';
    std::size_t open = display ? 2 : 1;
    std::size_t from = i_ + open;
    int depth = 0;
    std::size_t end = from;
    for (; end < s_.size(); ++end) {
      char c = s_[end];
      if (c == '\n' || (c == '$' && (!display || s_.substr(end, 2) == "$$"))) break;
      if (c == '\\' && end + 1 < s_.size())
        ++end;
      else if (c == '{')
        ++depth;
      else if (c == '}')
        --depth;
    }
    bool closed = end < s_.size() && s_[end] == '$';
    auto content = closed ? s_.substr(from, end - from) : std::string_view();
    if (closed && depth != 0) {  // broken: shown as it stands
      out_.append(s_.substr(i_, end + open - i_));
      i_ = end + open;
    } else if (!closed || (!display && is_prose(content, end + 1))) {
      out_ += '$';
      ++i_;
    } else {
      formula(content);
      i_ = end + open;
    }
  }

  bool is_prose(std::string_view content, std::size_t after) const {
    if (content.empty()) return true;
    if (is_digit(content[0]) && after < s_.size() && is_digit(s_[after])) return true;
    if (content.find_first_of("\\^_=") != std::string_view::npos) return false;
    int words = 0;
    std::size_t run = 0;
    for (std::size_t i = 0; i <= content.size(); ++i) {
      if (i < content.size() && is_letter(content[i])) {
        ++run;
        continue;
      }
      if (run >= 3) ++words;
      run = 0;
    }
    return words >= 2;
  }

  void formula(std::string_view content) { out_ += math_to_text(text::trim(content)); }

  void command() {
    auto name = command_name(s_, i_);
    if (name.empty()) {
      out_ += '\\';
      ++i_;
      return;
    }
    std::size_t start = i_;
    i_ += 1 + name.size();
    if (name == "(" || name == "[") return delimited(start, name == "(" ? "\\)" : "\\]");
    if (auto mark = tables::accent(name); !mark.empty()) return accent(name, mark);
    if (!is_letter(name[0])) return control_symbol(name);
    if (auto letter = tables::letter(name); !letter.empty()) {
      out_ += letter;
      return swallow();
    }
    if (links(name) || layout(name)) return;
    if (auto symbol = tables::symbol(name); !symbol.empty()) {
      out_ += symbol;
      return skip_empty_group();
    }
    unknown(name);
  }

  // Rule 12, and the formatting commands of rule 4: the argument alone, else the name.
  void unknown(std::string_view name) {
    if (name == "textcolor" || name == "colorbox") {
      i_ = skip_group(s_, i_);
      return;
    }
    if (peek() == '{' && peek(1) != '}') return;  // braces vanish by themselves
    out_ += name;
    skip_empty_group();
  }

  bool links(std::string_view name) {
    if (name == "url" || name == "href" || name == "path") {
      auto end = skip_group(s_, i_);
      if (end == i_) return false;
      auto address = unescaped(s_.substr(i_ + 1, end - i_ - 2));
      i_ = end;
      if (name != "href") {
        out_ += address;
        return true;
      }
      end = skip_group(s_, i_);
      auto label = end == i_ ? std::string() : to_display(s_.substr(i_ + 1, end - i_ - 2), Mode::title);
      i_ = end;
      out_ += label.empty() || label == address ? address : label + " (" + address + ")";
      return true;
    }
    if (name == "footnote") {
      if (peek() != '{') return true;
      if (!out_.empty() && out_.back() != ' ') out_ += ' ';
      out_ += '(';
      next_closer_ = ")";
      return true;
    }
    if (tables::vanishes(name)) {
      while (peek() == '[') {
        auto close_at = s_.substr(i_, 200).find(']');
        if (close_at == std::string_view::npos) break;
        i_ += close_at + 1;
      }
      i_ = skip_group(s_, i_);
      if (peek() == ' ' && (out_.empty() || is_blank(out_.back()))) ++i_;  // one adjoining space goes too
      return true;
    }
    return false;
  }

  bool layout(std::string_view name) {
    if (tables::is_font_switch(name)) {
      while (peek() == ' ') ++i_;
      return true;
    }
    if (tables::is_nothing(name)) return true;
    if (tables::is_space(name)) {
      out_ += ' ';
      return true;
    }
    if (name == "item") {
      out_ += mode_ == Mode::abstract ? "\n• " : " • ";
      return true;
    }
    if (name == "textsuperscript" || name == "textsubscript") {
      auto end = skip_group(s_, i_);
      if (end == i_) return true;
      auto content = to_display(s_.substr(i_ + 1, end - i_ - 2), Mode::title);
      out_ += name == "textsuperscript" ? superscript(content) : subscript(content);
      i_ = end;
      return true;
    }
    if (name == "begin" || name == "end") return environment(name);
    return false;
  }

  bool environment(std::string_view name) {
    auto end = skip_group(s_, i_);
    if (end == i_) return true;
    auto kind = std::string(s_.substr(i_ + 1, end - i_ - 2));
    i_ = end;
    if (mode_ == Mode::abstract && name == "end" && (kind == "itemize" || kind == "enumerate")) out_ += '\n';
    if (name == "begin" && (kind.starts_with("equation") || kind.starts_with("align") || kind == "math" ||
                            kind.starts_with("displaymath") || kind.starts_with("gather"))) {
      auto close_at = s_.substr(i_, kLongestGroup).find("\\end{" + kind + "}");
      if (close_at != std::string_view::npos) {
        formula(s_.substr(i_, close_at));
        i_ += close_at + kind.size() + 6;
      }
    }
    return true;
  }

  void delimited(std::size_t start, std::string_view closer) {
    auto end = s_.substr(i_, kLongestGroup).find(closer);
    if (end == std::string_view::npos) {
      out_.append(s_.substr(start, i_ - start));
      return;
    }
    formula(s_.substr(i_, end));
    i_ += end + closer.size();
  }

  void control_symbol(std::string_view name) {
    switch (name[0]) {
      case ',':
      case ';':
      case ':':
      case ' ':
        out_ += ' ';
        return;
      case '!':
      case '-':
      case '/':
      case '@':
        return;
      case '\n':
        out_ += '\n';
        return;
      case '\\':
        if (peek() == '*') ++i_;
        out_ += mode_ == Mode::abstract ? '\n' : ' ';
        return;
      case '|':
        out_ += "‖";
        return;
      default:
        out_ += name;
        return;
    }
  }

  // Rule 2: the mark goes onto the next letter, group or \i.
  void accent(std::string_view name, std::string_view mark) {
    auto start = i_;
    if (is_letter(name[0]))
      while (peek() == ' ') ++i_;
    bool braces = peek() == '{';
    if (braces) {
      ++i_;
      closers_.emplace_back();
    }
    std::string base;
    if (peek() == '\\') {
      auto inner = command_name(s_, i_);
      base = tables::letter(inner);
      if (!base.empty()) {
        i_ += 1 + inner.size();
        if (!braces) swallow();
      }
    } else if (static_cast<unsigned char>(peek()) >= 0x80 || is_letter(peek())) {
      auto rest = s_.substr(i_);
      auto size = rest.size();
      take_code_point(rest);
      base = s_.substr(i_, size - rest.size());
      i_ += base.size();
    }
    if (base.empty()) {
      if (!braces && !is_letter(name[0])) out_ += name;  // an accent on nothing is its own character
      if (!braces) i_ = start;
      return;
    }
    out_ += base;
    out_ += mark;
  }

  // Rule 3: "{}" or one space after a letter command.
  void swallow() {
    if (at("{}"))
      i_ += 2;
    else if (peek() == ' ')
      ++i_;
  }

  void skip_empty_group() {
    if (at("{}")) i_ += 2;
  }

  static std::string unescaped(std::string_view s) {
    std::string out;
    for (std::size_t i = 0; i < s.size(); ++i) {
      if (s[i] == '\\' && i + 1 < s.size() && !is_letter(s[i + 1])) continue;
      if (!is_blank(s[i])) out += s[i];
    }
    return out;
  }

  std::string_view s_;
  Mode mode_;
  std::size_t i_ = 0;
  std::string out_;
  std::vector<std::string_view> closers_;  // what to write at each closing brace
  std::string_view next_closer_;
  int single_quotes_ = 0, double_quotes_ = 0;
  std::size_t next_apostrophe_ = 0;  // cached, so that searching for it stays linear
};

}  // namespace

std::string to_display(std::string_view tex, Mode mode) {
  if (is_tidy(tex)) {
    if (!needs_parsing(tex)) return std::string(tex);
    auto parsed = TextParser(tex, mode).parse();
    return is_tidy(parsed) ? parsed : text::nfc(squeezed(parsed, mode));
  }
  std::string repaired;
  if (!text::is_valid_utf8(tex)) {
    repaired = text::make_valid_utf8(tex);
    tex = repaired;
  }
  auto clean = tidied(tex, mode);
  if (needs_parsing(clean)) clean = TextParser(clean, mode).parse();
  return text::nfc(squeezed(clean, mode));
}

}  // namespace broadsheet::latex
