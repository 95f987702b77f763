// The pieces of the judge: modes, addresses, cleaning, and the order of entities. Internal to the fake.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/telegram_text.hpp"

namespace broadsheet::fakes {

// Errors are complete descriptions.
Result<FormattedText> parse_html(std::string_view source);
Result<FormattedText> parse_markdown_v2(std::string_view source);
Result<FormattedText> parse_legacy_markdown(std::string_view source);

// text_link or text_mention for the address; false when it is no address.
bool link_to(TextEntity& entity, std::string_view url);
bool valid_date_format(std::string_view format);
// tg://emoji?id=… and tg://time?unix=…&format=…; errors are complete descriptions.
Status special_link(TextEntity& entity, std::string_view url);

// Splits, merges and drops until entities nest as the server keeps them; sorted.
std::vector<TextEntity> settle(std::vector<TextEntity> entities);
// Steps 3 and 4 of contracts Telegram 3.1, automatic entities included.
Result<FormattedText> finish(FormattedText parsed, TextKind kind);

Error bad_markup(const std::string& why);  // "Bad Request: can't parse entities: …"
inline std::string at_byte(std::size_t offset) {
  return " at byte offset " + std::to_string(offset);
}

namespace utf {

// The code point at `at`, which is moved behind it. The text is valid.
char32_t next(std::string_view s, std::size_t& at);
// The code point before `at`, which is moved before it.
char32_t previous(std::string_view s, std::size_t& at);
void append(std::string& out, char32_t c);
inline int units(char32_t c) {
  return c >= 0x10000 ? 2 : 1;
}
// Units up to `byte`.
int units_before(std::string_view s, std::size_t byte);
bool is_word(char32_t c);  // letter, digit or underscore, of any script
bool is_letter(char32_t c);
bool is_separator(char32_t c);  // spaces of any kind, control characters

}  // namespace utf

}  // namespace broadsheet::fakes
