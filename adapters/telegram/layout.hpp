// Documents as Telegram text: headings bold, titles linked to their abstract pages, the body of a card in a quote that
// opens on a tap, category names as code.
#pragma once

#include <cstddef>

#include "adapters/telegram/text.hpp"
#include "digest/doc/document.hpp"

namespace broadsheet::telegram {

// `number` stands before the first heading; 0: none.
FormattedText layout(const doc::Document& document, std::size_t number = 0);

}  // namespace broadsheet::telegram
