// The query language of spec commands 3, for search, filters and saved searches. Words are joined by AND; OR joins its
// two neighbours (`graph OR tree search` = (graph or tree) and search). Any input gives a Query or a sentence for
// people. Values only; no database here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::store {

enum class Field : std::uint8_t { any, title, authors, abstract, category, id, from, to, has_code };

struct Term {
  Field field = Field::any;
  std::string text;     // for text fields: folded tokens joined by a space; for category and id: canonical form
  bool phrase = false;  // was quoted
  bool prefix = false;  // `word*`, at least four letters
  bool negated = false;
  Day day{};  // for from and to
  bool is_text() const { return field <= Field::abstract; }
  bool operator==(const Term&) const = default;
};

struct Clause {
  std::vector<Term> any_of;
  bool operator==(const Clause&) const = default;
};

struct Query {
  std::vector<Clause> all_of;  // never empty after parse_query
  bool operator==(const Query&) const = default;
};

Result<Query> parse_query(std::string_view text);
// The part that FTS5 can answer, every term quoted: what is wanted (empty if no clause can be answered by the index
// alone) and what is not.
std::string to_fts(const Query& query);
std::string unwanted_fts(const Query& query);
// True if the two say all there is to say, so that their answers need no further check.
bool index_suffices(const Query& query);
bool matches(const Query& query, const Paper& paper);
// "words graph and cs.CL, not survey": for people.
std::string describe(const Query& query);
// The words of a text as the search index sees them: folded, split at everything that is no letter or digit.
std::vector<std::string> tokens(std::string_view text);
// Listed day, else day of first publication, else of the version, else the first of the identifier's month.
Day day_of(const Paper& paper);

}  // namespace broadsheet::store
