// The words of a query as they are typed, before they mean anything. Used by parse_query().
#pragma once

#include <string>
#include <string_view>

#include "bot/store/facets.hpp"
#include "bot/store/query.hpp"

namespace broadsheet::store {

struct QueryWord {
  std::string text;
  bool quoted = false;
  bool negated = false;
  bool fielded = false;       // a field was written, be it `all:`
  std::string unknown_field;  // "titel" of `titel:quark`
  Field field = Field::any;
};

// One line with plain quotes and dashes, whatever a phone made of them.
std::string typed_text(std::string_view in);

class QueryWords {
 public:
  explicit QueryWords(std::string_view typed) : rest_(typed) {}
  bool next(QueryWord& word);

 private:
  void take_field(QueryWord& word);
  std::string_view rest_;
};

// For the sentence about an unknown one.
std::string known_fields();
std::string nearest_field(std::string_view name);

}  // namespace broadsheet::store
