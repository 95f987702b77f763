#include "adapters/matrix/incoming.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "adapters/matrix/content.hpp"
#include "adapters/matrix/markup.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::matrix {
namespace {

constexpr std::size_t kLongestId = 255;
constexpr std::size_t kLongestCommand = 4000;

void replace_all(std::string& s, std::string_view from, std::string_view to) {
  for (auto at = s.find(from); at != std::string::npos; at = s.find(from, at + to.size()))
    s.replace(at, from.size(), to);
}

// Leading "> " lines and one blank line: the quote that older clients put before a reply.
std::string_view without_fallback(std::string_view body) {
  if (!body.starts_with("> ")) return body;
  while (body.starts_with("> ") || body.starts_with(">\n")) {
    auto end = body.find('\n');
    if (end == std::string_view::npos) return {};
    body.remove_prefix(end + 1);
  }
  if (body.starts_with('\n')) body.remove_prefix(1);
  return body;
}

// One line as a person meant it: phone keyboards put no-break blanks, curly quotes and invisible marks.
std::string first_line(std::string_view body) {
  auto s = clean(body.substr(0, kLongestCommand));
  replace_all(s, "\xc2\xa0", " ");
  for (const char* gone : {"\xe2\x80\x8b", "\xe2\x81\xa0", "\xef\xbb\xbf"}) replace_all(s, gone, "");
  for (const char* quote : {"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e"}) replace_all(s, quote, "\"");
  for (const char* quote : {"\xe2\x80\x98", "\xe2\x80\x99"}) replace_all(s, quote, "'");
  std::string trimmed(text::trim(s));
  return clean_line(trimmed.substr(0, trimmed.find('\n')));
}

bool same_letters(std::string_view a, std::string_view b) {
  return a.size() == b.size() && text::lower_ascii(a) == text::lower_ascii(b);
}

// The rest after `word` when `line` begins with it and it ends there (a blank, or a colon or comma after a name).
std::optional<std::string> after(std::string_view line, std::string_view word, std::string_view enders) {
  if (word.empty() || !same_letters(line.substr(0, word.size()), word)) return std::nullopt;
  auto rest = line.substr(word.size());
  if (!rest.empty() && rest.front() != ' ' && enders.find(rest.front()) == std::string_view::npos) return std::nullopt;
  while (!rest.empty() && (rest.front() == ' ' || enders.find(rest.front()) != std::string_view::npos))
    rest.remove_prefix(1);
  return std::string(rest);
}

bool mentions_us(const Json& content, const Self& self) {
  const auto* mentions = object_of(content, "m.mentions");
  const auto* ids = mentions == nullptr ? nullptr : list_of(*mentions, "user_ids");
  if (ids == nullptr) return false;
  return std::any_of(ids->begin(), ids->end(), [&self](const Json& id) { return id == self.user_id; });
}

std::optional<std::string> addressed_text(const std::string& line, const Json& content, const Self& self) {
  if (auto rest = after(line, self.prefix, "")) return rest;
  if (same_letters(self.prefix, "!arxiv"))
    if (auto rest = after(line, "!ax", "")) return rest;  // spec: commands 2
  if (!mentions_us(content, self)) return std::nullopt;
  auto localpart = self.user_id.substr(0, self.user_id.find(':'));
  for (const auto& name : {self.user_id, "@" + self.display_name, self.display_name, localpart, localpart.substr(1)})
    if (name.size() > 1)
      if (auto rest = after(line, name, ":,")) return rest;
  return std::nullopt;
}

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
  auto line = first_line(without_fallback(*body));
  auto text = addressed_text(line, *content, self);
  out.addressed = text.has_value();
  out.text = text.value_or(line);
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
