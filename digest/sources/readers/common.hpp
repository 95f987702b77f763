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

// The text of HTML that came as text ("&lt;i&gt;in vivo&lt;/i&gt;"): known tags are cut, a link whose words are "this
// https URL" becomes its address. Anything else that looks like a tag stays: "$a<b$".
std::string without_tags(std::string_view s);
// What a reader should see of a link: its words, its address, or both (contracts: arXiv 2.7 hides addresses behind
// "this https URL").
std::string shown_link(std::string_view words, std::string_view address);

}  // namespace broadsheet::sources
