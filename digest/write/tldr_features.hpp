// What the TL;DR ranker looks at: each sentence of an abstract in each of its shorter forms.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "digest/write/roles.hpp"

namespace broadsheet::write {

inline constexpr std::size_t kTldrFeatures = 131;
using TldrFeatures = std::array<int, kTldrFeatures>;  // -100 to 100 each

struct TldrCandidate {
  std::size_t sentence = 0;
  std::string text;
  bool refused = false;  // leans on what is not shown, says only the title, is too long or says nothing by itself
  TldrFeatures features{};
};

// Sentences first to last, the longest form of each first. Bounded: only the first 40 sentences.
std::vector<TldrCandidate> tldr_candidates(std::string_view title, const std::vector<RoledSentence>& sentences);

}  // namespace broadsheet::write
