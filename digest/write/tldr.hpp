// One sentence that says what a paper is about.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/write/roles.hpp"

namespace broadsheet::write {

// A sentence of the abstract as it stands, or without an opening that carries nothing ("In this paper,"): then it is
// not verbatim. Never one that only repeats the title, if there is another.
Tldr tldr(std::string_view title, const std::vector<RoledSentence>& sentences);

inline constexpr std::size_t kTldrFeatures = 36;
using TldrFeatures = std::array<int, kTldrFeatures>;  // 0 to 100 each
std::vector<TldrFeatures> tldr_features(std::string_view title, const std::vector<RoledSentence>& sentences);

}  // namespace broadsheet::write
