#include "tests/fakes/telegram_world.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::fakes {
namespace {

using namespace std::chrono_literals;

std::string chat_queue(std::int64_t id) {
  return "chat " + std::to_string(id);
}

// Updates live a day, callback queries 150 s (contracts: Telegram 2.1).
std::chrono::seconds lifetime(const std::string& kind) {
  return kind == "callback_query" ? 150s : std::chrono::seconds(24h);
}

bool has_button(const std::string& keyboard, const std::string& data) {
  if (keyboard.empty()) return false;
  for (const auto& row : Json::parse(keyboard))
    for (const auto& button : row)
      if (button.value("callback_data", "") == data) return true;
  return false;
}

}  // namespace

TelegramAnswer refuse(int code, std::string description) {
  TelegramAnswer out;
  out.code = code;
  out.description = std::move(description);
  return out;
}

TelegramPlace& TelegramWorld::add(TelegramChat chat) {
  auto& place = places_[chat.id];
  place.chat = std::move(chat);
  return place;
}
TelegramPlace* TelegramWorld::place(std::int64_t id) {
  auto at = places_.find(id);
  return at == places_.end() ? nullptr : &at->second;
}
TelegramPlace* TelegramWorld::by_name(std::string_view username) {
  for (auto& [id, place] : places_)
    if (!place.chat.username.empty() && text::lower_ascii(place.chat.username) == text::lower_ascii(username))
      return &place;
  return nullptr;
}

std::optional<TelegramAnswer> TelegramWorld::refusal(const TelegramPlace& place) {
  const auto& chat = place.chat;
  if (chat.migrated_to != 0) {
    auto out = refuse(400, "Bad Request: group chat was upgraded to a supergroup chat");
    out.parameters = {{"migrate_to_chat_id", chat.migrated_to}};
    return out;
  }
  auto kind = to_string(chat.kind) + " chat";
  switch (chat.bot) {
    case Standing::member:
      if (chat.kind == ChatKind::channel)
        return refuse(400, "Bad Request: need administrator rights in the channel chat");
      return std::nullopt;
    case Standing::administrator:
      return std::nullopt;
    case Standing::restricted:
      return refuse(400, "Bad Request: not enough rights to send text messages to the chat");
    case Standing::left:
      return refuse(403, "Forbidden: bot is not a member of the " + kind);
    case Standing::kicked:
      return refuse(403, chat.kind == ChatKind::private_chat ? std::string("Forbidden: bot was blocked by the user")
                                                             : "Forbidden: bot was kicked from the " + kind);
    case Standing::never_started:
      return refuse(403, "Forbidden: bot can't initiate conversation with a user");
    case Standing::deactivated:
      return refuse(403, "Forbidden: user is deactivated");
    case Standing::deleted_group:
      return refuse(403, "Forbidden: the group chat was deleted");
  }
  return std::nullopt;
}

// General is addressed by leaving the topic out; 1 is not found (contracts: Telegram 5).
std::optional<TelegramAnswer> TelegramWorld::topic_refusal(const TelegramPlace& place, int topic) {
  if (topic == 0) return std::nullopt;
  auto at = place.chat.topics.find(topic);
  if (!place.chat.forum || topic == 1 || at == place.chat.topics.end() || at->second == TopicState::deleted)
    return refuse(400, "Bad Request: message thread not found");
  if (at->second == TopicState::closed && place.chat.bot != Standing::administrator)
    return refuse(400, "Bad Request: TOPIC_CLOSED");
  return std::nullopt;
}

TelegramMessage& TelegramWorld::post(TelegramPlace& place, TelegramMessage message) {
  message.chat = place.chat.id;
  message.id = ++place.last_id;
  message.date = std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
  if (place.messages.size() >= keep_messages_) place.messages.erase(place.messages.begin());
  return place.messages[message.id] = std::move(message);
}

// Privacy mode (contracts: Telegram 5).
bool TelegramWorld::bot_sees(const TelegramPlace& place, const TelegramMessage& message) const {
  const auto& chat = place.chat;
  if (chat.bot == Standing::left || chat.bot == Standing::kicked) return false;
  if (chat.kind == ChatKind::private_chat || chat.kind == ChatKind::channel) return true;
  if (chat.bot == Standing::administrator || !privacy_) return true;
  auto original = place.messages.find(message.reply_to);
  if (original != place.messages.end() && original->second.from_bot) return true;
  return is_for(message.content.text, username_);
}

bool TelegramWorld::is_for(const std::string& text, const std::string& username) {
  if (!text.starts_with('/')) return false;
  auto word = text.substr(0, text.find_first_of(" \n"));
  auto at = word.find('@');
  return at == std::string::npos || text::lower_ascii(word.substr(at + 1)) == text::lower_ascii(username);
}

int TelegramWorld::say(std::int64_t chat, std::int64_t user, const std::string& text, int topic, int reply_to) {
  auto* at = place(chat);
  if (at == nullptr) return 0;
  if (at->chat.kind == ChatKind::private_chat && at->chat.bot == Standing::never_started)
    at->chat.bot = Standing::member;
  TelegramMessage message;
  message.sender = user;
  message.thread = topic;
  message.reply_to = reply_to;
  message.content = {text, find_automatic(text)};
  const auto& posted = post(*at, std::move(message));
  if (bot_sees(*at, posted))
    push(at->chat.kind == ChatKind::channel ? "channel_post" : "message", chat_queue(chat), message_json(posted));
  return posted.id;
}

void TelegramWorld::edit(std::int64_t chat, int id, const std::string& text) {
  auto* at = place(chat);
  if (at == nullptr || !at->messages.contains(id)) return;
  auto& message = at->messages[id];
  message.content = {text, find_automatic(text)};
  ++message.edits;
  if (bot_sees(*at, message))
    push(at->chat.kind == ChatKind::channel ? "edited_channel_post" : "edited_message", chat_queue(chat),
         message_json(message));
}

std::string TelegramWorld::press(std::int64_t chat, int id, std::int64_t user, const std::string& data) {
  auto* at = place(chat);
  if (at == nullptr || !at->messages.contains(id) || !has_button(at->messages[id].keyboard, data)) return {};
  auto query = std::to_string(700'000'000'000 + ++last_callback_);
  callbacks_[query] = {clock_.now(), std::nullopt};
  if (callbacks_.size() > 10'000) callbacks_.erase(callbacks_.begin());
  push("callback_query", "user " + std::to_string(user),
       {{"id", query},
        {"from", user_json(user)},
        {"message", message_json(at->messages[id])},
        {"chat_instance", "1"},
        {"data", data}});
  return query;
}

void TelegramWorld::stand(std::int64_t chat, std::int64_t user, Standing standing) {
  auto* at = place(chat);
  if (at == nullptr) return;
  auto member = [this](Standing s) { return Json{{"user", bot()}, {"status", to_string(s)}}; };
  auto before = at->chat.bot;
  at->chat.bot = standing;
  Json now = member(standing);
  if (standing == Standing::restricted) now["can_send_messages"] = false;
  if (standing == Standing::administrator) now["can_post_messages"] = at->chat.kind == ChatKind::channel;
  auto date = std::chrono::duration_cast<std::chrono::seconds>(clock_.now().time_since_epoch()).count();
  push("my_chat_member", chat_queue(chat),
       {{"chat", chat_json(*at)},
        {"from", user_json(user)},
        {"date", date},
        {"old_chat_member", member(before)},
        {"new_chat_member", now}});
}

void TelegramWorld::announce(const TelegramMessage& message, Json service) {
  auto json = message_json(message);
  json.erase("text");
  json.update(service);
  push("message", chat_queue(message.chat), std::move(json));
}

void TelegramWorld::migrate(std::int64_t group, std::int64_t to) {
  auto* old = place(group);
  if (old == nullptr) return;
  auto chat = old->chat;
  chat.id = to;
  chat.kind = ChatKind::supergroup;
  old->chat.migrated_to = to;
  TelegramMessage service;
  service.sender = 1;
  auto& fresh = add(std::move(chat));
  announce(post(*place(group), service), {{"migrate_to_chat_id", to}});
  announce(post(fresh, service), {{"migrate_from_chat_id", group}});
}

void TelegramWorld::push(const std::string& kind, const std::string& queue, Json payload) {
  static const std::set<std::string> kUnasked = {"chat_member", "message_reaction", "message_reaction_count"};
  if (allowed_ ? !allowed_->contains(kind) : kUnasked.contains(kind)) return;
  QueuedUpdate update;
  update.id = ++last_update_;
  update.kind = kind;
  update.queue = queue;
  update.payload = {{"update_id", update.id}, {kind, std::move(payload)}};
  update.expires = clock_.now() + lifetime(kind);
  updates_.push_back(std::move(update));
}

void TelegramWorld::allow(const Json& kinds) {
  if (!kinds.is_array()) return;  // left out: the last setting stays
  allowed_.reset();
  if (kinds.empty()) return;
  allowed_.emplace();
  for (const auto& kind : kinds)
    if (kind.is_string()) allowed_->insert(kind.get<std::string>());
}

std::deque<QueuedUpdate>& TelegramWorld::pending() {
  auto now = clock_.now();
  std::erase_if(updates_, [now](const QueuedUpdate& u) { return u.expires <= now; });
  return updates_;
}

// A negative offset keeps the last ones only (contracts: Telegram 2.2).
void TelegramWorld::confirm(std::int64_t offset) {
  if (offset < 0) {
    while (updates_.size() > static_cast<std::size_t>(-offset)) updates_.pop_front();
    return;
  }
  std::erase_if(updates_, [offset](const QueuedUpdate& u) { return u.id < offset; });
}

}  // namespace broadsheet::fakes
