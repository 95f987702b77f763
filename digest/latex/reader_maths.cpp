// The reader inside formulas (rules 9 and 10).
#include <algorithm>

#include "bot/base/text.hpp"
#include "digest/latex/reader.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"

namespace broadsheet::latex {

void Reader::maths_step() {
  char c = s_[i_];
  auto begin = out_.size();
  if (c == '^' || c == '_') {
    ++i_;
    auto content = argument();
    out_ += c == '^' ? superscript(content) : subscript(content);
  } else if (c == '{') {
    if (skip_lost_environment()) return;
    settle_before_group();
    group();
  } else if (c == '\\') {
    command();
  } else if (c == '\'') {
    ++i_;
    out_ += peek() == '\'' ? (++i_, "″") : "′";
  } else if (c == '~') {
    tie();
  } else if (c == '&') {
    cell_mark();
  } else if (c == '$') {
    ++i_;  // maths in maths
  } else {
    auto character = first_character(part(i_));
    out_ += c == '\n' ? " " : character;
    i_ += character.size();
  }
  if (out_.size() > begin) settle();
}

// "{array}{ll}": what is left of a table when its \begin and \end were lost on the way to arXiv.
bool Reader::skip_lost_environment() {
  for (std::string_view name : {"{array}", "{aligned}"}) {
    if (!at(name)) continue;
    i_ += name.size();
    auto end = skip_group(s_, i_, 20);
    if (end != i_ && part(i_, end - i_).find_first_not_of("{lcr|@ }") == std::string_view::npos) i_ = end;
    return true;
  }
  return false;
}

// What had to wait for what stands behind it: a fraction beside a factor is put in parentheses, a function's name is
// kept from its argument.
void Reader::settle() {
  if (function_end_ != kNone && function_end_ < out_.size()) {
    auto rest = std::string_view(out_).substr(function_end_);
    if (is_word_character(take_code_point(rest))) out_.insert(function_end_, 1, ' ');
    function_end_ = kNone;
  }
  if (fraction_end_ == kNone || fraction_end_ >= out_.size()) return;
  auto rest = std::string_view(out_).substr(fraction_end_);
  if (rest.find_first_not_of(std::string_view(" \x01", 2)) == std::string_view::npos) return;
  if (is_factor_after(rest)) {
    out_.insert(fraction_end_, 1, ')');
    out_.insert(fraction_begin_, 1, '(');
  }
  fraction_begin_ = fraction_end_ = kNone;
}

// The same before a group opens, which remembers where its output starts: what it begins with tells.
void Reader::settle_before_group() {
  auto next = i_ + 1;
  while (next < s_.size() && (is_blank(s_[next]) || s_[next] == '{')) ++next;
  char c = next < s_.size() ? s_[next] : '}';
  bool factor = is_letter(c) || is_digit(c) || c == '\\' || c == '(' || static_cast<unsigned char>(c) >= 0x80;
  if (!factor) return;
  if (function_end_ != kNone && function_end_ == out_.size()) out_ += ' ';
  if (fraction_end_ != kNone) {
    out_.insert(fraction_end_, 1, ')');
    out_.insert(fraction_begin_, 1, '(');
  }
  fraction_begin_ = fraction_end_ = function_end_ = kNone;
}

// [i_, end) is a formula; i_ moves to its end.
void Reader::formula(std::size_t end) {
  bool outer_maths = std::exchange(maths_, true);
  bool outer_rows = std::exchange(in_rows_, false);
  auto outer_floor = std::exchange(floor_, out_.size());
  fraction_begin_ = fraction_end_ = function_end_ = kNone;
  within(end, [this] {
    Level outer;
    begin_level(outer);
    skip_blanks();
    while (i_ < s_.size()) {
      sequence();
      if (i_ < s_.size()) ++i_;  // a stray brace
    }
    while (out_.size() > level_.start && is_blank(out_.back())) out_.pop_back();
    end_level(outer);
  });
  fraction_begin_ = fraction_end_ = function_end_ = kNone;
  floor_ = outer_floor;
  in_rows_ = outer_rows;
  maths_ = outer_maths;
}

void Reader::put_fraction(std::string_view top, std::string_view bottom) {
  auto whole = fraction(top, bottom);
  if (!maths_) {
    out_ += whole;
  } else if (is_factor_before(std::string_view(out_).substr(std::min(floor_, out_.size())))) {
    out_ += "(" + whole + ")";
  } else {
    fraction_begin_ = out_.size();
    out_ += whole;
    fraction_end_ = out_.size();
  }
}

void Reader::put_function(std::string_view name) {
  if (!out_.empty() && out_.size() > floor_ && maths_) {
    auto before = std::string_view(out_);
    bool apart = is_factor_before(before) && !is_blank(before.back()) && before.back() != kHardSpace &&
                 before.back() != '/' && before.back() != '(';
    if (apart) out_ += ' ';
  }
  out_ += name;
  if (maths_) function_end_ = out_.size();
}

void Reader::put_delimiter() {
  skip_blanks();
  char c = peek();
  if (c == '.') {
    ++i_;
  } else if (c == '<' || c == '>') {
    ++i_;
    out_ += c == '<' ? "⟨" : "⟩";
  } else if (c != '{' && c != '^' && c != '_') {
    token();
  }
}

void Reader::action_mathopen(const Command& command) {
  if (maths_ || depth_ >= kMaxDepth) return;
  std::string closer = "\\" + std::string(command.meaning);
  auto& next = closer[1] == ')' ? next_round_ : next_square_;
  if (next < i_ || next == 0) {
    auto found = whole_.find(closer, i_);
    next = found == std::string_view::npos ? whole_.size() + 1 : found;
  }
  if (next + closer.size() > s_.size() || next - i_ > kLongestFormula) return;
  // Maths in a text box in it may hold closers of its own.
  int depth = 0;
  auto end = i_;
  for (; end < s_.size() && end < next + kLongestFormula / 2; ++end) {
    if (depth <= 0 && part(end, 2) == closer) break;
    if (s_[end] == '\\')
      ++end;
    else if (s_[end] == '{')
      ++depth;
    else if (s_[end] == '}')
      --depth;
  }
  if (end >= s_.size() || part(end, 2) != closer) end = next;
  formula(end);
  i_ = end + 2;
}

void Reader::action_fraction(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  put_fraction(a.nth("e", 0), a.nth("e", 1));
}

// \genfrac{left}{right}{line}{style}{top}{bottom}
void Reader::action_genfrac(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  auto left = a.value[0] == "." ? std::string() : a.value[0];
  if (left.empty()) return put_fraction(a.nth("e", 0), a.nth("e", 1));
  out_ += left + a.nth("e", 0) + " " + a.nth("e", 1) + a.value[1];
}

// {a \over b}: what stands before it in the group is the numerator.
void Reader::action_infix(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  if (!level_.infix_allowed || level_.infix != nullptr) {
    out_ += "/";
    return;
  }
  level_.infix = &command;
  level_.numerator = out_.substr(level_.start);
  out_.resize(level_.start);
  fraction_begin_ = fraction_end_ = function_end_ = kNone;
}

void Reader::action_root(const Command& command) {
  Arguments a;
  bool outer = std::exchange(maths_, true);
  read_arguments(command, a);
  maths_ = outer;
  out_ += superscript(a.value[0]) + "√" + bracketed(a.nth("e", 0));
}

// \root 3 \of {x}
void Reader::action_rootof(const Command& /*command*/) {
  auto degree = argument_in(true);
  skip_blanks();
  if (at("\\of")) i_ += 3;
  out_ += superscript(degree) + "√" + bracketed(argument_in(true));
}

void Reader::action_scripted(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  if (command.action == Action::prescript) {
    out_ += superscript(a.value[0]) + subscript(a.value[1]) + a.value[2];
    return;
  }
  const auto& content = a.nth("te", 0);
  out_ += command.action == Action::superscript ? superscript(content) : subscript(content);
}

// What stands over a relation or a name becomes its superscript, what stands under it its subscript.
void Reader::action_overset(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  const auto& base = a.nth("m", 0);
  bool name = base.size() > 1 && std::ranges::all_of(base, is_letter);
  if (name)
    put_function(base);
  else
    out_ += base;
  const auto& first = a.nth("e", 0);
  out_ += command.action == Action::underset ? subscript(first) : superscript(first);
  if (command.action == Action::overunder) out_ += subscript(a.nth("e", 1));
  if (name && maths_) function_end_ = out_.size();
}

void Reader::action_arrow(const Command& command) {
  Arguments a;
  bool outer = std::exchange(maths_, true);
  read_arguments(command, a);
  maths_ = outer;
  out_ += command.meaning;
  out_ += superscript(a.nth("e", 0)) + subscript(a.nth("o", 0));
}

// A brace over or under several things is seen only through its label.
void Reader::action_braced(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  const auto& content = a.nth("em", 0);
  skip_blanks();
  out_ += peek() == '^' || peek() == '_' ? bracketed(content) : content;
}

void Reader::action_braket(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  out_ += "⟨" + a.nth("mb", 0);
  if (peek() == '{') out_ += "|" + argument();
  out_ += "⟩";
}

// \buildrel a \over b
void Reader::action_buildrel(const Command& /*command*/) {
  auto label = argument_in(true);
  skip_blanks();
  if (at("\\over")) i_ += 5;
  out_ += argument_in(true) + superscript(label);
}

// \dv{f}{x}, \dv[n]{f}{x}, \dv{x}, \pdv{f}{x}{y}
void Reader::action_derivative(const Command& command) {
  Arguments a;
  if (!read_arguments(command, a)) return unknown(name_);
  auto d = std::string(command.meaning);
  auto top = a.nth("b", 0);
  std::string under = top, more;
  if (peek() == '{')
    under = argument();
  else
    top.clear();
  if (d == "∂" && peek() == '{') more = argument();
  auto order = superscript(more.empty() ? a.nth("o", 0) : "2");
  auto numerator = d + order + top;
  auto denominator = d + under + (more.empty() ? order : d + more);
  out_ += numerator + "/" + (more.empty() ? denominator : "(" + denominator + ")");
}

void Reader::action_mark(const Command& command) {
  constexpr std::string_view kLineBelow = "\xCC\xB2";
  if (!maths_ && command.meaning == kLineBelow)
    out_ += argument();  // an underlined word is a word
  else
    out_ += marked(argument_in(true), command.meaning);
}

void Reader::action_double_struck(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  out_ += double_struck(a.nth("et", 0));
}

void Reader::action_not(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  if (!a.value[0].empty()) out_ += accented(a.value[0], "\xCC\xB8");  // combining long solidus
}

void Reader::action_function(const Command& command) {
  put_function(command.meaning);
}

void Reader::action_operator(const Command& command) {
  Arguments a;
  bool outer = std::exchange(maths_, true);
  read_arguments(command, a);
  maths_ = outer;
  put_function(a.nth("m", 0));
}

void Reader::action_left(const Command& /*command*/) {
  put_delimiter();
  skip_blanks();
}

void Reader::action_right(const Command& /*command*/) {
  while (!out_.empty() && out_.size() > floor_ && is_blank(out_.back())) out_.pop_back();
  put_delimiter();
}

void Reader::action_open(const Command& command) {
  out_ += command.meaning;
  skip_blanks();
}

// arXiv writes the degree sign as {\deg}; in a formula \deg is a function's name.
void Reader::action_degree(const Command& /*command*/) {
  auto start = i_ - name_.size() - 1;
  bool alone = start > 0 && s_[start - 1] == '{' && peek() == '}';
  bool raised = start > 0 && s_[start - 1] == '^';
  bool counted = !out_.empty() && is_digit(out_.back());
  if (alone || raised || counted || !maths_)
    out_ += "°";
  else
    put_function("deg");
}

// \arcsec: seconds behind a number, a function's name before an argument.
void Reader::action_prime(const Command& command) {
  bool counted = !out_.empty() && (is_digit(out_.back()) || out_.back() == '.' || is_blank(out_.back()));
  auto start = i_ - name_.size() - 1;
  bool raised = start > 0 && (s_[start - 1] == '^' || s_[start - 1] == '{');
  if (!maths_ || counted || raised || name_ != "arcsec")
    out_ += command.meaning;
  else
    put_function(name_);
}

// The number of an equation and what follows it.
void Reader::action_eqno(const Command& /*command*/) {
  constexpr std::size_t kLongestNumber = 24;
  if (maths_ && s_.size() - i_ <= kLongestNumber) i_ = s_.size();
}

}  // namespace broadsheet::latex
