// Environments and everything else that has rows and cells (rule 9).
#include <algorithm>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/latex/reader.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"

namespace broadsheet::latex {
namespace {

std::string_view word(std::string_view& s) {
  auto at = s.find(' ');
  auto out = s.substr(0, at);
  s.remove_prefix(at == std::string_view::npos ? s.size() : at + 1);
  return out;
}

// "[7pt]", "[-0.5\\baselineskip]"
bool is_length_option(std::string_view s) {
  constexpr std::size_t kLongest = 30;
  auto close = s.substr(0, kLongest).find(']');
  if (!s.starts_with('[') || close == std::string_view::npos || close < 2) return false;
  bool number = is_digit(s[1]) || s[1] == '-' || s[1] == '.' || s[1] == '\\';
  return number && (is_letter(s[close - 1]) || s[close - 1] == ' ') &&
         s.substr(0, close).find(',') == std::string_view::npos;
}

bool ends_open(std::string_view row) {
  return row.empty() || std::string_view(",;.:=+-<>").find(row.back()) != std::string_view::npos;
}

// A row that goes on with a relation or an operator belongs to the one before it.
bool continues(std::string_view row) {
  if (row.empty()) return false;
  if (std::string_view("=+-<>").find(row.front()) != std::string_view::npos) return true;
  for (std::string_view relation : {"≤", "≥", "≈", "∼", "≡", "×", "·", "→", "∈", "⊂", "≃", "≪", "≫", "≲", "≳", "±"})
    if (row.starts_with(relation)) return true;
  return false;
}

std::string_view trimmed(std::string_view s) {
  auto is_gap = [](char c) { return is_blank(c) || c == kHardSpace; };
  while (!s.empty() && is_gap(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_gap(s.back())) s.remove_suffix(1);
  return s;
}

}  // namespace

// The place of the \end that closes the environment whose body starts at i_, or npos.
std::size_t Reader::environment_end(std::string_view name) const {
  constexpr std::size_t kLongestEnvironment = 4000;
  auto body = part(0, std::min(s_.size(), i_ + kLongestEnvironment));
  int depth = 1;
  for (auto found = body.find('\\', i_); found != std::string_view::npos; found = body.find('\\', found + 2)) {
    auto rest = body.substr(found);
    bool begins = rest.starts_with("\\begin{");
    if (!begins && !rest.starts_with("\\end{")) continue;
    rest.remove_prefix(begins ? 7 : 5);
    if (!rest.starts_with(name) || rest.substr(name.size(), 1) != "}") continue;
    depth += begins ? 1 : -1;
    if (depth == 0) return found;
  }
  return std::string_view::npos;
}

void Reader::action_begin(const Command& /*command*/) {
  auto name = verbatim();
  const auto* kind = find_environment(name);
  if (kind == nullptr || depth_ >= kMaxDepth) return;
  Arguments a;
  auto next = s_.find_first_not_of(" \n", i_);
  if (next != std::string_view::npos && s_[next] == '[' && kind->arguments.starts_with('o')) i_ = next;
  read_arguments(*kind, a);
  auto what = kind->meaning;
  if (word(what) == "text") {
    if (what == "list" && mode_ == Mode::abstract) out_ += '\n';
    return;
  }
  auto end = environment_end(name);
  if (end == std::string_view::npos) return;
  environment(*kind, end);
  i_ = end + name.size() + std::string_view("\\end{}").size();
}

void Reader::action_end(const Command& /*command*/) {
  const auto* kind = find_environment(verbatim());
  if (kind != nullptr && kind->meaning == "text list" && mode_ == Mode::abstract) out_ += '\n';
}

// The body [i_, end) of an environment that is not plain text.
void Reader::environment(const Command& environment, std::size_t end) {
  auto what = environment.meaning;
  auto kind = word(what);
  if (kind == "dropped") return;
  if (kind == "verbatim") {
    out_ += part(i_, end - i_);
    return;
  }
  if (kind == "maths") return formula(end);
  bool table = environment.name.starts_with("env:tab") || environment.name.ends_with("table");
  bool outer = std::exchange(maths_, !table);
  within(end, [this, kind, what] {
    bool bracketed_before =
        !out_.empty() && std::string_view("([|").find(trimmed(out_).back()) != std::string_view::npos;
    if (kind == "matrix") {
      auto open = what.substr(0, what.size() / 2);
      out_ += open;
      rows(", ", "; ");
      out_ += what.substr(what.size() / 2);
    } else if (kind == "cases") {
      out_ += "{";
      rows(" ", "; ");
      out_ += "}";
    } else if (kind == "array") {
      rows(bracketed_before ? ", " : " ", "; ");
    } else {
      rows(" ", kind == "list" ? ", " : "; ");
    }
  });
  maths_ = outer;
}

// Reads to the end of what is being read: rows, each of them by itself.
void Reader::rows(std::string_view cell_separator, std::string_view row_separator) {
  bool outer_rows = std::exchange(in_rows_, true);
  auto outer_separator = std::exchange(cell_separator_, cell_separator);
  ++depth_;
  std::string all;
  while (i_ < s_.size()) {
    row_ended_ = false;
    auto row = captured([this] {
      while (i_ < s_.size() && !row_ended_) {
        sequence();
        if (i_ < s_.size() && !row_ended_) ++i_;  // a stray brace
      }
    });
    auto shown = trimmed(row);
    if (shown.empty()) continue;
    if (!all.empty()) {
      bool closed = std::string_view(",;").find(all.back()) != std::string_view::npos;
      all += closed || ends_open(all) || continues(shown) ? " " : row_separator;
    }
    all += shown;
  }
  row_ended_ = false;
  --depth_;
  cell_separator_ = outer_separator;
  in_rows_ = outer_rows;
  out_ += all;
}

void Reader::cell_mark() {
  ++i_;
  if (!in_rows_) {
    out_ += ' ';
    return;
  }
  bool empty = out_.empty() || is_blank(out_.back());
  if (cell_separator_ != " ")
    while (!out_.empty() && is_blank(out_.back())) out_.pop_back();
  if (!empty || cell_separator_ != " ") out_ += cell_separator_;
  skip_blanks();
}

// \\, \\[7pt] and \cr
void Reader::action_row(const Command& /*command*/) {
  if (peek() == '*') ++i_;
  auto bracket = s_.find_first_not_of(' ', i_);
  if (bracket != std::string_view::npos && is_length_option(part(bracket))) i_ = s_.find(']', bracket) + 1;
  if (in_rows_)
    row_ended_ = true;
  else if (maths_)
    out_ += kHardSpace;
  else
    out_ += mode_ == Mode::abstract ? '\n' : ' ';
}

// \substack{a \\ b}, \cases{…}, \matrix{…}: a group with rows; the meaning holds the delimiters.
void Reader::action_rows_of(const Command& command) {
  skip_blanks();
  auto end = skip_group(s_, i_);
  if (end == i_ || depth_ >= kMaxDepth) return;
  ++i_;
  auto what = command.meaning;
  auto kind = word(what);
  auto half = what.size() / 2;
  bool outer = std::exchange(maths_, true);
  out_ += what.substr(0, half);
  within(end - 1, [this, kind] { rows(kind == "cells" ? ", " : " ", kind == "list" ? ", " : "; "); });
  out_ += what.substr(half);
  maths_ = outer;
  i_ = end;
}

void Reader::action_item(const Command& /*command*/) {
  auto label = optional('[', ']');
  if (!maths_ && mode_ == Mode::abstract)
    out_ += '\n';
  else
    out_ += ' ';
  out_ += "• ";
  skip_blanks();
  if (!label.empty()) out_ += label + " ";
}

}  // namespace broadsheet::latex
