// How a query is typed: fields, quotes, dashes and operators.
#include "bot/store/query_words.hpp"

#include <array>

#include "bot/base/text.hpp"
#include "bot/base/time.hpp"

namespace broadsheet::store {
namespace {

struct FieldName {
  std::string_view name;
  Field field;
};
constexpr std::array<FieldName, 15> kFields{{{"ti", Field::title},
                                             {"title", Field::title},
                                             {"au", Field::authors},
                                             {"author", Field::authors},
                                             {"authors", Field::authors},
                                             {"abs", Field::abstract},
                                             {"abstract", Field::abstract},
                                             {"all", Field::any},
                                             {"cat", Field::category},
                                             {"category", Field::category},
                                             {"primary", Field::category},
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

// `kind` of what a field with a space behind its colon would take; a title with a colon goes on with anything.
bool takes(Field field, std::string_view value) {
  switch (field) {
    case Field::category:
      return !category_names(value).empty();
    case Field::id:
      return parse_paper_reference(value).has_value();
    case Field::from:
    case Field::to:
      return parse_day(value).has_value();
    case Field::has_code:
      return text::lower_ascii(value) == "code";
    default:
      return !value.empty();
  }
}

// Lower-case letters and a colon with something behind it: no title is written so, and "foo:bar" is a field mistyped.
bool looks_like_field(std::string_view name, std::string_view behind) {
  constexpr std::size_t kShortest = 2, kLongest = 12;
  if (name.size() < kShortest || name.size() > kLongest) return false;
  for (char c : name)
    if (c < 'a' || c > 'z') return false;
  return !behind.empty() && behind.front() != ' ' && behind.front() != '/' && behind.front() != ':';
}

}  // namespace

std::string typed_text(std::string_view in) {
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

bool QueryWords::next(QueryWord& word) {
  word = {};
  while (rest_.starts_with(' ')) rest_.remove_prefix(1);
  if (rest_.empty()) return false;
  while (rest_.starts_with('-')) {
    word.negated = true;
    rest_.remove_prefix(1);
  }
  take_field(word);
  word.quoted = rest_.starts_with('"');
  if (word.quoted) rest_.remove_prefix(1);
  // A quote that is never closed runs to the end.
  auto end = std::min(rest_.find(word.quoted ? '"' : ' '), rest_.size());
  word.text = std::string(rest_.substr(0, end));
  rest_.remove_prefix(std::min(end + (word.quoted ? 1 : 0), rest_.size()));
  return true;
}

void QueryWords::take_field(QueryWord& word) {
  auto until = std::min(rest_.find(' '), rest_.size());
  auto colon = rest_.substr(0, until).find(':');
  if (colon == std::string_view::npos) return;
  auto name = text::lower_ascii(rest_.substr(0, colon));
  auto behind = rest_.substr(colon + 1);
  for (const auto& f : kFields) {
    if (f.name != name) continue;
    auto value = text::trim(behind);
    bool apart = behind.starts_with(' ');
    if (apart && !takes(f.field, value.substr(0, value.find(' ')))) return;
    word.field = f.field;
    word.fielded = true;
    rest_ = apart ? value : behind;
    return;
  }
  if (parse_paper_reference(rest_.substr(0, until)))  // "arXiv:2401.12345", a link
    word.field = Field::id;
  else if (looks_like_field(rest_.substr(0, colon), behind))
    word.unknown_field = name;
}

std::string known_fields() {
  return "ti: au: abs: all: cat: id: from: to: has:code";
}

std::string nearest_field(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& f : kFields) names.emplace_back(f.name);
  return text::nearest(name, names, 2);
}

}  // namespace broadsheet::store
