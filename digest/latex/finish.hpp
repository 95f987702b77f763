// The last step of every reader: display forms beside the raw text.
#pragma once

#include "digest/model/paper.hpp"

namespace broadsheet::latex {

// Fills title and abstract from the raw fields, authors from authors_raw (or converts the names there are), tidies the
// comment, and notices a withdrawal.
void finish(Paper& paper);

}  // namespace broadsheet::latex
