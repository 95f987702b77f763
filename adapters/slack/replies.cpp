#include "adapters/slack/replies.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::slack {
namespace {

using adapters::RefusalClass;
using adapters::Refused;
using adapters::ReplyRequest;
using adapters::SendOutcome;
using adapters::Sent;
using model::ReplyTo;
using nlohmann::json;

constexpr int kUses = 5;
constexpr std::chrono::minutes kLife{29};  // Slack: 30, counted from its own clock

// Our body with members of the address in front: {"channel":"C1","text":…
std::string with(const json& head, const std::string& body) {
  auto out = dump(head);
  out.pop_back();
  return out + (out.size() > 1 ? "," : "") + body.substr(1);
}

// No conversation with that person can be had; about the workspace and the message it says nothing.
bool cannot_be_written_to(const Answer& answer) {
  constexpr std::array<std::string_view, 5> kCodes = {"missing_scope", "cannot_dm_bot", "user_disabled",
                                                      "user_not_found", "users_not_found"};
  bool person = std::find(kCodes.begin(), kCodes.end(), answer.code) != kCodes.end();
  return answer.kind == AnswerClass::destination || (!answer.ok() && person);
}

SendOutcome sent_as(const Answer& answer, std::string_view method, std::string_view id) {
  if (!answer.ok()) return failed_send(answer, method);
  auto tree = parse_json(answer.body);
  auto ts = tree ? text_at(*tree, {"ts"}) : std::string();
  if (ts.empty() && tree) ts = text_at(*tree, {"message_ts"});
  return Sent{model::RemoteId(std::string(id) + ts)};
}

}  // namespace

Replies::Replies(Api& api, Clock& clock, std::vector<std::string> origins)
    : api_(api), clock_(clock), origins_(std::move(origins)), started_(clock.now()) {}

bool Replies::allowed(const std::string& url) const {
  auto parsed = http::parse_url(url);
  return parsed && std::find(origins_.begin(), origins_.end(), parsed->origin()) != origins_.end();
}

int Replies::uses_left(const ReplyTo& to) const {
  bool dead = to.handle.empty() || to.received < started_ || clock_.now() - to.received > kLife;
  if (dead || !allowed(to.handle)) return 0;
  auto found = spent_.find(to.handle);
  return found == spent_.end() ? kUses : kUses - found->second.uses;
}

// Counted before the request leaves: a lost answer may have been a use.
awaitable<std::optional<Answer>> Replies::use(ReplyTo to, std::string body, std::string_view type) {
  auto now = clock_.now();
  std::erase_if(spent_, [now](const auto& entry) { return now - entry.second.received > 2 * kLife; });
  if (uses_left(to) <= 0) co_return std::nullopt;
  auto& spent = spent_[to.handle];
  spent.received = to.received;
  ++spent.uses;
  json head = {{"response_type", type}, {"replace_original", false}};
  if (!to.thread.empty()) head["thread_ts"] = to.thread.str();
  co_return co_await api_.respond(to.handle, with(head, body));
}

awaitable<SendOutcome> Replies::privately(ReplyRequest request, std::string token) {
  const auto& to = request.to;
  const auto& body = request.message.body;
  if (auto answer = co_await use(to, body, "ephemeral")) {
    // What Slack refuses may still go another way; what it may have shown must not be shown again.
    if (answer->kind != AnswerClass::message) co_return sent_as(*answer, "response_url", "response");
  }
  Answer answer;
  if (!to.direct) {
    json head = {{"channel", to.target.place}, {"user", to.who.id}};
    if (!to.thread.empty()) head["thread_ts"] = to.thread.str();
    answer = co_await api_.post("chat.postEphemeral", token, with(head, body));
    if (answer.kind != AnswerClass::destination) co_return sent_as(answer, "chat.postEphemeral", "ephemeral:");
  }
  // A user id opens the conversation with that person.
  json head = {{"channel", to.direct && to.handle.empty() ? to.target.place : to.who.id},
               {"unfurl_links", false},
               {"unfurl_media", false}};
  if (to.direct && !to.thread.empty()) head["thread_ts"] = to.thread.str();
  answer = co_await api_.post("chat.postMessage", token, with(head, body));
  if (cannot_be_written_to(answer))
    co_return Refused{RefusalClass::private_undeliverable, "Slack says " + answer.code,
                      "open a chat with the app and ask there", std::nullopt};
  co_return sent_as(answer, "chat.postMessage", {});
}

awaitable<std::optional<SendOutcome>> Replies::publicly(ReplyTo to, std::string body) {
  auto answer = co_await use(std::move(to), std::move(body), "in_channel");
  if (!answer) co_return std::nullopt;
  co_return sent_as(*answer, "response_url", "response");
}

}  // namespace broadsheet::slack
