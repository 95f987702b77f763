#include "adapters/matrix/outcome.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "adapters/matrix/json.hpp"
#include "adapters/matrix/markup.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::matrix {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDefaultWait{5000};
constexpr milliseconds kLongestWait = std::chrono::hours(1);
constexpr std::chrono::minutes kJoinRace{10};  // contracts: Matrix 10

struct Answer {
  int status = 0;
  std::string code, sentence;
  bool soft = false;
};

bool is_paused(const std::string& code) {
  static constexpr std::array kPaused = {"M_USER_LOCKED",         "M_USER_SUSPENDED",    "M_RESOURCE_LIMIT_EXCEEDED",
                                         "M_USER_LIMIT_EXCEEDED", "M_CONSENT_NOT_GIVEN", "ORG_MATRIX_EXPIRED_ACCOUNT"};
  return std::any_of(kPaused.begin(), kPaused.end(), [&](const char* one) { return code == one; });
}

std::optional<ErrorClass> by_token(const Answer& a, const Circumstances& c) {
  if (a.code == "M_USER_DEACTIVATED") return ErrorClass::credentials_lost;
  if (is_paused(a.code)) return ErrorClass::account_paused;
  if (c.call == CallKind::refresh && a.status >= 400 && a.status < 500 && a.status != 408)
    return ErrorClass::credentials_lost;
  if (a.code == "M_MISSING_TOKEN") return ErrorClass::bug;
  if (a.code == "M_UNKNOWN_TOKEN" || (a.status == 401 && c.call != CallKind::login)) {
    if (c.have_refresh_token) return ErrorClass::refresh_then_same_request;
    return a.soft && c.can_login ? ErrorClass::login_same_device : ErrorClass::credentials_lost;
  }
  if (a.code == "M_UNKNOWN_DEVICE" || a.code == "M_EXCLUSIVE") return ErrorClass::config_error;
  if (c.appservice && a.status == 403 && a.sentence.find("masquerade") != std::string::npos)
    return ErrorClass::config_error;
  return std::nullopt;
}

std::optional<ErrorClass> by_call(const Answer& a, const Circumstances& c) {
  switch (c.call) {
    case CallKind::login:
      if (a.code == "M_UNRECOGNIZED") return ErrorClass::use_oauth;
      if (a.code == "M_APPSERVICE_LOGIN_UNSUPPORTED") return ErrorClass::use_as_token;
      if (a.status == 401 || a.status == 403) return ErrorClass::credentials_lost;
      break;
    case CallKind::register_:
      if (a.code == "M_USER_IN_USE") return ErrorClass::done_already;
      break;
    case CallKind::sync:
      if (a.status == 400 && a.code == "M_UNKNOWN") return ErrorClass::resync;
      if (a.status == 400 && a.code == "M_INVALID_PARAM") return ErrorClass::new_filter;
      break;
    case CallKind::join:
      if (a.code == "M_BAD_STATE" || a.code == "M_INCOMPATIBLE_ROOM_VERSION" || a.code == "M_NOT_FOUND")
        return ErrorClass::join_denied;
      if (a.status == 403) return c.since_invite <= kJoinRace ? ErrorClass::retry_join : ErrorClass::join_denied;
      if ((a.status == 404 && a.code == "M_UNKNOWN") || a.status >= 500) return ErrorClass::retry_join;
      break;
    case CallKind::redact:
      if (a.code == "M_NOT_FOUND") return ErrorClass::done_already;
      break;
    case CallKind::download:
      if (a.status == 404) return ErrorClass::use_authenticated_media;
      break;
    case CallKind::upload:
      if (a.status == 0 && c.upload_limit != 0 && c.bytes > c.upload_limit) return ErrorClass::split;
      break;
    case CallKind::send:
      if (a.status == 400 && a.code == "M_UNKNOWN" && a.sentence.find("relation") != std::string::npos)
        return ErrorClass::drop_relation;
      break;
    case CallKind::any:
    case CallKind::refresh:
      break;
  }
  return std::nullopt;
}

ErrorClass by_status(const Answer& a) {
  if (a.status == 413) return ErrorClass::split;
  if (a.code == "M_DUPLICATE_ANNOTATION") return ErrorClass::done_already;
  if (a.status == 404 && a.code == "M_UNRECOGNIZED") return ErrorClass::unsupported;
  if (a.status == 403) return ErrorClass::room_check;
  if (a.status == 500) return ErrorClass::retry_bounded;
  if (a.status == 408 || a.status == 0 || a.status >= 500 || (a.status >= 200 && a.status < 400))
    return ErrorClass::retry_same_request;
  return ErrorClass::bug;
}

std::optional<milliseconds> seconds_of(std::string_view text) {
  std::int64_t seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end != text.data() + text.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) return text.starts_with('-') ? milliseconds(-1) : kLongestWait;
  if (error != std::errc() || text.empty()) return std::nullopt;
  return milliseconds(std::chrono::seconds(std::clamp<std::int64_t>(seconds, -1, 1'000'000)));
}

// A date is measured against the answer's own Date: our clock may be wrong.
std::optional<milliseconds> until_date(const http::Response& response, std::string_view text) {
  auto then = parse_rfc822(text), now = parse_rfc822(http::header(response.headers, "Date"));
  if (!then || !now) return std::nullopt;
  return *then - *now;
}

}  // namespace

std::string_view to_string(ErrorClass error) {
  static constexpr std::array<std::string_view, 21> kNames = {"done_already",
                                                              "limited",
                                                              "retry_same_request",
                                                              "retry_bounded",
                                                              "refresh_then_same_request",
                                                              "login_same_device",
                                                              "credentials_lost",
                                                              "account_paused",
                                                              "room_check",
                                                              "split",
                                                              "drop_relation",
                                                              "bug",
                                                              "resync",
                                                              "new_filter",
                                                              "unsupported",
                                                              "retry_join",
                                                              "join_denied",
                                                              "use_oauth",
                                                              "use_as_token",
                                                              "use_authenticated_media",
                                                              "config_error"};
  return kNames.at(static_cast<std::size_t>(error));
}

ErrorClass classify(int status, std::string_view body, const Circumstances& circumstances) {
  Answer a{status, errcode_of(body), {}, false};
  if (auto json = parse_object(body)) {
    a.sentence = text_at(*json, {"error"});
    auto it = json->find("soft_logout");
    a.soft = it != json->end() && it->is_boolean() && it->get<bool>();
  }
  if (status == 429 || a.code == "M_LIMIT_EXCEEDED") return ErrorClass::limited;
  if (auto known = by_token(a, circumstances)) return *known;
  if (auto known = by_call(a, circumstances)) return *known;
  return by_status(a);
}

std::string errcode_of(std::string_view body) {
  auto json = parse_object(body);
  if (!json) return {};
  auto code = text_at(*json, {"errcode"}).substr(0, 100);
  auto prefix = code.rfind(".M_");
  return prefix == std::string::npos ? code : code.substr(prefix + 1);
}

std::string explain(int status, std::string_view body) {
  if (status == 0) return "no answer";
  std::string out = "HTTP " + std::to_string(status);
  auto json = parse_object(body);
  if (!json) return out;
  auto code = clean_line(errcode_of(body)), sentence = clean_line(text_at(*json, {"error"}));
  if (!code.empty()) out += " " + code;
  if (!sentence.empty()) out += ": " + text::ellipsize(sentence, 200);
  return out;
}

milliseconds wait_of(const http::Response& response) {
  auto header = http::header(response.headers, "Retry-After");
  std::optional<milliseconds> wait = seconds_of(header);
  if (!wait && !header.empty()) wait = until_date(response, header);
  if (!wait || *wait < milliseconds(0)) {
    wait.reset();
    if (auto json = parse_object(response.body))
      if (auto ms = number_at(*json, {"retry_after_ms"}); ms && *ms >= 0)
        wait = milliseconds(std::min<std::int64_t>(*ms, kLongestWait.count()));
  }
  return std::min(wait.value_or(kDefaultWait), kLongestWait);
}

}  // namespace broadsheet::matrix
