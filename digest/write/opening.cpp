#include "digest/write/opening.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "digest/write/cues.hpp"

namespace broadsheet::write {
namespace {

std::size_t words(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

bool has_word(std::string_view folded, std::initializer_list<std::string_view> wanted) {
  for (auto word : text::split(folded, ' '))
    if (std::find(wanted.begin(), wanted.end(), word) != wanted.end()) return true;
  return false;
}

// Whatever would change a statement by its absence.
bool carries(std::string_view folded) {
  return std::any_of(folded.begin(), folded.end(), [](char c) { return c >= '0' && c <= '9'; }) ||
         has_word(folded, {"not", "no", "never", "without", "if", "unless", "when", "only", "except", "than", "like",
                           "unlike", "assuming", "provided", "whether"});
}

// "in this survey", "in the present paper", "in this short note".
bool names_the_document(std::string_view folded) {
  for (std::string_view begin : {"in this ", "in the present ", "in our "}) {
    if (!folded.starts_with(begin)) continue;
    auto rest = folded.substr(begin.size());
    return is_cue(Cue::document, rest) || (words(rest) == 2 && is_cue(Cue::document, rest.substr(rest.find(' ') + 1)));
  }
  return false;
}

// "to bridge this gap", "based on these insights", "to address such issues in kelp counting".
bool only_points_back(std::string_view folded) {
  constexpr std::size_t kMostWords = 10;
  if (words(folded) > kMostWords || carries(folded)) return false;
  return !begins_with_cue(Cue::pointing, folded).empty() && has_word(folded, {"this", "these", "such", "those"});
}

bool is_opening(std::string_view folded) {
  return is_cue(Cue::opening, folded) || names_the_document(folded) || only_points_back(folded);
}

// A rest that begins with a joining word, or that is hardly more than a word, is no sentence.
bool stays_a_sentence(std::string_view rest) {
  constexpr std::size_t kFewest = 3;
  auto first = text::lower_ascii(rest.substr(0, rest.find_first_of(" ,")));
  return words(rest) >= kFewest &&
         !has_word(first, {"and", "or", "but", "nor", "which", "who", "that", "so", "e.g.", "i.e.", "where", "whose"});
}

// "Here we show …", "In this paper we show …": an opening without its comma.
std::string_view without_bare_opening(std::string_view rest, std::string_view folded) {
  auto we = folded.find(" we ");
  if (we == std::string_view::npos || !(folded.substr(0, we) == "here" || names_the_document(folded.substr(0, we))))
    return rest;
  return rest.substr(we + 1);
}

// "These results show that X" -> "X"; "These results suggest that X" -> "Results suggest that X".
std::string_view without_report(std::string_view rest, std::string_view folded) {
  std::size_t subject = 0;
  for (std::string_view begin : {"these ", "this ", "it "})
    if (folded.starts_with(begin)) subject = begin.size();
  if (subject == 0) return rest;
  auto that = folded.find(" that ");
  if (that == std::string_view::npos) that = 0;
  auto between = folded.substr(subject, that > subject ? that - subject : 0);
  auto noun = between.substr(0, between.find(' '));
  bool reports = is_cue(Cue::reporting, noun);
  auto verb = reports && noun.size() < between.size() ? between.substr(noun.size() + 1) : between;
  if (is_cue(Cue::showing, verb) && !leans(rest.substr(that + 6))) return rest.substr(that + 6);
  bool plural = folded.starts_with("these ");
  noun = folded.substr(subject, folded.substr(subject).find(' '));
  return plural && is_cue(Cue::reporting, noun) ? rest.substr(subject) : rest;
}

bool is_verb_of_one(std::string_view word) {
  constexpr std::size_t kShortest = 4;
  return word.size() >= kShortest && word.ends_with("s") && !word.ends_with("ss") && !word.ends_with("us") &&
         !has_word(word, {"also", "always", "thus", "perhaps", "results", "methods", "models", "advances", "works"});
}

// "It also reads sonar" -> "also reads sonar"; "It is trained on sonar" -> "trained on sonar"; "This yields 3%" ->
// "yields 3%": notes, as points of a list are.
std::string_view without_subject(std::string_view rest, std::string_view folded) {
  auto space = folded.find(' ');
  if (space == std::string_view::npos) return rest;
  auto subject = folded.substr(0, space);
  auto after = folded.substr(space + 1);
  auto verb = after.substr(0, after.find(' '));
  if (subject == "this" || subject == "these")
    return begins_with_cue(Cue::amounting, after).empty() ? rest : rest.substr(space + 1);
  if (subject != "it") return rest;
  if (has_word(verb, {"is", "was"})) {
    auto next = after.substr(verb.size() + (verb.size() < after.size() ? 1 : 0));
    auto participle = next.substr(0, next.find(' '));
    bool made = participle.ends_with("ed") || has_word(participle, {"built", "based"});
    return made && next.find(" that ") != participle.size() ? rest.substr(rest.size() - next.size()) : rest;
  }
  auto main = verb;
  if (verb == "also" || verb == "then" || verb.ends_with("ly")) {
    auto next = after.substr(std::min(after.size(), verb.size() + 1));
    main = next.substr(0, next.find(' '));
  }
  return is_verb_of_one(main) ? rest.substr(space + 1) : rest;
}

std::string_view without_openings(std::string_view rest) {
  constexpr std::size_t kMostOpenings = 3;
  for (std::size_t n = 0; n < kMostOpenings; ++n) {
    auto comma = rest.find(", ");
    if (comma == std::string_view::npos) break;
    auto opening = text::lower_ascii(rest.substr(0, comma));
    auto next = text::trim(rest.substr(comma + 2));
    bool contrast = is_cue(Cue::contrast, opening) && !leans(without_report(next, text::lower_ascii(next)));
    if (!(contrast || is_opening(opening)) || !stays_a_sentence(next)) break;
    rest = next;
  }
  return rest;
}

}  // namespace

std::string_view heading_of(std::string_view sentence) {
  constexpr std::size_t kLongest = 24;
  auto colon = sentence.substr(0, kLongest).find(": ");
  if (colon == std::string_view::npos || !is_cue(Cue::heading, text::lower_ascii(sentence.substr(0, colon)))) return {};
  return sentence.substr(0, colon);
}

std::string begun(std::string_view rest) {
  std::string out(rest);
  auto first = rest.substr(0, rest.find_first_of(" ,;:"));
  bool plain = std::all_of(first.begin(), first.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  bool letter_name = first.size() > 1 && first[1] == '-';
  if (plain && !letter_name && !out.empty() && out[0] != '-') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

bool leans(std::string_view sentence) {
  auto folded = text::lower_ascii(sentence.substr(0, 80));
  auto cue = begins_with_cue(Cue::leaning, folded);
  if (cue.empty()) return false;
  if (cue == "this" && folded.size() > 5) {
    auto noun = folded.substr(5, folded.find_first_of(" ,;:.'", 5) - 5);
    return !is_cue(Cue::document, noun);
  }
  if (cue == "in this") return !names_the_document(folded.substr(0, folded.find(' ', cue.size() + 1)));
  return true;
}

std::string as_point(std::string_view sentence) {
  auto text = standing_alone(sentence);
  if (!leans(text)) return text;
  auto shorter = without_subject(text, text::lower_ascii(text));
  return shorter.size() == text.size() || !stays_a_sentence(shorter) ? text : begun(shorter);
}

std::string standing_alone(std::string_view sentence) {
  auto heading = heading_of(sentence);
  auto rest = heading.empty() ? sentence : text::trim(sentence.substr(heading.size() + 2));
  rest = without_openings(rest);
  auto shorter = without_bare_opening(rest, text::lower_ascii(rest));
  shorter = without_report(shorter, text::lower_ascii(shorter));
  if (stays_a_sentence(shorter)) rest = without_openings(shorter);
  return rest.size() == sentence.size() ? std::string(sentence) : begun(rest);
}

}  // namespace broadsheet::write
