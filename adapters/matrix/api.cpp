#include "adapters/matrix/api.hpp"

#include <nlohmann/json.hpp>

#include "adapters/matrix/outcome.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;
constexpr const char* kClient = "/_matrix/client/v3";

std::string room_path(const std::string& room, std::vector<std::string> rest) {
  rest.insert(rest.begin(), room);
  return path_of(std::string(kClient) + "/rooms", rest);
}

bool soft_logout(const Answer& answer) {
  auto json = parse_object(answer.body);
  return json && json->value("soft_logout", Json()) == true;
}

ErrorKind kind_of(int status) {
  if (status == 404) return ErrorKind::not_found;
  if (status == 403) return ErrorKind::not_allowed;
  if (status == 429) return ErrorKind::rate_limited;
  return status >= 500 || status < 400 ? ErrorKind::transient : ErrorKind::refused;
}

}  // namespace

awaitable<Answer> Api::call(Call call) {
  auto identity = session_.identity();
  call.query.insert(call.query.end(), identity.begin(), identity.end());
  if (session_.nearly_expired()) {
    // A failure here is no news yet: the old token may still be good.
    auto early = co_await session_.renew(session_.tokens().access, false);
    (void)early;
  }
  auto token = session_.tokens().access;
  auto answer = co_await wire_.exchange(call, token);
  if (answer.status != 401) co_return answer;
  Circumstances now{.have_refresh_token = session_.can_refresh(), .can_login = session_.can_login()};
  auto why = classify(answer.status, answer.body, now);
  if (why == ErrorClass::account_paused || why == ErrorClass::bug) co_return answer;
  auto renewed = co_await session_.renew(token, soft_logout(answer));
  if (!renewed) {
    if (session_.lost().empty()) {  // the renewal may work later: nothing is known about this request but that
      answer.status = 0;
      answer.lost = {std::move(renewed).error(), http::Reached::not_sent};
    }
    co_return answer;
  }
  co_return co_await wire_.exchange(std::move(call), session_.tokens().access);
}

awaitable<Result<Json>> Api::fetch(std::string path, std::vector<std::pair<std::string, std::string>> query,
                                   std::size_t max_response) {
  auto answer =
      co_await call({.path = std::move(path), .query = std::move(query), .max_response = max_response});
  if (answer.status == 0) co_return answer.lost.error;
  if (!answer.good()) {
    Error error(kind_of(answer.status), explain(answer.status, answer.body));
    if (answer.status == 429) error.retry_after(wait_of({answer.status, answer.headers, answer.body}));
    co_return error;
  }
  auto json = parse_object(answer.body);
  if (!json) co_return Error(ErrorKind::transient, "the homeserver's answer is no JSON object");
  co_return std::move(*json);
}

awaitable<Answer> Api::put_event(std::string room, std::string type, std::string transaction, std::string content) {
  Call put{.method = "PUT", .path = room_path(room, {"send", type, transaction}), .body = std::move(content)};
  co_return co_await call(std::move(put));
}

awaitable<Result<Json>> Api::state(std::string room, std::string type) {
  co_return co_await fetch(room_path(room, {"state", type, ""}), {});
}

awaitable<Result<Json>> Api::event(std::string room, std::string id) {
  co_return co_await fetch(room_path(room, {"event", id}), {});
}

awaitable<Result<Json>> Api::messages(Page page) {
  std::vector<std::pair<std::string, std::string>> query{{"dir", page.dir}, {"limit", std::to_string(page.limit)}};
  if (!page.from.empty()) query.emplace_back("from", page.from);
  if (!page.to.empty()) query.emplace_back("to", page.to);
  co_return co_await fetch(room_path(page.room, {"messages"}), std::move(query));
}

awaitable<Result<std::vector<std::string>>> Api::joined_rooms() {
  auto json = co_await fetch(std::string(kClient) + "/joined_rooms", {});
  if (!json) co_return std::move(json).error();
  const auto* list = list_of(*json, "joined_rooms");
  if (list == nullptr) co_return Error(ErrorKind::transient, "the homeserver's joined_rooms has no list");
  std::vector<std::string> out;
  for (const auto& room : *list)
    if (room.is_string()) out.push_back(room.get<std::string>());
  co_return out;
}

awaitable<Answer> Api::join(std::string room, std::string via) {
  Call post{.method = "POST", .path = path_of(std::string(kClient) + "/join", {room}), .body = "{}"};
  if (!via.empty()) post.query.emplace_back("via", via);
  post.timeout = std::chrono::seconds(120);  // remote joins take their time
  co_return co_await call(std::move(post));
}

awaitable<Answer> Api::leave(std::string room) {
  co_return co_await call({.method = "POST", .path = room_path(room, {"leave"}), .body = "{}"});
}

awaitable<void> Api::typing(std::string room) {
  auto path = room_path(room, {"typing", session_.tokens().user_id});
  co_await call({.method = "PUT", .path = std::move(path), .body = R"({"typing":true,"timeout":30000})"});
}

awaitable<void> Api::receipt(std::string room, std::string event, std::string thread) {
  auto body = dump(Json{{"thread_id", thread.empty() ? "main" : thread}});
  co_await call({.method = "POST", .path = room_path(room, {"receipt", "m.read", event}), .body = std::move(body)});
}

}  // namespace broadsheet::matrix
