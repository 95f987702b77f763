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
constexpr std::string_view kLimitationCues[] = {
    "a limitation",        "one limitation",         "main limitation",
    "limitations include", "we discuss limitations", "our limitations",
    "does not yet",        "is limited to",          "are limited to",
    "we only evaluate",    "we only consider",       "the method assumes",
    "our method assumes",  "remain unreliable",      "was tested on one",
    "limitations of our",  "limitation of our",      "limitations of the proposed",
    "future work should",  "limitations of this"};

constexpr std::string_view kResultCues[] = {
    "outperform",          "surpass",      "new state-of-the-art",   "state-of-the-art results",
    "improves over",       "improves on",  "significantly improves", "we achieve",
    "our method achieves", "results show", "experiments show"};

// With a measured amount beside them these tell a result, also where the sentence before is still method.
constexpr std::string_view kChangeCues[] = {" lowers ",  " reduces ",  " raises ",    " improves ", " increases ",
                                            " reaches ", " achieves ", " decreases ", " rises ",    " falls "};

bool says_one_of(std::string_view folded, const auto& cues) {
  return std::any_of(std::begin(cues), std::end(cues),
                     [folded](std::string_view cue) { return folded.find(cue) != std::string_view::npos; });
}

// Resources and limits are roles of a card that the training data does not know: said outright, and in the later part.
// A limit of earlier work ("existing methods are limited to") is background, not a limit of this paper.
Role card_role(const std::string& sentence, Role base, std::size_t index, std::size_t count) {
  bool late = index * 2 >= count;
  if (!late && sentence.find("://") == std::string::npos) return base;
  auto folded = text::lower_ascii(sentence);
  if (says_one_of(folded, kResourceCues)) return Role::resource;
  if (!late) return base;
  if (base != Role::background && says_one_of(folded, kLimitationCues)) return Role::limitation;
  if (base == Role::method && says_one_of(folded, kResultCues)) return Role::result;
  if (base == Role::method && has_measure(sentence) && says_one_of(folded, kChangeCues)) return Role::result;
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
      s.role = card_role(s.text, s.base, i, count);
    }
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace broadsheet::write
