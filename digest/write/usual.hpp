// How common a phrase usually is in a field, so that what is unusual today can be told.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "digest/model/paper.hpp"

namespace broadsheet::write {

// cs.CV, cs.CL, cs.LG, cs.RO, cs.AI, other cs, eess, stat, math, all else: by primary category.
inline constexpr std::size_t kFields = 10;
std::size_t field_of(const Paper& paper);
// In how many of 10,000 papers of the field the phrase stands (usual_phrases.tsv).
int usual_share(std::string_view key, std::size_t field);

}  // namespace broadsheet::write
