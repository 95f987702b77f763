// What a fake Telegram consists of: chats, people, messages and the record of what happened.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bot/base/time.hpp"
#include "tests/fakes/telegram_text.hpp"

namespace broadsheet::fakes {

enum class ChatKind : std::uint8_t { private_chat, group, supergroup, channel };
enum class TopicState : std::uint8_t { open, closed, deleted };

// The bot's standing in a chat, and a member's.
enum class Standing : std::uint8_t {
  member,
  administrator,
  restricted,     // may not write
  left,           // the bot never was there, or went
  kicked,         // blocked by the person, in a private chat
  never_started,  // private: the person has not written to the bot yet
  deactivated,    // private: the account is gone
  deleted_group,  // "the group chat was deleted"
};

struct TelegramChat {
  std::int64_t id = 0;
  ChatKind kind = ChatKind::private_chat;
  std::string title = "Invented";
  std::string username;
  Standing bot = Standing::member;
  bool forum = false;
  std::map<int, TopicState> topics;          // besides General
  std::map<std::int64_t, Standing> members;  // people whose standing matters
  std::int64_t migrated_to = 0;
  int pinned = 0;
};

struct TelegramMessage {
  std::int64_t chat = 0;
  int id = 0;
  int thread = 0;  // topic
  int reply_to = 0;
  bool from_bot = false;
  bool silent = false;
  std::int64_t sender = 0;
  std::int64_t date = 0;
  FormattedText content;
  std::string keyboard;  // inline_keyboard as JSON text, or empty
  std::string key;       // callback data of the first button that has one
  int edits = 0;
};

// One call of the bot.
struct TelegramCall {
  SteadyMoment at{};
  std::string method;
  std::int64_t chat = 0;
  std::string key;
  std::string outcome;  // "ok 17", "429 retry_after 3", "fault silence", "400 message thread not found"
  std::string text;     // at most 200 bytes
};

// Something in a message of the bot that the server turned into a link, mention, hashtag or command by itself.
struct AutoLink {
  std::int64_t chat = 0;
  int message = 0;
  std::string type, text;
};

}  // namespace broadsheet::fakes
