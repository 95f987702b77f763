// What the fake homeserver does inside a room.
#include <algorithm>
#include <cmath>

#include "tests/fakes/matrix_content.hpp"
#include "tests/fakes/matrix_world.hpp"

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestEvent = 65536, kEnvelope = 620;
constexpr std::int64_t kLargestNumber = (std::int64_t{1} << 53) - 1;

bool numbers_fit(const Json& json) {
  if (json.is_number_float()) return false;
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(kLargestNumber)) return false;
  if (json.is_number_integer() && !json.is_number_unsigned() && json.get<std::int64_t>() < -kLargestNumber)
    return false;
  return std::all_of(json.begin(), json.end(),
                     [&json](const Json& one) { return !json.is_structured() || numbers_fit(one); });
}

// An escaped surrogate without its other half.
bool half_a_surrogate(const std::string& text) {
  auto is = [&text](std::size_t at, const char* range) {
    return text.compare(at, 3, "\\ud") == 0 && at + 3 < text.size() &&
           std::string(range).find(text[at + 3]) != std::string::npos;
  };
  for (std::size_t at = 0; (at = text.find("\\ud", at)) != std::string::npos; at += 6) {
    if (is(at, "89abAB") && at + 6 < text.size() && is(at + 6, "cdefCDEF"))
      at += 6;
    else if (is(at, "89abcdefABCDEF"))
      return true;
  }
  return false;
}

}  // namespace

Reply MatrixWorld::in_room(const Request& r) {
  const auto& id = r.path[1];
  if (r.path[2] == "leave") return leave(id);
  auto it = rooms.find(id);
  if (it == rooms.end() || !it->second.members.contains(options.user))
    return matrix_error(403, "M_FORBIDDEN", "User " + options.user + " not in room " + id);
  if (r.path[2] == "send" && r.path.size() == 5) return send(r, it->second);
  if (r.path[2] == "redact" && r.path.size() == 5) return redact(r);
  if (r.path[2] == "messages") return messages(r);
  if (r.path[2] == "event" && r.path.size() == 4) return event(r);
  if (r.path[2] == "state" && r.path.size() >= 4) return state(r, it->second);
  if (r.path[2] == "joined_members") {
    Json joined = Json::object();
    for (const auto& member : it->second.members) joined[member] = Json::object();
    return matrix_reply(200, {{"joined", joined}});
  }
  return matrix_reply(200, Json::object());  // typing, receipts
}

// As Synapse: the row ignores the event type, another device is another name, errors are not remembered, repeats
// cost nothing.
Reply MatrixWorld::send(const Request& r, const Room& room) {
  auto row = r.path[1] + "|" + options.user + "|" + options.device + "|" + r.path[4];
  auto path = r.seen->target.substr(0, r.seen->target.find('?'));
  if (auto known = memory.find(path); known != memory.end()) return matrix_reply(200, {{"event_id", known->second}});
  if (auto known = rows.find(row); known != rows.end()) return matrix_reply(200, {{"event_id", known->second}});
  if (half_a_surrogate(r.seen->body)) return matrix_error(500, "M_UNKNOWN", "Internal server error");
  if (r.body.is_discarded()) return matrix_error(400, "M_NOT_JSON", "Content not JSON.");
  if (!r.body.is_object()) return matrix_error(400, "M_BAD_JSON", "Content must be a JSON object.");
  if (!room.tombstone.is_null()) return matrix_error(403, "M_FORBIDDEN", "room was replaced");
  if (auto refused = over_limit()) return *refused;
  auto found = r.path[3] == "m.reaction" ? reaction_faults(r.seen->body) : fakes::content_faults(r.seen->body);
  faults.insert(found.begin(), found.end());
  if (auto refused = bad_content(r)) return *refused;
  if (auto refused = bad_relation(r)) return *refused;
  Json event{{"type", r.path[3]}, {"sender", options.user}, {"content", r.body}};
  event["unsigned"]["transaction_id"] = r.path[4];
  auto id = add(r.path[1], std::move(event));
  memory[path] = rows[row] = id;
  return matrix_reply(200, {{"event_id", id}});
}

Reply MatrixWorld::redact(const Request& r) {
  for (auto& one : log)
    if (one.room == r.path[1] && one.event["event_id"] == r.path[3]) {
      one.event["content"] = Json::object();
      Json event{{"type", "m.room.redaction"}, {"sender", options.user}, {"redacts", r.path[3]}};
      event["content"] = Json::object();
      return matrix_reply(200, {{"event_id", add(r.path[1], std::move(event))}});
    }
  return matrix_error(404, "M_NOT_FOUND", "Could not find event " + r.path[3]);
}

std::optional<Reply> MatrixWorld::over_limit() {
  auto now = options.clock->steady_now();
  auto more = std::chrono::duration<double>(now - filled).count() * options.per_second;
  left_in_bucket = std::min(std::max(static_cast<double>(options.burst), left_in_bucket), left_in_bucket + more);
  filled = now;
  if (left_in_bucket >= 1) {
    --left_in_bucket;
    return std::nullopt;
  }
  ++limited;
  auto reply = matrix_error(429, "M_LIMIT_EXCEEDED", "Too Many Requests");
  reply.headers.emplace_back("Retry-After", options.retry_after);
  return reply;
}

std::optional<Reply> MatrixWorld::bad_content(const Request& r) const {
  const auto& c = r.body;
  bool message = r.path[3] == "m.room.message";
  bool has_text = c.contains("body") && c["body"].is_string() && c.contains("msgtype") && c["msgtype"].is_string();
  if (message && !has_text) return matrix_error(400, "M_UNKNOWN", "'body' not in content");
  if (!numbers_fit(c)) return matrix_error(400, "M_BAD_JSON", "Invalid JSON value");
  if (c.contains("m.mentions")) {
    if (!c["m.mentions"].is_object()) return matrix_error(400, "M_BAD_JSON", "m.mentions is not of type 'object'");
    for (const auto& user : c["m.mentions"].value("user_ids", Json::array()))
      if (!user.is_string()) return matrix_error(500, "M_UNKNOWN", "Internal server error");
  }
  if (c.dump().size() + kEnvelope > kLargestEvent) return matrix_error(413, "M_TOO_LARGE", "event too large");
  return std::nullopt;
}

std::optional<Reply> MatrixWorld::bad_relation(const Request& r) const {
  auto relation = r.body.value("m.relates_to", Json::object());
  if (!relation.is_object() || !relation.contains("rel_type")) return std::nullopt;
  auto root = relation.value("event_id", "");
  auto it = std::find_if(log.begin(), log.end(), [&](const Logged& l) { return l.event["event_id"] == root; });
  if (it == log.end()) return matrix_error(400, "M_UNKNOWN", "Can't send relation to unknown event");
  auto above = it->event["content"].value("m.relates_to", Json::object());
  if (relation["rel_type"] == "m.thread" && above.contains("rel_type"))
    return matrix_error(400, "M_UNKNOWN", "Cannot start threads from an event with a relation");
  if (relation["rel_type"] != "m.annotation") return std::nullopt;
  bool same = std::any_of(log.begin(), log.end(), [&](const Logged& l) {
    return l.event["sender"] == options.user && l.event["type"] == r.path[3] &&
           l.event["content"].value("m.relates_to", Json::object()) == relation;
  });
  if (same) return matrix_error(400, "M_DUPLICATE_ANNOTATION", "Can't send same reaction twice");
  return std::nullopt;
}

Reply MatrixWorld::messages(const Request& r) const {
  bool forward = r.asked("dir") == "f";
  auto limit = std::stoul(r.asked("limit").empty() ? "10" : r.asked("limit"));
  auto from = position_of(r.asked("from")).value_or(forward ? 0 : log.size());
  auto to = position_of(r.asked("to")).value_or(forward ? log.size() : 0);
  Json chunk = Json::array();
  auto at = std::min(from, log.size());
  while (forward ? at < to : at > to) {
    const auto& one = log[forward ? at : at - 1];
    forward ? ++at : --at;
    if (one.room == r.path[1]) chunk.push_back(one.event);
    if (chunk.size() == limit) break;
  }
  Json out{{"chunk", chunk}, {"start", token_at(from)}};
  if (at != to) out["end"] = token_at(at);
  return matrix_reply(200, out);
}

Reply MatrixWorld::event(const Request& r) const {
  for (const auto& one : log) {
    if (one.room != r.path[1] || one.event["event_id"] != r.path[3]) continue;
    auto out = one.event;
    out["room_id"] = one.room;
    out["user_id"] = one.event["sender"];
    return matrix_reply(200, out);
  }
  return matrix_error(404, "M_NOT_FOUND", "no such event");
}

Reply MatrixWorld::state(const Request& r, const Room& room) {
  if (r.path[3] == "m.room.power_levels") return matrix_reply(200, {{"users", room.power}});
  if (r.path[3] == "m.room.create") return matrix_reply(200, room.create);
  if (r.path[3] == "m.room.encryption" && room.encrypted)
    return matrix_reply(200, {{"algorithm", "m.megolm.v1.aes-sha2"}});
  if (r.path[3] == "m.room.tombstone" && !room.tombstone.is_null()) return matrix_reply(200, room.tombstone);
  if (r.path[3] == "m.room.name" && !room.name.is_null()) return matrix_reply(200, room.name);
  return matrix_error(404, "M_NOT_FOUND", "no such state");
}

}  // namespace broadsheet::fakes
