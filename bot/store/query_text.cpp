// How a query is told to people and written again, and what to ask instead when it finds nothing.
#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "bot/store/query.hpp"

namespace broadsheet::store {
namespace {

bool is_day(const Term& term) {
  return term.field == Field::from || term.field == Field::to;
}

std::string told(const Term& term) {
  static constexpr std::array<std::string_view, 9> kNames{"",       "title ", "author ", "abstract ", "",
                                                          "paper ", "from ",  "to ",     "with code"};
  std::string out = term.negated ? "not " : "";
  out += kNames.at(static_cast<std::size_t>(term.field));
  if (is_day(term)) return out + to_string(term.day);
  return out + (term.phrase ? "\"" + term.text + "\"" : term.text) + (term.prefix ? "…" : "");
}

std::string typed(const Term& term) {
  static constexpr std::array<std::string_view, 9> kNames{
      "", "ti:", "au:", "abs:", "cat:", "id:", "from:", "to:", "has:code"};
  std::string out = term.negated ? "-" : "";
  out += kNames.at(static_cast<std::size_t>(term.field));
  if (is_day(term)) return out + to_string(term.day);
  // Words with a hyphen are a phrase; with a star they cannot be quoted.
  auto spaced = term.text.find(' ') != std::string::npos;
  if (term.prefix) {
    auto text = term.text;
    std::replace(text.begin(), text.end(), ' ', '-');
    return out + text + "*";
  }
  return out + (term.phrase || spaced || (term.is_text() && text::lower_ascii(term.text) != term.text)
                    ? "\"" + term.text + "\""
                    : term.text);
}

// Only what can be typed: a phrase of many words is too long for one by one.
void keep_if_new(std::vector<Query>& out, Query query, const Query& asked) {
  if (query.all_of.empty() || query == asked || std::find(out.begin(), out.end(), query) != out.end()) return;
  if (!parse_query(to_text(query))) return;
  out.push_back(std::move(query));
}

Query without(const Query& query, auto&& drop) {
  Query out = query;
  std::erase_if(out.all_of, drop);
  return out;
}

// The words of phrases one by one, beginnings instead of whole words.
Query in_single_words(const Query& query) {
  Query out;
  for (const auto& clause : query.all_of) {
    const auto& term = clause.any_of.front();
    bool several =
        clause.any_of.size() == 1 && term.is_text() && !term.negated && term.text.find(' ') != std::string::npos;
    if (!several) {
      out.all_of.push_back(clause);
      continue;
    }
    for (auto word : text::split(term.text, ' '))
      out.all_of.push_back({{{.field = term.field, .text = std::string(word)}}});
  }
  return out;
}

// Any of the words that are wanted.
Query any_word(const Query& query) {
  Clause clause;
  for (const auto& part : query.all_of)
    for (const auto& term : part.any_of)
      if (term.is_text() && !term.negated) clause.any_of.push_back(term);
  return clause.any_of.empty() ? Query() : Query{{clause}};
}

bool is_filter(const Clause& clause) {
  return !clause.any_of.front().is_text();
}

}  // namespace

std::string describe(const Query& query) {
  std::vector<std::string> clauses;
  for (const auto& clause : query.all_of) {
    std::vector<std::string> terms;
    for (const auto& term : clause.any_of) terms.push_back(told(term));
    clauses.push_back(text::join(terms, " or "));
  }
  return text::join(clauses, ", ");
}

std::string to_text(const Query& query) {
  std::vector<std::string> clauses;
  for (const auto& clause : query.all_of) {
    std::vector<std::string> terms;
    for (const auto& term : clause.any_of) terms.push_back(typed(term));
    clauses.push_back(text::join(terms, " OR "));
  }
  return text::join(clauses, " ");
}

std::vector<Query> loosened(const Query& query) {
  std::vector<Query> out;
  keep_if_new(out, without(query, [](const Clause& c) { return is_day(c.any_of.front()); }), query);
  auto single = in_single_words(query);
  keep_if_new(out, single, query);
  for (bool filters : {true, false})
    for (const auto& left_out : single.all_of)
      if (is_filter(left_out) == filters && single.all_of.size() > 1)
        keep_if_new(out, without(single, [&](const Clause& c) { return c == left_out; }), query);
  keep_if_new(out, without(single, is_filter), query);
  keep_if_new(out, any_word(single), query);
  return out;
}

}  // namespace broadsheet::store
