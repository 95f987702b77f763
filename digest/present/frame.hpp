// The frame that every page shares: head, style, masthead, footer.
#pragma once

#include <string_view>

#include "digest/present/html_builder.hpp"

namespace broadsheet::present {

// Opens html, head and body. The name in the masthead links to `home` when that is not empty.
Html begin_page(std::string_view language, std::string_view title, std::string_view home);
// The line under the name: two short texts at its ends.
void dateline(Html& page, std::string_view left, std::string_view right);
// arXiv's thanks and the closing tags; the footer must be open.
void end_page(Html& page);

}  // namespace broadsheet::present
