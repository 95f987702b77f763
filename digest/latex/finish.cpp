#include "digest/latex/finish.hpp"

#include "digest/latex/authors.hpp"
#include "digest/latex/display.hpp"
#include "digest/latex/withdrawal.hpp"

namespace broadsheet::latex {

void finish(Paper& paper) {
  paper.title = to_display(paper.title_raw, Mode::title);
  paper.abstract = to_display(paper.abstract_raw, Mode::abstract);
  if (paper.authors.empty() && !paper.authors_raw.empty()) {
    paper.authors = parse_authors(paper.authors_raw);
  } else {
    paper.authors = tidy_authors(std::move(paper.authors));
  }
  paper.comment = to_display(paper.comment, Mode::title);
  paper.journal_ref = to_display(paper.journal_ref, Mode::title);
  if (says_withdrawn(paper.comment, paper.version) || is_withdrawal_notice(paper.abstract)) paper.withdrawn = true;
}

}  // namespace broadsheet::latex
