// Author lists that come as one string (feeds, arXivRaw): names, affiliations, collaborations (contracts: arXiv 9).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "digest/model/paper.hpp"

namespace broadsheet::latex {

std::vector<Author> parse_authors(std::string_view raw);
// "Ada Brook, Tomas Fenn"
std::string join_names(const std::vector<Author>& authors);

}  // namespace broadsheet::latex
