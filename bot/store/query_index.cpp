#include "bot/store/query_index.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "bot/store/facets.hpp"

namespace broadsheet::store {
namespace {

std::string expression(const Sought& sought) {
  static constexpr std::array<std::string_view, 6> kColumns{
      "", "title : ", "authors_text : ", "abstract : ", "{title abstract} : ", "facets : "};
  return std::string(kColumns.at(static_cast<std::size_t>(sought.columns))) + '"' + sought.words + '"' +
         (sought.prefix ? " *" : "");
}

std::string joined(const std::vector<std::string>& parts, std::string_view by) {
  return parts.size() == 1 ? parts.front() : "(" + text::join(parts, by) + ")";
}

std::string expression(const AnyOf& any) {
  std::vector<std::string> parts;
  for (const auto& sought : any) parts.push_back(expression(sought));
  return joined(parts, " OR ");
}

void add(AnyOf& out, const AnyOf& more) {
  for (const auto& sought : more)
    if (std::find(out.begin(), out.end(), sought) == out.end()) out.push_back(sought);
}

AnyOf facets(const std::vector<std::string>& tokens) {
  AnyOf out;
  for (const auto& token : tokens) out.push_back({token, Columns::facets});
  // Dates the wrong way round: no paper has this.
  if (out.empty()) out.push_back({"none:", Columns::facets});
  return out;
}

AnyOf in_stems(const Term& term, Columns columns) {
  auto words = stems(term.text);
  if (!term.prefix) return {{text::join(words, " "), columns}};
  auto begin = tokens(term.text).back();
  words.back() = begin;
  AnyOf out{{text::join(words, " "), columns, true}};
  for (const auto& shorter : text::stems_of_beginning(begin)) {
    words.back() = shorter;
    out.push_back({text::join(words, " "), columns});
  }
  return out;
}

AnyOf sought(const Term& term) {
  if (term.is_text()) return sought_for(term);
  if (term.field == Field::from) return facets(facets_of_days(term.day, kLastDay));
  if (term.field == Field::to) return facets(facets_of_days(kFirstDay, term.day));
  return facets(facets_wanted(term));
}

AnyOf every_paper() {
  return facets(facets_of_days(kFirstDay, kLastDay));
}

// The days between all plain from: and to: are one clause.
struct Span {
  Day first = kFirstDay, last = kLastDay;
  bool given = false;
  bool take(const Clause& clause) {
    const auto& term = clause.any_of.front();
    if (clause.any_of.size() > 1 || term.negated || (term.field != Field::from && term.field != Field::to))
      return false;
    given = true;
    if (term.field == Field::from) first = std::max(first, term.day);
    if (term.field == Field::to) last = std::min(last, term.day);
    return true;
  }
};

// "a OR -b" holds for all papers but those with b that lack a.
std::string refused_by(const Clause& clause) {
  std::vector<std::string> with;
  AnyOf lacking;
  for (const auto& term : clause.any_of) {
    if (term.negated)
      with.push_back(expression(sought(term)));
    else
      add(lacking, sought(term));
  }
  auto out = joined(with, " AND ");
  return lacking.empty() ? out : "(" + out + " NOT " + expression(lacking) + ")";
}

bool is_id(const Term& term) {
  return term.field == Field::id;
}

// Puts a clause where it belongs; its identifiers are named already.
void place(IndexQuery& out, Clause clause) {
  auto& terms = clause.any_of;
  bool all_but_named = std::any_of(terms.begin(), terms.end(), [](const Term& t) { return is_id(t) && t.negated; });
  if (all_but_named) return;
  std::erase_if(terms, is_id);
  if (terms.empty()) {
    out.only_named = true;
  } else if (std::any_of(terms.begin(), terms.end(), [](const Term& t) { return t.negated; })) {
    out.refused.push_back(refused_by(clause));
  } else {
    // Twice the same word counts twice.
    AnyOf any;
    for (const auto& term : terms)
      for (auto& one : sought(term)) any.push_back(std::move(one));
    bool words = std::all_of(terms.begin(), terms.end(), [](const Term& t) { return t.is_text(); });
    (words ? out.ranked : out.required).push_back(std::move(any));
  }
}

}  // namespace

AnyOf sought_for(const Term& term) {
  AnyOf names{{term.text, Columns::authors, term.prefix}};
  switch (term.field) {
    case Field::title:
      return in_stems(term, Columns::title);
    case Field::authors:
      return names;
    case Field::abstract:
      return in_stems(term, Columns::abstract);
    default:
      break;
  }
  auto out = in_stems(term, Columns::text);
  if (out.front().words == names.front().words)
    out.front().columns = Columns::all;  // facets hold no word
  else
    add(out, names);
  return out;
}

IndexQuery for_index(const Query& query) {
  IndexQuery out;
  Span span;
  for (const auto& clause : query.all_of) {
    for (const auto& term : clause.any_of)
      if (auto id = is_id(term) ? PaperId::parse(term.text) : std::nullopt) out.named.push_back(*id);
    if (!span.take(clause)) place(out, clause);
  }
  if (span.given) out.required.push_back(facets(facets_of_days(span.first, span.last)));
  if (out.ranked.empty() && out.required.empty()) out.required.push_back(every_paper());
  return out;
}

std::string wanted_expression(const IndexQuery& query) {
  std::vector<std::string> parts;
  for (const auto* clauses : {&query.ranked, &query.required})
    for (const auto& any : *clauses) parts.push_back(expression(any));
  return joined(parts, " AND ");
}

std::string refused_expression(const IndexQuery& query) {
  return query.refused.empty() ? std::string() : joined(query.refused, " OR ");
}

}  // namespace broadsheet::store
