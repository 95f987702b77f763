#include "adapters/telegram/api.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/common/json.hpp"
#include "adapters/telegram/text.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::dump;
using adapters::member;
using adapters::number_at;
using adapters::text_at;
using adapters::true_at;
using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kDeadline = seconds(30);
constexpr std::size_t kLongestDescription = 200;
constexpr std::int64_t kLongestWait = 7LL * 24 * 3600;  // seconds

// Of an answer that echoes the message with all its entities nothing but members of these levels is wanted.
constexpr std::size_t kUpperLevels = 2;

std::int64_t number(const json& j, adapters::Path path) {
  return number_at(j, path).value_or(0);
}
bool flag(const json& j, std::string_view name, bool missing) {
  const auto* found = member(j, {name});
  return found != nullptr && found->is_boolean() ? found->get<bool>() : missing;
}

// What the other side wrote, for people: bounded, printable, without our token whatever it echoes.
std::string shown(std::string text, const std::string& token) {
  for (auto at = token.empty() ? std::string::npos : text.find(token); at != std::string::npos; at = text.find(token))
    text.replace(at, token.size(), "(token)");
  return text::ellipsize(text::collapse_space(clean(text)), kLongestDescription);
}

std::optional<milliseconds> wait_of(std::int64_t waited) {
  if (waited < 0) return std::nullopt;
  return seconds(std::min(waited, kLongestWait));
}

std::optional<milliseconds> wait_header(const http::Response& response) {
  auto value = http::header(response.headers, "Retry-After");
  std::int64_t waited = -1;
  auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), waited);
  if (value.empty() || error != std::errc() || end != value.data() + value.size()) return std::nullopt;
  return wait_of(waited);
}

Failure refusal(const http::Response& response, const json& body, const std::string& token) {
  Failure out;
  out.answered = true;
  out.reached = http::Reached::sent;
  auto code = number(body, {"error_code"});
  out.code = code >= 400 && code < 600 ? static_cast<int>(code) : response.status;
  out.description = shown(text_at(body, {"description"}), token);
  if (member(body, {"parameters", "retry_after"}) != nullptr)
    out.retry_after = wait_of(number(body, {"parameters", "retry_after"}));
  if (!out.retry_after) out.retry_after = wait_header(response);
  if (auto id = number(body, {"parameters", "migrate_to_chat_id"}); id != 0) out.migrate_to = std::to_string(id);
  return out;
}

Answer<json> read_answer(const http::Response& response, const std::string& token, bool shallow) {
  // Many people's updates come in one answer: none of them may make it unreadable, or it would come again for ever.
  auto read = adapters::parse_json_parts(response.body, shallow ? kUpperLevels : adapters::kDeepestJson);
  auto body = read ? std::move(*read) : json();
  if (body.is_object() && true_at(body, {"ok"}) && body.contains("result") && response.status / 100 == 2)
    return std::move(body["result"]);
  bool refused = body.is_object() && body.contains("ok") && !flag(body, "ok", true);
  if (refused || response.status / 100 != 2) return refusal(response, body, token);
  // A 200 that is not an answer tells nothing about what was done (design: reliability 2).
  Failure unclear;
  unclear.reached = http::Reached::sent;
  unclear.code = response.status;
  unclear.description = "an answer that is not the Bot API's";
  return unclear;
}

std::string chat_body(const std::string& chat) {
  return dump({{"chat_id", chat}});
}

template <class T, class Read>
Answer<T> as(const Answer<json>& answer, const Read& read) {
  if (!answer) return answer.failure();
  return read(*answer);
}

Answer<bool> as_done(const Answer<json>& answer) {
  return as<bool>(answer, [](const json&) { return true; });
}
Answer<Message> as_message(const Answer<json>& answer) {
  return as<Message>(answer, [](const json& j) { return Message{number(j, {"message_id"}), text_at(j, {"text"})}; });
}

constexpr std::array<std::string_view, 6> kUpdates = {
    "message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member"};

}  // namespace

std::string Failure::text() const {
  auto out = code == 0 ? std::string() : std::to_string(code) + " ";
  return out + (description.empty() ? "without a reason" : description);
}

bool Failure::says(std::string_view words) const {
  return text::lower_ascii(description).find(text::lower_ascii(words)) != std::string::npos;
}

std::string allowed_updates() {
  return dump(json(kUpdates));
}

Api::Api(http::Transport& transport, std::string base_url, const config::Secret& token)
    : transport_(transport), base_url_(std::move(base_url)), token_(token) {
  while (base_url_.ends_with('/')) base_url_.pop_back();
}

awaitable<Answer<json>> Api::call(std::string_view method, std::string body, milliseconds deadline, bool shallow) {
  http::Request request;
  request.method = "POST";
  request.url = base_url_ + "/bot" + token_.reveal() + "/" + std::string(method);
  request.headers = {{"Content-Type", "application/json"}};
  request.body = std::move(body);
  request.connect_timeout = deadline;
  request.total_timeout = deadline + seconds(5);
  auto outcome = co_await transport_.send(std::move(request));
  if (outcome) co_return read_answer(outcome.response(), token_.reveal(), shallow);
  Failure failure;
  failure.reached = outcome.failure().reached;
  failure.description = shown(outcome.failure().error.what(), token_.reveal());
  co_return failure;
}

awaitable<Answer<Message>> Api::send_message(std::string request) {
  co_return as_message(co_await call("sendMessage", std::move(request), kDeadline, true));
}
awaitable<Answer<Message>> Api::edit_message_text(std::string request) {
  co_return as_message(co_await call("editMessageText", std::move(request), kDeadline, true));
}
awaitable<Answer<Message>> Api::edit_message_reply_markup(std::string request) {
  co_return as_message(co_await call("editMessageReplyMarkup", std::move(request), kDeadline, true));
}
awaitable<Answer<bool>> Api::answer_callback_query(std::string id) {
  co_return as_done(co_await call("answerCallbackQuery", dump({{"callback_query_id", id}}), seconds(10)));
}
awaitable<Answer<bool>> Api::send_chat_action(std::string chat, std::string topic) {
  json body = {{"chat_id", chat}, {"action", "typing"}};
  if (!topic.empty() && topic != "1") body["message_thread_id"] = topic;
  co_return as_done(co_await call("sendChatAction", dump(body), seconds(10)));
}

awaitable<Answer<std::vector<RawUpdate>>> Api::get_updates(std::int64_t offset, seconds timeout, int limit) {
  json body = {{"timeout", timeout.count()}, {"limit", limit}, {"allowed_updates", kUpdates}};
  if (offset != 0) body["offset"] = offset;
  // The server answers within `timeout`; the reader waits a little longer (contracts: Telegram 2.2).
  auto answer = co_await call("getUpdates", dump(body), timeout + seconds(10));
  co_return as<std::vector<RawUpdate>>(answer, [](const json& j) {
    std::vector<RawUpdate> out;
    if (!j.is_array()) return out;
    for (const auto& update : j) out.push_back({number(update, {"update_id"}), dump(update)});
    return out;
  });
}

awaitable<Answer<bool>> Api::set_webhook(std::string url, std::string secret) {
  json body = {{"url", url}, {"allowed_updates", kUpdates}};
  if (!secret.empty()) body["secret_token"] = secret;
  co_return as_done(co_await call("setWebhook", dump(body), kDeadline));
}
awaitable<Answer<bool>> Api::delete_webhook() {
  co_return as_done(co_await call("deleteWebhook", dump({{"drop_pending_updates", false}}), kDeadline));
}
awaitable<Answer<Webhook>> Api::get_webhook_info() {
  co_return as<Webhook>(co_await call("getWebhookInfo", "{}", kDeadline), [](const json& j) {
    return Webhook{text_at(j, {"url"}), shown(text_at(j, {"last_error_message"}), {}),
                   number(j, {"pending_update_count"})};
  });
}
awaitable<Answer<Me>> Api::get_me() {
  co_return as<Me>(co_await call("getMe", "{}", kDeadline), [](const json& j) {
    return Me{number(j, {"id"}), text_at(j, {"username"}), true_at(j, {"can_read_all_group_messages"})};
  });
}
awaitable<Answer<Chat>> Api::get_chat(std::string chat) {
  co_return as<Chat>(co_await call("getChat", chat_body(chat), kDeadline), [](const json& j) {
    return Chat{text_at(j, {"type"}), shown(text_at(j, {"title"}), {}), true_at(j, {"is_forum"})};
  });
}
awaitable<Answer<Member>> Api::get_chat_member(std::string chat, std::string user) {
  json body = {{"chat_id", chat}, {"user_id", user}};
  co_return as<Member>(co_await call("getChatMember", dump(body), kDeadline), [](const json& j) {
    auto status = text_at(j, {"status"});
    bool restricted = status == "restricted";
    return Member{status, flag(j, "is_member", !restricted), !restricted || true_at(j, {"can_send_messages"}),
                  status == "creator" || true_at(j, {"can_post_messages"})};
  });
}
awaitable<Answer<bool>> Api::set_my_commands(std::vector<Command> commands, std::string scope, std::string language) {
  json list = json::array();
  for (const auto& c : commands) list.push_back({{"command", c.name}, {"description", c.description}});
  json body = {{"commands", std::move(list)}, {"scope", {{"type", scope}}}};
  if (!language.empty()) body["language_code"] = language;
  co_return as_done(co_await call("setMyCommands", dump(body), kDeadline));
}

}  // namespace broadsheet::telegram
