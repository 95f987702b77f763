// The checks on one field of a model's answer against the sentences that it cites (docs/model.md tells what they can
// and cannot see). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "digest/model/paper.hpp"
#include "digest/model_writer/defect.hpp"
#include "digest/model_writer/language.hpp"
#include "digest/model_writer/source.hpp"

namespace broadsheet::model_writer {

struct Claim {
  std::string text;
  std::vector<std::size_t> evidence;  // numbers of sentences
};

struct Rules {
  const Language& language;
  std::size_t most_words = 40;
  std::string instructions;  // the question's own, which must not come back
};

// The first defect found; none: it may be shown.
Defect check(const Claim& claim, const Source& source, const Rules& rules, const Paper& paper);

// The checks that need no evidence: of titles, translations and summaries as well.
Defect check_form(const std::string& text, const Folded& folded, const Source& source, const Rules& rules);
// Numbers and names of a text; what it compares and claims is left to `check`.
Defect check_facts(const std::string& text, const Source& source, const Language& language);

}  // namespace broadsheet::model_writer
