#include "digest/model_writer/checks.hpp"

#include <algorithm>
#include <set>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "digest/model_writer/claims.hpp"
#include "digest/model_writer/cleanliness.hpp"

namespace broadsheet::model_writer {
namespace {

constexpr std::size_t kLeakWords = 6;  // in a row of our instructions
constexpr std::size_t kMostEvidence = 3;
constexpr std::size_t kNamedAuthors = 3;
constexpr double kLeastOverlap = 0.6;    // of content words (design: reliability 5)
constexpr std::size_t kOverlapFrom = 5;  // fewer content words tell nothing
constexpr double kCopiedShare = 0.7;     // of an abstract's words

// A run of words of the instructions that the source does not have.
bool leaks(const Folded& text, const std::string& instructions, const Source& source) {
  if (instructions.empty()) return false;
  Folded ours(instructions);
  const auto& words = text.words();
  for (std::size_t i = 0; i + kLeakWords <= words.size(); ++i) {
    std::string run = " ";
    for (std::size_t j = i; j < i + kLeakWords; ++j) run += words[j] + " ";
    if (ours.line().find(run) != std::string::npos && source.folded().line().find(run) == std::string::npos)
      return true;
  }
  return false;
}

bool names_authors(const Folded& text, const Paper& paper) {
  std::size_t named = 0;
  for (const auto& author : paper.authors) {
    Folded name(author.name);
    if (name.words().size() >= 2 && text.line().find(name.line()) != std::string::npos) ++named;
  }
  return named >= std::min(kNamedAuthors, std::max<std::size_t>(paper.authors.size(), 1));
}

// Whole sentences in a row, or most of the abstract.
bool repeats(const Folded& text, const Source& source) {
  if (Folded(source.title()).line() == text.line()) return true;
  const auto& sentences = source.sentences();
  for (std::size_t i = 0; i + 1 < sentences.size(); ++i) {
    Folded both(sentences[i] + " " + sentences[i + 1]);
    if (both.words().size() >= 12 && text.line().find(both.line()) != std::string::npos) return true;
  }
  auto all = source.folded().words().size();
  return sentences.size() > 2 && static_cast<double>(text.words().size()) > kCopiedShare * static_cast<double>(all);
}

Defect check_evidence(const Claim& claim, const Source& source) {
  std::set<std::size_t> distinct(claim.evidence.begin(), claim.evidence.end());
  if (distinct.empty() || distinct.size() > kMostEvidence) return Defect::evidence;
  bool known = std::all_of(distinct.begin(), distinct.end(),
                           [&](std::size_t n) { return n >= 1 && n <= source.sentences().size(); });
  return known ? Defect::none : Defect::evidence;
}

// English only: across languages the words differ.
bool says_something_else(const Folded& text, const Source& source) {
  const auto& stop = phrases("stop", "en");
  std::size_t content = 0, known = 0;
  for (const auto& word : text.words()) {
    if (std::find(stop.begin(), stop.end(), word) != stop.end()) continue;
    ++content;
    if (source.knows(word)) ++known;
  }
  return content >= kOverlapFrom && static_cast<double>(known) < kLeastOverlap * static_cast<double>(content);
}

Defect check_meaning(const Folded& text, const Folded& cited) {
  for (auto found : {overclaimed(text, cited), turned_round(text, cited), surer(text, cited), denies(text, cited)})
    if (found != Defect::none) return found;
  return Defect::none;
}

}  // namespace

Defect check_form(const std::string& text, const Folded& folded, const Source& source, const Rules& rules) {
  auto length = word_length(text);
  if (length == 0 || length > rules.most_words) return Defect::length;
  if (auto found = unclean(text, folded); found != Defect::none) return found;
  if (leaks(folded, rules.instructions, source)) return Defect::leak;
  return in_other_language(text, rules.language) ? Defect::language : Defect::none;
}

Defect check_facts(const std::string& text, const Source& source, const Language& language) {
  if (not_in(quantities(text), source.quantities()) != nullptr) return Defect::number;
  if (!unknown_name(text, source, language.code == "en").empty()) return Defect::name;
  return Defect::none;
}

Defect check(const Claim& claim, const Source& source, const Rules& rules, const Paper& paper) {
  Folded text(claim.text);
  if (auto found = check_form(claim.text, text, source, rules); found != Defect::none) return found;
  if (auto found = check_evidence(claim, source); found != Defect::none) return found;
  if (repeats(text, source) || (paper.authors.size() > 1 && names_authors(text, paper))) return Defect::copied;
  if (auto found = check_facts(claim.text, source, rules.language); found != Defect::none) return found;
  if (auto found = overclaimed(text, Folded(source.cited(claim.evidence))); found != Defect::none) return found;
  if (rules.language.code != "en") return Defect::none;
  if (auto found = check_meaning(text, Folded(source.cited(claim.evidence))); found != Defect::none) return found;
  return says_something_else(text, source) ? Defect::overlap : Defect::none;
}

}  // namespace broadsheet::model_writer
