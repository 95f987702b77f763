// Chats, people, messages and entities as the Bot API writes and reads them.
#include <array>
#include <charconv>

#include "tests/fakes/telegram_world.hpp"

namespace broadsheet::fakes {
namespace {

constexpr std::array<std::pair<ChatKind, std::string_view>, 4> kChatKinds = {{{ChatKind::private_chat, "private"},
                                                                              {ChatKind::group, "group"},
                                                                              {ChatKind::supergroup, "supergroup"},
                                                                              {ChatKind::channel, "channel"}}};
constexpr std::array<std::pair<Standing, std::string_view>, 8> kStandings = {
    {{Standing::member, "member"},
     {Standing::administrator, "administrator"},
     {Standing::restricted, "restricted"},
     {Standing::left, "left"},
     {Standing::kicked, "kicked"},
     {Standing::never_started, "never_started"},
     {Standing::deactivated, "deactivated"},
     {Standing::deleted_group, "deleted_group"}}};

template <class Table, class T>
std::string name_in(const Table& table, T value) {
  for (const auto& [known, name] : table)
    if (known == value) return std::string(name);
  return {};
}
template <class T, class Table>
std::optional<T> value_in(const Table& table, std::string_view text) {
  for (const auto& [value, name] : table)
    if (name == text) return value;
  return std::nullopt;
}

Error malformed(const std::string& why) {
  return {ErrorKind::bad_input, "Bad Request: can't parse MessageEntity: " + why};
}

// The server takes numbers as text, too.
Result<int> number_field(const Json& object, const char* name) {
  if (!object.contains(name)) return malformed("Can't find field \"" + std::string(name) + "\"");
  const auto& value = object.at(name);
  if (value.is_number_integer()) return value.get<int>();
  if (value.is_string()) {
    auto text = value.get<std::string>();
    int out = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (ec == std::errc() && end == text.data() + text.size()) return out;
  }
  return malformed("Field \"" + std::string(name) + "\" must be of type Number");
}

bool is_sendable(const std::string& type) {
  static const std::set<std::string> kKinds = {
      "bold",         "italic",     "underline",    "strikethrough",         "spoiler",  "code", "pre", "text_link",
      "text_mention", "blockquote", "custom_emoji", "expandable_blockquote", "date_time"};
  return kKinds.contains(type) || is_automatic(type);
}

Result<TextEntity> entity_from(const Json& object) {
  if (!object.is_object()) return malformed("Expected an Object");
  TextEntity e;
  if (!object.contains("type")) return malformed("Can't find field \"type\"");
  e.type = object.value("type", "");
  if (!is_sendable(e.type)) return malformed("Unsupported type specified");
  auto offset = number_field(object, "offset");
  if (!offset) return offset.error();
  auto length = number_field(object, "length");
  if (!length) return length.error();
  e.offset = *offset;
  e.length = *length;
  if (e.type == "text_link" && !object.contains("url")) return malformed("Can't find field \"url\"");
  e.url = object.value("url", "");
  e.language = object.value("language", "");
  e.emoji_id = object.value("custom_emoji_id", "");
  if (object.contains("user") && object.at("user").is_object()) e.user_id = object.at("user").value("id", 0);
  e.unix_time = object.value("unix_time", std::int64_t{0});
  e.date_time_format = object.value("date_time_format", "");
  return e;
}

}  // namespace

std::string to_string(ChatKind kind) {
  return name_in(kChatKinds, kind);
}
std::optional<ChatKind> parse_chat_kind(std::string_view text) {
  return value_in<ChatKind>(kChatKinds, text);
}
std::string to_string(Standing standing) {
  return name_in(kStandings, standing);
}
std::optional<Standing> parse_standing(std::string_view text) {
  return value_in<Standing>(kStandings, text);
}

Result<std::vector<TextEntity>> entities_from(const Json& array) {
  std::vector<TextEntity> out;
  if (!array.is_array()) return malformed("Expected an Array");
  for (const auto& object : array) {
    auto entity = entity_from(object);
    if (!entity) return entity.error();
    out.push_back(std::move(*entity));
  }
  return out;
}

Json entity_json(const TextEntity& e) {
  Json out = {{"type", e.type}, {"offset", e.offset}, {"length", e.length}};
  if (!e.url.empty()) out["url"] = e.url;
  if (!e.language.empty()) out["language"] = e.language;
  if (!e.emoji_id.empty()) out["custom_emoji_id"] = e.emoji_id;
  if (e.user_id != 0) out["user"] = TelegramWorld::user_json(e.user_id);
  if (e.type == "date_time") {
    out["unix_time"] = e.unix_time;
    out["date_time_format"] = e.date_time_format;
  }
  return out;
}

Json TelegramWorld::bot() const {
  return {{"id", 1000},
          {"is_bot", true},
          {"first_name", "Broadsheet"},
          {"username", username_},
          {"can_join_groups", true},
          {"can_read_all_group_messages", !privacy_},
          {"supports_inline_queries", false}};
}

Json TelegramWorld::user_json(std::int64_t id) {
  return {{"id", id}, {"is_bot", false}, {"first_name", "Person " + std::to_string(id)}, {"language_code", "en"}};
}

Json TelegramWorld::chat_json(const TelegramPlace& place) const {
  const auto& chat = place.chat;
  Json out = {{"id", chat.id}, {"type", to_string(chat.kind)}};
  if (chat.kind == ChatKind::private_chat)
    out["first_name"] = "Person " + std::to_string(chat.id);
  else
    out["title"] = chat.title;
  if (!chat.username.empty()) out["username"] = chat.username;
  if (chat.forum) out["is_forum"] = true;
  return out;
}

Json TelegramWorld::message_json(const TelegramMessage& message) {
  Json out = {{"message_id", message.id}, {"date", message.date}};
  if (auto* at = place(message.chat); at != nullptr) {
    out["chat"] = chat_json(*at);
    if (at->chat.kind == ChatKind::channel)
      out["sender_chat"] = out["chat"];
    else
      out["from"] = message.from_bot ? bot() : user_json(message.sender);
  }
  out["text"] = message.content.text;
  Json entities = Json::array();
  for (const auto& e : message.content.entities) entities.push_back(entity_json(e));
  if (!entities.empty()) out["entities"] = std::move(entities);
  if (message.thread != 0) {
    out["message_thread_id"] = message.thread;
    out["is_topic_message"] = true;
  }
  if (message.reply_to != 0) {
    auto* at = place(message.chat);
    auto original = at->messages.find(message.reply_to);
    if (original != at->messages.end()) {
      auto plain = original->second;
      plain.reply_to = 0;  // one level only, as the platform has it
      out["reply_to_message"] = message_json(plain);
    }
  }
  if (!message.keyboard.empty()) out["reply_markup"] = {{"inline_keyboard", Json::parse(message.keyboard)}};
  if (message.edits > 0) out["edit_date"] = message.date;
  return out;
}

}  // namespace broadsheet::fakes
