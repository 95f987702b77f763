// Slack's text rules (contracts: Slack 10): what is dropped, what is escaped, where text may be cut. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace broadsheet::slack {

// Without control characters and bidi overrides; line ends become LF.
std::string clean(std::string_view text);
// clean(), then & < > escaped, each once.
std::string escape(std::string_view text);
// escape() on one line, trimmed.
std::string escape_line(std::string_view text);
// escape() cut to `limit` UTF-16 units between characters, never inside an entity, with U+2026 when something went.
std::string escape_to(std::string_view text, std::size_t limit);
// clean() cut to `limit` UTF-16 units of escaped length, not escaped: for plain_text and rich_text.
std::string clean_to(std::string_view text, std::size_t limit);
// <url|label>, or the label alone when the address is not http(s).
std::string link(std::string_view url, std::string_view label);
// The address as Slack takes it in a link: no space, < > | " `.
std::string link_address(std::string_view url);
// <!date^…>: shown in the reader's zone.
std::string date(std::int64_t epoch, std::string_view tokens, std::string_view fallback, std::string_view url = {});

// Length as Slack counts it at its strictest: UTF-16 units after escaping.
std::size_t escaped_units(std::string_view cleaned);

}  // namespace broadsheet::slack
