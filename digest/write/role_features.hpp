// What the role model looks at in a sentence: its words, word pairs, opening and place in the abstract.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::write {

// Names such as "u propose", "b we propose", "f we", "p 3"; the keys of role_weights.tsv. `index` < `count`.
std::vector<std::string> role_features(std::string_view sentence, std::size_t index, std::size_t count);

}  // namespace broadsheet::write
