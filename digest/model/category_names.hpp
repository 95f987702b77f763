// Lists of categories as people write and read them.
#pragma once

#include <string>
#include <vector>

#include "digest/model/category.hpp"

namespace broadsheet {

// Whole archives and groups by their own names, other categories by theirs: each is read back by parse_category_words.
std::vector<std::string> short_names(const std::vector<Category>& categories);

}  // namespace broadsheet
