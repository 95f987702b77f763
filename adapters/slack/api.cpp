#include "adapters/slack/api.hpp"

#include <openssl/evp.h>

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::slack {
namespace {

constexpr std::size_t kMaxAnswer = std::size_t{4} << 20;  // a page of history with all metadata
constexpr std::chrono::seconds kTimeout{30};
constexpr std::string_view kJson = "application/json; charset=utf-8";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

std::string base64(const std::string& bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                              reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

http::Request request(std::string url, std::string_view type, std::string body) {
  http::Request out;
  out.method = "POST";
  out.url = std::move(url);
  out.headers = {{"Content-Type", std::string(type)}};
  out.body = std::move(body);
  out.max_response = kMaxAnswer;
  out.total_timeout = kTimeout;
  return out;
}

// A workspace's own, and for what is said somewhere that channel's.
std::vector<std::string> limits_of(const std::string& token, std::string_view method, const std::string& body) {
  std::vector<std::string> out{token};
  if (!method.starts_with("chat.")) return out;
  auto tree = parse_json(body);
  if (auto channel = tree ? text_at(*tree, {"channel"}) : std::string(); !channel.empty())
    out.push_back(token + "/" + channel);
  return out;
}

Answer not_yet(std::chrono::milliseconds wait) {
  Answer out;
  out.kind = AnswerClass::rate_limited;
  out.code = "not asked yet";
  out.retry_after = wait;
  return out;
}

}  // namespace

awaitable<Answer> Api::through_gate(http::Request request, std::string method, std::vector<std::string> whose,
                                    std::string thread) {
  for (const auto& one : whose)
    if (auto wait = gate_.pass(method, one); wait.count() > 0) co_return not_yet(wait);
  auto answer = co_await call(std::move(request), method, std::move(thread));
  // Posts are limited channel by channel, but for the workspace's own sum.
  const auto& limited = answer.code == "message_limit_exceeded" ? whose.front() : whose.back();
  if (answer.kind == AnswerClass::rate_limited && answer.retry_after) gate_.told(method, limited, *answer.retry_after);
  co_return answer;
}

awaitable<Answer> Api::call(http::Request request, std::string method, std::string thread) {
  auto outcome = co_await transport_.send(std::move(request));
  auto answer = classify(outcome, thread);
  if (!answer.ok())
    log::debug(
        "slack_call_failed",
        {{"method", method}, {"class", to_string(answer.kind)}, {"code", answer.code}, {"detail", answer.detail}});
  co_return answer;
}

awaitable<Answer> Api::post(std::string method, std::string token, std::string json, std::string thread) {
  auto whose = limits_of(token, method, json);
  auto r = request(base_ + "/" + method, kJson, std::move(json));
  r.headers.emplace_back("Authorization", "Bearer " + token);
  co_return co_await through_gate(std::move(r), std::move(method), std::move(whose), std::move(thread));
}

awaitable<Answer> Api::read(std::string method, std::string token, Form form) {
  std::erase_if(reading_, [](const auto& one) { return one.second.use_count() == 1; });
  auto& known = reading_[method + " " + token];
  if (!known) known = std::make_shared<async::AsyncMutex>(co_await boost::asio::this_coro::executor);
  auto turn = known;
  auto guard = co_await turn->lock();
  auto r = request(base_ + "/" + method, kForm, encode_form(form));
  r.headers.emplace_back("Authorization", "Bearer " + token);
  co_return co_await through_gate(std::move(r), std::move(method), {token}, {});
}

awaitable<Answer> Api::exchange(std::string method, std::string id, std::string secret, Form form) {
  auto r = request(base_ + "/" + method, kForm, encode_form(form));
  r.headers.emplace_back("Authorization", "Basic " + base64(id + ":" + secret));
  co_return co_await call(std::move(r), std::move(method), {});
}

awaitable<Answer> Api::respond(std::string url, std::string json) {
  auto outcome = co_await transport_.send(request(std::move(url), kJson, std::move(json)));
  // A response_url answers "ok" as text; everything else is judged like a call.
  constexpr int kOk = 200, kServerError = 500;
  bool accepted =
      outcome && outcome.response().status == kOk && outcome.response().body.find("\"ok\":false") == std::string::npos;
  Answer out = classify(outcome);
  if (accepted) out = Answer{AnswerClass::success, {}, {}, {}, {}, {}};
  // 404 "used_url", "expired_url": dead for good.
  else if (outcome && outcome.response().status >= 400 && outcome.response().status < kServerError &&
           out.kind != AnswerClass::rate_limited)
    out.kind = AnswerClass::message;
  co_return out;
}

}  // namespace broadsheet::slack
