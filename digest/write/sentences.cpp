#include "digest/write/sentences.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"

namespace broadsheet::write {
namespace {

constexpr std::array<std::string_view, 26> kAbbreviations = {
    "al",  "approx", "ca", "cf", "Dr", "e.g",  "Eq",  "Eqs",  "eq",  "etc", "Fig", "Figs", "fig",
    "i.e", "incl",   "Mr", "Ms", "No", "Prof", "Ref", "resp", "Sec", "Tab", "vs",  "viz",  "w.r.t"};

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string_view last_word(std::string_view s) {
  auto space = s.find_last_of(" (");
  return space == std::string_view::npos ? s : s.substr(space + 1);
}

// `before` ends right in front of the full stop.
bool is_abbreviation(std::string_view before, bool before_lower_case) {
  auto word = last_word(before);
  if (word.size() == 1 && is_upper(word[0])) return true;
  if (word == "etc" || word == "al") return before_lower_case;
  return std::find(kAbbreviations.begin(), kAbbreviations.end(), word) != kAbbreviations.end();
}

bool can_start(std::string_view rest) {
  if (rest.empty()) return true;
  char c = rest.front();
  return is_upper(c) || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("\"'([$*•-").find(c) != std::string_view::npos;
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
    if (end < s.size() && s[end] != ' ' && s[end] != '\n') continue;
    auto rest = text::trim(s.substr(end));
    bool lower = !rest.empty() && rest.front() >= 'a' && rest.front() <= 'z';
    if (s[i] == '.' && is_abbreviation(s.substr(from, i - from), lower)) continue;
    if (lower || !can_start(rest)) continue;
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
