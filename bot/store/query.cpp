#include "bot/store/query.hpp"

#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "bot/store/facets.hpp"
#include "bot/store/query_words.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::store {
namespace {

constexpr std::size_t kLongestQuery = 1000;  // bytes
constexpr std::size_t kMostTerms = 32;
constexpr std::size_t kShortestPrefix = 4;  // letters; performance 2.3, point 5

Error bad(std::string what) {
  return Error(ErrorKind::bad_input, std::move(what));
}

Result<Term> text_term(const QueryWord& word) {
  Term term{.field = word.field, .phrase = word.quoted, .negated = word.negated};
  term.prefix = !word.quoted && word.text.size() > 1 && word.text.back() == '*';
  auto words = tokens(word.text);
  term.text = text::join(words, " ");
  if (term.prefix && (words.empty() || text::code_points(words.back()) < kShortestPrefix))
    return bad("\"" + text::ellipsize(word.text, 20) +
               "\" is too short for a search by beginning. Write at least four letters before *.");
  return term;
}

Error no_category(std::string_view typed) {
  auto near = suggest_categories(typed);
  return bad("There is no category \"" + text::ellipsize(typed, 30) +
             "\". Write one such as cat:cs.CL, or an archive: cat:cs." +
             (near.empty() ? "" : " Near it: " + text::join(near, ", ") + "."));
}

Result<Term> filter_term(const QueryWord& word) {
  Term term{.field = word.field, .negated = word.negated};
  auto shown = text::ellipsize(word.text, 30);
  if (word.field == Field::category) {
    term.text = category_names(word.text);
    if (term.text.empty()) return no_category(word.text);
  } else if (word.field == Field::id) {
    auto id = parse_paper_reference(word.text);
    if (!id) return bad("\"" + shown + "\" is not an arXiv id. Write one such as id:2401.12345.");
    term.text = id->id.str();
  } else if (word.field == Field::has_code) {
    if (text::lower_ascii(word.text) != "code") return bad("has:" + shown + " is unknown. Only has:code exists.");
  } else {
    auto day = parse_day(word.text);
    if (!day) return bad("\"" + shown + "\" is not a date. Write one such as from:2025-12-19.");
    term.day = std::clamp(*day, kFirstDay, kLastDay);
  }
  return term;
}

Error unknown_field(const QueryWord& word) {
  auto near = nearest_field(word.unknown_field);
  return bad("There is no field \"" + word.unknown_field + ":\"" +
             (near.empty() ? "" : "; did you mean " + near + ":?") + " The fields are " + known_fields() +
             ". Put words with a colon in quotes.");
}

Result<Term> make_term(const QueryWord& word) {
  if (!word.unknown_field.empty()) return unknown_field(word);
  return word.field <= Field::abstract ? text_term(word) : filter_term(word);
}

// Puts terms together as the operators between them say.
class Assembly {
 public:
  // True if the word is an operator.
  bool take_operator(const QueryWord& word) {
    if (word.quoted || word.fielded || word.negated) return false;
    if (word.text == "OR") return joined_ = !query.all_of.empty(), true;
    if (word.text == "AND") return true;
    if (word.text == "NOT" || word.text == "ANDNOT") return negated_ = true;
    return false;
  }
  void add(Term term) {
    term.negated = term.negated || negated_;
    if (!joined_) query.all_of.emplace_back();
    query.all_of.back().any_of.push_back(std::move(term));
    joined_ = negated_ = false;
  }
  Query query;

 private:
  bool joined_ = false, negated_ = false;
};

}  // namespace

Result<Query> parse_query(std::string_view input) {
  if (input.size() > kLongestQuery) return bad("The query is too long. Use at most 1000 characters.");
  auto line = typed_text(text::make_valid_utf8(input));
  QueryWords words(line);
  Assembly assembly;
  QueryWord word;
  std::size_t terms = 0;
  while (words.next(word)) {
    if (assembly.take_operator(word)) continue;
    auto term = make_term(word);
    if (!term) return term.error();
    if (term->is_text() && term->text.empty()) continue;
    if (++terms > kMostTerms) return bad("The query has too many words. Use at most 32.");
    assembly.add(*std::move(term));
  }
  if (assembly.query.all_of.empty())
    return bad("The query has no words. Write a few words, for example: sparse attention cat:cs.LG");
  return std::move(assembly.query);
}

}  // namespace broadsheet::store
