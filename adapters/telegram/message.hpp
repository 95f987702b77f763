// Message bodies as JSON: what OutgoingMessage::body holds, and the request that send() makes of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/platform.hpp"
#include "adapters/telegram/keyboard.hpp"
#include "adapters/telegram/text.hpp"
#include "bot/base/result.hpp"

namespace broadsheet::telegram {

struct Content {
  FormattedText text;
  Keyboard keyboard;
  std::string preview_url;  // shown as a small preview; empty: no preview
  bool silent = false;
};

// Body without address and key: text, entities, link_preview_options, disable_notification, reply_markup.
std::string body_of(const Content& content);

struct Address {
  model::Target target;
  model::DeliveryKey key;    // empty: buttons that nothing recovers
  model::RemoteId reply_to;  // or empty
};

// The whole sendMessage request. Errors: a body that is not ours.
Result<std::string> send_request(std::string_view body, const Address& address);
// The same without formatting: the last resort when the server cannot read our entities (contracts: Telegram 3.7).
Result<std::string> plain_send_request(std::string_view body, const Address& address);
Result<std::string> edit_request(std::string_view body, const Address& address, std::string_view message_id);
// editMessageReplyMarkup with the keyboard of that delivery; an Error when it has none.
Result<std::string> probe_request(std::string_view body, const Address& address, std::int64_t message_id);
std::string plain_text(std::string_view body);

}  // namespace broadsheet::telegram
