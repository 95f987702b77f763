// A document as plain text for a terminal.
#pragma once

#include <string>

#include "digest/doc/document.hpp"

namespace broadsheet::doc {

// Wrapped at `width` columns (0: not at all).
std::string to_plain(const Document& document, std::size_t width = 0);
std::string to_plain(const Inlines& inlines);

}  // namespace broadsheet::doc
