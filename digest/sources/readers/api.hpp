// The query API's answer, current and legacy layout (contracts: arXiv 1.3-1.5).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/paper.hpp"

namespace broadsheet::sources {

struct ApiPage {
  std::vector<Paper> papers;
  std::size_t total = 0, start = 0, items_per_page = 0;
  std::vector<std::string> problems;  // entries left out, with the reason
};

// An error entry of arXiv becomes an Error (refused) with arXiv's message.
Result<ApiPage> read_api(std::string_view bytes);

}  // namespace broadsheet::sources
