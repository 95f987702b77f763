// The arXiv taxonomy (contracts: arXiv 7): groups, archives, categories, aliases, closed archives. A Category is always
// one that the taxonomy knows, spelled as arXiv spells it. Built from config/taxonomy data embedded at build time.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet {

class Category {
 public:
  Category() = default;  // empty; for containers only
  // Case-insensitive; a known category code. Aliases stay as written ("cs.NA"): see canonical().
  static std::optional<Category> parse(std::string_view code);
  bool empty() const { return code_.empty(); }
  const std::string& str() const { return code_; }
  // "cs.NA" -> "math.NA"; others unchanged.
  Category canonical() const;
  auto operator<=>(const Category&) const = default;

 private:
  explicit Category(std::string code) : code_(std::move(code)) {}
  std::string code_;
};

struct CategoryInfo {
  std::string code, name, archive, group;
  bool active = true;
  std::string alias_of;     // canonical code, or empty
  std::string subsumed_by;  // what took over a closed archive, or empty
  std::string oai_set;      // "cs:cs:CV", or empty
};

// All categories, sorted by code.
std::span<const CategoryInfo> all_categories();
const CategoryInfo* category_info(const Category& category);

// True for the code of an archive ("cs", "hep-th", "alg-geom"), lower case.
bool is_archive(std::string_view code);

// What a person typed: a category in any case, an archive ("cs" -> all its active categories), a group ("physics"), a
// common short name ("nlp" -> cs.CL), a closed archive ("cmp-lg" -> cs.CL). Empty if unknown.
std::vector<Category> parse_category_words(std::string_view text);
// Up to three near categories for "did you mean".
std::vector<std::string> suggest_categories(std::string_view text);

// True if a paper whose categories are `paper` belongs to a subscription to `wanted`, aliases on both sides included.
bool matches(const std::vector<std::string>& paper, const Category& wanted);

}  // namespace broadsheet
