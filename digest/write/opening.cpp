#include "digest/write/opening.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::write {
namespace {

// Without their comma; matched in lower case.
constexpr std::string_view kOpenings[] = {"in response",
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
                                          "to do so",
                                          "to this aim",
                                          "for this purpose",
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

// What a document calls itself ("in this survey").
constexpr std::string_view kDocuments[] = {"paper",  "work",   "article", "study", "letter",  "report",
                                           "survey", "review", "thesis",  "note",  "chapter", "tutorial"};

// Before "this gap" or "these limitations" they only point back.
constexpr std::string_view kPointing[] = {"based on ",    "building on ", "motivated by ", "inspired by ",
                                          "in light of ", "given ",       "driven by ",    "in response to "};

// Headings of structured abstracts.
constexpr std::string_view kHeadings[] = {"background", "purpose",     "objective", "objectives", "aim",
                                          "aims",       "methods",     "method",    "results",    "result",
                                          "conclusion", "conclusions", "findings",  "approach",   "motivation"};

bool is_one_of(std::string_view word, auto& list) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

std::size_t words(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), ' ')) + 1;
}

// "this", "these challenges", "this critical gap".
bool points_back(std::string_view folded) {
  constexpr std::size_t kMostWords = 3;
  return (folded == "this" || folded == "these" || folded.starts_with("this ") || folded.starts_with("these ")) &&
         words(folded) <= kMostWords;
}

bool is_opening(std::string_view folded) {
  constexpr std::string_view kInThis = "in this ";
  if (is_one_of(folded, kOpenings)) return true;
  if (folded.starts_with(kInThis)) return is_one_of(folded.substr(kInThis.size()), kDocuments);
  for (auto begin : kPointing)
    if (folded.starts_with(begin)) return points_back(folded.substr(begin.size()));
  if (!folded.starts_with("to ")) return false;
  auto space = folded.find(' ', 3);  // "to tackle these challenges"
  return space != std::string_view::npos && points_back(folded.substr(space + 1));
}

// "Methods: We propose …"
std::string_view without_heading(std::string_view sentence) {
  auto colon = sentence.find(": ");
  if (colon == std::string_view::npos || !is_one_of(text::lower_ascii(sentence.substr(0, colon)), kHeadings))
    return sentence;
  return text::trim(sentence.substr(colon + 2));
}

// A rest that begins with a joining word, or that is hardly more than a word, is no sentence.
bool stays_a_sentence(std::string_view rest) {
  constexpr std::size_t kFewest = 3;
  constexpr std::string_view kJoining[] = {"and", "or", "but", "nor", "which", "who", "that", "so", "e.g.", "i.e."};
  auto first = text::lower_ascii(rest.substr(0, rest.find_first_of(" ,")));
  if (std::find(std::begin(kJoining), std::end(kJoining), first) != std::end(kJoining)) return false;
  return words(rest) >= kFewest;
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
  auto rest = without_heading(sentence);
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
