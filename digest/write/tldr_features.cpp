#include "digest/write/tldr_features.hpp"

#include <algorithm>
#include <cassert>

#include "bot/base/text.hpp"
#include "digest/select/terms.hpp"
#include "digest/write/cues.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/role_features.hpp"
#include "digest/write/sentences.hpp"
#include "digest/write/shortening.hpp"

namespace broadsheet::write {
namespace {

constexpr std::size_t kMostSentences = 40;
constexpr std::size_t kMostWords = 60;  // of a TL;DR; beyond it a sentence is two that were glued together

// Anywhere in the text.
constexpr std::string_view kCues[] = {"we propose",   "we introduce",
                                      "we present",   "we develop",
                                      "we show",      "we demonstrate",
                                      "we find",      "we study",
                                      "we describe",  "we investigate",
                                      "we analyze",   "we prove",
                                      "we consider",  "we design",
                                      "we argue",     "we explore",
                                      "we use",       "we evaluate",
                                      "we compare",   "we also",
                                      "we further",   "we then",
                                      "we first",     "we provide",
                                      "we derive",    "we formulate",
                                      "this paper",   "this work",
                                      "our ",         "our method",
                                      "our results",  "experiment",
                                      "results",      "state-of-the-art",
                                      "however",      "existing",
                                      "specifically", " by ",
                                      " that ",       "novel",
                                      "new ",         "framework",
                                      "approach",     "method",
                                      "model",        "algorithm",
                                      "in order to",  "recent",
                                      " can ",        "outperform",
                                      "improve",      "simple",
                                      "first ",       "theor",
                                      "dataset",      "benchmark",
                                      "code ",        "often",
                                      "such as",      "in particular",
                                      "problem",      "challeng",
                                      " is a "};
// At the beginning.
constexpr std::string_view kBegins[] = {"we ",    "this ",  "our ", "the ",    "in ",    "a ",         "to ",    "by ",
                                        "while ", "these ", "it ",  "however", "recent", "experiment", "using ", "as "};

using Words = std::vector<std::uint64_t>;  // content words by number, sorted, each once

Words content(std::string_view text) {
  Words out;
  for (const auto& word : select::words(text))
    if (word.size() > 2 && !select::is_common(word)) out.push_back(FeatureHash(select::stem(word)).value());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::size_t shared(const Words& a, const Words& b) {
  std::size_t n = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i == *j) ++n;
    bool step = *i <= *j;
    if (*j <= *i) ++j;
    if (step) ++i;
  }
  return n;
}

int flag(bool b) {
  return b ? 100 : 0;
}

// "KelpNet" of "KelpNet: Counting Fish".
std::string name_in(std::string_view title) {
  constexpr std::size_t kLongest = 30;
  auto colon = title.find(':');
  return colon == std::string_view::npos || colon > kLongest ? std::string() : std::string(title.substr(0, colon));
}

int percent(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<int>(100 * part / all);
}

// Words and pairs of words as they follow each other, for comparing a text with the title.
struct Sequence {
  Words words, pairs;

  explicit Sequence(std::string_view text) {
    auto all = select::words(text);
    for (std::size_t i = 0; i < all.size(); ++i) {
      words.push_back(FeatureHash(select::stem(all[i])).value());
      if (i > 0) pairs.push_back(FeatureHash(all[i - 1]).add(" ").add(all[i]).value());
    }
    std::sort(words.begin(), words.end());
    std::sort(pairs.begin(), pairs.end());
  }
};

// Twice what two have in common, of what both have, in percent.
int likeness(const Words& a, const Words& b) {
  return percent(2 * shared(a, b), a.size() + b.size());
}

struct Whole {
  Words title;
  Sequence title_sequence;
  std::string name;
  std::vector<Words> own;  // of each sentence
  Words all;
  std::vector<std::size_t> with_title;  // words of the title in each sentence
  std::vector<std::size_t> central;     // words that other sentences have too
  std::vector<bool> offers;             // says what the authors do
  std::size_t most_title = 1, most_own = 1, most_central = 1;
  int most_like_title = 1;

  Whole(std::string_view title_text, const std::vector<RoledSentence>& sentences, std::size_t count)
      : title(content(title_text)), title_sequence(title_text), name(name_in(title_text)) {
    for (std::size_t i = 0; i < count; ++i) {
      own.push_back(content(sentences[i].text));
      most_like_title = std::max(most_like_title, likeness(Sequence(sentences[i].text).words, title_sequence.words));
      all.insert(all.end(), own[i].begin(), own[i].end());
      auto folded = text::lower_ascii(sentences[i].text);
      offers.push_back(folded.starts_with("we ") || folded.find(" we ") != std::string::npos ||
                       folded.find("this paper") != std::string::npos || folded.find("this work") != std::string::npos);
    }
    std::sort(all.begin(), all.end());
    auto often = repeated();
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (const auto& words : own) {
      with_title.push_back(shared(words, title));
      central.push_back(shared(words, often));
      most_title = std::max(most_title, with_title.back());
      most_own = std::max(most_own, words.size());
      most_central = std::max(most_central, central.back());
    }
  }

 private:
  Words repeated() const {
    Words out;
    for (std::size_t i = 1; i < all.size(); ++i)
      if (all[i] == all[i - 1] && (out.empty() || out.back() != all[i])) out.push_back(all[i]);
    return out;
  }
};

class Row {
 public:
  void put(int value) { values_.at(n_++) = std::clamp(value, -100, 100); }
  const TldrFeatures& done() const {
    assert(n_ == kTldrFeatures);
    return values_;
  }

 private:
  TldrFeatures values_{};
  std::size_t n_ = 0;
};

void put_place(Row& row, const Whole& whole, std::size_t i) {
  const std::size_t n = whole.own.size();
  row.put(flag(i == 0));
  row.put(flag(i == 1));
  row.put(flag(i + 1 == n));
  row.put(percent(i, n));
  auto earlier = std::count(whole.offers.begin(), whole.offers.begin() + static_cast<std::ptrdiff_t>(i), true);
  row.put(flag(whole.offers[i] && earlier == 0));
  row.put(flag(whole.offers[i] && earlier == 1));
  row.put(flag(earlier > 1));
}

void put_words(Row& row, const Whole& whole, std::size_t i, const Words& own) {
  auto with_title = shared(own, whole.title);
  row.put(percent(with_title, whole.title.size()));
  row.put(percent(with_title, own.size()));
  row.put(flag(whole.with_title[i] == whole.most_title));
  auto better = std::count_if(whole.with_title.begin(), whole.with_title.end(),
                              [&](std::size_t x) { return x > whole.with_title[i]; });
  row.put(flag(better == 1));
  row.put(percent(own.size(), whole.all.size()));
  row.put(flag(whole.own[i].size() == whole.most_own));
  row.put(percent(whole.central[i], whole.most_central));
  row.put(percent(whole.central[i], std::max<std::size_t>(whole.own[i].size(), 1)));
}

void put_title(Row& row, const Whole& whole, const RoledSentence& sentence, std::string_view text) {
  Sequence own(text);
  int like = likeness(own.words, whole.title_sequence.words);
  row.put(like);
  row.put(likeness(own.pairs, whole.title_sequence.pairs));
  row.put(100 * like / whole.most_like_title);
  row.put(flag(like >= whole.most_like_title));
  for (int p : sentence.percent) row.put(like * p / 100);
}

void put_length(Row& row, std::size_t words) {
  constexpr std::size_t kEnds[] = {8, 12, 16, 20, 24, 28, 33, 40};
  auto at = std::upper_bound(std::begin(kEnds), std::end(kEnds), words) - std::begin(kEnds);
  for (int k = 0; k <= static_cast<int>(std::size(kEnds)); ++k) row.put(flag(k == at));
}

void put_roles(Row& row, const std::vector<RoledSentence>& sentences, std::size_t i, std::size_t n) {
  for (int p : sentences[i].percent) row.put(p);
  row.put(i > 0 ? sentences[i - 1].percent[0] : 0);
  row.put(i > 0 ? sentences[i - 1].percent[1] : 0);
  row.put(i + 1 < n ? sentences[i + 1].percent[2] : 0);
  row.put(i + 1 < n ? sentences[i + 1].percent[3] : 0);
}

// "We introduce two complementary components."
bool says_nothing(std::string_view folded, std::size_t content_words) {
  constexpr std::size_t kFewest = 3;
  if (content_words < kFewest || folded.starts_with("let ") || folded.starts_with("suppose ")) return true;
  bool counts = false;
  for (std::string_view many : {" two ", " three ", " four ", " several ", " a set of ", " multiple "})
    counts = counts || folded.find(many) != std::string_view::npos;
  for (std::string_view end : {"components.", "contributions.", "modules.", "ways.", "stages.", "challenges.", "steps.",
                               "aspects.", "questions.", "parts.", "innovations.", "strategies.", "findings.",
                               "results.", "problems.", "methods.", "techniques.", "approaches.", "issues."})
    if (counts && folded.ends_with(end) && word_count(folded) <= 10) return true;
  return false;
}

// "We test whether this discrepancy …": what "this" is stands elsewhere.
bool points_elsewhere(std::string_view folded) {
  for (std::string_view word : {" this ", " these "}) {
    auto at = folded.find(word);
    if (at == std::string_view::npos || at > 110) continue;
    auto rest = folded.substr(at + word.size());
    auto noun = rest.substr(0, rest.find_first_of(" ,.;:'"));
    if (!is_cue(Cue::document, noun)) return true;
  }
  return false;
}

TldrCandidate candidate(const Whole& whole, const std::vector<RoledSentence>& sentences, std::size_t i,
                        const Shortened& form) {
  TldrCandidate out{.sentence = i, .text = form.text, .refused = false, .features = {}};
  auto own = content(form.text);
  auto folded = text::lower_ascii(form.text);
  auto count = word_count(form.text);
  Row row;
  put_roles(row, sentences, i, whole.own.size());
  put_place(row, whole, i);
  put_words(row, whole, i, own);
  put_title(row, whole, sentences[i], form.text);
  put_length(row, count);
  row.put(flag(form.aside));
  row.put(flag(form.tail));
  row.put(flag(form.before));
  row.put(flag(form.text != sentences[i].text && !form.aside && !form.tail && !form.before));
  row.put(flag(!whole.name.empty() && form.text.find(whole.name) != std::string::npos));
  row.put(flag(form.text.find(':') != std::string::npos));
  row.put(flag(has_number(form.text)));
  row.put(flag(form.text.find('(') != std::string::npos));
  row.put(flag(leans(sentences[i].text)));
  row.put(static_cast<int>(20 * std::min<std::ptrdiff_t>(std::count(folded.begin(), folded.end(), ','), 5)));
  for (auto cue : kCues) row.put(flag(folded.find(cue) != std::string::npos));
  for (auto begin : kBegins) row.put(flag(folded.starts_with(begin)));
  out.features = row.done();
  out.refused = leans(form.text) || points_elsewhere(folded) || own.size() < 1 + shared(own, whole.title) ||
                count > kMostWords || says_nothing(folded, own.size());
  return out;
}

// What was known before is no TL;DR where anything else can be one.
void refuse_background(std::vector<TldrCandidate>& candidates, const std::vector<RoledSentence>& sentences) {
  constexpr int kSurely = 93;
  constexpr int kHardly = 40;
  bool other = std::any_of(candidates.begin(), candidates.end(), [&](const TldrCandidate& c) {
    return !c.refused && sentences[c.sentence].percent[0] < kHardly;
  });
  for (auto& c : candidates) c.refused = c.refused || (other && sentences[c.sentence].percent[0] > kSurely);
}

}  // namespace

std::vector<TldrCandidate> tldr_candidates(std::string_view title, const std::vector<RoledSentence>& sentences) {
  auto count = std::min(sentences.size(), kMostSentences);
  Whole whole(title, sentences, count);
  std::vector<TldrCandidate> out;
  for (std::size_t i = 0; i < count; ++i)
    for (const auto& form : shortenings(sentences[i].text)) out.push_back(candidate(whole, sentences, i, form));
  refuse_background(out, sentences);
  return out;
}

}  // namespace broadsheet::write
