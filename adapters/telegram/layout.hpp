// Documents as Telegram text: headings bold, titles linked to their abstract pages, the body of a card in a quote that
// opens on a tap, category names as code.
#pragma once

#include "adapters/telegram/text.hpp"
#include "digest/doc/document.hpp"

namespace broadsheet::telegram {

FormattedText layout(const doc::Document& document);

}  // namespace broadsheet::telegram
