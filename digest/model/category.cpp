#include "digest/model/category.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <tuple>

#include "bot/base/text.hpp"
#include "embedded/taxonomy.hpp"

namespace broadsheet {
namespace {

struct Taxonomy {
  std::vector<CategoryInfo> rows;                      // sorted by code
  std::map<std::string, std::size_t> by_folded;        // lower-case code -> row
  std::map<std::string, std::vector<Category>> words;  // archive, group or short name -> categories
  std::set<std::string> archives;
};

// Names that people use for a category.
constexpr std::pair<std::string_view, std::string_view> kShortNames[] = {
    {"ai", "cs.AI"},       {"compilers", "cs.PL"},  {"cosmology", "astro-ph.CO"}, {"crypto", "cs.CR"},
    {"cv", "cs.CV"},       {"databases", "cs.DB"},  {"graphics", "cs.GR"},        {"hci", "cs.HC"},
    {"ir", "cs.IR"},       {"language", "cs.CL"},   {"learning", "cs.LG"},        {"ml", "cs.LG"},
    {"nlp", "cs.CL"},      {"quantum", "quant-ph"}, {"robotics", "cs.RO"},        {"security", "cs.CR"},
    {"software", "cs.SE"}, {"speech", "eess.AS"},   {"vision", "cs.CV"}};

CategoryInfo read_row(std::string_view line) {
  auto cells = text::split(line, '\t');
  cells.resize(8);
  CategoryInfo row;
  row.code = cells[0];
  row.name = cells[1];
  row.archive = cells[2];
  row.group = cells[3];
  row.active = cells[4] == "1";
  row.alias_of = cells[5];
  row.subsumed_by = cells[6];
  row.oai_set = cells[7];
  return row;
}

const Taxonomy& taxonomy() {
  static const Taxonomy instance = [] {
    Taxonomy t;
    for (auto line : text::split(embedded::taxonomy, '\n'))
      if (!line.empty() && line.front() != '#') t.rows.push_back(read_row(line));
    std::sort(t.rows.begin(), t.rows.end(), [](const auto& a, const auto& b) { return a.code < b.code; });
    for (std::size_t i = 0; i < t.rows.size(); ++i) {
      t.by_folded[text::lower_ascii(t.rows[i].code)] = i;
      t.archives.insert(t.rows[i].archive);
    }
    return t;
  }();
  return instance;
}

const CategoryInfo* row_of(std::string_view code) {
  auto it = taxonomy().by_folded.find(text::lower_ascii(code));
  return it == taxonomy().by_folded.end() ? nullptr : &taxonomy().rows[it->second];
}

}  // namespace

std::optional<Category> Category::parse(std::string_view code) {
  const auto* row = row_of(code);
  if (row == nullptr) return std::nullopt;
  return Category(row->code);
}

Category Category::canonical() const {
  const auto* row = row_of(code_);
  return row == nullptr || row->alias_of.empty() ? *this : Category(row->alias_of);
}

std::span<const CategoryInfo> all_categories() {
  return taxonomy().rows;
}
const CategoryInfo* category_info(const Category& category) {
  return row_of(category.str());
}
bool is_archive(std::string_view code) {
  return taxonomy().archives.contains(std::string(code));
}

std::vector<Category> parse_category_words(std::string_view text) {
  auto word = text::lower_ascii(text::trim(text));
  if (word.empty() || word.size() > 40) return {};
  if (const auto* row = row_of(word); row != nullptr && (row->active || !row->subsumed_by.empty())) {
    auto found = Category::parse(row->active ? row->code : row->subsumed_by);
    if (found) return {*found};
  }
  for (const auto& [name, code] : kShortNames)
    if (name == word) return {*Category::parse(code)};
  std::vector<Category> out;
  for (const auto& row : taxonomy().rows)
    if (row.active && row.alias_of.empty() && (row.archive == word || row.group == word))
      out.push_back(*Category::parse(row.code));
  return out;
}

namespace {

// How far two words of one length lie apart in the alphabet: a slip is a neighbour more often than a stranger.
std::size_t apart(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return 1000;  // further than any two of one length
  std::size_t out = 0;
  for (std::size_t i = 0; i < a.size(); ++i) out += static_cast<std::size_t>(std::abs(a[i] - b[i]));
  return out;
}

}  // namespace

std::vector<std::string> suggest_categories(std::string_view text) {
  auto word = text::lower_ascii(text::trim(text)).substr(0, 40);
  std::vector<std::tuple<std::size_t, std::size_t, std::string>> ranked;
  auto dot = word.find('.');
  for (const auto& row : taxonomy().rows) {
    if (!row.active) continue;
    auto code = text::lower_ascii(row.code);
    auto distance = text::edit_distance(word, code, 3);
    // "cs.nlp": the archive is right, so a code of it is nearer than one of another.
    if (dot != std::string::npos && code.starts_with(word.substr(0, dot + 1)) && distance > 0)
      distance = std::min<std::size_t>(distance, 3) - 1;
    if (distance <= 3) ranked.emplace_back(distance, apart(word, code), row.code);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < ranked.size() && i < 3; ++i) out.push_back(std::get<2>(ranked[i]));
  return out;
}

bool matches(const std::vector<std::string>& paper, const Category& wanted) {
  auto canonical = wanted.canonical();
  return std::any_of(paper.begin(), paper.end(), [&](const std::string& code) {
    if (code == wanted.str() || code == canonical.str()) return true;
    const auto* row = row_of(code);
    return row != nullptr && row->alias_of == canonical.str();
  });
}

}  // namespace broadsheet
