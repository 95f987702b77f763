#include "adapters/matrix/direct_rooms.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/matrix/outcome.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;

Call create_call(const std::string& user) {
  Json body{{"preset", "trusted_private_chat"}, {"is_direct", true}};
  body["invite"] = Json::array({user});
  return {.method = "POST", .path = "/_matrix/client/v3/createRoom", .body = dump(body)};
}

Error not_created(const Answer& answer) {
  auto said = "no direct room: " + explain(answer.status, answer.body);
  if (answer.status == 0) return {answer.lost.error.kind(), "no direct room: " + answer.lost.error.what()};
  if (answer.status == 429) {
    Error error(ErrorKind::rate_limited, said);
    error.retry_after(wait_of({answer.status, answer.headers, answer.body}));
    return error;
  }
  return {answer.status >= 500 ? ErrorKind::transient : ErrorKind::refused, said};
}

}  // namespace

// Somebody who left, declined or was banned reads nothing there, and plain text never goes into an encrypted room.
awaitable<Result<bool>> DirectRooms::reaches(std::string room, std::string user) {
  auto joined = co_await api_.joined_rooms();
  if (!joined) co_return std::move(joined).error();
  if (std::find(joined->begin(), joined->end(), room) == joined->end()) co_return false;
  auto member = co_await api_.state(room, "m.room.member", user);
  if (!member && member.error().kind() != ErrorKind::not_found && member.error().kind() != ErrorKind::not_allowed)
    co_return std::move(member).error();
  auto standing = member ? text_at(*member, {"membership"}) : std::string();
  if (standing != "join" && standing != "invite") co_return false;
  auto encrypted = co_await rooms_.encrypted(room);
  if (!encrypted) co_return std::move(encrypted).error();
  co_return !*encrypted;
}

awaitable<Result<std::string>> DirectRooms::with(std::string user) {
  auto name = "matrix.direct." + user;
  auto known = co_await doors_.state.get(name);
  if (!known) co_return std::move(known).error();
  if (*known && !(*known)->empty()) {
    auto good = co_await reaches(**known, user);
    if (!good) co_return std::move(good).error();
    if (*good) co_return **known;
    log::info("matrix.direct_room_given_up", {{"room", **known}, {"user", user}});
  }
  auto room = co_await create(user);
  if (!room) co_return std::move(room).error();
  if (auto kept = co_await doors_.state.put(name, *room); !kept) co_return std::move(kept).error();
  co_return room;
}

awaitable<Result<std::string>> DirectRooms::create(std::string user) {
  auto answer = co_await api_.call(create_call(user));
  auto json = answer.good() ? parse_object(answer.body) : std::nullopt;
  auto room = json ? text_at(*json, {"room_id"}) : std::string();
  if (room.empty()) co_return not_created(answer);
  co_return room;
}

}  // namespace broadsheet::matrix
