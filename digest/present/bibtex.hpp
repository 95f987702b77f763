// BibTeX entries that BibTeX, BibLaTeX, JabRef and Zotero read.
#pragma once

#include <string>

#include "digest/model/paper.hpp"

namespace broadsheet::present {

// "@misc{brook2026tideflow-2601.00003, …}"
std::string to_bibtex(const Paper& paper);
// First author, year, first title word and the id: no two papers have the same, and it never changes.
std::string citation_key(const Paper& paper);
// The year of the first version; from the id where no date is known.
std::string citation_year(const Paper& paper);
// The DOI alone: arXiv's field may hold several.
std::string first_doi(const Paper& paper);

}  // namespace broadsheet::present
