#include "tests/fakes/fake_matrix.hpp"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "bot/net/url.hpp"
#include "tests/fakes/matrix_content.hpp"

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::json;

Reply json_reply(int status, const Json& body) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = body.dump()};
}

Reply error_reply(int status, const std::string& code, const std::string& text) {
  return json_reply(status, {{"errcode", code}, {"error", text}});
}

struct Room {
  std::set<std::string> members;
  std::map<std::string, int> power;
  bool encrypted = false;
  Json create = {{"room_version", "10"}}, tombstone;
};

struct Logged {
  std::string room;
  Json event;
};

std::string token_at(std::size_t position) {
  return "s" + std::to_string(position);
}

std::optional<std::size_t> position_of(const std::string& token) {
  if (!token.starts_with('s') || token.size() > 9 || token.find_first_not_of("0123456789", 1) != std::string::npos)
    return std::nullopt;
  return std::stoul(token.substr(1));
}

}  // namespace

class FakeMatrix::World {
 public:
  explicit World(FakeMatrixOptions o) : options(std::move(o)) {
    token = options.token;
    left_in_bucket = static_cast<double>(options.burst);
    if (options.clock == nullptr) options.clock = &system_clock;
    filled = options.clock->steady_now();
  }

  FakeMatrixOptions options;
  mutable std::mutex mutex;
  std::map<std::string, Room> rooms;
  std::vector<Logged> log;
  struct Invited {
    Json state;
    std::size_t position = 0;  // in the log
  };
  std::map<std::string, Invited> invites;  // by room
  std::map<std::string, std::string> memory, rows;
  std::set<std::string> faults;
  std::string token, refresh_token = "refresh-1";
  SystemClock system_clock;
  double left_in_bucket = 0;
  SteadyMoment filled{};
  std::size_t limited = 0, syncs = 0, logins = 0, refreshes = 0, next_id = 1;
  std::vector<Call> calls;
  bool soft_logout = false;
  struct Fault {
    std::string what;
    Reply reply;
    bool execute_first = false;
  };
  std::vector<Fault> planned;

  std::string add(const std::string& room, Json event) {
    auto id = "$e" + std::to_string(next_id++);
    event["event_id"] = id;
    event["origin_server_ts"] = options.clock->now().time_since_epoch().count();
    log.push_back({room, std::move(event)});
    return id;
  }

  Reply handle(const Seen& seen) {
    std::lock_guard lock(mutex);
    auto reply = answer(seen);
    auto path = seen.target.substr(0, seen.target.find('?'));
    if (path.ends_with("/sync"))
      ++syncs;
    else
      calls.push_back({options.clock->now(), seen.method, path, reply.status});
    return reply;
  }

 private:
  Reply answer(const Seen& seen) {
    for (auto it = planned.begin(); it != planned.end(); ++it) {
      if ((seen.method + " " + seen.target).find(it->what) == std::string::npos) continue;
      auto fault = *it;
      planned.erase(it);
      if (fault.execute_first) serve(seen);
      return fault.reply;
    }
    return serve(seen);
  }

  struct Request {
    std::vector<std::string> path;  // after /_matrix/client/vN
    std::map<std::string, std::string> query;
    Json body;
    const Seen* seen = nullptr;
    bool is(const char* method, std::size_t parts, const char* first) const {
      return seen->method == method && path.size() == parts && path[0] == first;
    }
  };

  std::optional<Request> parse(const Seen& seen) const {
    auto target = http::parse_target(seen.target);
    if (!target || target->segments.size() < 3 || target->segments[0] != "_matrix") return std::nullopt;
    Request out;
    bool versions = target->segments.back() == "versions";
    out.path.assign(target->segments.begin() + (versions ? 2 : 3), target->segments.end());
    for (const auto& [key, value] : target->query) out.query[key] = value;
    out.body = Json::parse(seen.body, nullptr, false);
    out.seen = &seen;
    return out;
  }

  Reply serve(const Seen& seen) {
    auto request = parse(seen);
    if (!request || request->path.empty()) return error_reply(404, "M_UNRECOGNIZED", "Unrecognized request");
    const auto& r = *request;
    if (r.path[0] == "versions") return json_reply(200, {{"versions", {"v1.1", "v1.11"}}});
    if (r.is("GET", 1, "login")) return json_reply(200, {{"flows", {{{"type", "m.login.password"}}}}});
    if (r.is("POST", 1, "login")) return login(r);
    if (r.is("POST", 1, "refresh")) return refresh(r);
    if (auto refused = unauthorized(seen)) return *refused;
    if (r.path[0] == "rooms" && r.path.size() >= 3) return in_room(r);
    return of_account(r);
  }

  std::optional<Reply> unauthorized(const Seen& seen) const {
    auto it = seen.headers.find("authorization");
    if (it == seen.headers.end()) return error_reply(401, "M_MISSING_TOKEN", "Missing access token");
    if (!options.as_token.empty() && it->second == "Bearer " + options.as_token) return std::nullopt;
    if (it->second == "Bearer " + token) return std::nullopt;
    return json_reply(401, {{"errcode", "M_UNKNOWN_TOKEN"}, {"error", "unknown"}, {"soft_logout", soft_logout}});
  }

  Json new_tokens() {
    token = "tok-" + std::to_string(++next_id);
    refresh_token = "refresh-" + std::to_string(next_id);
    return {{"access_token", token}, {"refresh_token", refresh_token}, {"expires_in_ms", 300000}};
  }

  Reply login(const Request& r) {
    ++logins;
    if (!r.body.is_object()) return error_reply(400, "M_NOT_JSON", "no");
    bool service = r.body.value("type", "") == "m.login.application_service";
    if (!service && r.body.value("password", "") != options.password)
      return error_reply(403, "M_FORBIDDEN", "Invalid username or password");
    auto out = new_tokens();
    if (service) out.erase("refresh_token");
    options.device = r.body.value("device_id", "RANDOM");
    out["user_id"] = options.user;
    out["device_id"] = options.device;
    return json_reply(200, out);
  }

  Reply refresh(const Request& r) {
    ++refreshes;
    if (!r.body.is_object() || r.body.value("refresh_token", "") != refresh_token)
      return error_reply(403, "M_FORBIDDEN", "refresh token isn't valid anymore");
    return json_reply(200, new_tokens());
  }

  Reply of_account(const Request& r) {
    if (r.is("GET", 2, "account")) return json_reply(200, {{"user_id", options.user}, {"device_id", options.device}});
    if (r.seen->method == "POST" && r.path.back() == "filter") return json_reply(200, {{"filter_id", "f1"}});
    if (r.is("GET", 1, "sync")) return sync(r);
    if (r.is("GET", 1, "joined_rooms")) {
      Json list = Json::array();
      for (const auto& [id, room] : rooms)
        if (room.members.contains(options.user)) list.push_back(id);
      return json_reply(200, {{"joined_rooms", list}});
    }
    if (r.is("POST", 2, "join")) return join(r.path[1]);
    if (r.is("POST", 1, "createRoom")) return create(r);
    if (r.is("POST", 1, "register")) return error_reply(400, "M_USER_IN_USE", "User ID already taken.");
    if (r.is("PUT", 2, "devices")) {
      if (!options.devices_by_put) return error_reply(404, "M_NOT_FOUND", "no such device");
      options.device = r.path[1];
      return json_reply(201, Json::object());
    }
    if (r.path[0] == "appservice") return json_reply(200, {{"duration_ms", 1}});
    return error_reply(404, "M_UNRECOGNIZED", "Unrecognized request");
  }

  Reply join(const std::string& id) {
    auto it = rooms.find(id);
    if (it == rooms.end()) return error_reply(404, "M_UNKNOWN", "no servers");
    if (!invites.contains(id) && !it->second.create.contains("predecessor"))
      return error_reply(403, "M_FORBIDDEN", "You are not invited to this room.");
    invites.erase(id);
    it->second.members.insert(options.user);
    return json_reply(200, {{"room_id", id}});
  }

  Reply create(const Request& r) {
    auto id = "!direct" + std::to_string(++next_id) + ":example.org";
    rooms[id].members = {options.user, r.body["invite"][0].get<std::string>()};
    return json_reply(200, {{"room_id", id}});
  }

  Reply in_room(const Request& r) {
    const auto& id = r.path[1];
    auto it = rooms.find(id);
    if (r.path[2] == "leave") {
      invites.erase(id);
      if (it != rooms.end()) it->second.members.erase(options.user);
      return json_reply(200, Json::object());
    }
    if (it == rooms.end() || !it->second.members.contains(options.user))
      return error_reply(403, "M_FORBIDDEN", "User " + options.user + " not in room " + id);
    if (r.path[2] == "send" && r.path.size() == 5) return send(r, it->second);
    if (r.path[2] == "messages") return messages(r);
    if (r.path[2] == "event" && r.path.size() == 4) return event(r);
    if (r.path[2] == "state" && r.path.size() >= 4) return state(r, it->second);
    if (r.path[2] == "joined_members") {
      Json joined = Json::object();
      for (const auto& member : it->second.members) joined[member] = Json::object();
      return json_reply(200, {{"joined", joined}});
    }
    return json_reply(200, Json::object());  // typing, receipts
  }

  // As Synapse: the row ignores the event type, another device is another name, errors are not remembered, repeats
  // cost nothing.
  Reply send(const Request& r, const Room& room) {
    auto row = r.path[1] + "|" + options.user + "|" + options.device + "|" + r.path[4];
    auto path = r.seen->target.substr(0, r.seen->target.find('?'));
    if (auto known = memory.find(path); known != memory.end()) return json_reply(200, {{"event_id", known->second}});
    if (auto known = rows.find(row); known != rows.end()) return json_reply(200, {{"event_id", known->second}});
    if (!r.body.is_object()) return error_reply(400, "M_NOT_JSON", "Content not JSON.");
    if (!room.tombstone.is_null()) return error_reply(403, "M_FORBIDDEN", "room was replaced");
    if (auto refused = over_limit()) return *refused;
    for (const auto& fault : fakes::content_faults(r.seen->body)) faults.insert(fault);
    if (auto refused = bad_relation(r)) return *refused;
    Json event{{"type", r.path[3]}, {"sender", options.user}, {"content", r.body}};
    event["unsigned"]["transaction_id"] = r.path[4];
    auto id = add(r.path[1], std::move(event));
    memory[path] = rows[row] = id;
    return json_reply(200, {{"event_id", id}});
  }

  std::optional<Reply> over_limit() {
    auto now = options.clock->steady_now();
    left_in_bucket = std::min(std::max(static_cast<double>(options.burst), left_in_bucket),
                              left_in_bucket + std::chrono::duration<double>(now - filled).count() * options.per_second);
    filled = now;
    if (left_in_bucket >= 1) {
      --left_in_bucket;
      return std::nullopt;
    }
    ++limited;
    auto reply = error_reply(429, "M_LIMIT_EXCEEDED", "Too Many Requests");
    reply.headers.emplace_back("Retry-After", options.retry_after);
    return reply;
  }

  std::optional<Reply> bad_relation(const Request& r) const {
    auto relation = r.body.value("m.relates_to", Json::object());
    if (!relation.contains("rel_type")) return std::nullopt;
    auto root = relation.value("event_id", "");
    auto it = std::find_if(log.begin(), log.end(), [&](const Logged& l) { return l.event["event_id"] == root; });
    if (it == log.end()) return error_reply(400, "M_UNKNOWN", "Can't send relation to unknown event");
    auto above = it->event["content"].value("m.relates_to", Json::object());
    if (relation["rel_type"] == "m.thread" && above.contains("rel_type"))
      return error_reply(400, "M_UNKNOWN", "Cannot start threads from an event with a relation");
    return std::nullopt;
  }

  Reply messages(const Request& r) const {
    auto query = [&](const char* key) {
      auto it = r.query.find(key);
      return it == r.query.end() ? std::string() : it->second;
    };
    bool forward = query("dir") == "f";
    auto limit = std::stoul(query("limit").empty() ? "10" : query("limit"));
    auto from = position_of(query("from")).value_or(forward ? 0 : log.size());
    auto to = position_of(query("to")).value_or(forward ? log.size() : 0);
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
    return json_reply(200, out);
  }

  Reply event(const Request& r) const {
    for (const auto& one : log)
      if (one.room == r.path[1] && one.event["event_id"] == r.path[3]) return json_reply(200, one.event);
    return error_reply(404, "M_NOT_FOUND", "no such event");
  }

  Reply state(const Request& r, const Room& room) const {
    if (r.path[3] == "m.room.power_levels") return json_reply(200, {{"users", room.power}});
    if (r.path[3] == "m.room.create") return json_reply(200, room.create);
    if (r.path[3] == "m.room.encryption" && room.encrypted)
      return json_reply(200, {{"algorithm", "m.megolm.v1.aes-sha2"}});
    if (r.path[3] == "m.room.tombstone" && !room.tombstone.is_null()) return json_reply(200, room.tombstone);
    return error_reply(404, "M_NOT_FOUND", "no such state");
  }

  Reply sync(const Request& r) {
    auto given = r.query.find("since");
    std::optional<std::size_t> since;
    if (given != r.query.end()) {
      since = position_of(given->second);
      if (!since) return error_reply(400, "M_UNKNOWN", "Invalid stream token");
    }
    auto now = batch(since);
    if (!since || now.second) return json_reply(200, now.first);
    Reply reply = json_reply(200, now.first);
    reply.delay = std::chrono::seconds(30);
    reply.poll = [this, since]() -> std::optional<Reply> {
      std::lock_guard lock(mutex);
      auto later = batch(since);
      if (!later.second) return std::nullopt;
      return json_reply(200, later.first);
    };
    return reply;
  }

  // The batch, and whether it says anything.
  std::pair<Json, bool> batch(std::optional<std::size_t> since) {
    Json out{{"next_batch", token_at(log.size())}};
    bool news = false;
    for (const auto& [room, invited] : invites) {
      if (invited.position < since.value_or(0)) continue;
      out["rooms"]["invite"][room] = invited.state;
      news = true;
    }
    std::map<std::string, std::vector<std::size_t>> by_room;
    for (std::size_t i = since.value_or(0); i < log.size(); ++i) if (!log[i].room.empty()) by_room[log[i].room].push_back(i);
    for (const auto& [room, positions] : by_room) {
      news = true;
      auto skip = positions.size() > options.timeline_limit ? positions.size() - options.timeline_limit : 0;
      Json events = Json::array();
      for (std::size_t i = skip; i < positions.size(); ++i) events.push_back(log[positions[i]].event);
      bool member = rooms[room].members.contains(options.user);
      out["rooms"][member ? "join" : "leave"][room]["timeline"] = {
          {"events", events}, {"limited", skip != 0 || !since}, {"prev_batch", token_at(positions[skip])}};
    }
    return {out, news};
  }
};

FakeMatrix::FakeMatrix(FakeMatrixOptions options) : world_(std::make_unique<World>(std::move(options))) {
  auto* world = world_.get();
  http_ = std::make_unique<FakeHttp>([world](const Seen& seen) { return world->handle(seen); }, world->options.port);
}

FakeMatrix::~FakeMatrix() {
  http_.reset();
}

std::string FakeMatrix::base() const {
  return http_->base();
}

FakeHttp& FakeMatrix::http() {
  return *http_;
}

void FakeMatrix::add_room(const std::string& room, const std::vector<std::string>& members, bool joined) {
  std::lock_guard lock(world_->mutex);
  auto& one = world_->rooms[room];
  one.members.insert(members.begin(), members.end());
  if (joined) one.members.insert(world_->options.user);
}

void FakeMatrix::power(const std::string& room, const std::string& user, int level) {
  std::lock_guard lock(world_->mutex);
  world_->rooms[room].power[user] = level;
}

void FakeMatrix::encrypt(const std::string& room) {
  std::lock_guard lock(world_->mutex);
  world_->rooms[room].encrypted = true;
}

void FakeMatrix::invite(const std::string& room, const std::string& by) {
  std::lock_guard lock(world_->mutex);
  Json member{{"type", "m.room.member"}, {"state_key", world_->options.user}, {"sender", by}};
  member["content"]["membership"] = "invite";
  auto& invited = world_->invites[room];
  invited.state["invite_state"]["events"] = Json::array({member});
  invited.position = world_->log.size();
  world_->log.push_back({{}, {{"type", "invite"}, {"event_id", ""}, {"sender", by}}});  // so that the stream moves on
}

void FakeMatrix::kick(const std::string& room, const std::string& by, const std::string& reason) {
  std::lock_guard lock(world_->mutex);
  Json event{{"type", "m.room.member"}, {"state_key", world_->options.user}, {"sender", by}};
  event["content"] = {{"membership", "leave"}, {"reason", reason}};
  world_->rooms[room].members.erase(world_->options.user);
  world_->add(room, std::move(event));
}

void FakeMatrix::replace(const std::string& room, const std::string& by, const std::string& with, bool truthful) {
  std::lock_guard lock(world_->mutex);
  world_->rooms[with].create["predecessor"] = {{"room_id", truthful ? room : "!another:example.org"}};
  Json content{{"replacement_room", with}, {"body", "replaced"}};
  world_->rooms[room].tombstone = content;
  world_->add(room, {{"type", "m.room.tombstone"}, {"state_key", ""}, {"sender", by}, {"content", content}});
}

std::string FakeMatrix::say(const std::string& room, const std::string& sender, const std::string& body,
                            const std::string& answers, const std::string& thread) {
  std::lock_guard lock(world_->mutex);
  Json content{{"msgtype", "m.text"}, {"body", body}};
  if (!thread.empty()) content["m.relates_to"] = {{"rel_type", "m.thread"}, {"event_id", thread}};
  if (!answers.empty()) content["m.relates_to"]["m.in_reply_to"]["event_id"] = answers;
  return world_->add(room, {{"type", "m.room.message"}, {"sender", sender}, {"content", content}});
}

std::string FakeMatrix::react(const std::string& room, const std::string& sender, const std::string& target,
                              const std::string& key) {
  std::lock_guard lock(world_->mutex);
  Json content;
  content["m.relates_to"] = {{"rel_type", "m.annotation"}, {"event_id", target}, {"key", key}};
  return world_->add(room, {{"type", "m.reaction"}, {"sender", sender}, {"content", content}});
}

std::vector<std::string> FakeMatrix::sent(const std::string& room) const {
  std::lock_guard lock(world_->mutex);
  std::vector<std::string> out;
  for (const auto& one : world_->log)
    if (one.room == room && one.event["sender"] == world_->options.user && one.event["type"] == "m.room.message")
      out.push_back(one.event["content"].dump());
  return out;
}

std::vector<std::string> FakeMatrix::sent_ids(const std::string& room) const {
  std::lock_guard lock(world_->mutex);
  std::vector<std::string> out;
  for (const auto& one : world_->log)
    if (one.room == room && one.event["sender"] == world_->options.user && one.event["type"] == "m.room.message")
      out.push_back(one.event["event_id"].get<std::string>());
  return out;
}

std::vector<FakeMatrix::Call> FakeMatrix::timeline() const {
  std::lock_guard lock(world_->mutex);
  return world_->calls;
}

std::size_t FakeMatrix::syncs() const {
  std::lock_guard lock(world_->mutex);
  return world_->syncs;
}

std::size_t FakeMatrix::refused_by_limit() const {
  std::lock_guard lock(world_->mutex);
  return world_->limited;
}

std::vector<std::string> FakeMatrix::content_faults() const {
  std::lock_guard lock(world_->mutex);
  return {world_->faults.begin(), world_->faults.end()};
}

bool FakeMatrix::joined(const std::string& room) const {
  std::lock_guard lock(world_->mutex);
  auto it = world_->rooms.find(room);
  return it != world_->rooms.end() && it->second.members.contains(world_->options.user);
}

void FakeMatrix::fail_next(const std::string& what, Reply reply, bool execute_first) {
  std::lock_guard lock(world_->mutex);
  world_->planned.push_back({what, std::move(reply), execute_first});
}

void FakeMatrix::expire_token(bool soft_logout) {
  std::lock_guard lock(world_->mutex);
  world_->token = "expired-" + world_->token;
  world_->soft_logout = soft_logout;
}

void FakeMatrix::limit(std::size_t burst) {
  std::lock_guard lock(world_->mutex);
  world_->left_in_bucket = static_cast<double>(burst);
}

void FakeMatrix::restart() {
  std::lock_guard lock(world_->mutex);
  world_->memory.clear();
}

std::size_t FakeMatrix::logins() const {
  std::lock_guard lock(world_->mutex);
  return world_->logins;
}

std::size_t FakeMatrix::refreshes() const {
  std::lock_guard lock(world_->mutex);
  return world_->refreshes;
}

}  // namespace broadsheet::fakes
