// The words of the search index, for FTS5: folded words, their stems, names and facets. Every connection that touches
// the index needs it; Db::open() sees to that.
#pragma once

#include <string>
#include <string_view>

#include "bot/base/result.hpp"

struct sqlite3;
struct fts5_api;

namespace broadsheet::store {

// Null if this SQLite has no FTS5.
fts5_api* fts5_of(sqlite3* db);
Status add_tokenizer(sqlite3* db);

// What the index gets for a column, so that the tokenizer knows what it reads.
std::string as_text(std::string_view text);      // stems of words
std::string as_names(std::string_view names);    // words as they are
std::string as_facets(std::string_view tokens);  // what stands between spaces

}  // namespace broadsheet::store
