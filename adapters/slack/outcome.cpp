#include "adapters/slack/outcome.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::slack {
namespace {

using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::SendOutcome;
using adapters::Unknown;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::array<std::string_view, 10> kNames = {"success",          "unthreaded",
                                                     "rate_limited",     "permanent_destination",
                                                     "permanent_thread", "permanent_installation",
                                                     "refresh_token",    "permanent_message",
                                                     "transient",        "ambiguous"};

struct Code {
  std::string_view code;
  AnswerClass kind;
};
// The table of section 9; what is not here is a message that is never sent again in this form.
constexpr std::array kCodes = {
    Code{"ratelimited", AnswerClass::rate_limited},
    Code{"rate_limited", AnswerClass::rate_limited},
    Code{"message_limit_exceeded", AnswerClass::rate_limited},
    Code{"channel_not_found", AnswerClass::destination},
    Code{"is_archived", AnswerClass::destination},
    Code{"not_in_channel", AnswerClass::destination},
    Code{"user_not_in_channel", AnswerClass::destination},
    Code{"user_not_found", AnswerClass::destination},
    Code{"user_disabled", AnswerClass::destination},
    Code{"cannot_dm_bot", AnswerClass::destination},
    Code{"ekm_access_denied", AnswerClass::destination},
    Code{"messages_tab_disabled", AnswerClass::destination},
    Code{"no_permission", AnswerClass::destination},
    Code{"restricted_action_thread_locked", AnswerClass::thread},
    Code{"cannot_reply_to_message", AnswerClass::thread},
    Code{"thread_not_found", AnswerClass::thread},
    Code{"invalid_auth", AnswerClass::installation},
    Code{"not_authed", AnswerClass::installation},
    Code{"account_inactive", AnswerClass::installation},
    Code{"token_revoked", AnswerClass::installation},
    Code{"missing_scope", AnswerClass::installation},
    Code{"not_allowed_token_type", AnswerClass::installation},
    Code{"team_access_not_granted", AnswerClass::installation},
    Code{"access_denied", AnswerClass::installation},
    Code{"accesslimited", AnswerClass::installation},
    Code{"two_factor_setup_required", AnswerClass::installation},
    Code{"enterprise_is_restricted", AnswerClass::installation},
    Code{"org_login_required", AnswerClass::installation},
    Code{"token_expired", AnswerClass::token},
    Code{"service_unavailable", AnswerClass::transient},
    Code{"team_added_to_org", AnswerClass::transient},
    Code{"request_timeout", AnswerClass::transient},
    Code{"internal_error", AnswerClass::ambiguous},
    Code{"fatal_error", AnswerClass::ambiguous},
};

AnswerClass class_of(std::string_view code) {
  const auto* found =
      std::find_if(kCodes.begin(), kCodes.end(), [code](const Code& known) { return known.code == code; });
  if (found != kCodes.end()) return found->kind;
  return code.starts_with("restricted_action") ? AnswerClass::destination : AnswerClass::message;
}

// Retry-After in seconds; 30 s of our own without one (contracts: Slack 8). Absurd values are obeyed and reported.
milliseconds wait_of(const http::Headers& headers, std::string_view code) {
  constexpr seconds kOwn{30}, kWorkspace{300}, kAbsurd{3600};
  constexpr std::int64_t kMost = std::int64_t{7} * 24 * 3600;
  auto value = http::header(headers, "retry-after");
  std::int64_t told = -1;
  auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), told);
  bool good = ec == std::errc() && end == value.data() + value.size() && told >= 0;
  if (!good) return code == "message_limit_exceeded" ? kWorkspace : kOwn;
  if (seconds(told) > kAbsurd) log::warning("slack.long_retry_after", {{"seconds", told}});
  // A zero would let us come back at once.
  return seconds(std::clamp<std::int64_t>(told, 1, kMost));
}

std::string details(const nlohmann::json& tree) {
  auto out = text_at(tree, {"needed"});
  const auto* messages = member(tree, {"response_metadata", "messages"});
  if (messages == nullptr || !messages->is_array()) return out.substr(0, 300);
  for (const auto& message : *messages)
    if (message.is_string()) out += (out.empty() ? "" : "; ") + message.get<std::string>();
  return out.substr(0, 300);
}

Answer failed(AnswerClass kind, std::string code) {
  Answer out;
  out.kind = kind;
  out.code = std::move(code);
  return out;
}

Answer classify_failure(const http::TransportError& failure) {
  // A server cannot act on a body that is shorter than its Content-Length (design: reliability 2).
  bool surely_not = failure.reached != http::Reached::sent;
  return failed(surely_not ? AnswerClass::transient : AnswerClass::ambiguous, failure.error.what());
}

Answer classify_json(const http::Response& response, const nlohmann::json& tree, std::string_view thread) {
  const auto* ok = member(tree, {"ok"});
  if (ok == nullptr || !ok->is_boolean()) return failed(AnswerClass::ambiguous, "an answer without ok");
  Answer out;
  out.scopes = http::header(response.headers, "x-oauth-scopes");
  if (!ok->get<bool>()) {
    out.code = text_at(tree, {"error"}).substr(0, 100);
    out.kind = class_of(out.code);
    out.detail = details(tree);
    if (out.kind == AnswerClass::rate_limited) out.retry_after = wait_of(response.headers, out.code);
    return out;
  }
  if (auto warning = text_at(tree, {"warning"}); !warning.empty())
    log::warning("slack.warning", {{"warning", warning.substr(0, 200)}});
  out.kind = AnswerClass::success;
  // The parent was deleted: Slack posts at top level and only this missing field tells (contracts: Slack 9).
  if (!thread.empty() && text_at(tree, {"message", "thread_ts"}) != thread) out.kind = AnswerClass::unthreaded;
  out.body = response.body;
  return out;
}

}  // namespace

std::string_view to_string(AnswerClass answer) {
  return kNames.at(static_cast<std::size_t>(answer));
}

Error Answer::error(std::string_view method) const {
  auto what = std::string(method) + ": " + code + (detail.empty() ? "" : " (" + detail + ")");
  switch (kind) {
    case AnswerClass::rate_limited: {
      Error out(ErrorKind::rate_limited, std::move(what));
      if (retry_after) out.retry_after(*retry_after);
      return out;
    }
    case AnswerClass::installation:
    case AnswerClass::token:
      return {ErrorKind::not_allowed, std::move(what)};
    case AnswerClass::transient:
    case AnswerClass::ambiguous:
      return {ErrorKind::transient, std::move(what)};
    default:
      return {ErrorKind::refused, std::move(what)};
  }
}

Answer classify(const http::Outcome& outcome, std::string_view thread) {
  constexpr int kTooMany = 429, kServerError = 500, kOk = 200, kRedirect = 300, kClientError = 400;
  if (!outcome) return classify_failure(outcome.failure());
  const auto& response = outcome.response();
  auto status = "HTTP " + std::to_string(response.status);
  if (response.status == kTooMany) {
    auto out = failed(AnswerClass::rate_limited, "ratelimited");
    out.retry_after = wait_of(response.headers, out.code);
    return out;
  }
  if (response.status >= kServerError || response.status < kOk) return failed(AnswerClass::ambiguous, status);
  // Never followed with a token: the configured address is wrong, or somebody is in between.
  if (response.status >= kRedirect && response.status < kClientError)
    return failed(AnswerClass::installation, status + ", a redirect");
  auto tree = parse_json(response.body);
  if (!tree)
    return failed(response.status >= kClientError ? AnswerClass::message : AnswerClass::ambiguous,
                  status + " without JSON");
  return classify_json(response, *tree, thread);
}

Refused refusal(const Answer& answer) {
  auto why = "Slack says " + answer.code + (answer.detail.empty() ? "" : " (" + answer.detail + ")");
  if (answer.kind == AnswerClass::installation || answer.kind == AnswerClass::token) {
    std::string fix = answer.code == "missing_scope" ? "add the scope and install the app again"
                                                     : "install the app again, or correct slack.bot_token";
    return {RefusalClass::installation, std::move(why), std::move(fix), std::nullopt};
  }
  if (answer.kind == AnswerClass::destination) {
    std::string fix = "allow the app to write there";
    if (answer.code == "is_archived") fix = "unarchive the channel or move the subscription";
    if (answer.code == "not_in_channel" || answer.code == "channel_not_found") fix = "invite the app to the channel";
    return {RefusalClass::target, std::move(why), std::move(fix), std::nullopt};
  }
  if (answer.kind == AnswerClass::thread || answer.kind == AnswerClass::unthreaded)
    return {RefusalClass::message, "the thread is gone or locked: " + answer.code, "send the digest again",
            std::nullopt};
  return {RefusalClass::message, std::move(why), "report this with the reference in the log", std::nullopt};
}

SendOutcome failed_send(const Answer& answer, std::string_view method) {
  switch (answer.kind) {
    case AnswerClass::rate_limited:
      return NotSent{answer.error(method), answer.retry_after, {}};
    case AnswerClass::transient:
      return NotSent{answer.error(method), std::nullopt, {}};
    case AnswerClass::success:
    case AnswerClass::ambiguous:
      return Unknown{answer.error(method)};
    default:
      return refusal(answer);
  }
}

}  // namespace broadsheet::slack
