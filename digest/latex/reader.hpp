// The one reader of LaTeX: text and maths in turns, as deep as they are nested. Internal to digest/latex; display.hpp
// is the way in.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "digest/latex/commands.hpp"
#include "digest/latex/display.hpp"

namespace broadsheet::latex {

// Whether plain text holds anything that the reader acts on.
bool needs_reading(std::string_view s);

// Reads tidied source (rule 1: one blank between words, a newline for a paragraph). Time is linear: every look ahead is
// bounded, and groups deeper than kMaxDepth lose their meaning, never their text.
class Reader {
 public:
  Reader(std::string_view source, Mode mode) : s_(source), whole_(source), mode_(mode) { out_.reserve(source.size()); }

  std::string read();
  // The whole source as one formula, `depth` levels deep already.
  std::string read_maths(int depth);

 private:
  using Handler = void (Reader::*)(const Command&);

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  static constexpr int kMaxDepth = 40;
  static constexpr std::size_t kLongestFormula = 4000;
  static constexpr std::size_t kMaxArguments = 9;

  struct Arguments {
    std::array<std::string, kMaxArguments> value;
    std::string_view kinds;
    // The n-th (from 0) argument of one of `kinds`.
    const std::string& nth(std::string_view wanted, std::size_t n) const;
  };

  // What belongs to one group or formula while it is read.
  struct Level {
    std::size_t start = 0;           // where its output begins
    bool infix_allowed = false;      // not at the top of a text
    const Command* infix = nullptr;  // \over and its kin, once met
    std::string numerator;
  };

  // --- reader.cpp: source, groups, arguments
  char peek(std::size_t ahead = 0) const { return i_ + ahead < s_.size() ? s_[i_ + ahead] : '\0'; }
  // Never beyond the end of what is being read, wherever `at` lies.
  std::string_view part(std::size_t at, std::size_t size = kNone) const {
    return s_.substr(std::min(at, s_.size()), size);
  }
  bool at(std::string_view what) const { return part(i_, what.size()) == what; }
  void skip_blanks();
  void skip_empty_group();
  void sequence();
  void step();
  void token();
  void group();
  void begin_level(Level& outer);
  void end_level(Level& outer);
  template <typename Read>
  std::string captured(Read read);
  template <typename Read>
  void within(std::size_t end, Read read);
  std::string argument();
  std::string argument_in(bool maths);
  std::string optional(char open, char close);
  std::string whole_number();
  std::string verbatim();
  void skip_token();
  double length();
  bool read_arguments(const Command& command, Arguments& out);
  void put(std::string_view meaning, const Arguments& arguments);

  // --- reader_text.cpp
  void text_step();
  void command();
  void unknown(std::string_view name);
  void tie();
  void dashes();
  void open_quote();
  void close_quote();
  void straight_quote();
  void text_script_mark();
  void bare_url();
  void dollar();
  std::size_t formula_end(std::size_t from, bool display) const;
  bool is_prose(std::string_view content, std::size_t after) const;
  void unbalanced_formula(std::size_t from);
  void literal(std::size_t end);
  void accent(const Command& command);

  // --- reader_maths.cpp
  void maths_step();
  bool skip_lost_environment();
  void formula(std::size_t end);
  void settle();
  void settle_before_group();
  void put_fraction(std::string_view top, std::string_view bottom);
  void put_function(std::string_view name);
  void put_delimiter();
  void action_mathopen(const Command& command);
  void action_fraction(const Command& command);
  void action_genfrac(const Command& command);
  void action_infix(const Command& command);
  void action_root(const Command& command);
  void action_rootof(const Command& command);
  void action_scripted(const Command& command);
  void action_overset(const Command& command);
  void action_arrow(const Command& command);
  void action_braced(const Command& command);
  void action_braket(const Command& command);
  void action_buildrel(const Command& command);
  void action_derivative(const Command& command);
  void action_mark(const Command& command);
  void action_double_struck(const Command& command);
  void action_not(const Command& command);
  void action_function(const Command& command);
  void action_operator(const Command& command);
  void action_left(const Command& command);
  void action_right(const Command& command);
  void action_open(const Command& command);
  void action_degree(const Command& command);
  void action_prime(const Command& command);
  void action_eqno(const Command& command);

  // --- reader_actions.cpp: what both modes share
  void perform(const Command& command, std::string_view name);
  void action_text(const Command& command);
  void action_accent(const Command& command);
  void action_letter(const Command& command);
  void action_space(const Command& command);
  void action_skip(const Command& command);
  void action_break(const Command& command);
  void action_switch(const Command& command);
  void action_word(const Command& command);
  void action_gone(const Command& command);
  void action_footnote(const Command& command);
  void action_url(const Command& command);
  void action_href(const Command& command);
  void action_hyperref(const Command& command);
  void action_define(const Command& command);
  void action_let(const Command& command);
  void action_verb(const Command& command);
  void action_hbox(const Command& command);
  void action_case(const Command& command);
  void action_roman(const Command& command);
  void action_character(const Command& command);
  void action_code_point(const Command& command);
  void action_ding(const Command& command);
  void action_units(const Command& command);
  void action_quantity(const Command& command);
  void action_chemistry(const Command& command);
  void action_isotope(const Command& command);
  void close_gap();

  // --- reader_rows.cpp: environments and what has rows
  void action_begin(const Command& command);
  void action_end(const Command& command);
  void action_item(const Command& command);
  void action_row(const Command& command);
  void action_rows_of(const Command& command);
  void environment(const Command& kind, std::size_t end);
  std::size_t environment_end(std::string_view name) const;
  void rows(std::string_view cell_separator, std::string_view row_separator);
  void cell_mark();

  static const std::array<Handler, static_cast<std::size_t>(Action::word) + 1> kHandlers;

  std::string_view s_;      // the source up to the end of what is being read
  std::string_view whole_;  // all of it
  Mode mode_;
  std::size_t i_ = 0;
  std::string out_;
  bool maths_ = false;
  int depth_ = 0;
  Level level_;
  // Rows: a break ends the row instead of being shown; cells are set apart by this.
  bool in_rows_ = false;
  bool row_ended_ = false;
  std::string_view cell_separator_;
  // The fraction at the end of out_, as long as it is not known what stands behind it; and a function's name.
  std::size_t fraction_begin_ = kNone, fraction_end_ = kNone, function_end_ = kNone;
  std::size_t floor_ = 0;  // the formula's first place in out_
  int single_quotes_ = 0, double_quotes_ = 0;
  // Cached, so that searching for them stays linear.
  std::size_t next_apostrophe_ = 0, next_round_ = 0, next_square_ = 0;
  std::string_view name_;  // of the command being performed, as written
};

template <typename Read>
std::string Reader::captured(Read read) {
  std::string outer;
  outer.swap(out_);
  auto level = std::exchange(level_, Level{});
  auto floor = floor_;
  auto begin = fraction_begin_, end = fraction_end_, function = function_end_;
  floor_ = 0;
  fraction_begin_ = fraction_end_ = function_end_ = kNone;
  read();
  level_ = std::move(level);
  floor_ = floor;
  fraction_begin_ = begin, fraction_end_ = end, function_end_ = function;
  outer.swap(out_);
  return outer;
}

template <typename Read>
void Reader::within(std::size_t end, Read read) {
  auto outer = s_;
  s_ = s_.substr(0, end);
  read();
  i_ = end;
  s_ = outer;
}

}  // namespace broadsheet::latex
