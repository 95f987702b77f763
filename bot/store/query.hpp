// The query language of spec commands 3, for search, filters and saved searches. Words are joined by AND; OR joins its
// two neighbours (`graph OR tree search` = (graph or tree) and search); NOT, ANDNOT and a dash refuse the next. Words
// match in any inflection. Any input gives a Query or a sentence for people. Values only; no database here.
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
  // Text fields: folded words joined by a space, inflected as typed. Categories, archives and groups: their names
  // joined by a comma, any of which will do. Id: canonical.
  std::string text;
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
// A text that parse_query reads as the same query.
std::string to_text(const Query& query);
bool matches(const Query& query, const Paper& paper);
// "words graph and cs.CL, not survey": for people.
std::string describe(const Query& query);
// Wider queries to try when one finds nothing, the nearest first: without its dates, with the words of a phrase,
// without one of its parts, with any of its words.
std::vector<Query> loosened(const Query& query);
// The folded words of a text, and their stems.
std::vector<std::string> tokens(std::string_view text);
std::vector<std::string> stems(std::string_view text);
// Listed day, else day of first publication, else of the version, else the first of the identifier's month; within 1970
// to 2099.
Day day_of(const Paper& paper);

}  // namespace broadsheet::store
