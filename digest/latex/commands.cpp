#include "digest/latex/commands.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include "embedded/latex_commands.hpp"

namespace broadsheet::latex {
namespace {

using Named = std::pair<std::string_view, Action>;
constexpr auto kActions = std::to_array<Named>({
    {"accent", Action::accent},
    {"arrow", Action::arrow},
    {"begin", Action::begin},
    {"braced", Action::braced},
    {"braket", Action::braket},
    {"break", Action::line_break},
    {"buildrel", Action::buildrel},
    {"character", Action::character},
    {"chemistry", Action::chemistry},
    {"codepoint", Action::codepoint},
    {"define", Action::define},
    {"degree", Action::degree},
    {"derivative", Action::derivative},
    {"ding", Action::ding},
    {"doublestruck", Action::doublestruck},
    {"end", Action::end},
    {"eqno", Action::eqno},
    {"footnote", Action::footnote},
    {"fraction", Action::fraction},
    {"function", Action::function},
    {"genfrac", Action::genfrac},
    {"glue", Action::glue},
    {"gone", Action::gone},
    {"hbox", Action::hbox},
    {"href", Action::href},
    {"hyperref", Action::hyperref},
    {"infix", Action::infix},
    {"isotope", Action::isotope},
    {"item", Action::item},
    {"left", Action::left},
    {"let", Action::let},
    {"letter", Action::letter},
    {"lowercase", Action::lowercase},
    {"mark", Action::mark},
    {"mathopen", Action::mathopen},
    {"mintinline", Action::mintinline},
    {"not", Action::negated},
    {"open", Action::open},
    {"operator", Action::operator_name},
    {"overset", Action::overset},
    {"overunder", Action::overunder},
    {"par", Action::line_break},
    {"prescript", Action::prescript},
    {"prime", Action::prime},
    {"quantity", Action::quantity},
    {"right", Action::right},
    {"roman", Action::roman},
    {"root", Action::root},
    {"rootof", Action::rootof},
    {"row", Action::row},
    {"rowsof", Action::rowsof},
    {"si", Action::si},
    {"siangle", Action::siangle},
    {"silist", Action::silist},
    {"sinumber", Action::sinumber},
    {"sirange", Action::sirange},
    {"siunit", Action::siunit},
    {"skip", Action::skip},
    {"space", Action::space},
    {"subscript", Action::subscript},
    {"superscript", Action::superscript},
    {"switch", Action::switch_},
    {"underset", Action::underset},
    {"uppercase", Action::uppercase},
    {"url", Action::url},
    {"verb", Action::verb},
    {"word", Action::word},
});

std::string_view take_until(std::string_view& s, char end) {
  auto at = s.find(end);
  auto out = s.substr(0, at);
  s.remove_prefix(at == std::string_view::npos ? s.size() : at + 1);
  return out;
}

// "!action rest" or plain text.
void read_meaning(Command& row, std::string_view meaning) {
  row.meaning = meaning;
  if (meaning.size() < 2 || meaning[0] != '!') return;
  auto rest = meaning.substr(1);
  auto name = take_until(rest, ' ');
  const auto* found = std::ranges::find(kActions, name, &Named::first);
  assert(found != kActions.end() && "an action of commands.tsv that the reader does not know");
  if (found == kActions.end()) return;
  row.action = found->second;
  row.meaning = rest;
}

constexpr std::uint32_t hash(std::string_view name) {
  std::uint32_t h = 2166136261U;
  for (char c : name) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
  return h ^ (h >> 15U);
}

// Open addressing: a look-up is one hash and nearly always one comparison.
class Table {
 public:
  Table() {
    std::string_view left = embedded::latex_commands;
    while (!left.empty()) {
      auto line = take_until(left, '\n');
      if (line.empty() || line.starts_with("# ")) continue;
      Command row;
      row.name = take_until(line, '\t');
      row.arguments = take_until(line, '\t');
      read_meaning(row, line);
      rows_.push_back(row);
    }
    std::size_t size = 1024;
    while (size < rows_.size() * 2) size *= 2;
    slots_.assign(size, 0);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      auto at = hash(rows_[i].name) & (size - 1);
      while (slots_[at] != 0) at = (at + 1) & (size - 1);
      slots_[at] = static_cast<std::uint16_t>(i + 1);
    }
  }

  const Command* find(std::string_view name) const {
    auto mask = slots_.size() - 1;
    for (auto at = hash(name) & mask; slots_[at] != 0; at = (at + 1) & mask)
      if (rows_[slots_[at] - 1U].name == name) return &rows_[slots_[at] - 1U];
    return nullptr;
  }

  const std::vector<Command>& rows() const { return rows_; }

 private:
  std::vector<Command> rows_;
  std::vector<std::uint16_t> slots_;
};

const Table& table() {
  static const Table the_table;
  return the_table;
}

}  // namespace

const Command* find_command(std::string_view name) {
  return table().find(name);
}
const Command* find_environment(std::string_view name) {
  if (name.ends_with('*')) name.remove_suffix(1);
  return name.size() > 40 ? nullptr : table().find("env:" + std::string(name));
}
const Command* find_unit(std::string_view name) {
  return name.size() > 40 ? nullptr : table().find("unit:" + std::string(name));
}
std::span<const Command> all_commands() {
  return table().rows();
}

}  // namespace broadsheet::latex
