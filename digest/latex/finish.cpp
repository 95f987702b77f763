#include "digest/latex/finish.hpp"

#include "bot/base/text.hpp"
#include "digest/latex/authors.hpp"
#include "digest/latex/display.hpp"

namespace broadsheet::latex {
namespace {

// contracts: arXiv 6: "comment often starts `This paper has been withdrawn`".
bool says_withdrawn(std::string_view s) {
  auto head = text::lower_ascii(s.substr(0, 160));
  for (const char* opening : {"this paper has been withdrawn", "this article has been withdrawn",
                              "this submission has been withdrawn", "the paper has been withdrawn", "withdrawn"})
    if (head.starts_with(opening)) return true;
  return head.find("has been withdrawn by") != std::string::npos;
}

}  // namespace

void finish(Paper& paper) {
  paper.title = to_display(paper.title_raw, Mode::title);
  paper.abstract = to_display(paper.abstract_raw, Mode::abstract);
  if (paper.authors.empty() && !paper.authors_raw.empty()) {
    paper.authors = parse_authors(paper.authors_raw);
  } else {
    for (auto& author : paper.authors) {
      author.name = to_display(author.name, Mode::author);
      for (auto& affiliation : author.affiliations) affiliation = to_display(affiliation, Mode::author);
    }
    std::erase_if(paper.authors, [](const Author& a) { return a.name.empty(); });
  }
  paper.comment = to_display(paper.comment, Mode::title);
  paper.journal_ref = to_display(paper.journal_ref, Mode::title);
  if (says_withdrawn(paper.comment) || says_withdrawn(paper.abstract)) paper.withdrawn = true;
}

}  // namespace broadsheet::latex
