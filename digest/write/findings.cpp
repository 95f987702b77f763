#include "digest/write/findings.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "digest/write/cues.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::write {
namespace {

constexpr std::size_t kResult = 3;  // the place of `result` in RoledSentence::percent

bool says_one_of(std::string_view folded, std::initializer_list<std::string_view> cues) {
  return std::any_of(cues.begin(), cues.end(),
                     [folded](std::string_view cue) { return folded.find(cue) != std::string_view::npos; });
}

bool claims_a_gain(std::string_view folded) {
  return says_one_of(
      folded, {"outperform",    "surpass",      "exceeds",     "superior",      "state-of-the-art", "state of the art",
               "improves",      "improvement",  "reduces",     "reduction",     "faster",           "higher than",
               "lower than",    "better than",  "compared to", "compared with", "relative to",      "achiev",
               "significantly", "consistently", "competitive", "on par"});
}

bool reports_a_finding(std::string_view folded) {
  return says_one_of(folded, {"we find",
                              "we found",
                              "we show that",
                              "we observe",
                              "we demonstrate that",
                              "we prove",
                              "we establish",
                              "we obtain",
                              "we report",
                              "we detect",
                              "we measure",
                              "we conclude",
                              "we confirm",
                              "we discover",
                              "we determine",
                              "we identify",
                              "we infer",
                              "we constrain",
                              "we derive",
                              "we show how",
                              "results show",
                              "results indicate",
                              "results suggest",
                              "results demonstrate",
                              "results reveal",
                              "reveals that",
                              "experiments show",
                              "experiments demonstrate",
                              "is found to",
                              "are found to",
                              "we also show",
                              "we further show",
                              "we also prove",
                              "we then prove",
                              "it is shown",
                              "it is proved",
                              "it is found",
                              "findings",
                              "shows that",
                              "show that",
                              "reveal"});
}

// Outlook, resources, difficulties and how something was proved.
bool tells_no_result(std::string_view folded) {
  return says_one_of(folded, {"future work",
                              "will be ",
                              "we hope",
                              "paving the way",
                              "pave the way",
                              "we discuss",
                              "code is",
                              "code and",
                              "available at",
                              "publicly available",
                              "open-source",
                              "project page",
                              "github.com",
                              "we believe",
                              "we release",
                              "are discussed",
                              "is discussed",
                              "are also discussed",
                              "opens the door",
                              "opens up",
                              "open the door",
                              "challenges arise",
                              "main difficulty",
                              "difficulties arise",
                              "have to be careful",
                              "the paper contains",
                              "proof is based",
                              "proof relies",
                              "argument relies",
                              "arguments rely",
                              "proofs rely",
                              "the proof ",
                              "remains a challenge",
                              "remains challenging",
                              "is organized as",
                              "we conclude with",
                              "we also discuss",
                              "we comment on",
                              "underscore the",
                              "highlights the need",
                              "highlight the need",
                              "highlights the importance",
                              "highlight the importance",
                              "highlights the potential",
                              "highlight the potential",
                              "provides a foundation",
                              "provide a foundation",
                              "lays the groundwork",
                              "promising direction",
                              "valuable insights",
                              "offers insights",
                              "offering insights"});
}

// What a sentence is worth as a finding; 0 and less: none.
int worth(const RoledSentence& s, std::size_t index, std::size_t count) {
  auto folded = text::lower_ascii(s.text);
  int value = s.percent[kResult];
  bool late = 2 * index >= count;
  bool result = s.role == Role::result;
  // What tells results apart from each other; a sentence of another role needs more than a number.
  bool measured = has_measure(s.text) || has_number(s.text);
  int apart = (reports_a_finding(folded) ? 15 : 0) + (claims_a_gain(folded) ? 15 : 0);
  if (measured) apart += has_measure(s.text) ? 30 : 10;
  value += result ? apart : late ? apart / 3 : 0;
  if (tells_no_result(folded) && !has_measure(s.text)) value -= 60;
  if (s.base == Role::background && !result) value -= 40;
  if (s.role == Role::resource) value -= has_measure(s.text) ? 0 : 80;
  if (s.role == Role::limitation) value -= 100;
  bool proved = folded.find(" prove") != std::string::npos || folded.find("establish") != std::string::npos;
  if (result && s.base != Role::result && proved) value = std::max(value, 45) + 10;  // said outright
  constexpr std::size_t kMostWords = 65;
  if (word_count(s.text) > kMostWords) value -= 20;
  constexpr std::size_t kFewestWords = 5;
  if (word_count(s.text) < kFewestWords) value -= 60;
  return value;
}

// Whether the sentence before can be shown with it, so that what it leans on is there.
bool can_lean(const std::vector<RoledSentence>& sentences, std::size_t i, std::size_t except) {
  constexpr std::size_t kMostWords = 70;  // of both
  constexpr int kMostlyKnown = 50;
  if (i == 0 || i - 1 == except || sentences[i - 1].percent[0] > kMostlyKnown) return false;
  return !leans(finding_text(sentences[i - 1].text)) &&
         word_count(sentences[i - 1].text) + word_count(sentences[i].text) <= kMostWords;
}

}  // namespace

std::vector<std::string> shown_findings(const std::vector<RoledSentence>& sentences, std::vector<std::size_t>& chosen) {
  std::vector<std::string> out;
  std::vector<std::size_t> used;
  for (auto i : chosen) {
    auto text = finding_text(sentences[i].text);
    if (leans(text) && i > 0) {
      text = sentences[i].text;
      if (!used.empty() && used.back() == i - 1) {
        out.back() += " " + text;
        used.push_back(i);
        continue;
      }
      text = finding_text(sentences[i - 1].text) + " " + text;
      used.push_back(i - 1);
    }
    out.push_back(std::move(text));
    used.push_back(i);
  }
  chosen = std::move(used);
  return out;
}

std::string finding_text(const std::string& sentence) {
  return as_point(sentence);
}

std::vector<std::size_t> findings(const std::vector<RoledSentence>& sentences, std::size_t most, std::size_t except) {
  constexpr int kEnough = 50;
  constexpr int kAnything = 20;  // where nothing reaches kEnough, the best above this
  std::vector<std::pair<int, std::size_t>> ranked;
  for (std::size_t i = 0; i < sentences.size(); ++i)
    if (i != except && (!leans(finding_text(sentences[i].text)) || can_lean(sentences, i, except)))
      ranked.emplace_back(-worth(sentences[i], i, sentences.size()), i);
  std::sort(ranked.begin(), ranked.end());
  std::size_t taken = 0;
  while (taken < std::min(most, ranked.size()) && -ranked[taken].first >= kEnough) ++taken;
  if (taken == 0 && !ranked.empty() && -ranked[0].first >= kAnything) taken = 1;
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < taken; ++k) out.push_back(ranked[k].second);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace broadsheet::write
