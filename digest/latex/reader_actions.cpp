// What commands do in text and in maths alike: spaces, links, references, definitions, characters, units (rules 3 to 5,
// 7 and 12).
#include <algorithm>

#include "bot/base/text.hpp"
#include "digest/latex/characters.hpp"
#include "digest/latex/chemistry.hpp"
#include "digest/latex/reader.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"
#include "digest/latex/units.hpp"

namespace broadsheet::latex {
namespace {

constexpr double kSeenGap = 1.6;  // points; 3mu, a thin space, is a gap

std::string unescaped(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\\' && i + 1 < s.size() && !is_letter(s[i + 1])) continue;
    if (!is_blank(s[i])) out += s[i];
  }
  return out;
}

bool is_address(std::string_view s) {
  return s.find("://") != std::string_view::npos || s.starts_with("www.") || s.starts_with("mailto:");
}

std::string_view bare_address(std::string_view s) {
  for (std::string_view scheme : {"https://", "http://", "mailto:"})
    if (s.starts_with(scheme)) s.remove_prefix(scheme.size());
  while (s.ends_with('/')) s.remove_suffix(1);
  return s;
}

}  // namespace

void Reader::command() {
  auto name = command_name(s_, i_);
  if (name.empty()) {
    // A lone backslash: the space behind it was trimmed away in a formula, and at the end of a field.
    if (!maths_ && !out_.empty() && is_blank(out_.back()) && s_.size() == whole_.size() && mode_ == Mode::abstract)
      out_ += '\\';
    else if (maths_)
      out_ += kHardSpace;
    ++i_;
    return;
  }
  i_ += 1 + name.size();
  if (const auto* known = find_command(name)) return perform(*known, name);
  if (is_letter(name[0])) return unknown(name);
  if (is_blank(name[0]))
    out_ += maths_ ? kHardSpace : name[0];
  else
    out_ += name;
}

// Rule 12: the argument alone, else the name; options are not shown.
void Reader::unknown(std::string_view name) {
  if (const auto* unit = find_unit(name); unit != nullptr && unit->arguments.empty() && name.size() > 2) {
    out_ += unit->meaning;
    return skip_empty_group();
  }
  if (peek() == '[') {
    auto close = part(i_, 100).find(']');
    if (close != std::string_view::npos && i_ + close + 1 < s_.size() && s_[i_ + close + 1] == '{') i_ += close + 1;
  }
  if (peek() == '{' && peek(1) != '}') {
    for (bool first = true; peek() == '{' && depth_ < kMaxDepth; first = false) {
      if (!first && !out_.empty() && !is_blank(out_.back())) out_ += ' ';
      auto before = i_;
      group();
      if (i_ == before) break;
    }
    return;
  }
  out_ += name;
  skip_empty_group();
}

void Reader::perform(const Command& command, std::string_view name) {
  auto outer = std::exchange(name_, name);
  (this->*kHandlers[static_cast<std::size_t>(command.action)])(command);
  name_ = outer;
}

void Reader::action_text(const Command& command) {
  if (command.arguments.empty()) {
    out_ += command.meaning;
    return skip_empty_group();
  }
  Arguments a;
  if (!read_arguments(command, a)) return unknown(name_);
  put(command.meaning, a);
}

void Reader::action_accent(const Command& command) {
  accent(command);
}

// Rule 3: "{}" or one space after a letter command.
void Reader::action_letter(const Command& command) {
  // In maths \i, \O and the like are somebody's own; a letter without its dot is \imath there.
  out_ += maths_ && name_.size() == 1 ? name_ : command.meaning;
  if (at("{}"))
    i_ += 2;
  else if (peek() == ' ')
    ++i_;
}

void Reader::action_space(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  out_ += maths_ ? kHardSpace : ' ';
}

// \hspace{…} and \kern…: a gap where a reader would see one.
void Reader::action_skip(const Command& command) {
  double size = 0;
  if (command.action == Action::glue) {
    size = length();
  } else {
    if (peek() == '*') ++i_;
    auto start = i_;
    auto end = skip_group(s_, i_);
    if (end == i_) return;
    ++i_;
    within(end - 1, [this, &size] { size = length(); });
    i_ = std::max(end, start);
  }
  if (size >= kSeenGap) out_ += maths_ ? kHardSpace : ' ';
}

void Reader::action_break(const Command& /*command*/) {
  if (maths_)
    out_ += kHardSpace;
  else
    out_ += mode_ == Mode::abstract ? '\n' : ' ';
}

void Reader::action_switch(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  skip_blanks();
}

// \eg, \etal: the words of conference styles; their full stop is theirs.
void Reader::action_word(const Command& command) {
  out_ += command.meaning;
  if (at("{}")) i_ += 2;
  if (peek() == '.' && command.meaning.ends_with('.')) ++i_;
}

// \cite, \ref, \label: gone with their arguments, one adjoining space, and the brackets that held nothing else.
void Reader::action_gone(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  if (maths_) return;
  close_gap();
}

void Reader::close_gap() {
  auto next = std::min(s_.find_first_not_of(' ', i_), s_.size());
  char c = next < s_.size() ? s_[next] : '\0';
  // Back to what stands before the gap and the marks of a list around it.
  constexpr std::size_t kLongestGap = 16;
  auto kept = out_.size();
  while (kept > 0 && out_.size() - kept < kLongestGap &&
         std::string_view(" ,;").find(out_[kept - 1]) != std::string_view::npos)
    --kept;
  bool opened = kept > 0 && (out_[kept - 1] == '(' || out_[kept - 1] == '[');
  if (opened && c == (out_[kept - 1] == '(' ? ')' : ']')) {
    out_.resize(kept - 1);
    i_ = next + 1;
    next = std::min(s_.find_first_not_of(' ', i_), s_.size());
    c = next < s_.size() ? s_[next] : '\0';
    kept = out_.find_last_not_of(' ') + 1;
    opened = false;
  }
  bool listed = c == ',' || c == ';';
  if (opened || (kept == 0 && listed)) {
    out_.resize(kept);
    i_ = listed ? next + 1 : next;
    skip_blanks();
  } else if (c != '\0' && std::string_view(",.;:!?)]").find(c) != std::string_view::npos) {
    out_.resize(kept);
    i_ = next;
  } else if (peek() == ' ' && (out_.empty() || is_blank(out_.back()))) {
    ++i_;
  }
}

void Reader::action_footnote(const Command& command) {
  if (peek() != '{' && peek() != '[') return;
  Arguments a;
  read_arguments(command, a);
  auto note = text::trim(a.nth("t", 0));
  if (note.empty()) return;
  if (!out_.empty() && out_.back() != ' ') out_ += ' ';
  out_ += "(" + std::string(note) + ")";
}

void Reader::action_url(const Command& /*command*/) {
  char mark = peek();
  if (mark == '{') {
    out_ += unescaped(verbatim());
  } else if (mark == '|' || mark == '+' || mark == '!') {
    auto end = part(0, std::min(s_.size(), i_ + 500)).find(mark, i_ + 1);
    if (end == std::string_view::npos) return;
    out_ += part(i_ + 1, end - i_ - 1);
    i_ = end + 1;
  }
}

// Rule 5: the label with the address behind it, once where they are the same.
void Reader::action_href(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  auto address = unescaped(a.nth("v", 0));
  const auto& label = a.nth("m", 0);
  if (label.empty())
    out_ += address;
  else if (!is_address(address) || label == address)
    out_ += label;
  else if (bare_address(label) == bare_address(address))
    out_ += address.starts_with("mailto:") ? label : address;
  else
    out_ += label + " (" + address + ")";
}

// \hyperref[label]{text} and \hyperref{address}{category}{name}{text}
void Reader::action_hyperref(const Command& /*command*/) {
  if (peek() == '[') {
    optional('[', ']');
  } else {
    auto last = i_;
    for (int n = 0; n < 3; ++n) last = skip_group(s_, last);
    if (last < s_.size() && s_[last] == '{') i_ = last;
  }
  out_ += argument();
}

// \newcommand{\x}[1]{…} and \def\x#1{…}: nothing of it is meant to be read.
void Reader::action_define(const Command& /*command*/) {
  constexpr std::size_t kLongestParameters = 60;
  if (peek() == '*') ++i_;
  skip_token();
  auto brace = part(i_, kLongestParameters).find('{');
  if (brace == std::string_view::npos) return;
  auto between = part(i_, brace);
  bool parameters = between.empty() || between[0] == '[' || between[0] == '#' || between[0] == ' ';
  if (parameters && between.find_first_not_of(" #[]123456789") == std::string_view::npos)
    i_ = skip_group(s_, i_ + brace);
}

void Reader::action_let(const Command& /*command*/) {
  skip_token();
  skip_blanks();
  if (peek() == '=') ++i_, skip_blanks();
  skip_token();
}

// \verb|…|, \mintinline{python}|…|
void Reader::action_verb(const Command& command) {
  if (peek() == '*') ++i_;
  optional('[', ']');
  if (command.action == Action::mintinline) verbatim();
  char mark = peek();
  if (mark == '{') {
    out_ += verbatim();
    return;
  }
  if (is_letter(mark) || is_blank(mark) || mark == '\0' || static_cast<unsigned char>(mark) >= 0x80) return;
  auto end = part(0, std::min(s_.size(), i_ + 300)).find(mark, i_ + 1);
  if (end == std::string_view::npos) return;
  out_ += part(i_ + 1, end - i_ - 1);
  i_ = end + 1;
}

// \hbox to 3cm{…}
void Reader::action_hbox(const Command& /*command*/) {
  skip_blanks();
  for (std::string_view word : {"to", "spread"})
    if (at(word)) i_ += word.size(), length();
  out_ += argument_in(false);
}

void Reader::action_case(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  auto shown = a.value[0];
  if (command.action == Action::uppercase)
    std::ranges::transform(shown, shown.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c; });
  else
    shown = text::lower_ascii(shown);
  out_ += shown;
}

// \romannumeral 3, \romannumeral{3}
void Reader::action_roman(const Command& /*command*/) {
  out_ += roman(whole_number());
}

// \char"41, \char65, \char`A
void Reader::action_character(const Command& /*command*/) {
  skip_blanks();
  if (peek() == '`') {
    i_ += peek(1) == '\\' ? 2 : 1;
    out_ += argument();
    return;
  }
  auto end = i_;
  if (peek() == '"' || peek() == '\'') ++end;
  auto is_hex = [this](char c) { return is_digit(c) || (peek() == '"' && c >= 'A' && c <= 'F'); };
  while (end < s_.size() && end - i_ < 8 && is_hex(s_[end])) ++end;
  out_ += utf8(code_point(part(i_, end - i_)));
  i_ = end;
}

void Reader::action_code_point(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  out_ += utf8(code_point(a.nth("v", 0)));
}

void Reader::action_ding(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  out_ += dingbat(a.nth("v", 0));
}

void Reader::action_units(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  const auto& first = a.nth("v", 0);
  units::Maths maths = [this](std::string_view source) { return Reader(source, mode_).read_maths(depth_ + 1); };
  switch (command.action) {
    case Action::siunit:
      out_ += units::unit(first, maths);
      return;
    case Action::sinumber:
      out_ += units::number(first, maths);
      return;
    case Action::siangle:
      out_ += units::angle(first, maths);
      return;
    case Action::sirange:
      out_ += units::range(first, a.nth("v", 1), a.nth("v", 2), maths);
      return;
    case Action::silist:
      out_ += units::list(first, a.nth("v", 1), maths);
      return;
    default:
      out_ += units::quantity(first, a.nth("v", 1), maths);
      return;
  }
}

// \qty{5}{\metre} of siunitx, \qty(x) and \qty{x} of physics
void Reader::action_quantity(const Command& command) {
  if (peek() == '[') {
    auto close = part(i_, 100).find("]{");
    if (close != std::string_view::npos) i_ += close + 1;
  }
  auto end = skip_group(s_, i_);
  if (end == i_ || end >= s_.size() || s_[end] != '{') return;
  Command two = command;
  two.arguments = "vv";
  two.action = Action::si;
  action_units(two);
}

void Reader::action_chemistry(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  out_ += chemistry(a.nth("v", 0),
                    [this](std::string_view source) { return Reader(source, mode_).read_maths(depth_ + 1); });
}

// \isotope[14]{C}
void Reader::action_isotope(const Command& command) {
  Arguments a;
  read_arguments(command, a);
  out_ += superscript(a.nth("o", 0)) + subscript(a.nth("o", 1)) + a.nth("m", 0);
}

}  // namespace broadsheet::latex
