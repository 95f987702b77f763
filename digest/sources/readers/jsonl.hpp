// Paper records as JSON, one a line.
#pragma once

#include <string_view>

#include "bot/base/result.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::sources {

// Fields: id, version, title, authors[], abstract, primary, categories[] (or sections[]), published, updated, listed,
// comment, doi, journal_ref. Only id and title are needed. Errors (bad_input) say which field is wrong.
Result<Paper> read_jsonl_line(std::string_view line);

}  // namespace broadsheet::sources
