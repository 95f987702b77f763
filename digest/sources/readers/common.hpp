// What all readers do alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/base/text.hpp"
#include "digest/latex/finish.hpp"
#include "digest/model/category.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::sources {

// Keeps terms that the taxonomy knows (MSC and ACM classes come in the same element: contracts arXiv 1.3), each once.
inline void add_category(Paper& paper, std::string_view term) {
  auto category = Category::parse(text::trim(term));
  if (!category) return;
  for (const auto& known : paper.categories)
    if (known == category->str()) return;
  paper.categories.push_back(category->str());
}

// Moves the primary category to the front.
inline void set_primary(Paper& paper, std::string_view term) {
  auto category = Category::parse(text::trim(term));
  if (!category) return;
  std::erase(paper.categories, category->str());
  paper.categories.insert(paper.categories.begin(), category->str());
}

}  // namespace broadsheet::sources
