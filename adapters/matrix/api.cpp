#include "adapters/matrix/api.hpp"

#include <nlohmann/json.hpp>

#include "adapters/matrix/outcome.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;
constexpr const char* kClient = "/_matrix/client/v3";
constexpr double kPerSecond = 0.2, kBurst = 10;               // Synapse's default, contracts: Matrix 8
constexpr double kServicePerSecond = 10, kServiceBurst = 20;  // application services are exempt

// Compilers stumble over lists inside co_await expressions; calls are put together in plain functions.
using Query = std::vector<std::pair<std::string, std::string>>;

Query page_query(const Api::Page& page) {
  Query query{{"dir", page.dir}, {"limit", std::to_string(page.limit)}};
  if (!page.from.empty()) query.emplace_back("from", page.from);
  if (!page.to.empty()) query.emplace_back("to", page.to);
  return query;
}

Query whole_event() {
  return {{"format", "event"}};
}

Call join_call(const std::string& room, const std::string& via) {
  Call post{.method = "POST", .path = path_of(std::string(kClient) + "/join", {room}), .body = "{}"};
  if (!via.empty()) post.query.emplace_back("via", via);
  post.timeout = std::chrono::seconds(120);  // remote joins take their time
  return post;
}

Call put_call(std::string path, std::string body) {
  return {.method = "PUT", .path = std::move(path), .body = std::move(body)};
}

Call post_call(std::string path, std::string body) {
  return {.method = "POST", .path = std::move(path), .body = std::move(body)};
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

std::string room_path(const std::string& room, std::string_view rest, const std::string& more) {
  auto out = path_of(std::string(kClient) + "/rooms", {room}) + "/" + std::string(rest);
  return more.empty() ? out : out + "/" + http::percent_encode(more);
}

Api::Api(Session& session, Wire& wire, Clock& clock)
    : session_(session),
      wire_(wire),
      allowance_(clock, session.appservice() ? kServicePerSecond : kPerSecond,
                 session.appservice() ? kServiceBurst : kBurst) {}

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
  Call get{.path = std::move(path), .query = std::move(query), .max_response = max_response};
  auto answer = co_await call(std::move(get));
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
  auto path = room_path(room, "send/" + http::percent_encode(type), transaction);
  Allowance::Place place(allowance_);
  auto answer = co_await call(put_call(std::move(path), std::move(content)));
  if (answer.good()) allowance_.taken();
  if (answer.status == 429) allowance_.refused();
  co_return answer;
}

awaitable<Result<Json>> Api::state(std::string room, std::string type, std::string key) {
  co_return co_await fetch(room_path(room, "state", type) + "/" + http::percent_encode(key), Query());
}

awaitable<Result<Json>> Api::state_event(std::string room, std::string type) {
  co_return co_await fetch(room_path(room, "state", type) + "/", whole_event());
}

awaitable<Result<Json>> Api::event(std::string room, std::string id) {
  co_return co_await fetch(room_path(room, "event", id), Query());
}

awaitable<Result<Json>> Api::messages(Page page) {
  co_return co_await fetch(room_path(page.room, "messages"), page_query(page));
}

awaitable<Result<std::vector<std::string>>> Api::joined_rooms() {
  auto json = co_await fetch(std::string(kClient) + "/joined_rooms", Query());
  if (!json) co_return std::move(json).error();
  const auto* list = list_of(*json, "joined_rooms");
  if (list == nullptr) co_return Error(ErrorKind::transient, "the homeserver's joined_rooms has no list");
  std::vector<std::string> out;
  for (const auto& room : *list)
    if (room.is_string()) out.push_back(room.get<std::string>());
  co_return out;
}

awaitable<Answer> Api::join(std::string room, std::string via) {
  auto answer = co_await call(join_call(room, via));
  if (answer.good()) allowance_.taken();  // Synapse counts the event of a join as a message
  co_return answer;
}

awaitable<Answer> Api::leave(std::string room) {
  co_return co_await call(post_call(room_path(room, "leave"), "{}"));
}

awaitable<void> Api::typing(std::string room) {
  auto path = room_path(room, "typing", session_.tokens().user_id);
  co_await call(put_call(std::move(path), R"({"typing":true,"timeout":30000})"));
}

awaitable<void> Api::receipt(std::string room, std::string event, std::string thread) {
  Json body{{"thread_id", thread.empty() ? "main" : thread}};
  co_await call(post_call(room_path(room, "receipt/m.read", event), dump(body)));
}

}  // namespace broadsheet::matrix
