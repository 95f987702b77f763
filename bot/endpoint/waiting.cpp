// How long an endpoint asks to be left alone (contracts: Models 6).
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "bot/base/json.hpp"
#include "bot/base/text.hpp"
#include "bot/endpoint/reading.hpp"

namespace broadsheet::endpoint {
namespace {

using Wait = std::optional<std::chrono::milliseconds>;

constexpr double kLongest = 400.0 * 24 * 3600 * 1000;  // above: no time but nonsense

Wait milliseconds(double value) {
  if (!std::isfinite(value) || value < 0 || value > kLongest) return std::nullopt;
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(value)));
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Seconds, also with a fraction, or a date.
Wait retry_after(std::string_view text, Moment now) {
  if (auto seconds = number(text)) return milliseconds(*seconds * 1000);
  auto date = parse_rfc822(text);
  if (!date) return std::nullopt;
  return std::max(std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(*date - now));
}

double unit_of(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1000;
  if (unit == "m") return 60'000;
  return unit == "h" ? 3'600'000 : 0;
}

// "36s", "6m0s", "1h2m3.5s", "250ms".
Wait spelled(std::string_view text) {
  double sum = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    auto digits = text.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
    auto unit_end = std::min(text.find_first_of("0123456789.", digits), text.size());
    auto value = number(text.substr(0, digits));
    auto unit = unit_of(text.substr(digits, unit_end - digits));
    if (!value || unit == 0) return std::nullopt;
    sum += *value * unit;
    text.remove_prefix(unit_end);
  }
  return milliseconds(sum);
}

Wait in_body(const std::string& body) {
  auto json = untrusted::parse_json(text::trim(body));
  if (!json) return std::nullopt;
  const auto& from = json->is_array() && !json->empty() ? (*json)[0] : *json;
  const auto* details = untrusted::member(from, {"error", "details"});
  if (details == nullptr || !details->is_array()) return std::nullopt;
  for (const auto& detail : *details)
    if (auto wait = spelled(untrusted::text_at(detail, {"retryDelay"}))) return wait;
  return std::nullopt;
}

// Only of what is used up.
Wait reset_of(const http::Headers& headers, const std::string& what) {
  if (http::header(headers, "x-ratelimit-remaining-" + what) != "0") return std::nullopt;
  return spelled(http::header(headers, "x-ratelimit-reset-" + what));
}

}  // namespace

Wait told_wait(const http::Response& response, Moment now) {
  const auto& headers = response.headers;
  if (auto exact = number(http::header(headers, "retry-after-ms")))
    if (auto wait = milliseconds(*exact)) return wait;
  if (auto wait = retry_after(http::header(headers, "retry-after"), now)) return wait;
  if (auto wait = in_body(response.body)) return wait;
  auto requests = reset_of(headers, "requests"), tokens = reset_of(headers, "tokens");
  return requests && tokens ? std::max(requests, tokens) : requests ? requests : tokens;
}

}  // namespace broadsheet::endpoint
