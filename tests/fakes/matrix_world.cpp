#include "tests/fakes/matrix_world.hpp"

#include <algorithm>
#include <chrono>

#include "bot/http/url.hpp"

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::json;

}  // namespace

Reply matrix_reply(int status, const Json& body) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = body.dump()};
}

Reply matrix_error(int status, const std::string& code, const std::string& text) {
  return matrix_reply(status, {{"errcode", code}, {"error", text}});
}

std::string token_at(std::size_t position) {
  return "s" + std::to_string(position);
}

std::optional<std::size_t> position_of(const std::string& token) {
  if (!token.starts_with('s') || token.size() > 9 || token.find_first_not_of("0123456789", 1) != std::string::npos)
    return std::nullopt;
  return std::stoul(token.substr(1));
}

MatrixWorld::MatrixWorld(FakeMatrixOptions o) : options(std::move(o)), token(options.token) {
  left_in_bucket = static_cast<double>(options.burst);
  if (options.clock == nullptr) options.clock = &system_clock;
  filled = options.clock->steady_now();
}

std::string MatrixWorld::add(const std::string& room, Json event) {
  auto id = "$e" + std::to_string(next_id++);
  event["event_id"] = id;
  event["origin_server_ts"] = options.clock->now().time_since_epoch().count();
  log.push_back({room, std::move(event)});
  return id;
}

Reply MatrixWorld::handle(const Seen& seen) {
  std::lock_guard lock(mutex);
  using Point = FakeMatrix::Point;
  bool message = seen.target.find("/send/") != std::string::npos;
  if (connections.insert(seen.connection).second) pass(Point::connected);
  if (std::exchange(just_answered, message)) pass(Point::answered);
  if (message) pass(Point::arrived);
  auto reply = answer(seen);
  if (message) pass(Point::executed);
  if (message)
    reply.sending = [this] {
      std::lock_guard again(mutex);
      pass(Point::answering);
    };
  auto path = seen.target.substr(0, seen.target.find('?'));
  if (path.ends_with("/sync"))
    ++syncs;
  else
    calls.push_back({options.clock->now(), seen.method, path, reply.status});
  return reply;
}

void MatrixWorld::pass(FakeMatrix::Point point) {
  if (const auto& strike = strikes[point]) strike();
}

Reply MatrixWorld::answer(const Seen& seen) {
  for (auto it = planned.begin(); it != planned.end(); ++it) {
    if ((seen.method + " " + seen.target).find(it->what) == std::string::npos) continue;
    auto fault = *it;
    planned.erase(it);
    if (fault.execute_first) serve(seen);
    return fault.reply;
  }
  return serve(seen);
}

std::optional<MatrixWorld::Request> MatrixWorld::parse(const Seen& seen) {
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

Reply MatrixWorld::serve(const Seen& seen) {
  if (options.oauth && (seen.target.starts_with("/oauth/") || seen.target.ends_with("/auth_metadata")))
    return oauth(seen);
  auto request = parse(seen);
  if (!request || request->path.empty()) return matrix_error(404, "M_UNRECOGNIZED", "Unrecognized request");
  const auto& r = *request;
  if (r.path[0] == "versions") return matrix_reply(200, {{"versions", {"v1.1", "v1.11"}}});
  if (r.path[0] == "auth_metadata") return matrix_error(404, "M_UNRECOGNIZED", "Unrecognized request");
  if (r.is("GET", 1, "login")) return matrix_reply(200, {{"flows", {{{"type", "m.login.password"}}}}});
  if (r.is("POST", 1, "login")) return login(r);
  if (r.is("POST", 1, "refresh")) return refresh(r);
  if (auto refused = unauthorized(seen)) return *refused;
  if (r.path[0] == "rooms" && r.path.size() >= 3) return in_room(r);
  return of_account(r);
}

std::optional<Reply> MatrixWorld::unauthorized(const Seen& seen) const {
  auto it = seen.headers.find("authorization");
  if (it == seen.headers.end()) return matrix_error(401, "M_MISSING_TOKEN", "Missing access token");
  if (!options.as_token.empty() && it->second == "Bearer " + options.as_token) return std::nullopt;
  if (it->second == "Bearer " + token) return std::nullopt;
  return matrix_reply(401, {{"errcode", "M_UNKNOWN_TOKEN"}, {"error", "unknown"}, {"soft_logout", soft_logout}});
}

Json MatrixWorld::new_tokens() {
  token = "tok-" + std::to_string(++next_id);
  refresh_token = "refresh-" + std::to_string(next_id);
  return {{"access_token", token}, {"refresh_token", refresh_token}, {"expires_in_ms", 300000}};
}

Reply MatrixWorld::login(const Request& r) {
  ++logins;
  if (!r.body.is_object()) return matrix_error(400, "M_NOT_JSON", "no");
  bool service = r.body.value("type", "") == "m.login.application_service";
  if (!service && r.body.value("password", "") != options.password)
    return matrix_error(403, "M_FORBIDDEN", "Invalid username or password");
  auto out = new_tokens();
  if (service) out.erase("refresh_token");
  options.device = r.body.value("device_id", "RANDOM");
  out["user_id"] = options.user;
  out["device_id"] = options.device;
  return matrix_reply(200, out);
}

Reply MatrixWorld::refresh(const Request& r) {
  ++refreshes;
  if (!r.body.is_object() || r.body.value("refresh_token", "") != refresh_token)
    return matrix_error(401, "M_UNKNOWN_TOKEN", "Invalid refresh token");
  return matrix_reply(200, new_tokens());
}

Reply MatrixWorld::of_account(const Request& r) {
  if (r.is("GET", 2, "account")) return matrix_reply(200, {{"user_id", options.user}, {"device_id", options.device}});
  if (r.seen->method == "POST" && r.path.back() == "filter") return matrix_reply(200, {{"filter_id", "f1"}});
  if (r.is("GET", 1, "sync")) return sync(r);
  if (r.is("GET", 1, "joined_rooms")) {
    Json list = Json::array();
    for (const auto& [id, room] : rooms)
      if (room.members.contains(options.user)) list.push_back(id);
    return matrix_reply(200, {{"joined_rooms", list}});
  }
  if (r.is("POST", 1, "logout")) {
    token.clear();
    return matrix_reply(200, Json::object());
  }
  if (r.is("POST", 2, "join")) return join(r.path[1]);
  if (r.is("POST", 1, "createRoom")) return create_room(r);
  bool service = !options.as_token.empty();
  if (r.is("POST", 1, "register"))
    return service ? matrix_error(400, "M_USER_IN_USE", "User ID already taken.")
                   : matrix_error(401, "M_UNKNOWN_TOKEN", "Unrecognised access token");
  if (r.is("PUT", 2, "devices")) {
    if (!options.devices_by_put) return matrix_error(404, "M_NOT_FOUND", "no such device");
    options.device = r.path[1];
    return matrix_reply(201, Json::object());
  }
  if (r.path[0] == "appservice" && !service) return matrix_error(403, "M_FORBIDDEN", "not an application service");
  if (r.path[0] == "appservice") return matrix_reply(200, {{"duration_ms", 1}});
  return matrix_error(404, "M_UNRECOGNIZED", "Unrecognized request");
}

Reply MatrixWorld::join(const std::string& id) {
  auto it = rooms.find(id);
  if (it == rooms.end()) return matrix_error(404, "M_UNKNOWN", "no servers");
  if (!invites.contains(id) && !it->second.create.contains("predecessor"))
    return matrix_error(403, "M_FORBIDDEN", "You are not invited to this room.");
  invites.erase(id);
  it->second.members.insert(options.user);
  return matrix_reply(200, {{"room_id", id}});
}

Reply MatrixWorld::create_room(const Request& r) {
  auto id = "!direct" + std::to_string(++next_id) + ":example.org";
  rooms[id].members = {options.user, r.body["invite"][0].get<std::string>()};
  return matrix_reply(200, {{"room_id", id}});
}

Reply MatrixWorld::leave(const std::string& id) {
  auto it = rooms.find(id);
  bool known = invites.erase(id) != 0 || (it != rooms.end() && it->second.members.erase(options.user) != 0);
  return known ? matrix_reply(200, Json::object()) : matrix_error(403, "M_FORBIDDEN", "not in the room");
}

Reply MatrixWorld::sync(const Request& r) {
  std::optional<std::size_t> since;
  if (auto given = r.asked("since"); !given.empty()) {
    since = position_of(given);
    if (!since) return matrix_error(400, "M_UNKNOWN", "Invalid stream token");
  }
  if (auto filter = r.asked("filter"); !filter.empty() && filter != "f1")
    return matrix_error(400, "M_INVALID_PARAM", "No such filter");
  auto now = batch(since);
  if (!since || now.second) return matrix_reply(200, now.first);
  Reply reply = matrix_reply(200, now.first);
  reply.delay = std::chrono::seconds(30);
  reply.poll = [this, since]() -> std::optional<Reply> {
    std::lock_guard lock(mutex);
    auto later = batch(since);
    if (!later.second) return std::nullopt;
    return matrix_reply(200, later.first);
  };
  return reply;
}

// The batch, and whether it says anything.
std::pair<Json, bool> MatrixWorld::batch(std::optional<std::size_t> since) {
  Json out{{"next_batch", token_at(log.size())}};
  bool news = false;
  for (const auto& [room, invited] : invites) {
    if (invited.position < since.value_or(0)) continue;
    out["rooms"]["invite"][room] = invited.state;
    news = true;
  }
  std::map<std::string, std::vector<std::size_t>> by_room;
  for (std::size_t i = since.value_or(0); i < log.size(); ++i)
    if (!log[i].room.empty()) by_room[log[i].room].push_back(i);
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

}  // namespace broadsheet::fakes
