// A document as CommonMark, everything that could act as markup escaped.
#pragma once

#include <string>

#include "digest/doc/document.hpp"

namespace broadsheet::present {

std::string to_markdown(const doc::Document& document);

}  // namespace broadsheet::present
