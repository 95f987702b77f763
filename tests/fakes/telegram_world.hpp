// The places, messages and updates behind the fake Bot API. Not thread-safe: FakeTelegram locks. Internal to the fake.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "bot/base/clock.hpp"
#include "tests/fakes/telegram_model.hpp"

namespace broadsheet::fakes {

using Json = nlohmann::json;

struct TelegramAnswer {
  int code = 200;
  Json result = true;
  std::string description;
  Json parameters;  // null: none
  bool ok() const { return code == 200; }
};
TelegramAnswer refuse(int code, std::string description);  // with the words before it: "Bad Request: …"

struct QueuedUpdate {
  int id = 0;
  std::string kind;
  std::string queue;  // "chat -5", "user 7": one in flight per queue (contracts: Telegram 2.3)
  Json payload;       // the whole update
  Moment expires{};
};

struct TelegramPlace {
  TelegramChat chat;
  std::map<int, TelegramMessage> messages;
  int last_id = 0;
};

class TelegramWorld {
 public:
  TelegramWorld(Clock& clock, std::string username, bool privacy, std::size_t keep_messages)
      : clock_(clock), username_(std::move(username)), privacy_(privacy), keep_messages_(keep_messages) {}

  // ---- Places
  TelegramPlace& add(TelegramChat chat);
  TelegramPlace* place(std::int64_t id);
  TelegramPlace* by_name(std::string_view username);
  // Why the bot may not write there, if it may not (contracts: Telegram 8).
  static std::optional<TelegramAnswer> refusal(const TelegramPlace& place);
  static std::optional<TelegramAnswer> topic_refusal(const TelegramPlace& place, int topic);
  TelegramMessage& post(TelegramPlace& place, TelegramMessage message);

  // ---- People
  int say(std::int64_t chat, std::int64_t user, const std::string& text, int topic, int reply_to);
  void edit(std::int64_t chat, int message, const std::string& text);
  std::string press(std::int64_t chat, int message, std::int64_t user, const std::string& data);
  void stand(std::int64_t chat, std::int64_t user, Standing standing);
  void migrate(std::int64_t group, std::int64_t to);
  void announce(const TelegramMessage& message, Json service);  // a service message of its own

  // ---- Updates
  void push(const std::string& kind, const std::string& queue, Json payload);
  void allow(const Json& kinds);
  // Forgets what has expired; what waits, oldest first.
  std::deque<QueuedUpdate>& pending();
  void confirm(std::int64_t offset);

  // ---- Callback queries
  struct Callback {
    Moment asked{};
    std::optional<std::string> answer;
  };
  std::map<std::string, Callback>& callbacks() { return callbacks_; }

  // ---- As JSON
  Json bot() const;
  Json chat_json(const TelegramPlace& place) const;
  Json message_json(const TelegramMessage& message);
  static Json user_json(std::int64_t id);

  Clock& clock() { return clock_; }
  const std::string& username() const { return username_; }

 private:
  bool bot_sees(const TelegramPlace& place, const TelegramMessage& message) const;
  static bool is_for(const std::string& text, const std::string& username);

  Clock& clock_;
  std::string username_;
  bool privacy_;
  std::size_t keep_messages_;
  std::map<std::int64_t, TelegramPlace> places_;
  std::deque<QueuedUpdate> updates_;
  std::optional<std::set<std::string>> allowed_;
  std::map<std::string, Callback> callbacks_;
  int last_update_ = 1000;
  int last_callback_ = 0;
};

Json entity_json(const TextEntity& entity);
// Errors as the server words them.
Result<std::vector<TextEntity>> entities_from(const Json& array);
// "private", "supergroup".
std::string to_string(ChatKind kind);
std::optional<ChatKind> parse_chat_kind(std::string_view text);
std::string to_string(Standing standing);
std::optional<Standing> parse_standing(std::string_view text);

}  // namespace broadsheet::fakes
