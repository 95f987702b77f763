#include "adapters/telegram/updates.hpp"

#include <algorithm>

#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::CommandEvent;
using adapters::Event;
using adapters::PlaceEvent;
using adapters::PlaceState;
using adapters::Target;
using Json = nlohmann::json;

constexpr std::size_t kLongestCommand = 8192;

// The member under a name when it has that type; null otherwise.
const Json* object_at(const Json& json, const char* name) {
  auto it = json.find(name);
  return it != json.end() && it->is_object() ? &*it : nullptr;
}
std::int64_t integer_at(const Json& json, const char* name) {
  auto it = json.find(name);
  return it != json.end() && it->is_number_integer() ? it->get<std::int64_t>() : 0;
}
std::string text_at(const Json& json, const char* name) {
  auto it = json.find(name);
  return it != json.end() && it->is_string() ? it->get<std::string>() : std::string();
}
bool true_at(const Json& json, const char* name) {
  auto it = json.find(name);
  return it != json.end() && it->is_boolean() && it->get<bool>();
}

std::optional<Target> chat_target(const Json& chat) {
  auto id = integer_at(chat, "id");
  if (id == 0) return std::nullopt;
  auto target = Target::parse("telegram:" + std::to_string(id));
  if (!target) return std::nullopt;
  return *target;
}

adapters::Actor actor_of(const Json& message) {
  adapters::Actor out;
  const auto* from = object_at(message, "from");
  const auto* sender = object_at(message, "sender_chat");  // anonymous administrators and channels (5)
  if (sender != nullptr) {
    out.id = std::to_string(integer_at(*sender, "id"));
    out.name = text_at(*sender, "title");
    out.role = adapters::Role::manager;  // only administrators can write as the chat
  } else if (from != nullptr) {
    out.id = std::to_string(integer_at(*from, "id"));
    out.name = text_at(*from, "first_name");
    out.language = text_at(*from, "language_code").substr(0, 2);
  }
  return out;
}

adapters::ReplyTo reply_to(const Json& message, Target target) {
  adapters::ReplyTo out;
  const auto* chat = object_at(message, "chat");
  out.direct = chat != nullptr && text_at(*chat, "type") == "private";
  // 5: a thread id means a topic only together with is_topic_message.
  if (true_at(message, "is_topic_message"))
    if (auto topic = integer_at(message, "message_thread_id"); topic > 1) target.topic = std::to_string(topic);
  out.target = std::move(target);
  out.message = std::to_string(integer_at(message, "message_id"));
  out.who = actor_of(message);
  out.received = Moment(std::chrono::seconds(integer_at(message, "date")));
  if (out.direct) out.who.role = adapters::Role::manager;  // commands 7: in a private chat the person
  return out;
}

// The text after the command word, with the command in front: "/Digest@Bot cs.CL" -> "digest cs.CL". Nothing when it is
// for another bot or no command.
std::optional<std::string> command_text(const std::string& words, const Me& me, bool direct) {
  auto trimmed = std::string(text::trim(words.substr(0, kLongestCommand)));
  if (!trimmed.starts_with('/')) {
    auto mention = "@" + text::lower_ascii(me.username);
    auto folded = text::lower_ascii(trimmed);
    if (!me.username.empty() && folded.starts_with(mention) && folded.size() > mention.size() &&
        folded[mention.size()] == ' ')
      return std::string(text::trim(std::string_view(trimmed).substr(mention.size())));
    if (direct && !trimmed.empty()) return trimmed;  // a bare command in a private chat
    return std::nullopt;
  }
  auto end = trimmed.find_first_of(" \n\t");
  auto word = trimmed.substr(1, end == std::string::npos ? std::string::npos : end - 1);
  auto rest = end == std::string::npos ? std::string() : std::string(text::trim(std::string_view(trimmed).substr(end)));
  if (auto at = word.find('@'); at != std::string::npos) {
    if (text::lower_ascii(word.substr(at + 1)) != text::lower_ascii(me.username)) return std::nullopt;
    word.erase(at);
  }
  bool good = !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
  });
  if (!good) return std::nullopt;
  return text::lower_ascii(word) + (rest.empty() ? "" : " " + rest);
}

std::optional<Event> from_message(const Json& message, const std::string& id, bool edited, const Me& me) {
  const auto* chat = object_at(message, "chat");
  if (chat == nullptr) return std::nullopt;
  auto target = chat_target(*chat);
  if (!target) return std::nullopt;
  if (auto to = integer_at(message, "migrate_to_chat_id"); to != 0) {
    auto moved = *target;
    moved.place = std::to_string(to);
    return PlaceEvent{id, *target, PlaceState::moved, moved, "the group became a supergroup", {}};
  }
  if (const auto* from = object_at(message, "from");
      from != nullptr && true_at(*from, "is_bot") && !message.contains("sender_chat"))
    return std::nullopt;  // never answer bots
  auto words = text_at(message, "text");
  if (words.empty()) words = text_at(message, "caption");
  auto reply = reply_to(message, *target);
  auto command = command_text(words, me, reply.direct);
  if (!command) return std::nullopt;
  CommandEvent out;
  out.id = id;
  out.from = std::move(reply);
  out.text = std::move(*command);
  out.edited = edited;
  return out;
}

std::optional<Event> from_button(const Json& query, const std::string& id) {
  const auto* message = object_at(query, "message");
  if (message == nullptr) return std::nullopt;
  const auto* chat = object_at(*message, "chat");
  auto target = chat == nullptr ? std::nullopt : chat_target(*chat);
  if (!target) return std::nullopt;
  CommandEvent out;
  out.id = id;
  out.from = reply_to(*message, *target);
  out.from.who = actor_of(query);
  if (out.from.direct) out.from.who.role = adapters::Role::manager;
  out.from.handle = text_at(query, "id");
  out.button_key = text_at(query, "data");
  return out;
}

std::optional<Event> from_membership(const Json& change, const std::string& id) {
  const auto* chat = object_at(change, "chat");
  const auto* now = object_at(change, "new_chat_member");
  auto target = chat == nullptr ? std::nullopt : chat_target(*chat);
  if (!target || now == nullptr) return std::nullopt;
  auto status = text_at(*now, "status");
  PlaceEvent out{id, *target, PlaceState::joined, {}, {}, actor_of(change)};
  bool channel = text_at(*chat, "type") == "channel";
  if (status == "left" || status == "kicked") {
    out.state = PlaceState::left;
    out.why = text_at(*chat, "type") == "private" ? "the person blocked the bot" : "the bot was removed";
  } else if (status == "restricted" && now->contains("can_send_messages") && !true_at(*now, "can_send_messages")) {
    out.state = PlaceState::read_only;
    out.why = "the bot may not write there";
  } else if (channel && status == "member") {
    out.state = PlaceState::read_only;
    out.why = "the bot is no administrator of the channel";
  }
  return out;
}

}  // namespace

std::int64_t update_id(const Json& update) {
  return update.is_object() ? integer_at(update, "update_id") : 0;
}

std::optional<Event> event_of(const Json& update, const Me& me) {
  auto number = update_id(update);
  if (number <= 0) return std::nullopt;
  auto id = std::to_string(number);
  for (const char* kind : {"message", "channel_post"})
    if (const auto* message = object_at(update, kind)) return from_message(*message, id, false, me);
  for (const char* kind : {"edited_message", "edited_channel_post"})
    if (const auto* message = object_at(update, kind)) return from_message(*message, id, true, me);
  if (const auto* query = object_at(update, "callback_query")) return from_button(*query, id);
  if (const auto* change = object_at(update, "my_chat_member")) return from_membership(*change, id);
  return std::nullopt;
}

}  // namespace broadsheet::telegram
