#include "adapters/matrix/rooms.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace broadsheet::matrix {
namespace {

using async::awaitable;

constexpr std::chrono::minutes kKnownFor{5};
constexpr std::size_t kMostRooms = 10000, kMostThreads = 5000;
constexpr std::size_t kMemberList = std::size_t{1} << 20;

Call member_list(const std::string& room) {
  return {.path = room_path(room, "joined_members"), .max_response = kMemberList};
}

}  // namespace

std::int64_t Power::of(const std::string& user) const {
  if (creators.contains(user)) return std::numeric_limits<std::int64_t>::max();
  auto it = users.find(user);
  return it == users.end() ? users_default : it->second;
}

Power read_power(const Json& levels, const Json& create, const std::string& creator) {
  Power out;
  out.users_default = number_at(levels, {"users_default"}).value_or(0);
  out.state_default = number_at(levels, {"state_default"}).value_or(50);
  out.events_default = number_at(levels, {"events_default"}).value_or(0);
  out.invite = number_at(levels, {"invite"}).value_or(0);
  if (const auto* users = object_of(levels, "users"))
    for (const auto& [user, level] : users->items())
      if (level.is_number_integer()) out.users[user] = level.get<std::int64_t>();
  auto version = text_at(create, {"room_version"});
  if (version.empty() || version.size() == 1 || version == "10" || version == "11") return out;
  if (!creator.empty()) out.creators.insert(creator);
  if (const auto* more = list_of(create, "additional_creators"))
    for (const auto& user : *more)
      if (user.is_string()) out.creators.insert(user.get<std::string>());
  return out;
}

Rooms::Room& Rooms::room(const std::string& id) {
  if (rooms_.size() >= kMostRooms && !rooms_.contains(id)) rooms_.clear();
  return rooms_[id];
}

const Power* Rooms::known_power(const std::string& id) {
  auto& entry = room(id);
  return entry.power && entry.power_until > clock_.steady_now() ? &*entry.power : nullptr;
}

const Members* Rooms::known_members(const std::string& id) {
  auto& entry = room(id);
  return entry.members && entry.members_until > clock_.steady_now() ? &*entry.members : nullptr;
}

awaitable<Result<bool>> Rooms::encrypted(std::string id) {
  if (auto known = room(id).encrypted) co_return *known;
  auto state = co_await api_.state(id, "m.room.encryption");
  if (!state && state.error().kind() != ErrorKind::not_found) co_return std::move(state).error();
  auto& entry = room(id);
  if (!entry.encrypted) entry.encrypted = state.has_value();
  co_return *entry.encrypted;
}

awaitable<Result<Power>> Rooms::power(std::string id) {
  const auto* known = known_power(id);
  if (known != nullptr) co_return *known;
  auto levels = co_await api_.state(id, "m.room.power_levels");
  if (!levels && levels.error().kind() != ErrorKind::not_found) co_return std::move(levels).error();
  // The whole event, for its sender: version 12 names the first creator nowhere else. Older servers ignore `format`.
  auto create = co_await api_.state_event(id, "m.room.create");
  if (!create && create.error().kind() != ErrorKind::not_found) co_return std::move(create).error();
  Json event = create ? *create : Json::object();
  const auto* content = object_of(event, "content");
  auto power =
      read_power(levels ? *levels : Json::object(), content == nullptr ? event : *content, text_at(event, {"sender"}));
  room(id).power = power;
  room(id).power_until = clock_.steady_now() + kKnownFor;
  co_return power;
}

awaitable<Result<Members>> Rooms::members(std::string id) {
  const auto* known = known_members(id);
  if (known != nullptr) co_return *known;
  auto answer = co_await api_.call(member_list(id));
  Members out;
  if (answer.good()) {
    auto json = parse_object(answer.body);
    const auto* joined = json ? object_of(*json, "joined") : nullptr;
    if (joined == nullptr) co_return Error(ErrorKind::transient, "the homeserver's joined_members has no list");
    for (const auto& [user, profile] : joined->items()) out.joined.insert(user);
  } else if (answer.status == 0 && answer.lost.reached == http::Reached::sent) {
    out.many = true;  // the list was longer than a megabyte, or did not come: either way not a small room
  } else if (answer.status == 0) {
    co_return answer.lost.error;
  } else {
    co_return Error(answer.status == 403 ? ErrorKind::not_allowed : ErrorKind::transient, "no member list");
  }
  room(id).members = out;
  room(id).members_until = clock_.steady_now() + kKnownFor;
  co_return out;
}

awaitable<bool> Rooms::direct(std::string id) {
  auto known = co_await members(id);
  if (!known || known->many || known->joined.size() != 2) co_return false;
  co_return !co_await named(std::move(id));
}

awaitable<bool> Rooms::named(std::string id) {
  if (auto known = room(id).named) co_return *known;
  auto name = co_await api_.state(id, "m.room.name");
  if (!name && name.error().kind() != ErrorKind::not_found) co_return false;
  room(id).named = name && !text_at(*name, {"name"}).empty();
  co_return *room(id).named;
}

void Rooms::changed(const std::string& id) {
  auto it = rooms_.find(id);
  if (it == rooms_.end()) return;
  it->second.power.reset();
  it->second.members.reset();
  it->second.named.reset();
}

std::string Rooms::latest(const std::string& root) const {
  auto it = latest_.find(root);
  return it == latest_.end() ? std::string() : it->second;
}

void Rooms::sent_in_thread(const std::string& root, const std::string& event) {
  if (latest_.size() >= kMostThreads && !latest_.contains(root)) latest_.clear();
  latest_[root] = event;
}

}  // namespace broadsheet::matrix
