#include "adapters/matrix/incoming.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "adapters/matrix/addressing.hpp"
#include "adapters/matrix/content.hpp"
#include "adapters/matrix/markup.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::matrix {
namespace {

constexpr std::size_t kLongestId = 255;

std::string event_id(const Json& object, const char* key) {
  auto id = text_at(object, {key});
  return id.size() <= kLongestId && id.starts_with('$') ? id : std::string();
}

void read_relation(const Json& content, Typed& out) {
  const auto* relation = object_of(content, "m.relates_to");
  if (relation == nullptr) return;
  bool thread = text_at(*relation, {"rel_type"}) == "m.thread";
  if (thread) out.thread = event_id(*relation, "event_id");
  auto falling_back = relation->find("is_falling_back");
  bool fallback = thread && falling_back != relation->end() && *falling_back == true;
  const auto* answered = object_of(*relation, "m.in_reply_to");
  if (answered != nullptr && !fallback) out.answers = event_id(*answered, "event_id");
}

Incoming read_message(EventHead head, const Json& event, const Self& self) {
  const auto* content = object_of(event, "content");
  if (content == nullptr) return Ignored::malformed;
  const auto* body = text_of(*content, "body");
  const auto* msgtype = text_of(*content, "msgtype");
  if (body == nullptr || msgtype == nullptr) return Ignored::malformed;
  if (*msgtype == "m.notice") return Ignored::notice;
  if (*msgtype != "m.text") return Ignored::msgtype;
  const auto* relation = object_of(*content, "m.relates_to");
  if (content->contains("m.new_content") || (relation != nullptr && text_at(*relation, {"rel_type"}) == "m.replace"))
    return Ignored::edit;
  Typed out;
  out.head = std::move(head);
  read_relation(*content, out);
  auto text = addressed_text(*content, self);
  out.addressed = text.has_value();
  out.text = text ? *text : first_line(*content);
  if (out.text.empty()) {
    if (!out.addressed) return Ignored::not_for_us;
    out.text = "help";
  }
  return out;
}

Incoming read_reaction(EventHead head, const Json& event) {
  const auto* content = object_of(event, "content");
  const auto* relation = content == nullptr ? nullptr : object_of(*content, "m.relates_to");
  if (relation == nullptr || text_at(*relation, {"rel_type"}) != "m.annotation") return Ignored::malformed;
  Reacted out{std::move(head), event_id(*relation, "event_id"), bare_key(text_at(*relation, {"key"}).substr(0, 64))};
  if (out.target.empty() || out.key.empty()) return Ignored::malformed;
  return out;
}

Incoming read_member(EventHead head, const Json& event, const Self& self) {
  if (text_at(event, {"state_key"}) != self.user_id) return RoomChanged{std::move(head), false};
  const auto* content = object_of(event, "content");
  if (content == nullptr) return Ignored::malformed;
  Membership out{std::move(head), text_at(*content, {"membership"}),
                 clean_line(text_at(*content, {"reason"})).substr(0, 300), false};
  auto direct = content->find("is_direct");
  out.direct = direct != content->end() && *direct == true;
  return out;
}

Incoming read_state(EventHead head, const std::string& type, const Json& event, const Self& self) {
  if (type == "m.room.member") return read_member(std::move(head), event, self);
  if (type == "m.room.encryption") return EncryptionOn{std::move(head)};
  if (type == "m.room.name") return RoomChanged{std::move(head), false};
  if (type == "m.room.power_levels") return RoomChanged{std::move(head), true};
  if (type != "m.room.tombstone") return Ignored::not_for_us;
  const auto* content = object_of(event, "content");
  auto replacement = content == nullptr ? std::string() : text_at(*content, {"replacement_room"});
  if (!replacement.starts_with('!') || replacement.size() > kLongestId) return Ignored::malformed;
  return Tombstone{std::move(head), replacement};
}

}  // namespace

std::string server_of(std::string_view user_id) {
  auto colon = user_id.find(':');
  return colon == std::string_view::npos ? std::string() : std::string(user_id.substr(colon + 1));
}

std::string_view to_string(Ignored reason) {
  static constexpr std::array<std::string_view, 8> kNames = {"not_for_us", "notice",    "msgtype", "own_event",
                                                             "edit",       "malformed", "stale",   "encrypted"};
  return kNames.at(static_cast<std::size_t>(reason));
}

Incoming read_event(const Json& event, const std::string& room, const Self& self, const Freshness& freshness) {
  const auto* type = text_of(event, "type");
  EventHead head{event_id(event, "event_id"), room.empty() ? text_at(event, {"room_id"}) : room,
                 text_at(event, {"sender"}),
                 Moment(std::chrono::milliseconds(number_at(event, {"origin_server_ts"}).value_or(0)))};
  bool whole = type != nullptr && !head.id.empty() && head.sender.starts_with('@') &&
               head.sender.size() <= kLongestId && head.room.starts_with('!') && head.room.size() <= kLongestId;
  if (!whole) return Ignored::malformed;
  if (event.contains("state_key")) return read_state(std::move(head), *type, event, self);
  if (head.sender == self.user_id) return Ignored::own_event;
  if (*type == "m.room.encrypted") return Ignored::encrypted;
  if (freshness.max_age && freshness.now - head.at > *freshness.max_age) return Ignored::stale;
  if (*type == "m.room.message") return read_message(std::move(head), event, self);
  if (*type == "m.reaction") return read_reaction(std::move(head), event);
  return Ignored::not_for_us;
}

}  // namespace broadsheet::matrix
