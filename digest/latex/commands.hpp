// The one table of commands, environments and units, read from commands.tsv.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace broadsheet::latex {

// What the reader does with a command; `text` puts the meaning down, with #1 #2 for its arguments.
enum class Action : std::uint8_t {
  text,
  accent,
  arrow,
  begin,
  braced,
  braket,
  buildrel,
  character,
  chemistry,
  codepoint,
  define,
  degree,
  derivative,
  ding,
  doublestruck,
  end,
  eqno,
  footnote,
  fraction,
  function,
  genfrac,
  glue,
  gone,
  hbox,
  href,
  hyperref,
  infix,
  isotope,
  item,
  left,
  let,
  letter,
  line_break,
  lowercase,
  mark,
  mathopen,
  mintinline,
  negated,
  open,
  operator_name,
  overset,
  overunder,
  prescript,
  prime,
  quantity,
  right,
  roman,
  root,
  rootof,
  row,
  rowsof,
  siangle,
  silist,
  sinumber,
  sirange,
  siunit,
  si,
  skip,
  space,
  subscript,
  superscript,
  switch_,
  underset,
  uppercase,
  url,
  verb,
  word,
};

struct Command {
  std::string_view name;       // without its backslash; environments as env:NAME, units as unit:NAME
  std::string_view arguments;  // one letter each, explained at the head of commands.tsv
  std::string_view meaning;
  Action action = Action::text;
};

// nullptr: not known. Thread safe; the table is read once.
const Command* find_command(std::string_view name);
const Command* find_environment(std::string_view name);
const Command* find_unit(std::string_view name);
// Every row, in the order of the table.
std::span<const Command> all_commands();

}  // namespace broadsheet::latex
