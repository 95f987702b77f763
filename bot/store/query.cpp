#include "bot/store/query.hpp"

#include <array>

#include "bot/base/text.hpp"
#include "digest/model/category.hpp"

namespace broadsheet::store {
namespace {

constexpr std::size_t kLongestQuery = 1000;  // bytes
constexpr std::size_t kMostTerms = 32;
constexpr std::size_t kShortestPrefix = 4;  // letters; performance 2.3, point 5

struct FieldName {
  std::string_view name;
  Field field;
};
constexpr std::array<FieldName, 8> kFields{{{"ti", Field::title},
                                            {"au", Field::authors},
                                            {"abs", Field::abstract},
                                            {"cat", Field::category},
                                            {"id", Field::id},
                                            {"from", Field::from},
                                            {"to", Field::to},
                                            {"has", Field::has_code}}};

struct Replacement {
  std::string_view from, to;
};
// What phones make of quotes and dashes.
constexpr std::array<Replacement, 10> kTyped{{{"\u201c", "\""},
                                              {"\u201d", "\""},
                                              {"\u201e", "\""},
                                              {"\u00ab", "\""},
                                              {"\u00bb", "\""},
                                              {"\u2013", "-"},
                                              {"\u2014", "-"},
                                              {"\u2212", "-"},
                                              {"\u00a0", " "},
                                              {"\u2019", "'"}}};

std::string normalised(std::string_view in) {
  std::string out;
  for (std::size_t i = 0; i < in.size();) {
    std::size_t step = 1;
    std::string_view put = in.substr(i, 1);
    for (const auto& r : kTyped)
      if (in.substr(i).starts_with(r.from)) {
        put = r.to;
        step = r.from.size();
      }
    out += static_cast<unsigned char>(put[0]) < 0x20 ? std::string_view(" ") : put;
    i += step;
  }
  return out;
}

Error bad(std::string what) {
  return Error(ErrorKind::bad_input, std::move(what));
}

struct Word {
  std::string text;
  bool quoted = false;
  bool negated = false;
  Field field = Field::any;
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  bool next(Word& word) {
    word = {};
    while (rest_.starts_with(' ')) rest_.remove_prefix(1);
    if (rest_.empty()) return false;
    while (rest_.starts_with('-')) {
      word.negated = true;
      rest_.remove_prefix(1);
    }
    word.field = take_field();
    word.quoted = rest_.starts_with('"');
    if (word.quoted) rest_.remove_prefix(1);
    // A quote that is never closed runs to the end.
    auto end = std::min(rest_.find(word.quoted ? '"' : ' '), rest_.size());
    word.text = std::string(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + (word.quoted ? 1 : 0), rest_.size()));
    return true;
  }

 private:
  Field take_field() {
    auto colon = rest_.find(':');
    if (colon == std::string_view::npos || colon > 4) return Field::any;
    auto name = text::lower_ascii(rest_.substr(0, colon));
    for (const auto& f : kFields)
      if (f.name == name) {
        rest_.remove_prefix(colon + 1);
        return f.field;
      }
    return Field::any;
  }
  std::string_view rest_;
};

Result<Term> text_term(const Word& word) {
  Term term{.field = word.field, .phrase = word.quoted, .negated = word.negated};
  term.prefix = !word.quoted && word.text.size() > 1 && word.text.back() == '*';
  term.text = text::join(tokens(word.text), " ");
  if (term.prefix && text::code_points(term.text) < kShortestPrefix)
    return bad("\"" + text::ellipsize(word.text, 20) +
               "\" is too short for a search by beginning. Write at least four letters before *.");
  return term;
}

Result<Term> filter_term(const Word& word) {
  Term term{.field = word.field, .negated = word.negated};
  auto shown = text::ellipsize(word.text, 30);
  if (word.field == Field::category) {
    auto category = Category::parse(word.text);
    if (!category) return bad("There is no category \"" + shown + "\". Write one such as cat:cs.CL.");
    term.text = category->str();
  } else if (word.field == Field::id) {
    auto id = parse_paper_reference(word.text);
    if (!id) return bad("\"" + shown + "\" is not an arXiv id. Write one such as id:2401.12345.");
    term.text = id->id.str();
  } else if (word.field == Field::has_code) {
    if (text::lower_ascii(word.text) != "code") return bad("has:" + shown + " is unknown. Only has:code exists.");
  } else {
    auto day = parse_day(word.text);
    if (!day) return bad("\"" + shown + "\" is not a date. Write one such as from:2025-12-19.");
    term.day = *day;
  }
  return term;
}

Result<Term> make_term(const Word& word) {
  return word.field <= Field::abstract ? text_term(word) : filter_term(word);
}

std::string fts_term(const Term& term) {
  static constexpr std::array<std::string_view, 4> kColumn{"", "title : ", "authors_text : ", "abstract : "};
  return std::string(kColumn.at(static_cast<std::size_t>(term.field))) + '"' + term.text + '"' +
         (term.prefix ? " *" : "");
}

// One sign for the whole clause, text only: FTS5 knows no lone NOT.
bool in_index(const Clause& clause) {
  for (const auto& term : clause.any_of)
    if (!term.is_text() || (term.negated && clause.any_of.size() > 1)) return false;
  return true;
}

}  // namespace

Result<Query> parse_query(std::string_view input) {
  if (input.size() > kLongestQuery) return bad("The query is too long. Use at most 1000 characters.");
  auto line = normalised(text::make_valid_utf8(input));
  Scanner scanner(line);
  Query query;
  Word word;
  bool joined = false;
  std::size_t terms = 0;
  while (scanner.next(word)) {
    if (word.text == "OR" && !word.quoted && word.field == Field::any) {
      joined = !query.all_of.empty();
      continue;
    }
    auto term = make_term(word);
    if (!term) return term.error();
    if (term->is_text() && term->text.empty()) continue;
    if (++terms > kMostTerms) return bad("The query has too many words. Use at most 32.");
    if (!joined) query.all_of.emplace_back();
    query.all_of.back().any_of.push_back(*std::move(term));
    joined = false;
  }
  if (query.all_of.empty())
    return bad("The query has no words. Write a few words, for example: sparse attention cat:cs.LG");
  return query;
}

std::string to_fts(const Query& query) {
  std::string wanted;
  for (const auto& clause : query.all_of) {
    if (!in_index(clause) || clause.any_of.front().negated) continue;
    std::string one;
    for (const auto& term : clause.any_of) one += (one.empty() ? "(" : " OR ") + fts_term(term);
    wanted += (wanted.empty() ? "" : " AND ") + one + ")";
  }
  return wanted.empty() ? wanted : "(" + wanted + ")";
}

std::string unwanted_fts(const Query& query) {
  std::string unwanted;
  for (const auto& clause : query.all_of)
    if (in_index(clause) && clause.any_of.front().negated)
      unwanted += (unwanted.empty() ? "" : " OR ") + fts_term(clause.any_of.front());
  return unwanted;
}

bool index_suffices(const Query& query) {
  for (const auto& clause : query.all_of)
    if (!in_index(clause)) return false;
  return true;
}

}  // namespace broadsheet::store
