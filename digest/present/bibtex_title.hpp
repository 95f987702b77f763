// A title as its authors typed it, fit for a BibTeX field.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet::present {

// Maths and accents stay TeX, what would break LaTeX is escaped, capitals that a style must not lower are in braces.
// `raw` is preferred; where its braces do not match, `shown` (Unicode) is taken.
std::string bibtex_title(std::string_view raw, std::string_view shown);
// Plain text with the characters escaped that TeX acts on.
std::string bibtex_text(std::string_view s);

}  // namespace broadsheet::present
