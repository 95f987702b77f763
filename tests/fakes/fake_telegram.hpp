// A strict Bot API on loopback (contracts: Telegram): it judges texts as the official server does, keeps limits,
// remembers everything, breaks on demand, and lets a test play the people.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/clock.hpp"
#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/telegram_model.hpp"

namespace broadsheet::fakes {

// A fault for the next `times` calls that match; -1: until heal().
// By what breaks: 429, 500_before, 500_after, 502_before, 502_after (commit), silence_before, silence_after,
// reset_before, reset_after, cut_body, trickle, wrong_json, trailing_junk, html, empty, no_result, wrong_chat.
// By row of contracts Telegram 8: see telegram_fault_names().
struct TelegramFault {
  std::string name;
  std::string method;     // empty: any
  std::int64_t chat = 0;  // 0: any
  int times = 1;
  int retry_after = 1;  // of 429
  int skip = 0;         // matching calls that still go well before it
};
std::vector<std::string> telegram_fault_names();

class FakeTelegram {
 public:
  struct Options {
    std::string token = "1000:INVENTED";
    std::string username = "broadsheet_test_bot";
    double limits_scale = 1;  // every rate is multiplied by it; 0: no limits
    bool privacy = true;      // groups: commands and replies only
    std::uint16_t port = 0;
    std::size_t keep_calls = 100'000, keep_messages_per_chat = 1'000;
  };
  FakeTelegram(Clock& clock, Options options);
  ~FakeTelegram();
  FakeTelegram(const FakeTelegram&) = delete;
  FakeTelegram& operator=(const FakeTelegram&) = delete;

  std::string base() const;  // "http://127.0.0.1:PORT"; methods below /bot<token>/
  const std::string& token() const;
  // What a request is answered, without the network.
  Reply answer(const Seen& seen);

  // ---- Places and people ---------------------------------------------------------------------------------------
  // A chat that is not added is "chat not found".
  void add_chat(TelegramChat chat);
  TelegramChat chat(std::int64_t id) const;
  void set_member(std::int64_t chat, std::int64_t user, Standing standing);
  // A person writes; a leading command is marked as the server does. Returns the message id; an update follows if the
  // bot may see it.
  int say(std::int64_t chat, std::int64_t user, std::string text, int topic = 0, int reply_to = 0);
  // A person changes the message.
  void edit(std::int64_t chat, int message, std::string text);
  // A person presses the button with that callback data under the message; returns the callback query id, empty when
  // there is no such button.
  std::string press(std::int64_t chat, int message, std::int64_t user, const std::string& data);
  // The bot's standing changes (block, kick, promote, unblock), with its my_chat_member update.
  void stand(std::int64_t chat, std::int64_t user, Standing standing);
  // The group becomes the supergroup `to` (added by this), with both service messages.
  void migrate(std::int64_t group, std::int64_t to);
  void topic(std::int64_t chat, int topic, TopicState state);
  // Any update payload, for what this fake does not play: {"kind": {...}} as JSON text.
  void push_update(const std::string& kind, const std::string& json);

  // ---- Breaking ------------------------------------------------------------------------------------------------
  void fault(TelegramFault fault);
  void heal();
  // Nobody listens (connection refused) until called with false.
  void down(bool yes);

  // ---- Looking -------------------------------------------------------------------------------------------------
  std::vector<TelegramCall> timeline() const;
  // The bot's messages as a person sees them, in order.
  std::vector<TelegramMessage> visible(std::int64_t chat) const;
  // Rules that the bot broke: sending during a wait that it was told, more entities than are kept.
  std::vector<std::string> violations() const;
  std::vector<AutoLink> auto_links() const;
  // The text that answered the callback query, or nullopt while the button spins.
  std::optional<std::string> callback_answer(const std::string& id) const;
  // Commands registered for a scope ("default", "all_group_chats", …), as names.
  std::vector<std::string> commands(const std::string& scope, const std::string& language = {}) const;
  std::size_t pending_updates() const;
  std::uint64_t requests() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::fakes
