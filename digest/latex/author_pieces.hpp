// The first step through an author list: pieces between separators, each with the brackets that stood in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::latex {

struct AuthorPiece {
  std::string name;
  std::vector<std::string> notes;  // the contents of its brackets
  std::string separator;           // what stood before it: "", ", ", "; ", " and ", " & ", ": "
};

// Raw TeX and HTML of footnote marks, links and line breaks to what the splitter knows: "Doe$^{1,2}$" -> "Doe (1,2)".
std::string plain_marks(std::string_view raw);
// Splits display text. A bracket that never closes ends where the next person's name begins.
std::vector<AuthorPiece> split_authors(std::string_view s);

}  // namespace broadsheet::latex
