#include "digest/write/roles.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "digest/write/role_model.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::write {
namespace {

// In the order of the model.
constexpr std::array<Role, kModelRoles> kRoles = {Role::background, Role::objective, Role::method, Role::result,
                                                  Role::other};
constexpr std::size_t kMostSentences = 400;  // of one text; later ones are `other`

constexpr std::string_view kResourceCues[] = {
    "code is available",   "code is publicly", "code are available", "github.com",         "gitlab.com",
    "huggingface.co",      "project page",     "project website",    "we release",         "we open-source",
    "will be released",    "will be made",     "are released",       "is released",        "publicly available",
    "we will release",     "our code",         "source code is",     "code is public",     "code are public",
    "data are public",     "code and data",    "code and models",    "code will",          "is open-source",
    "freely available at", "is available at",  "are available at",   "we publicly release"};
// Limits of the paper itself, as its authors say them.
constexpr std::string_view kLimitationCues[] = {"a limitation",
                                                "one limitation",
                                                "main limitation",
                                                "limitations include",
                                                "our limitations",
                                                "does not yet",
                                                "do not yet",
                                                "we only evaluate",
                                                "we only consider",
                                                "the method assumes",
                                                "our method assumes",
                                                "our approach assumes",
                                                "remain unreliable",
                                                "was tested on one",
                                                "limitations of our",
                                                "limitation of our",
                                                "future work should",
                                                "limitations of this work",
                                                "limitation of this work",
                                                "limitations of this study",
                                                "limitation of this study",
                                                "limitations of the proposed",
                                                "remains an open",
                                                "remain an open",
                                                "is left for future",
                                                "left to future",
                                                "left for future",
                                                "remains open",
                                                "remain open",
                                                "our analysis is limited",
                                                "our study is limited",
                                                "is limited by the",
                                                "are limited by the",
                                                "our method fails",
                                                "our model fails",
                                                "the method fails",
                                                "our approach fails",
                                                "performance degrades",
                                                "performance drops",
                                                "not statistically significant",
                                                "caution is",
                                                "should be interpreted with caution",
                                                "further work is needed",
                                                "more data are needed",
                                                "more data is needed",
                                                "further research is needed",
                                                "we were unable to",
                                                "we are unable to",
                                                "cannot rule out",
                                                "cannot be ruled out",
                                                "not able to",
                                                "we do not find evidence",
                                                "falls short of",
                                                "at the cost of",
                                                "is not yet"};

// Whose faults a sentence tells, when not the paper's.
bool blames_others(std::string_view folded) {
  constexpr std::string_view kOthers[] = {"existing",     "previous",      "prior ",           "current ",
                                          "traditional",  "conventional",  "state-of-the-art", "baseline",
                                          "other method", "these method",  "such method",      "most method",
                                          "they ",        "llms",          "competing",        "recent ",
                                          "alternative",  "off-the-shelf", "however, they",    "human",
                                          "unlike",       "we address",    "to address",       "overcome",
                                          "addresses",    "mitigat",       "we propose",       "circumvent"};
  return std::any_of(std::begin(kOthers), std::end(kOthers),
                     [folded](std::string_view cue) { return folded.find(cue) != std::string_view::npos; });
}

constexpr std::string_view kResultCues[] = {
    "outperform",          "surpass",      "new state-of-the-art",   "state-of-the-art results",
    "improves over",       "improves on",  "significantly improves", "we achieve",
    "our method achieves", "results show", "experiments show"};

// With a measured amount beside them these tell a result, also where the sentence before is still method.
constexpr std::string_view kChangeCues[] = {" lowers ",  " reduces ",  " raises ",    " improves ", " increases ",
                                            " reaches ", " achieves ", " decreases ", " rises ",    " falls "};

// What the authors proved, found or measured, wherever it stands: in mathematics and physics half of the abstract.
constexpr std::string_view kFoundCues[] = {
    "prove",          "show that",     "establish",    "obtain a",         "obtain the",       "obtain sharp",
    "obtain uniform", "find that",     "found that",   "find a",           "find no",          "find the",
    "find strong",    "find evidence", "observe that", "observe a",        "detect ",          "measure a",
    "measure the",    "conclude",      "confirm",      "determine ",       "infer ",           "classify ",
    "deduce",         "rule out",      "disprove",     "demonstrate that", "report the first", "justify",
    "discover",       "refute"};
constexpr std::string_view kProvedCues[] = {
    "we prove",       "we also prove",     "we then prove",     "we further prove",    "we first prove",
    "we have proved", "is proved",         "are proved",        "it is shown that",    "main theorem",
    "we establish",   "we also establish", "we then establish", "we further establish"};
constexpr std::string_view kFoundOutright[] = {
    "it is shown that",  "it is proved that", "it is proven that", "it is found that", "is proved",
    "is proven",         "are proved",        "are proven",        "we find:",         "is found to be",
    "are found to be",   "we have shown",     "we have proved",    "our main result",  "main theorem",
    "results show that", "results indicate",  "results suggest",   "results reveal",   "results demonstrate"};

bool says_one_of(std::string_view folded, const auto& cues) {
  return std::any_of(std::begin(cues), std::end(cues),
                     [folded](std::string_view cue) { return folded.find(cue) != std::string_view::npos; });
}

// "we also prove", "we therefore find that".
bool tells_what_was_found(std::string_view folded) {
  if (says_one_of(folded, kFoundOutright)) return true;
  for (auto at = folded.find("we "); at != std::string_view::npos; at = folded.find("we ", at + 1)) {
    if (at > 0 && folded[at - 1] != ' ') continue;
    auto rest = folded.substr(at + 3);
    for (std::string_view between :
         {"also ",        "then ",         "first ",      "further ",     "finally ",     "thus ",         "therefore ",
          "next ",        "rigorously ",   "explicitly ", "even ",        "moreover ",    "hence ",        "can ",
          "are able to ", "consistently ", "indeed ",     "numerically ", "furthermore ", "in particular "})
      if (rest.starts_with(between)) rest.remove_prefix(between.size());
    for (auto cue : kFoundCues)
      if (rest.starts_with(cue)) return true;
  }
  return false;
}

// Resources and limits are roles of a card that the training data does not know: said outright, and in the later part.
// A limit of earlier work ("existing methods are limited to") is background, not a limit of this paper.
Role card_role(const std::string& sentence, Role base, int result_percent, std::size_t index, std::size_t count) {
  bool late = index * 2 >= count;
  auto folded = text::lower_ascii(sentence);
  constexpr int kConceivable = 25;
  bool proved = says_one_of(folded, kProvedCues);
  bool found = base != Role::result && base != Role::other &&
               (proved || (result_percent >= kConceivable && tells_what_was_found(folded)));
  if (folded.find("we hope") != std::string::npos) return Role::other;
  if (!late && sentence.find("://") == std::string::npos) return found ? Role::result : base;
  bool measured = has_measure(sentence);
  bool gains = says_one_of(folded, kResultCues) || (measured && base == Role::result);
  if (says_one_of(folded, kResourceCues) && !gains) return Role::resource;
  if (!late) return found ? Role::result : base;
  if (says_one_of(folded, kLimitationCues) && !blames_others(folded)) return Role::limitation;
  if (found) return Role::result;
  if (base == Role::method && says_one_of(folded, kResultCues)) return Role::result;
  if (measured && says_one_of(folded, kResultCues) && !blames_others(folded)) return Role::result;
  if (base == Role::method && measured && says_one_of(folded, kChangeCues)) return Role::result;
  return base;
}

}  // namespace

std::vector<RoledSentence> label(const std::vector<std::string>& sentences) {
  auto count = std::min(sentences.size(), kMostSentences);
  auto shares = role_shares({sentences.begin(), sentences.begin() + static_cast<std::ptrdiff_t>(count)});
  std::vector<RoledSentence> out;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    RoledSentence s{.text = sentences[i], .role = Role::other, .p = 0, .base = Role::other, .percent = {}};
    if (i < count) {
      auto best = std::max_element(shares[i].begin(), shares[i].end());
      s.base = kRoles.at(static_cast<std::size_t>(best - shares[i].begin()));
      s.p = static_cast<double>(*best) / kShareUnit;
      for (std::size_t k = 0; k < kModelRoles; ++k)
        s.percent.at(k) = (100 * shares[i].at(k) + kShareUnit / 2) / kShareUnit;
      s.role = card_role(s.text, s.base, s.percent[3], i, count);
    }
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace broadsheet::write
