#include "adapters/telegram/updates.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "adapters/common/json.hpp"
#include "adapters/telegram/keyboard.hpp"
#include "adapters/telegram/text.hpp"
#include "adapters/telegram/utf.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::number_at;
using adapters::text_at;
using adapters::true_at;
using model::Actor;
using model::CommandEvent;
using model::PlaceEvent;
using model::PlaceState;
using model::Role;
using model::Target;
using nlohmann::json;

constexpr std::size_t kLongestText = 8192;  // bytes; more is no command
constexpr std::size_t kLongestName = 64;    // graphemes

// ---- Reading what may be missing or of another kind ---------------------------------------------------------------

const json& field(const json& j, std::string_view name) {
  static const json kNothing;
  const auto* found = adapters::member(j, {name});
  return found == nullptr ? kNothing : *found;
}
std::int64_t number(const json& j, adapters::Path path) {
  return number_at(j, path).value_or(0);
}

// ---- Who and where -------------------------------------------------------------------------------------------------

std::optional<Target> chat_target(std::int64_t chat) {
  auto target = Target::parse("telegram:" + std::to_string(chat));
  if (!target) return std::nullopt;
  return *target;
}

// A reply thread in a group that is no forum carries a number too, which addresses nothing (contracts: Telegram 5).
void add_topic(const json& message, Target& target) {
  auto topic = number(message, {"message_thread_id"});
  if (true_at(message, {"is_topic_message"}) && topic > 1) target.topic = std::to_string(topic);
}

std::string language_of(const json& user) {
  auto code = text::lower_ascii(text_at(user, {"language_code"})).substr(0, 2);
  bool letters = code.size() == 2 && std::all_of(code.begin(), code.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return letters ? code : std::string();
}

Actor user_actor(const json& user) {
  Actor out;
  if (auto id = number(user, {"id"}); id != 0) out.id = std::to_string(id);
  auto name = clean(text_at(user, {"first_name"}) + " " + text_at(user, {"last_name"}));
  out.name = text::ellipsize(text::collapse_space(name), kLongestName);
  out.language = language_of(user);
  return out;
}

// Posts in the name of a chat: only its administrators can write them (contracts: Telegram 5).
std::optional<Actor> actor_of(const json& message) {
  auto sender_chat = number(message, {"sender_chat", "id"});
  if (sender_chat != 0) {
    if (sender_chat != number(message, {"chat", "id"})) return std::nullopt;  // a linked or foreign channel
    Actor out{std::to_string(sender_chat), {}, {}, Role::manager};
    return out;
  }
  const auto& from = field(message, "from");
  if (number(from, {"id"}) == 0 || true_at(from, {"is_bot"})) return std::nullopt;  // never answer other bots
  auto out = user_actor(from);
  if (text_at(message, {"chat", "type"}) == "private") out.role = Role::manager;
  return out;
}

// ---- What was typed ------------------------------------------------------------------------------------------------

bool same_name(std::string_view a, std::string_view b) {
  return !a.empty() && text::lower_ascii(a) == text::lower_ascii(b);
}

std::string_view without_leading_space(std::string_view s) {
  while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
  return s;
}

enum class Kind : std::uint8_t { none, command, for_another };
struct Typed {
  Kind kind = Kind::none;
  std::string text;
};

bool begins_with_entity(const json& entities, std::string_view type, std::int64_t& length) {
  if (!entities.is_array()) return false;
  for (const auto& e : entities)
    if (text_at(e, {"type"}) == type && number_at(e, {"offset"}) == 0) {
      length = number(e, {"length"});
      return length > 1;
    }
  return false;
}

// "/digest@our_bot cs.CL" and "@our_bot digest cs.CL". Both marks are ASCII, so units are bytes; a mark that is none is
// not believed.
Typed typed(const std::string& text, const json& entities, const BotName& bot) {
  std::int64_t length = 0;
  bool command = begins_with_entity(entities, "bot_command", length);
  if (!command && !begins_with_entity(entities, "mention", length)) return {};
  auto marked = std::string_view(text).substr(0, static_cast<std::size_t>(length));
  if (marked.empty() || marked.front() != (command ? '/' : '@')) return {};
  if (std::any_of(marked.begin(), marked.end(), beyond_ascii)) return {};
  auto rest = without_leading_space(std::string_view(text).substr(marked.size()));
  marked.remove_prefix(1);
  if (!command) return {same_name(marked, bot.username) ? Kind::command : Kind::none, std::string(rest)};
  auto at = marked.find('@');
  if (at != std::string_view::npos && !same_name(marked.substr(at + 1), bot.username)) return {Kind::for_another, {}};
  auto name = text::lower_ascii(marked.substr(0, at));
  return {Kind::command, rest.empty() ? name : name + " " + std::string(rest)};
}

// What the message asks of us, or nothing.
std::optional<std::string> request_in(const json& message, const BotName& bot) {
  auto text = text_at(message, {"text"});
  const char* entities = "entities";
  if (text.empty()) {
    text = text_at(message, {"caption"});
    entities = "caption_entities";
  }
  if (text.empty() || text.size() > kLongestText) return std::nullopt;
  auto found = typed(text, field(message, entities), bot);
  if (found.kind == Kind::command) return found.text;
  if (found.kind == Kind::for_another) return std::nullopt;
  bool direct = text_at(message, {"chat", "type"}) == "private";
  bool to_us = bot.id != 0 && number(message, {"reply_to_message", "from", "id"}) == bot.id;
  if (!direct && !to_us) return std::nullopt;
  return text;
}

// ---- Kinds of updates -----------------------------------------------------------------------------------------------

std::optional<model::Event> moved(const std::string& id, std::int64_t from, std::int64_t to) {
  auto old_place = chat_target(from);
  auto new_place = chat_target(to);
  if (!old_place || !new_place) return std::nullopt;
  return PlaceEvent{id, *old_place, PlaceState::moved, new_place, "the group became a supergroup", {}};
}

// Service messages that change where we may write.
std::optional<model::Event> service_event(const std::string& id, const json& message, const Target& where) {
  auto chat = number(message, {"chat", "id"});
  if (auto to = number(message, {"migrate_to_chat_id"}); to != 0) return moved(id, chat, to);
  if (auto from = number(message, {"migrate_from_chat_id"}); from != 0) return moved(id, from, chat);
  if (message.contains("forum_topic_closed") && !where.topic.empty())
    return PlaceEvent{id, where, PlaceState::read_only, std::nullopt, "the topic was closed", {}};
  if (message.contains("forum_topic_reopened") && !where.topic.empty())
    return PlaceEvent{id, where, PlaceState::joined, std::nullopt, "the topic was opened again", {}};
  return std::nullopt;
}

// The one paper that the buttons of a message of ours are about (spec: commands 3: a reply to a card).
PaperId paper_of(const json& answered, const BotName& bot) {
  if (bot.id == 0 || number(answered, {"from", "id"}) != bot.id) return {};
  std::set<PaperId> papers;
  const auto& rows = field(field(answered, "reply_markup"), "inline_keyboard");
  if (!rows.is_array()) return {};
  for (const auto& row : rows) {
    if (!row.is_array()) continue;
    for (const auto& button : row)
      if (auto pressed = parse_callback(text_at(button, {"callback_data"})); pressed && !pressed->button.paper.empty())
        papers.insert(pressed->button.paper);
  }
  return papers.size() == 1 ? *papers.begin() : PaperId();
}

std::optional<model::Event> message_event(const std::string& id, const json& message, const BotName& bot, Moment now,
                                          bool edited) {
  auto where = chat_target(number(message, {"chat", "id"}));
  if (!where) return std::nullopt;
  add_topic(message, *where);
  if (auto service = service_event(id, message, *where)) return service;
  auto text = request_in(message, bot);
  if (!text) return std::nullopt;
  auto who = actor_of(message);
  if (!who) return std::nullopt;
  CommandEvent out;
  out.id = id;
  out.from.target = std::move(*where);
  out.from.direct = text_at(message, {"chat", "type"}) == "private";
  if (auto number_here = number(message, {"message_id"}); number_here != 0)
    out.from.message = model::RemoteId(std::to_string(number_here));
  out.from.who = std::move(*who);
  out.from.received = now;
  out.text = std::move(*text);
  out.edited = edited;
  out.about = paper_of(field(message, "reply_to_message"), bot);
  // Who writes in a group is in it; what he may change there is asked.
  if (out.from.who.role == Role::unknown) out.from.who.role = Role::member;
  return out;
}

std::optional<model::Event> callback_event(const std::string& id, const json& query, Moment now) {
  constexpr std::size_t kLongestData = 64;
  const auto& message = field(query, "message");
  auto where = chat_target(number(message, {"chat", "id"}));
  auto data = text_at(query, {"data"});
  const auto& from = field(query, "from");
  if (!where || data.empty() || data.size() > kLongestData || number(from, {"id"}) == 0) return std::nullopt;
  add_topic(message, *where);
  CommandEvent out;
  out.id = id;
  out.from.target = std::move(*where);
  out.from.direct = text_at(message, {"chat", "type"}) == "private";
  out.from.message = model::RemoteId(std::to_string(number(message, {"message_id"})));
  out.from.who = user_actor(from);
  out.from.who.role = out.from.direct ? Role::manager : Role::member;
  out.from.received = now;
  out.button_key = data;
  if (auto pressed = parse_callback(data)) {
    out.button = pressed->button;
    out.button_key = pressed->key;
  }
  return out;
}

std::optional<PlaceState> standing(const json& member, const std::string& chat_type) {
  auto status = text_at(member, {"status"});
  if (status == "left" || status == "kicked") return PlaceState::left;
  if (status == "restricted") {
    if (!true_at(member, {"is_member"})) return PlaceState::left;
    return true_at(member, {"can_send_messages"}) ? PlaceState::joined : PlaceState::read_only;
  }
  if (status == "creator") return PlaceState::joined;
  if (status == "administrator")
    return chat_type == "channel" && !true_at(member, {"can_post_messages"}) ? PlaceState::read_only
                                                                             : PlaceState::joined;
  if (status == "member") return chat_type == "channel" ? PlaceState::read_only : PlaceState::joined;
  return std::nullopt;
}

std::optional<model::Event> member_event(const std::string& id, const json& change) {
  auto where = chat_target(number(change, {"chat", "id"}));
  auto type = text_at(change, {"chat", "type"});
  const auto& member = field(change, "new_chat_member");
  auto state = standing(member, type);
  if (!where || !state) return std::nullopt;
  auto status = text_at(member, {"status"});
  auto why = status == "kicked"                ? (type == "private" ? "blocked by the person" : "removed from the chat")
             : status == "left"                ? "left the chat"
             : *state == PlaceState::read_only ? "no right to send messages"
                                               : "";
  PlaceEvent out{id, *where, *state, std::nullopt, why, user_actor(field(change, "from"))};
  // A private chat begins with /start, and a channel's readers have not asked for anything.
  auto before = text_at(change, {"old_chat_member", "status"});
  bool outside = before.empty() || before == "left" || before == "kicked";
  out.invited = *state == PlaceState::joined && outside && (type == "group" || type == "supergroup");
  return out;
}

}  // namespace

Result<Received> read_update(std::string_view text, const BotName& bot, Moment now) {
  // A message quotes the one it answers, which somebody else wrote: nothing there may make it unreadable.
  auto read = adapters::parse_json_parts(text);
  if (!read) return std::move(read).error();
  const auto& update = *read;
  Received out;
  out.id = number(update, {"update_id"});
  if (out.id <= 0) return Error(ErrorKind::bad_input, "not an update");
  auto id = std::to_string(out.id);
  for (const auto* kind : {"message", "channel_post", "edited_message", "edited_channel_post"})
    if (const auto& message = field(update, kind); message.is_object())
      out.event = message_event(id, message, bot, now, std::string_view(kind).starts_with("edited"));
  if (const auto& query = field(update, "callback_query"); query.is_object()) {
    out.callback = text_at(query, {"id"}).substr(0, 64);
    out.event = callback_event(id, query, now);
  }
  if (const auto& change = field(update, "my_chat_member"); change.is_object()) out.event = member_event(id, change);
  return out;
}

}  // namespace broadsheet::telegram
