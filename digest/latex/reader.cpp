#include "digest/latex/reader.hpp"

#include <algorithm>
#include <cstdlib>

#include "bot/base/text.hpp"
#include "digest/latex/scan.hpp"
#include "digest/latex/scripts.hpp"

namespace broadsheet::latex {
namespace {

constexpr std::size_t kLongestOption = 400;

// Points in one of TeX's units, roughly: all that matters is whether a reader would see a gap.
double points(std::string_view unit) {
  if (unit == "mu") return 0.55;
  if (unit == "em") return 10;
  if (unit == "ex") return 4.5;
  if (unit == "mm") return 2.8;
  if (unit == "cm") return 28;
  if (unit == "in") return 72;
  if (unit == "pc") return 12;
  if (unit == "sp") return 0;
  return 1;
}

}  // namespace

std::string Reader::read() {
  while (i_ < s_.size()) {
    sequence();
    if (i_ < s_.size()) out_ += s_[i_++];  // a stray closing brace
  }
  return std::move(out_);
}

std::string Reader::read_maths(int depth) {
  depth_ = depth;
  if (depth_ >= kMaxDepth) return std::string(s_);
  formula(s_.size());
  return std::move(out_);
}

void Reader::skip_blanks() {
  while (i_ < s_.size() && is_blank(s_[i_])) ++i_;
}

void Reader::skip_empty_group() {
  if (at("{}")) i_ += 2;
}

void Reader::sequence() {
  while (i_ < s_.size() && s_[i_] != '}' && !row_ended_) step();
}

void Reader::step() {
  if (maths_)
    maths_step();
  else
    text_step();
}

// A group, a command or one character.
void Reader::token() {
  if (i_ >= s_.size() || s_[i_] == '}') return;
  char c = s_[i_];
  if (maths_ || c == '{' || c == '\\' || c == '$') return step();
  auto character = first_character(part(i_));
  out_ += character;
  i_ += character.size();
}

void Reader::begin_level(Level& outer) {
  outer = std::move(level_);
  level_ = {out_.size(), true, nullptr, {}};
  ++depth_;
}

void Reader::end_level(Level& outer) {
  if (level_.infix != nullptr) {
    auto bottom = std::string(text::trim(std::string_view(out_).substr(level_.start)));
    auto top = std::string(text::trim(level_.numerator));
    out_.resize(level_.start);
    auto kind = level_.infix->meaning;
    if (kind == "/") {
      put_fraction(top, bottom);
    } else if (kind == "C") {
      out_ += "C(" + top + "," + bottom + ")";
    } else if (kind == ",") {
      out_ += top + ", " + bottom;
    } else {
      out_ += kind.front() + top + ", " + bottom + kind.back();
    }
  }
  --depth_;
  level_ = std::move(outer);
}

void Reader::group() {
  ++i_;
  if (depth_ >= kMaxDepth) return;
  Level outer;
  begin_level(outer);
  bool rows = std::exchange(in_rows_, false);
  if (maths_) skip_blanks();
  sequence();
  if (maths_)
    while (out_.size() > level_.start && is_blank(out_.back())) out_.pop_back();
  end_level(outer);
  in_rows_ = rows;
  if (peek() == '}') ++i_;
}

std::string Reader::argument() {
  return captured([this] {
    skip_blanks();
    while (at("\\expandafter") || at("\\protect")) {
      i_ += 1 + command_name(s_, i_).size();
      skip_blanks();
    }
    if (depth_ >= kMaxDepth || peek() == '^' || peek() == '_') return;
    ++depth_;
    token();
    if (maths_) settle();
    --depth_;
  });
}

std::string Reader::argument_in(bool maths) {
  bool outer = std::exchange(maths_, maths);
  auto out = argument();
  maths_ = outer;
  return out;
}

// "[…]", read in the present mode; empty if it is not there.
std::string Reader::optional(char open, char close) {
  if (peek() != open || depth_ >= kMaxDepth) return {};
  int depth = 0;
  for (auto end = i_ + 1; end < s_.size() && end - i_ < kLongestOption; ++end) {
    char c = s_[end];
    if (c == '\\') ++end;
    if (c == '{') ++depth;
    if (c == '}' && --depth < 0) break;
    if (c != close || depth != 0) continue;
    ++i_;
    ++depth_;
    auto out = captured([this, end] { within(end, [this] { sequence(); }); });
    --depth_;
    i_ = end + 1;
    return out;
  }
  return {};
}

// An argument that is a number is taken with all its digits: \pmod 12.
std::string Reader::whole_number() {
  skip_blanks();
  auto end = i_;
  while (end < s_.size() && is_digit(s_[end])) ++end;
  if (end == i_) return argument();
  auto out = std::string(part(i_, end - i_));
  i_ = end;
  return out;
}

std::string Reader::verbatim() {
  auto start = i_;
  skip_blanks();
  auto end = skip_group(s_, i_);
  if (end == i_) {
    i_ = start;
    return {};
  }
  auto out = std::string(part(i_ + 1, end - i_ - 2));
  i_ = end;
  return out;
}

// A command's name that is not wanted: \x or {\x}.
void Reader::skip_token() {
  skip_blanks();
  if (peek() == '{')
    i_ = std::max(skip_group(s_, i_), i_ + 1);
  else if (peek() == '\\')
    i_ += 1 + command_name(s_, i_).size();
  else if (i_ < s_.size() && s_[i_] != '}' && s_[i_] != '$')
    i_ += first_character(part(i_)).size();
}

// "-0.5em plus 1fil", "=3pt", "\parskip": a length without braces, skipped; its size in points.
double Reader::length() {
  auto start = i_;
  skip_blanks();
  if (peek() == '=') ++i_, skip_blanks();
  auto from = i_;
  while (peek() == '-' || peek() == '+') ++i_;
  while (is_digit(peek()) || peek() == '.') ++i_;
  if (peek() == '\\' && is_letter(peek(1))) {
    i_ += 1 + command_name(s_, i_).size();
    return 10;
  }
  if (i_ == from || (i_ == from + 1 && !is_digit(s_[from]))) {
    i_ = start;
    return 0;
  }
  auto size = std::strtod(std::string(part(from, std::min<std::size_t>(i_ - from, 20))).c_str(), nullptr);
  auto digits_end = i_;
  skip_blanks();
  static constexpr std::array<std::string_view, 10> kUnits = {"pt", "mu", "em", "ex", "mm",
                                                              "cm", "in", "pc", "sp", "bp"};
  auto unit = part(i_, 2);
  if (std::ranges::find(kUnits, unit) == kUnits.end()) return i_ = digits_end, size;
  i_ += 2;
  for (std::string_view more : {" plus", " minus", "plus", "minus"})
    if (at(more)) i_ += more.size(), length(), i_ += at("fil") ? 3 : 0;
  if (peek() == ' ') ++i_;  // the space that ends a length
  return size * points(unit);
}

const std::string& Reader::Arguments::nth(std::string_view wanted, std::size_t n) const {
  static const std::string nothing;
  for (std::size_t i = 0; i < kinds.size() && i < value.size(); ++i)
    if (wanted.find(kinds[i]) != std::string_view::npos && n-- == 0) return value[i];
  return nothing;
}

// False when the command needs a brace that is not there: it is not the command of the table then.
bool Reader::read_arguments(const Command& command, Arguments& out) {
  out.kinds = command.arguments;
  if (out.kinds.empty()) return true;
  auto first = peek(peek() == '*' ? 1 : 0);
  if (auto brace = out.kinds.find('b');
      brace != std::string_view::npos && first != '{' && !(first == '[' && out.kinds.find('o') < brace))
    return false;
  for (std::size_t n = 0; n < out.kinds.size() && n < kMaxArguments; ++n) {
    auto& value = out.value[n];
    switch (out.kinds[n]) {
      case 's':
        i_ += peek() == '*' ? 1 : 0;
        break;
      case 'o':
        value = optional('[', ']');
        break;
      case 'd':
        value = optional('(', ')');
        break;
      case 't':
        value = argument_in(false);
        break;
      case 'e':
        value = argument_in(true);
        break;
      case 'w':
        value = whole_number();
        break;
      case 'v':
      case 'n':
        value = verbatim();
        break;
      case 'l':
        length();
        break;
      case 'c':
        skip_token();
        break;
      default:
        value = argument();
        break;
    }
  }
  return true;
}

void Reader::put(std::string_view meaning, const Arguments& arguments) {
  while (!meaning.empty()) {
    auto mark = meaning.find('#');
    out_ += meaning.substr(0, mark);
    if (mark == std::string_view::npos) return;
    auto n = mark + 1 < meaning.size() ? static_cast<std::size_t>(meaning[mark + 1] - '1') : kNone;
    if (n < kMaxArguments) {
      out_ += arguments.value[n];
      mark += 1;
    } else {
      out_ += '#';
    }
    meaning.remove_prefix(mark + 1);
  }
}

}  // namespace broadsheet::latex
