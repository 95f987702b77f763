// Documents as Telegram text: headings bold, titles linked, what a reader opens as an expandable quote, categories as
// code so that they do not become web links (contracts: Telegram 3.5).
#pragma once

#include <vector>

#include "adapters/platform.hpp"
#include "adapters/telegram/formatted.hpp"
#include "digest/doc/document.hpp"

namespace broadsheet::telegram {

FormattedText formatted(const doc::Document& document);
// Parts in as few messages as read well, each within the budgets.
std::vector<adapters::OutgoingMessage> messages(const std::vector<adapters::Part>& parts,
                                                const adapters::RenderOptions& options);

}  // namespace broadsheet::telegram
