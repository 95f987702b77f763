#include "digest/write/tldr.hpp"

#include <algorithm>
#include <set>

#include "bot/base/text.hpp"
#include "digest/select/terms.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/sentences.hpp"

namespace broadsheet::write {
namespace {

// A linear ranker, fitted offline on the train split of SciTLDR (Cachola, Lo, Cohan, Weld: TLDR: Extreme Summarization
// of Scientific Documents, EMNLP Findings 2020; repository allenai/scitldr; Apache License 2.0). Whole numbers, so that
// the choice is the same on every machine. Order: see tldr_features.
constexpr std::array<int, kTldrFeatures> kWeights = {-146, 158, 124, -181, -54, 312,  301, 200,  12,  -34, 132, -40,
                                                     -176, -44, -21, -4,   260, 154,  190, 83,   58,  9,   -70, 33,
                                                     4,    119, 63,  -102, 10,  -130, -10, -102, -25, 22,  -36, 353};

constexpr std::string_view kCues[] = {
    "we propose",       "we introduce", "we present", "we develop",   "we show", "we demonstrate", "we find",
    "in this paper",    "in this work", "this paper", "this work",    "our ",    "experiment",     "results",
    "state-of-the-art", "however",      "existing",   "specifically", "by "};
constexpr std::size_t kCueCount = std::size(kCues);

std::set<std::string> content(std::string_view s) {
  std::set<std::string> out;
  for (const auto& word : select::words(s))
    if (word.size() > 2 && !select::is_common(word)) out.insert(select::stem(word));
  return out;
}

int percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<int>(100 * part / whole);
}

std::size_t shared(const std::set<std::string>& a, const std::set<std::string>& b) {
  return static_cast<std::size_t>(std::count_if(a.begin(), a.end(), [&b](const auto& w) { return b.contains(w); }));
}

int length_class(std::size_t words) {
  constexpr std::size_t kEnds[] = {8, 13, 18, 26, 36};
  return static_cast<int>(std::upper_bound(std::begin(kEnds), std::end(kEnds), words) - std::begin(kEnds));
}

// A sentence that leans on the one before it does not stand alone.
bool hangs_in_the_air(std::string_view s) {
  for (std::string_view self : {"This paper", "This work", "This article", "This survey", "This study", "This thesis"})
    if (s.starts_with(self)) return false;
  for (std::string_view lean : {"However, ", "Moreover, ", "Furthermore, ", "Additionally, ", "In addition, ", "Yet, ",
                                "This ", "These ", "Such ", "It ", "They ", "Finally, ", "Second, ", "Third, "})
    if (s.starts_with(lean)) return true;
  return false;
}

}  // namespace

std::vector<TldrFeatures> tldr_features(std::string_view title, const std::vector<RoledSentence>& sentences) {
  auto title_words = content(title);
  std::set<std::string> whole;
  std::vector<std::set<std::string>> own;
  for (const auto& s : sentences) {
    own.push_back(content(s.text));
    whole.insert(own.back().begin(), own.back().end());
  }
  std::size_t most_title = 1;
  std::size_t most_whole = 1;
  for (const auto& words : own) {
    most_title = std::max(most_title, shared(words, title_words));
    most_whole = std::max(most_whole, words.size());
  }
  std::vector<TldrFeatures> out;
  bool offered = false;  // an earlier sentence says what the authors do
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    TldrFeatures f{};
    std::size_t n = 0;
    auto put = [&f, &n](int value) { f.at(n++) = value; };
    for (int p : sentences[i].percent) put(p);
    auto with_title = shared(own[i], title_words);
    put(percent(with_title, title_words.size()));
    put(percent(with_title, own[i].size()));
    put(with_title == most_title ? 100 : 0);
    put(percent(own[i].size(), whole.size()));
    put(own[i].size() == most_whole ? 100 : 0);
    put(i == 0 ? 100 : 0);
    put(i + 1 == sentences.size() ? 100 : 0);
    auto length = length_class(word_count(sentences[i].text));
    put(length == 0 ? 100 : 0);
    put(length == 1 ? 100 : 0);
    put(length == 4 ? 100 : 0);
    put(length == 5 ? 100 : 0);
    auto folded = text::lower_ascii(sentences[i].text);
    for (auto cue : kCues) put(folded.find(cue) != std::string::npos ? 100 : 0);
    bool offers = folded.starts_with("we ") || folded.find(" we ") != std::string::npos ||
                  folded.find("this paper") != std::string::npos || folded.find("this work") != std::string::npos;
    put(offers && !offered ? 100 : 0);
    offered = offered || offers;
    static_assert(5 + 11 + kCueCount + 1 == kTldrFeatures);
    out.push_back(f);
  }
  return out;
}

Tldr tldr(std::string_view title, const std::vector<RoledSentence>& sentences) {
  if (sentences.empty()) return {};
  constexpr int kTitleAgain = 1'000'000;
  constexpr int kLong = 45;  // words; beyond it a TL;DR is one no more
  constexpr int kLeans = 15'000;
  constexpr int kPerWord = 600;
  auto title_words = content(title);
  auto features = tldr_features(title, sentences);
  std::size_t best = 0;
  int best_value = 0;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    int value = 0;
    for (std::size_t k = 0; k < kTldrFeatures; ++k) value += kWeights.at(k) * features[i].at(k);
    auto length = static_cast<int>(std::min<std::size_t>(word_count(sentences[i].text), 500));
    value -= kPerWord * std::max(0, length - kLong);
    if (hangs_in_the_air(sentences[i].text)) value -= kLeans;
    auto own = content(sentences[i].text);
    if (own.size() - shared(own, title_words) < 2) value -= kTitleAgain;
    if (i == 0 || value > best_value) {
      best = i;
      best_value = value;
    }
  }
  const auto& chosen = sentences[best].text;
  auto shown = standing_alone(chosen);
  return {shown, shown == chosen};
}

}  // namespace broadsheet::write
