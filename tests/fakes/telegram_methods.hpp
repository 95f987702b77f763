// The methods of the fake Bot API over a world. Not thread-safe: FakeTelegram locks. Internal to the fake.
#pragma once

#include <functional>

#include "tests/fakes/telegram_world.hpp"

namespace broadsheet::fakes {

// The parameters of a call, from a query, a form or JSON; values may be nested or JSON text (contracts: Telegram 1).
class TelegramParameters {
 public:
  static TelegramParameters read(std::string_view query, const std::string& content_type, const std::string& body);
  explicit TelegramParameters(Json values = Json::object()) : values_(std::move(values)) {}

  bool malformed() const { return malformed_; }
  bool has(const char* name) const { return values_.contains(name) && !values_.at(name).is_null(); }
  std::string text(const char* name) const;
  std::int64_t number(const char* name, std::int64_t otherwise = 0) const;
  bool flag(const char* name) const;
  Json object(const char* name) const;  // null when it is none

 private:
  Json values_;
  bool malformed_ = false;
};

struct TelegramHook {
  std::string url, secret;
  int max_connections = 40;
  std::int64_t last_error_date = 0;
  std::string last_error;
};

class TelegramMethods {
 public:
  explicit TelegramMethods(TelegramWorld& world);

  bool knows(const std::string& method) const { return methods_.contains(method); }  // lower-case
  TelegramAnswer call(const std::string& method, const TelegramParameters& parameters);
  // The chat that a call is about; null when there is none such.
  TelegramPlace* target(const TelegramParameters& parameters);
  static bool is_paced(const std::string& method);

  TelegramHook& hook() { return hook_; }
  const std::map<std::string, Json>& commands() const { return commands_; }  // "scope/language"
  const std::deque<AutoLink>& auto_links() const { return auto_links_; }
  std::vector<std::string> take_violations() { return std::exchange(violations_, {}); }
  // Answers what waits, as getUpdates does.
  Json updates(std::int64_t limit);

 private:
  using Method = std::function<TelegramAnswer(const TelegramParameters&)>;
  TelegramAnswer send_message(const TelegramParameters& p);
  TelegramAnswer forward_message(const TelegramParameters& p);
  TelegramAnswer edit_text(const TelegramParameters& p);
  TelegramAnswer edit_markup(const TelegramParameters& p);
  TelegramAnswer delete_message(const TelegramParameters& p);
  TelegramAnswer pin_message(const TelegramParameters& p);
  TelegramAnswer chat_action(const TelegramParameters& p);
  TelegramAnswer answer_callback(const TelegramParameters& p);
  TelegramAnswer get_chat(const TelegramParameters& p);
  TelegramAnswer get_member(const TelegramParameters& p);
  TelegramAnswer set_commands(const TelegramParameters& p);
  TelegramAnswer set_webhook(const TelegramParameters& p);
  TelegramAnswer webhook_info() const;

  // Judging is pure and dear: a fan-out sends the same again and again.
  Result<FormattedText> content(const TelegramParameters& p);
  Result<FormattedText> judged(const std::string& source, const std::string& mode, const Json& entities);
  // The message to change; sets `refused` when it can't be.
  TelegramMessage* own_message(const TelegramParameters& p, TelegramAnswer& refused);
  void note_links(const TelegramMessage& message);

  TelegramWorld& world_;
  TelegramHook hook_;
  std::map<std::string, Method> methods_;
  std::map<std::string, Json> commands_;
  std::deque<AutoLink> auto_links_;
  std::vector<std::string> violations_;
  std::string last_source_, last_mode_;
  Json last_entities_;
  Result<FormattedText> last_judged_;
};

// The inline keyboard of a reply_markup as JSON text, empty for none; errors as the server words them.
Result<std::string> keyboard_from(const Json& markup);
std::string first_key(const std::string& keyboard);

}  // namespace broadsheet::fakes
