#include "digest/write/opening.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::write {
namespace {

// Without their comma; matched in lower case.
constexpr std::string_view kOpenings[] = {"in this paper",
                                          "in this work",
                                          "in this article",
                                          "in this study",
                                          "in this letter",
                                          "in response",
                                          "motivated by this",
                                          "therefore",
                                          "consequently",
                                          "accordingly",
                                          "hence",
                                          "thus",
                                          "here",
                                          "specifically",
                                          "more specifically",
                                          "concretely",
                                          "more concretely",
                                          "in particular",
                                          "particularly",
                                          "finally",
                                          "lastly",
                                          "moreover",
                                          "furthermore",
                                          "further",
                                          "additionally",
                                          "in addition",
                                          "besides",
                                          "also",
                                          "notably",
                                          "most notably",
                                          "importantly",
                                          "most importantly",
                                          "crucially",
                                          "critically",
                                          "remarkably",
                                          "interestingly",
                                          "overall",
                                          "in summary",
                                          "to sum up",
                                          "in conclusion",
                                          "to conclude",
                                          "to summarize",
                                          "as a result",
                                          "first",
                                          "firstly",
                                          "second",
                                          "secondly",
                                          "third",
                                          "thirdly",
                                          "next",
                                          "then",
                                          "to this end",
                                          "to that end",
                                          "to achieve this",
                                          "to do so",
                                          "to accomplish this",
                                          "to this aim",
                                          "for this purpose",
                                          "to do this",
                                          "to achieve this goal",
                                          "building on this",
                                          "based on this",
                                          "taken together",
                                          "together",
                                          "in fact",
                                          "indeed",
                                          "in short",
                                          "correspondingly",
                                          "subsequently",
                                          "meanwhile",
                                          "along the way",
                                          "on top of this",
                                          "in doing so"};

// "To address these challenges": a verb of the first kind before a noun that only points back.
constexpr std::string_view kVerbs[] = {"address", "overcome", "tackle", "solve", "mitigate", "bridge",    "fill",
                                       "handle",  "resolve",  "close",  "meet",  "counter",  "alleviate", "remedy"};
constexpr std::string_view kPointers[] = {
    "this",           "these",          "this gap",       "these gaps",       "this issue", "these issues",
    "this problem",   "these problems", "this challenge", "these challenges", "this need",  "these limitations",
    "this limitation"};

bool is_opening(std::string_view folded) {
  if (std::find(std::begin(kOpenings), std::end(kOpenings), folded) != std::end(kOpenings)) return true;
  if (!folded.starts_with("to ")) return false;
  auto rest = folded.substr(3);
  auto space = rest.find(' ');
  if (space == std::string_view::npos) return false;
  return std::find(std::begin(kVerbs), std::end(kVerbs), rest.substr(0, space)) != std::end(kVerbs) &&
         std::find(std::begin(kPointers), std::end(kPointers), rest.substr(space + 1)) != std::end(kPointers);
}

// A rest that begins with a joining word, or that is hardly more than a word, is no sentence.
bool stays_a_sentence(std::string_view rest) {
  constexpr std::size_t kFewest = 3;  // words
  constexpr std::string_view kJoining[] = {"and", "or", "but", "nor", "which", "who", "that", "so", "e.g.", "i.e."};
  auto first = text::lower_ascii(rest.substr(0, rest.find_first_of(" ,")));
  if (std::find(std::begin(kJoining), std::end(kJoining), first) != std::end(kJoining)) return false;
  return static_cast<std::size_t>(std::count(rest.begin(), rest.end(), ' ')) + 1 >= kFewest;
}

// Names that begin small ("k-means", "wav2vec", "mBERT") stay as they are.
std::string begun(std::string_view rest) {
  std::string out(rest);
  auto first = rest.substr(0, rest.find_first_of(" ,;:"));
  bool plain = std::all_of(first.begin(), first.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
  bool letter_name = first.size() > 1 && first[1] == '-';
  if (plain && !letter_name && !out.empty()) out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace

std::string standing_alone(std::string_view sentence) {
  constexpr std::size_t kMostOpenings = 3;
  auto rest = sentence;
  for (std::size_t n = 0; n < kMostOpenings; ++n) {
    auto comma = rest.find(", ");
    if (comma == std::string_view::npos || !is_opening(text::lower_ascii(rest.substr(0, comma)))) break;
    auto next = text::trim(rest.substr(comma + 2));
    if (!stays_a_sentence(next)) break;
    rest = next;
  }
  return rest.size() == sentence.size() ? std::string(sentence) : begun(rest);
}

}  // namespace broadsheet::write
