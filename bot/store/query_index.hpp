// A query as questions to the search index. The index has the columns title and abstract (stems), authors_text (names
// as they are) and facets; it answers everything but identifiers, which are looked up.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/store/query.hpp"

namespace broadsheet::store {

enum class Columns : std::uint8_t { all, title, authors, abstract, text, facets };

// One phrase of FTS5: words that follow each other, of the last only the beginning when it is a prefix.
struct Sought {
  std::string words;
  Columns columns = Columns::all;
  bool prefix = false;
  bool operator==(const Sought&) const = default;
};
using AnyOf = std::vector<Sought>;

struct IndexQuery {
  std::vector<AnyOf> ranked;         // what a paper must have and is scored by, in the order of the expression
  std::vector<AnyOf> required;       // what it must have beside that
  std::vector<std::string> refused;  // expressions; a paper of any of them does not match
  std::vector<PaperId> named;        // identifiers of the query: what it says of these papers is asked of them alone
  bool only_named = false;           // no other paper can match
};

IndexQuery for_index(const Query& query);
// The phrases that find a term of words.
AnyOf sought_for(const Term& term);
// FTS5 expressions, every phrase quoted.
std::string wanted_expression(const IndexQuery& query);
std::string refused_expression(const IndexQuery& query);  // empty if nothing is refused

}  // namespace broadsheet::store
