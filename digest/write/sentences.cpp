#include "digest/write/sentences.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::write {
namespace {

// Their full stop ends no sentence.
constexpr std::string_view kAbbreviations[] = {
    "App",   "Appl",       "Approx", "Assoc",   "Ch",  "Chap",  "Cor",  "Corp",  "Def",   "Dept",  "Dr",    "Ed",
    "Eds",   "Eq",         "Eqn",    "Eqns",    "Eqs", "Est",   "Ex",   "Fig",   "Figs",  "Inc",   "Jr",    "Lem",
    "Lond",  "Ltd",        "Mag",    "Math",    "Mr",  "Mrs",   "Ms",   "No",    "Nos",   "Obs",   "Phil",  "Phys",
    "Prof",  "Prop",       "Props",  "Pub",     "Ref", "Refs",  "Rem",  "Rev",   "Sec",   "Secs",  "Sect",  "Soc",
    "Sr",    "St",         "Supp",   "Suppl",   "Tab", "Th",    "Thm",  "Thms",  "Trans", "Univ",  "Vol",   "a.e",
    "a.k.a", "a.s",        "approx", "arXiv",   "c.f", "ca",    "cf",   "codim", "const", "dept",  "e.g",   "ed",
    "eds",   "eg",         "eq",     "eqn",     "eqs", "esp",   "fig",  "figs",  "i.e",   "i.i.d", "i.o",   "ie",
    "incl",  "inter alia", "l.h.s",  "lhs",     "max", "min",   "nr",   "p",     "pp",    "q.e",   "r.h.s", "r.v",
    "ref",   "refs",       "rel",    "resp",    "s.t", "sec",   "sect", "std",   "suppl", "tab",   "v.s",   "vol",
    "vs",    "viz",        "w.h.p",  "w.l.o.g", "w.p", "w.r.t", "wrt"};
// The same at the end of a sentence as well: only what follows tells.
constexpr std::string_view kMayEnd[] = {"a.e",  "a.k.a", "a.s", "al",   "etc",   "i.i.d", "i.o", "l.h.s", "max",
                                        "min",  "r.h.s", "r.v", "resp", "w.h.p", "w.p",   "Inc", "Corp",  "Ltd",
                                        "Univ", "St",    "p",   "rel",  "ed",    "std",   "U.S", "U.K",   "E.U",
                                        "a.m",  "p.m",   "B.C", "A.D",  "Jr",    "No",    "Th"};
// Begin sentences, not surnames.
constexpr std::string_view kStarters[] = {
    "A",    "Additionally", "All",   "Also",    "An",     "As",      "At",      "Based",    "Both",    "By",
    "Code", "Conversely",   "Each",  "Finally", "First",  "For",     "From",    "Further",  "Here",    "Hence",
    "How",  "However",      "If",    "In",      "It",     "Its",     "Let",     "Moreover", "Most",    "No",
    "On",   "One",          "Our",   "Results", "Second", "Several", "Since",   "Some",     "Such",    "That",
    "The",  "Their",        "Then",  "There",   "These",  "They",    "This",    "Thus",     "Through", "To",
    "Two",  "Under",        "Using", "We",      "What",   "When",    "Whether", "While",    "With",    "Yet"};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_one_of(std::string_view word, const auto& list) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

std::string_view last_word(std::string_view s) {
  auto space = s.find_last_of(" ([{\n");
  return space == std::string_view::npos ? s : s.substr(space + 1);
}

std::string_view first_word(std::string_view s) {
  return s.substr(0, s.find_first_of(" ,;:."));
}

// "R." of a name, not the end of "of type A.": a starter after it ends the sentence, and so does a word in small
// letters before it that no name follows.
bool is_initial(std::string_view before, std::string_view rest) {
  auto word = last_word(before);
  auto letter = word.size() > 2 && word[word.size() - 2] == '.' ? word.substr(word.size() - 1) : word;
  if (letter.size() != 1 || !is_upper(letter[0])) return false;
  if (is_one_of(first_word(rest), kStarters)) return false;
  auto previous = last_word(text::trim(before.substr(0, before.size() - word.size())));
  constexpr std::string_view kBeforeNames[] = {"by",   "and",    "of",  "to",    "from",
                                               "with", "author", "see", "Prof.", "Dr."};
  return previous.empty() || is_upper(previous[0]) || is_one_of(previous, kBeforeNames);
}

// `before` ends right in front of the full stop, `rest` begins with the word after it.
bool is_abbreviation(std::string_view before, std::string_view rest) {
  auto word = last_word(before);
  bool lower = !rest.empty() && rest.front() >= 'a' && rest.front() <= 'z';
  if (is_one_of(word, kMayEnd)) {
    bool digit =
        !rest.empty() && ((rest.front() >= '0' && rest.front() <= '9') || rest.front() == '(' || rest.front() == '[');
    return lower || digit;
  }
  if (is_initial(before, rest)) return true;
  bool journal = !word.empty() && is_upper(word[0]) && is_one_of(first_word(rest), kStarters);  // "… in J. Phys. We …"
  return !journal && is_one_of(word, kAbbreviations);
}

// A quotation or a remark in brackets is no place to end a sentence; one that never closes is not waited for.
bool is_inside_brackets(std::string_view sentence, std::string_view rest) {
  constexpr std::size_t kLongest = 200;
  int depth = 0;
  for (char c : sentence.substr(sentence.size() - std::min(sentence.size(), kLongest))) {
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') depth = std::max(0, depth - 1);
  }
  auto close = rest.substr(0, kLongest).find_first_of(")]([");
  return depth > 0 && close != std::string_view::npos && (rest[close] == ')' || rest[close] == ']');
}

bool can_start(std::string_view rest) {
  if (rest.empty()) return true;
  char c = rest.front();
  return is_upper(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("\"'([$*•-").find(c) != std::string_view::npos;
}

// A name that is written small may begin a sentence ("… for agents. projectmem records …"): told by the full word in
// front of the stop, as abbreviations are short.
bool begins_with_a_name(std::string_view before) {
  constexpr std::size_t kShortest = 5;
  auto word = last_word(before);
  return word.size() >= kShortest && word.size() + kShortest < before.size() && !is_one_of(word, kAbbreviations) &&
         std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == ')' || c == '-'; });
}

// "… the network.We propose …": the space was forgotten.
bool lacks_a_space(std::string_view s, std::size_t stop) {
  constexpr std::size_t kFar = 16;
  if (stop == 0 || stop + 1 >= s.size() || s[stop] != '.' || !is_upper(s[stop + 1])) return false;
  bool word = (s[stop - 1] >= 'a' && s[stop - 1] <= 'z') || s[stop - 1] == ')';
  auto next = s.substr(stop + 1, kFar);
  auto first = first_word(next);
  return word && first.size() > 1 && first.size() < next.size() && next[first.size()] != '.' &&
         is_one_of(first, kStarters);
}

// What stands after `end` and the white space there; bounded, so that a long text is read once.
std::string_view following(std::string_view s, std::size_t end) {
  constexpr std::size_t kFar = 400;
  while (end < s.size() && (s[end] == ' ' || s[end] == '\n')) ++end;
  return s.substr(end, kFar);
}

}  // namespace

std::vector<std::string> split_sentences(std::string_view s) {
  std::vector<std::string> out;
  std::size_t from = 0;
  auto cut = [&](std::size_t end) {
    auto sentence = text::collapse_space(s.substr(from, end - from));
    if (!sentence.empty()) out.push_back(std::move(sentence));
    from = end;
  };
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\n') {
      cut(i);
      continue;
    }
    if (s[i] != '.' && s[i] != '?' && s[i] != '!') continue;
    std::size_t end = i + 1;
    while (end < s.size() && (s[end] == ')' || s[end] == '"' || s[end] == '\'' || s[end] == ']')) ++end;
    if (s.substr(end).starts_with("”")) end += 3;
    if (end < s.size() && s[end] != ' ' && s[end] != '\n' && !lacks_a_space(s, i)) continue;
    auto rest = following(s, end);
    bool lower = !rest.empty() && rest.front() >= 'a' && rest.front() <= 'z';
    if (lower ? !begins_with_a_name(s.substr(from, i - from)) : !can_start(rest)) continue;
    auto sentence = s.substr(from, i - from);
    if (s[i] == '.' && is_abbreviation(sentence, rest)) continue;
    if (is_inside_brackets(s.substr(from, end - from), rest)) continue;
    cut(end);
    i = end - 1;
  }
  cut(s.size());
  return out;
}

std::size_t word_count(std::string_view sentence) {
  return static_cast<std::size_t>(std::count(sentence.begin(), sentence.end(), ' ')) + 1;
}

bool has_measure(std::string_view s) {
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 1; i < s.size(); ++i) {
    if (!digit(s[i - 1]) || digit(s[i])) continue;
    auto rest = s.substr(i);
    for (std::string_view unit : {"%", " %", "×", "x ", "x,", "x.", " times", " points", " percent", " dB", "-fold"})
      if (rest.starts_with(unit)) return true;
    std::size_t from = i - 1;
    while (from > 0 && digit(s[from - 1])) --from;
    bool own_word = from == 0 || s[from - 1] == ' ' || s[from - 1] == '(';
    if (own_word && rest.size() > 1 && rest[0] == '.' && digit(rest[1])) return true;
  }
  return false;
}

bool has_number(std::string_view sentence) {
  auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    if (!is_digit(sentence[i])) continue;
    bool starts = i == 0 || std::string_view(" (~<>+=$").find(sentence[i - 1]) != std::string_view::npos;
    std::size_t end = i;
    while (end < sentence.size() && (is_digit(sentence[end]) || sentence[end] == '.' || sentence[end] == ',')) ++end;
    bool in_word = end < sentence.size() && ((sentence[end] >= 'A' && sentence[end] <= 'z') || sentence[end] == '-');
    bool is_year = end - i == 4 && (sentence.substr(i, 2) == "19" || sentence.substr(i, 2) == "20");
    if (starts && !in_word && !is_year) return true;
    i = end;
  }
  return false;
}

}  // namespace broadsheet::write
