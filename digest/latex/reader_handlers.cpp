// Which function performs which action.
#include "digest/latex/reader.hpp"

namespace broadsheet::latex {

const std::array<Reader::Handler, static_cast<std::size_t>(Action::word) + 1> Reader::kHandlers = [] {
  std::array<Handler, static_cast<std::size_t>(Action::word) + 1> out{};
  out.fill(&Reader::action_text);
  auto set = [&out](Action action, Handler handler) { out[static_cast<std::size_t>(action)] = handler; };
  set(Action::accent, &Reader::action_accent);
  set(Action::arrow, &Reader::action_arrow);
  set(Action::begin, &Reader::action_begin);
  set(Action::braced, &Reader::action_braced);
  set(Action::braket, &Reader::action_braket);
  set(Action::buildrel, &Reader::action_buildrel);
  set(Action::character, &Reader::action_character);
  set(Action::chemistry, &Reader::action_chemistry);
  set(Action::codepoint, &Reader::action_code_point);
  set(Action::define, &Reader::action_define);
  set(Action::degree, &Reader::action_degree);
  set(Action::derivative, &Reader::action_derivative);
  set(Action::ding, &Reader::action_ding);
  set(Action::doublestruck, &Reader::action_double_struck);
  set(Action::end, &Reader::action_end);
  set(Action::eqno, &Reader::action_eqno);
  set(Action::footnote, &Reader::action_footnote);
  set(Action::fraction, &Reader::action_fraction);
  set(Action::function, &Reader::action_function);
  set(Action::genfrac, &Reader::action_genfrac);
  set(Action::glue, &Reader::action_skip);
  set(Action::gone, &Reader::action_gone);
  set(Action::hbox, &Reader::action_hbox);
  set(Action::href, &Reader::action_href);
  set(Action::hyperref, &Reader::action_hyperref);
  set(Action::infix, &Reader::action_infix);
  set(Action::isotope, &Reader::action_isotope);
  set(Action::item, &Reader::action_item);
  set(Action::left, &Reader::action_left);
  set(Action::let, &Reader::action_let);
  set(Action::letter, &Reader::action_letter);
  set(Action::line_break, &Reader::action_break);
  set(Action::lowercase, &Reader::action_case);
  set(Action::mark, &Reader::action_mark);
  set(Action::mathopen, &Reader::action_mathopen);
  set(Action::mintinline, &Reader::action_verb);
  set(Action::negated, &Reader::action_not);
  set(Action::open, &Reader::action_open);
  set(Action::operator_name, &Reader::action_operator);
  set(Action::overset, &Reader::action_overset);
  set(Action::overunder, &Reader::action_overset);
  set(Action::prescript, &Reader::action_scripted);
  set(Action::prime, &Reader::action_prime);
  set(Action::quantity, &Reader::action_quantity);
  set(Action::right, &Reader::action_right);
  set(Action::roman, &Reader::action_roman);
  set(Action::root, &Reader::action_root);
  set(Action::rootof, &Reader::action_rootof);
  set(Action::row, &Reader::action_row);
  set(Action::rowsof, &Reader::action_rows_of);
  set(Action::si, &Reader::action_units);
  set(Action::siangle, &Reader::action_units);
  set(Action::silist, &Reader::action_units);
  set(Action::sinumber, &Reader::action_units);
  set(Action::sirange, &Reader::action_units);
  set(Action::siunit, &Reader::action_units);
  set(Action::skip, &Reader::action_skip);
  set(Action::space, &Reader::action_space);
  set(Action::subscript, &Reader::action_scripted);
  set(Action::superscript, &Reader::action_scripted);
  set(Action::switch_, &Reader::action_switch);
  set(Action::underset, &Reader::action_overset);
  set(Action::uppercase, &Reader::action_case);
  set(Action::url, &Reader::action_url);
  set(Action::verb, &Reader::action_verb);
  set(Action::word, &Reader::action_word);
  return out;
}();

}  // namespace broadsheet::latex
