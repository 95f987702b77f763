#include "digest/write/shortening.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "digest/write/opening.hpp"

namespace broadsheet::write {
namespace {

constexpr std::size_t kFewestWords = 7;  // of what is left

std::size_t words(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

bool begins_with_one_of(std::string_view text, std::initializer_list<std::string_view> begins) {
  return std::any_of(begins.begin(), begins.end(), [text](std::string_view b) { return text.starts_with(b); });
}

// Whatever would change the statement by its absence.
bool can_go(std::string_view part) {
  if (std::any_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; })) return false;
  auto folded = " " + text::lower_ascii(part) + " ";
  for (char& c : folded)
    if (c == ',' || c == ';' || c == '(' || c == ')' || c == '.') c = ' ';
  for (std::string_view word :
       {" not ",      " no ",       " never ",  " cannot ", " nor ",     " without ",  " if ",
        " unless ",   " only ",     " except ", " when ",   " where ",   " whenever ", " under ",
        " assuming ", " provided ", " may ",    " might ",  " could ",   " almost ",   " up to ",
        " at least ", " at most ",  " fails ",  " but ",    " however ", " although "})
    if (folded.find(word) != std::string::npos) return false;
  return true;
}

// Subject and verb at the beginning, so that a clause at the end is not what the sentence hangs on.
bool has_main_clause_first(std::string_view text) {
  return begins_with_one_of(text, {"We ", "This paper ", "This work ", "This study ", "This article ", "This survey ",
                                   "This thesis ", "This report ", "This letter ", "This note ", "This review "});
}

std::string without_asides(std::string_view text) {
  std::string out;
  std::size_t from = 0;
  while (true) {
    auto open = text.find(" (", from);
    auto close = open == std::string_view::npos ? open : text.find_first_of("()", open + 2);
    if (close == std::string_view::npos || text[close] == '(') break;
    bool goes = can_go(text.substr(open, close - open)) && close + 1 < text.size();
    out += text.substr(from, (goes ? open : close + 1) - from);
    from = close + 1;
  }
  out += text.substr(from);
  return out;
}

// Where the last clause begins that the rest does not need, or npos.
std::size_t tail_of(std::string_view text) {
  constexpr std::string_view kTails[] = {
      ", which ",          ", enabling ",        ", allowing ",     ", leading to ",
      ", resulting in ",   ", thereby ",         ", thus ",         ", making ",
      ", demonstrating ",  ", showing ",         ", providing ",    ", yielding ",
      ", offering ",       ", highlighting ",    ", paving ",       " and show that ",
      " and demonstrate ", " and evaluate ",     " and provide ",   " and discuss ",
      ", and show that ",  ", and demonstrate ", ", and evaluate ", ", and provide ",
      ", and discuss ",    ", and show how ",    " and show how ",  ", and propose ",
      ", and analyze ",    ", and we "};
  std::size_t best = std::string_view::npos;
  for (auto tail : kTails) {
    auto at = text.find(tail);
    if (at != std::string_view::npos && at > 0) best = std::min(best, at);
  }
  return best;
}

bool balanced(std::string_view text) {
  return std::count(text.begin(), text.end(), '(') == std::count(text.begin(), text.end(), ')') &&
         std::count(text.begin(), text.end(), '"') % 2 == 0;
}

std::string without_tail(const std::string& text) {
  if (!has_main_clause_first(text)) return text;
  auto at = tail_of(text);
  if (at == std::string::npos) return text;
  auto kept = std::string_view(text).substr(0, at);
  if (words(kept) < kFewestWords || !balanced(kept) || !can_go(std::string_view(text).substr(at))) return text;
  return std::string(kept) + ".";
}

// "To count fish, we propose …" -> "We propose …".
std::string without_front(const std::string& text) {
  if (!begins_with_one_of(text, {"To ", "Motivated by ", "Inspired by ", "Building on ", "Building upon ", "Based on ",
                                 "Towards ", "Toward ", "As a ", "Starting from ", "Drawing on ", "In order to "}))
    return text;
  auto we = text.find(", we ");
  if (we == std::string::npos || !can_go(std::string_view(text).substr(0, we))) return text;
  auto rest = std::string_view(text).substr(we + 2);
  return words(rest) < kFewestWords ? text : begun(rest);
}

}  // namespace

std::vector<Shortened> shortenings(std::string_view sentence) {
  std::vector<Shortened> out;
  auto add = [&out](Shortened s) {
    if (std::none_of(out.begin(), out.end(), [&s](const auto& o) { return o.text == s.text; }))
      out.push_back(std::move(s));
  };
  auto whole = standing_alone(sentence);
  for (bool before : {false, true})
    for (bool tail : {false, true})
      for (bool aside : {false, true}) {
        auto text = before ? without_front(whole) : whole;
        if (tail) text = without_tail(text);
        if (aside) text = without_asides(text);
        add({std::move(text), aside, tail, before});
      }
  return out;
}

}  // namespace broadsheet::write
