// Author lists: names, affiliations, collaborations (contracts: arXiv 9). Sources give them as one string (feeds,
// arXivRaw, listing pages) or name by name (query API, OAI-PMH), typed by submitters in the habits of their field:
// "The Kelp Collaboration: A. Brook", "Tomas Fenn (on behalf of the Kelp Collaboration)", "Ada Brook (LJLL (UMR 7598),
// Ilse Marrow", "Kelp Team, et al. (25 additional authors not shown)".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "digest/model/paper.hpp"

namespace broadsheet::latex {

// Linear in the input; raw TeX in, display forms out. Never an empty name.
std::vector<Author> parse_authors(std::string_view raw);
// The same for names that came one by one, raw, each with its affiliations.
std::vector<Author> tidy_authors(std::vector<Author> authors);
// The authors that the string counts but does not name ("and 25 others"), 0 for "et al."; nothing if it names all.
std::optional<std::size_t> unlisted_authors(std::string_view raw);

// "Ada Brook, Tomas Fenn"
std::string join_names(const std::vector<Author>& authors);
// The same of a paper, "Ada Brook, Tomas Fenn and 25 more" where the source named only some.
std::string join_names(const Paper& paper);

}  // namespace broadsheet::latex
