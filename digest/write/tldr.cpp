#include "digest/write/tldr.hpp"

#include <algorithm>
#include <charconv>

#include "bot/base/text.hpp"
#include "digest/write/tldr_features.hpp"
#include "embedded/tldr_weights.hpp"

namespace broadsheet::write {
namespace {

// A linear ranker in whole numbers, fitted by train/tldr.py, so that the choice is the same on every machine.
std::array<int, kTldrFeatures> load() {
  std::array<int, kTldrFeatures> out{};
  std::size_t n = 0;
  for (auto line : text::split(embedded::tldr_weights, '\n')) {
    if (line.empty() || line.starts_with('#') || n == out.size()) continue;
    std::from_chars(line.data(), line.data() + line.size(), out.at(n++));
  }
  return out;
}

std::int64_t value_of(const TldrCandidate& candidate) {
  static const auto kWeights = load();
  std::int64_t value = 0;
  for (std::size_t k = 0; k < kTldrFeatures; ++k) value += kWeights.at(k) * candidate.features.at(k);
  return value;
}

}  // namespace

Tldr tldr(std::string_view title, const std::vector<RoledSentence>& sentences, std::size_t* source) {
  const TldrCandidate* best = nullptr;
  std::int64_t best_value = 0;
  auto candidates = tldr_candidates(title, sentences);
  for (const auto& candidate : candidates) {
    auto value = value_of(candidate);
    bool better = best == nullptr || (best->refused && !candidate.refused) ||
                  (best->refused == candidate.refused && value > best_value);
    if (!better) continue;
    best = &candidate;
    best_value = value;
  }
  if (best == nullptr) return {};
  if (source != nullptr) *source = best->sentence;
  constexpr std::size_t kLongest = 400;  // graphemes; only a text without full stops is longer
  auto text = text::ellipsize(best->text, kLongest);
  bool verbatim = text == sentences[best->sentence].text;
  return {std::move(text), verbatim};
}

}  // namespace broadsheet::write
