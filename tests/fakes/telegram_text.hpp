// The judge of message texts: what the Bot API's parser answers for a text with a parse mode or with entities
// (contracts: Telegram 3), proved by the vectors of the contract.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"

namespace broadsheet::fakes {

// Offsets and lengths in UTF-16 units.
struct TextEntity {
  std::string type;
  int offset = 0, length = 0;
  std::string url;       // text_link
  std::string language;  // pre
  std::string emoji_id;  // custom_emoji
  std::int64_t user_id = 0;
  std::int64_t unix_time = 0;
  std::string date_time_format;
  int end() const { return offset + length; }
  bool operator==(const TextEntity&) const = default;
};

struct FormattedText {
  std::string text;
  std::vector<TextEntity> entities;
  bool operator==(const FormattedText&) const = default;
};

enum class TextKind : std::uint8_t { message, caption };

// Errors are the descriptions of a 400, complete ("Bad Request: …"). An unknown mode is one of them; "" and "None" mean
// plain text.
Result<FormattedText> judge_marked_up(std::string_view source, std::string_view parse_mode, TextKind kind);
Result<FormattedText> judge_entities(std::string_view source, std::vector<TextEntity> entities, TextKind kind);

// mention, hashtag, cashtag, bot_command, url, email: what the server marks by itself (3.5), before it looks at the
// sender's entities.
std::vector<TextEntity> find_automatic(std::string_view text);
// True for the kinds of find_automatic.
bool is_automatic(std::string_view type);
// The address as the server keeps it; errors say why it is none ("URL host is empty").
Result<std::string> checked_url(std::string_view url);

}  // namespace broadsheet::fakes
