// One sentence that says what a paper is about.
#pragma once

#include <string_view>
#include <vector>

#include "digest/model/digest.hpp"
#include "digest/write/roles.hpp"

namespace broadsheet::write {

// A sentence of the abstract as it stands, or in a shorter form by deletion (shortening.hpp): then it is not verbatim.
// Never one that leans on the sentence before it, only repeats the title, says nothing by itself or is two sentences
// glued together, if there is another. `source`, where given, becomes the number of the sentence it was made from.
Tldr tldr(std::string_view title, const std::vector<RoledSentence>& sentences, std::size_t* source = nullptr);

}  // namespace broadsheet::write
