#include "digest/model/category_names.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace broadsheet {
namespace {

constexpr std::size_t kWorthAName = 3;  // of so few their codes are as short

}  // namespace

std::vector<std::string> short_names(const std::vector<Category>& categories) {
  std::set<Category> asked(categories.begin(), categories.end());
  std::vector<std::string> words = {"physics"};
  for (const auto& category : categories) words.push_back(category.str().substr(0, category.str().find('.')));
  std::map<Category, std::string> named;
  for (const auto& word : words) {
    auto all = parse_category_words(word);
    bool whole = all.size() >= kWorthAName &&
                 std::all_of(all.begin(), all.end(), [&asked](const Category& c) { return asked.contains(c); });
    if (!whole) continue;
    for (const auto& category : all) named.try_emplace(category, word);
  }
  std::vector<std::string> out;
  for (const auto& category : categories) {
    auto it = named.find(category);
    const auto& name = it == named.end() ? category.str() : it->second;
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  return out;
}

}  // namespace broadsheet
