// What a query means for a paper in memory, and how it is told to people.
#include <algorithm>
#include <array>

#include "bot/base/text.hpp"
#include "bot/store/query.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::store {
namespace {

std::string author_names(const Paper& paper) {
  std::string out;
  for (const auto& author : paper.authors) out += author.name + "\n";
  return out;
}

bool contains(std::string_view text, const Term& term) {
  auto have = tokens(text);
  std::vector<std::string_view> want = text::split(term.text, ' ');
  for (std::size_t i = 0; i + want.size() <= have.size(); ++i) {
    bool same = true;
    for (std::size_t k = 0; same && k < want.size(); ++k) {
      bool begins = term.prefix && k + 1 == want.size();
      same = begins ? have[i + k].starts_with(want[k]) : have[i + k] == want[k];
    }
    if (same) return true;
  }
  return false;
}

bool has_code(const Paper& paper) {
  static constexpr std::array<std::string_view, 4> kHosts{"github.com/", "gitlab.com/", "huggingface.co/",
                                                          "codeberg.org/"};
  for (const auto* text : {&paper.abstract, &paper.abstract_raw, &paper.comment}) {
    auto lower = text::lower_ascii(*text);
    for (auto host : kHosts)
      if (lower.find(host) != std::string::npos) return true;
  }
  return false;
}

bool holds(const Term& term, const Paper& paper) {
  switch (term.field) {
    case Field::title:
      return contains(paper.title, term);
    case Field::authors:
      return contains(author_names(paper), term);
    case Field::abstract:
      return contains(paper.abstract, term);
    case Field::any:
      return contains(paper.title, term) || contains(paper.abstract, term) || contains(author_names(paper), term);
    case Field::category:
      return broadsheet::matches(paper.categories, Category::parse(term.text).value_or(Category()));
    case Field::id:
      return paper.id.str() == term.text;
    case Field::from:
      return day_of(paper) >= term.day;
    case Field::to:
      return day_of(paper) <= term.day;
    case Field::has_code:
      return has_code(paper);
  }
  return false;
}

std::string told(const Term& term) {
  static constexpr std::array<std::string_view, 9> kNames{"",       "title ", "author ", "abstract ", "",
                                                          "paper ", "from ",  "to ",     "with code"};
  std::string out = term.negated ? "not " : "";
  out += kNames.at(static_cast<std::size_t>(term.field));
  if (term.field == Field::from || term.field == Field::to) return out + to_string(term.day);
  return out + (term.phrase ? "\"" + term.text + "\"" : term.text) + (term.prefix ? "…" : "");
}

}  // namespace

std::vector<std::string> tokens(std::string_view input) {
  return text::index_words(text::make_valid_utf8(input));
}

Day day_of(const Paper& paper) {
  if (paper.listed) return *paper.listed;
  if (paper.published) return std::chrono::floor<std::chrono::days>(*paper.published);
  if (paper.updated) return std::chrono::floor<std::chrono::days>(*paper.updated);
  auto key = paper.id.sort_key();
  if (key.size() < 6) return Day{};
  return parse_day(key.substr(0, 4) + "-" + key.substr(4, 2) + "-01").value_or(Day{});
}

bool matches(const Query& query, const Paper& paper) {
  return std::all_of(query.all_of.begin(), query.all_of.end(), [&](const Clause& clause) {
    return std::any_of(clause.any_of.begin(), clause.any_of.end(),
                       [&](const Term& term) { return holds(term, paper) != term.negated; });
  });
}

std::string describe(const Query& query) {
  std::vector<std::string> clauses;
  for (const auto& clause : query.all_of) {
    std::vector<std::string> terms;
    for (const auto& term : clause.any_of) terms.push_back(told(term));
    clauses.push_back(text::join(terms, " or "));
  }
  return text::join(clauses, ", ");
}

}  // namespace broadsheet::store
