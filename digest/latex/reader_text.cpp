// The reader outside formulas: quotes, dashes, ties, addresses, accents, and where a formula begins (rules 2 to 8, 11).
#include <algorithm>
#include <array>

#include "digest/latex/reader.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"

namespace broadsheet::latex {
namespace {

// How far back the opening partner of a closing quotation mark is looked for.
constexpr std::size_t kLongestQuotation = 300;
// A longer group after ^ or _ outside maths is none.
constexpr std::size_t kLongestScript = 200;

// What the reader may have to act on; the run of other characters between is copied whole.
constexpr std::array<bool, 256> make_active() {
  std::array<bool, 256> out{};
  for (char c : {'\\', '$', '{', '}', '~', '-', '`', '\'', '"', '!', '?', '^', '_', 'h'})
    out[static_cast<unsigned char>(c)] = true;
  return out;
}
constexpr auto kActive = make_active();

std::size_t plain_run(std::string_view s, std::size_t from) {
  auto end = from;
  while (end < s.size() && !kActive[static_cast<unsigned char>(s[end])]) ++end;
  return end - from;
}

bool opens(std::string_view before) {
  if (before.empty()) return true;
  char c = before.back();
  return is_blank(c) || c == kHardSpace || c == '(' || c == '[' || c == '{';
}

// Where a quotation that is still open began in `out`, if its mark stands where one opens.
std::size_t open_mark(std::string_view out, std::string_view mark) {
  auto from = out.size() > kLongestQuotation ? out.size() - kLongestQuotation : 0;
  auto found = out.substr(from).rfind(mark);
  if (found == std::string_view::npos || !opens(out.substr(0, from + found))) return std::string_view::npos;
  return from + found;
}

}  // namespace

bool needs_reading(std::string_view s) {
  for (std::size_t i = plain_run(s, 0); i < s.size(); i += 1 + plain_run(s, i + 1)) {
    switch (s[i]) {
      case '!':
      case '?':
      case '"':
      case '_':
      case 'h':
        break;  // act only beside a character that is found by itself
      case '-':
      case '\'':
        if (i + 1 < s.size() && s[i + 1] == s[i]) return true;
        break;
      default:
        return true;
    }
  }
  return false;
}

void Reader::text_step() {
  switch (peek()) {
    case '\\':
      return command();
    case '$':
      return dollar();
    case '{':
      return group();
    case '~':
      return tie();
    case '-':
      return dashes();
    case '`':
      return open_quote();
    case '\'':
      return close_quote();
    case '"':
      return straight_quote();
    case '^':
    case '_':
      return text_script_mark();
    case '!':
    case '?':
      if (peek(1) != '`') break;
      out_ += peek() == '!' ? "¡" : "¿";
      i_ += 2;
      return;
    case 'h':
      if (at("http://") || at("https://")) return bare_url();
      break;
    case '&':
      if (in_rows_) return cell_mark();
      break;
    default:
      break;
  }
  auto run = 1 + plain_run(s_, i_ + 1);
  if (in_rows_) run = std::min(run, std::max<std::size_t>(1, part(i_, run).find('&')));
  out_.append(s_, i_, run);
  i_ += run;
}

// Rule 7: "~14x" and "(~3 GB)" say "about"; "Figure~2" is a tie.
void Reader::tie() {
  ++i_;
  auto next = i_;
  while (next < s_.size() && is_blank(s_[next])) ++next;
  if (part(next, 2) == "\\$" || part(next, 1) == "$") next += s_[next] == '$' ? 1 : 2;
  if (next < s_.size() && s_[next] == '.') ++next;
  bool number = next < s_.size() && is_digit(s_[next]);
  bool about = number && opens(out_);
  out_ += about ? '~' : maths_ ? kHardSpace : ' ';
}

// Rule 6.
void Reader::dashes() {
  std::size_t n = 1;
  while (n < 3 && peek(n) == '-') ++n;
  out_ += n == 1 ? "-" : n == 2 ? "–" : "—";
  i_ += n;
}

void Reader::open_quote() {
  if (peek(1) == '`') {
    bool closes = double_quotes_ > 0 && !opens(out_) && !is_letter(peek(2));
    out_ += closes ? "”" : "“";
    double_quotes_ += closes ? -1 : 1;
    i_ += 2;
    return;
  }
  ++i_;
  if (next_apostrophe_ < i_ || next_apostrophe_ == 0) {
    auto found = whole_.find('\'', i_);
    next_apostrophe_ = found == std::string_view::npos ? whole_.size() + 1 : found;
  }
  if (next_apostrophe_ < whole_.size()) {
    ++single_quotes_;
    out_ += "‘";
  } else {
    out_ += '`';
  }
}

// Rule 6, and marks of two kinds: "x'' and `x'' end as they began, ''x'' begins as it ends.
void Reader::close_quote() {
  bool two = peek(1) == '\'';
  if (two && double_quotes_ > 0) {
    --double_quotes_;
    out_ += "”";
    i_ += 2;
    return;
  }
  if (two) {
    if (open_mark(out_, "\"") != std::string_view::npos) return out_ += '"', i_ += 2, void();
    auto ahead = part(i_ + 2, kLongestQuotation);
    bool closed = ahead.find("''") != std::string_view::npos || ahead.find('"') != std::string_view::npos;
    if (opens(out_) && closed) {
      ++double_quotes_;
      return out_ += "“", i_ += 2, void();
    }
    if (auto single = open_mark(out_, "‘"); single_quotes_ > 0 && single != std::string_view::npos) {
      --single_quotes_;
      out_.replace(single, std::string_view("‘").size(), "“");
      return out_ += "”", i_ += 2, void();
    }
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

// ``x" is closed by a straight mark.
void Reader::straight_quote() {
  ++i_;
  if (double_quotes_ > 0 && !opens(out_)) {
    --double_quotes_;
    out_ += "”";
  } else {
    out_ += '"';
  }
}

// Rule 11: outside maths only digits become superscripts; a group keeps its meaning.
void Reader::text_script_mark() {
  char mark = s_[i_];
  char next = peek(1);
  bool after = is_factor_before(out_) && !is_blank(out_.back());
  if (mark == '^' && is_digit(next) && after) {
    auto end = i_ + 1;
    while (end < s_.size() && is_digit(s_[end])) ++end;
    out_ += superscript(part(i_ + 1, end - i_ - 1));
    i_ = end;
    return;
  }
  bool command = next == '\\' && is_letter(peek(2));
  if ((next != '{' && !command) || (next == '{' && skip_group(s_, i_ + 1, kLongestScript) == i_ + 1) ||
      depth_ >= kMaxDepth) {
    out_ += s_[i_++];
    return;
  }
  ++i_;
  auto content = argument_in(true);
  if (command)
    out_ += mark == '^' ? superscript(content) : subscript(content);
  else
    out_ += text_script(content, mark);
}

// An address stays as it is but for escaped characters.
void Reader::bare_url() {
  while (i_ < s_.size() && !is_blank(s_[i_]) && s_[i_] != '{' && s_[i_] != '}') {
    if (s_[i_] == '$') return;
    if (s_[i_] == '\\') {
      if (is_letter(peek(1)) || i_ + 1 >= s_.size() || is_blank(peek(1)) || peek(1) == '\\') return;
      ++i_;
    }
    out_ += s_[i_++];
  }
}

// The place of the dollar that ends the formula, or npos: the first outside its braces; text boxes in it may hold whole
// formulas of their own.
std::size_t Reader::formula_end(std::size_t from, bool display) const {
  int depth = 0;
  int inner = -1;  // the depth at which a formula within is open
  auto last = std::min(s_.size(), from + kLongestFormula);
  for (auto end = from; end < last; ++end) {
    char c = s_[end];
    if (c == '\\') {
      ++end;
    } else if (c == '\n' && !display) {
      break;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}') {
      if (depth == 0 || inner == depth) break;
      --depth;
    } else if (c == '$' && depth == 0) {
      if (!display || part(end, 2) == "$$") return end;
    } else if (c == '$') {
      inner = inner < 0 ? depth : inner == depth ? -1 : inner;
    }
  }
  return std::string_view::npos;
}

bool Reader::is_prose(std::string_view content, std::size_t after) const {
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

// Rule 8.
void Reader::dollar() {
  bool display = peek(1) == '$';
  std::size_t open = display ? 2 : 1;
  auto from = i_ + open;
  auto end = depth_ >= kMaxDepth ? std::string_view::npos : formula_end(from, display);
  if (end == std::string_view::npos) return unbalanced_formula(from);
  if (!display && is_prose(part(from, end - from), end + 1)) {
    out_ += '$';
    ++i_;
    return;
  }
  i_ = from;
  formula(end);
  i_ = end + open;
}

// Braces do not match, or no dollar ends it: what can be read is read, the rest stands as it is.
void Reader::unbalanced_formula(std::size_t from) {
  auto end = from;
  auto last = std::min(s_.size(), from + kLongestFormula);
  while (end < last && s_[end] != '$' && s_[end] != '\n') end += s_[end] == '\\' ? 2 : 1;
  bool closed = end < last && s_[end] == '$';
  auto content = closed ? part(from, end - from) : std::string_view();
  if (depth_ >= kMaxDepth || !closed || is_prose(content, end + 1)) {
    out_ += '$';
    ++i_;
    return;
  }
  if (content.back() == '{' || content.front() == '}') return literal(end + 1);
  i_ = from;
  formula(end);
  i_ = end + (part(end, 2) == "$$" ? 2 : 1);
}

// Source shown as it stands, but for commands.
void Reader::literal(std::size_t end) {
  while (i_ < end && i_ < s_.size()) {
    if (s_[i_] == '\\')
      command();
    else
      out_ += s_[i_++];
  }
}

// Rule 2: the mark goes onto the next letter, group or command.
void Reader::accent(const Command& command) {
  bool letter = is_letter(name_[0]);
  auto name = name_;
  auto start = i_;
  if (maths_ && letter && name.size() == 1 && peek() != '{') return unknown(name);
  skip_blanks();
  bool braces = peek() == '{';
  const auto* inner = peek() == '\\' ? find_command(command_name(s_, i_)) : nullptr;
  bool takes = braces || is_letter(peek()) || static_cast<unsigned char>(peek()) >= 0x80 ||
               (inner != nullptr && (inner->action == Action::letter || inner->action == Action::accent ||
                                     (inner->action == Action::text && inner->arguments.empty())));
  auto base = takes && depth_ < kMaxDepth ? argument_in(false) : std::string();
  bool plain = base.empty() || base[0] == ' ' || is_digit(base[0]);
  if (!plain) {
    out_ += accented(base, command.meaning);
    return;
  }
  // An accent on nothing is its own character: \~{}, \^{}.
  if (!letter) out_ += name;
  out_ += base;
  if (!braces) i_ = start;
}

}  // namespace broadsheet::latex
