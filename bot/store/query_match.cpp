// What a query means for a paper in memory.
#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "bot/store/facets.hpp"
#include "bot/store/query.hpp"

namespace broadsheet::store {
namespace {

using Words = std::vector<std::string>;

std::string author_names(const Paper& paper) {
  std::string out;
  for (const auto& author : paper.authors) out += author.name + "\n";
  return out;
}

// `want` as whole words one behind the other; of the last only the beginning, or one of `shorter`, when it is a prefix.
bool contains(const Words& have, const Words& want, bool prefix, const Words& shorter) {
  auto same = [&](const std::string& word, std::size_t k) {
    if (word == want[k]) return true;
    if (!prefix || k + 1 < want.size()) return false;
    return word.starts_with(want[k]) || std::find(shorter.begin(), shorter.end(), word) != shorter.end();
  };
  for (std::size_t i = 0; i + want.size() <= have.size(); ++i) {
    std::size_t k = 0;
    while (k < want.size() && same(have[i + k], k)) ++k;
    if (k == want.size()) return true;
  }
  return false;
}

// Titles and abstracts are compared by stems, names as they are.
bool in_text(std::string_view text, const Term& term) {
  auto want = stems(term.text);
  if (!term.prefix) return contains(stems(text), want, false, {});
  want.back() = tokens(term.text).back();
  return contains(stems(text), want, true, text::stems_of_beginning(want.back()));
}
bool in_names(const Paper& paper, const Term& term) {
  return contains(tokens(author_names(paper)), tokens(term.text), term.prefix, {});
}

bool has_facet(const Term& term, const Paper& paper) {
  auto have = facets_of(paper);
  auto want = facets_wanted(term);
  return std::any_of(want.begin(), want.end(),
                     [&](const auto& facet) { return std::binary_search(have.begin(), have.end(), facet); });
}

bool holds(const Term& term, const Paper& paper) {
  switch (term.field) {
    case Field::title:
      return in_text(paper.title, term);
    case Field::authors:
      return in_names(paper, term);
    case Field::abstract:
      return in_text(paper.abstract, term);
    case Field::any:
      return in_text(paper.title, term) || in_text(paper.abstract, term) || in_names(paper, term);
    case Field::category:
    case Field::has_code:
      return has_facet(term, paper);
    case Field::id:
      return paper.id.str() == term.text;
    case Field::from:
      return day_of(paper) >= term.day;
    case Field::to:
      return day_of(paper) <= term.day;
  }
  return false;
}

Day dated(const Paper& paper) {
  if (paper.listed) return *paper.listed;
  if (paper.published) return std::chrono::floor<std::chrono::days>(*paper.published);
  if (paper.updated) return std::chrono::floor<std::chrono::days>(*paper.updated);
  auto key = paper.id.sort_key();
  if (key.size() < 6) return Day{};
  return parse_day(key.substr(0, 4) + "-" + key.substr(4, 2) + "-01").value_or(Day{});
}

}  // namespace

std::vector<std::string> tokens(std::string_view input) {
  return text::index_words(input);
}

std::vector<std::string> stems(std::string_view input) {
  auto out = tokens(input);
  for (auto& word : out) text::stem(word);
  return out;
}

Day day_of(const Paper& paper) {
  return std::clamp(dated(paper), kFirstDay, kLastDay);
}

bool matches(const Query& query, const Paper& paper) {
  return std::all_of(query.all_of.begin(), query.all_of.end(), [&](const Clause& clause) {
    return std::any_of(clause.any_of.begin(), clause.any_of.end(),
                       [&](const Term& term) { return holds(term, paper) != term.negated; });
  });
}

}  // namespace broadsheet::store
