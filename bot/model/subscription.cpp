#include "bot/model/subscription.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/hash.hpp"
#include "bot/base/names.hpp"
#include "bot/base/text.hpp"
#include "digest/model/category_names.hpp"

namespace broadsheet::model {
namespace {

using std::chrono::minutes;

constexpr std::array<std::string_view, 7> kDayNames = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::uint8_t kWeekdays = 0b0011111, kDaily = 0b1111111;
constexpr std::array<std::string_view, 2> kEmpty = {"notice", "silent"};
constexpr std::array<std::string_view, 3> kUnknown = {"resend-summary", "resend", "skip"};

std::optional<int> digits(std::string_view s) {
  int out = 0;
  if (s.empty() || s.size() > 2) return std::nullopt;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (ec != std::errc{} || end != s.data() + s.size() || out < 0) return std::nullopt;
  return out;
}

// "9am", "12pm", "9:30pm"
std::optional<minutes> twelve_hours(std::string_view s) {
  bool afternoon = s.ends_with("pm");
  if (!afternoon && !s.ends_with("am")) return std::nullopt;
  s = text::trim(s.substr(0, s.size() - 2));
  auto colon = s.find(':');
  auto hour = digits(s.substr(0, colon));
  auto minute = colon == std::string_view::npos ? std::optional<int>(0) : digits(s.substr(colon + 1));
  if (!hour || !minute || *hour < 1 || *hour > 12 || *minute > 59) return std::nullopt;
  return minutes((*hour % 12 + (afternoon ? 12 : 0)) * 60 + *minute);
}

std::optional<minutes> twenty_four_hours(std::string_view s) {
  auto colon = s.find(':');
  if (colon == std::string_view::npos || s.size() - colon != 3) return std::nullopt;
  auto hour = digits(s.substr(0, colon)), minute = digits(s.substr(colon + 1));
  if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
  return minutes(*hour * 60 + *minute);
}

}  // namespace

Result<When> When::parse(std::string_view text) {
  auto folded = text::lower_ascii(text::trim(text));
  if (folded == "announce") return When{};
  if (auto time = twenty_four_hours(folded)) return When{time};
  if (auto time = twelve_hours(folded)) return When{time};
  return Error(ErrorKind::bad_input,
               "\"" + text::ellipsize(text, 20) + "\" is not a time; write announce, 09:00 or 9am");
}

std::string When::str() const {
  if (!time_of_day) return "announce";
  auto total = time_of_day->count();
  auto two = [](auto n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return two(total / 60) + ":" + two(total % 60);
}

namespace {

// "mon", "monday": its number.
std::optional<std::uint8_t> day_number(std::string_view name) {
  auto day = named<std::uint8_t>(kDayNames, name.substr(0, 3));
  return day && (name.size() == 3 || name.ends_with("day")) ? day : std::nullopt;
}

// "weekdays", "fri", "mon-fri", "sat-mon": their bits; 0 for anything else.
std::uint8_t days_named(std::string_view name) {
  if (name == "weekdays") return kWeekdays;
  if (name == "daily") return kDaily;
  auto dash = name.find('-');
  auto first = day_number(text::trim(name.substr(0, dash)));
  auto last = dash == std::string_view::npos ? first : day_number(text::trim(name.substr(dash + 1)));
  if (!first || !last) return 0;
  std::uint8_t out = 0;
  for (auto day = *first;; day = static_cast<std::uint8_t>((day + 1) % kDayNames.size())) {
    out |= static_cast<std::uint8_t>(1U << day);
    if (day == *last) return out;
  }
}

}  // namespace

Result<Days> Days::parse(const std::vector<std::string>& words) {
  Days out{0};
  for (const auto& word : words) {
    auto folded = text::lower_ascii(text::trim(word));
    if (folded.starts_with("weekly:")) folded.erase(0, 7);
    for (auto part : text::split(folded, ',')) {
      auto name = text::trim(part);
      auto bits = days_named(name);
      out.bits |= bits;
      if (bits == 0)
        return Error(ErrorKind::bad_input, "\"" + text::ellipsize(name, 20) +
                                               "\" names no days; write weekdays, daily, mon,wed,fri or weekly:fri");
    }
  }
  if (out.bits == 0) return Error(ErrorKind::bad_input, "no day is named; write weekdays, daily or mon,wed,fri");
  return out;
}

bool Days::on(std::chrono::weekday day) const {
  return (bits >> (day.iso_encoding() - 1U) & 1U) != 0;
}

std::string Days::str() const {
  if (bits == kWeekdays) return "weekdays";
  if (bits == kDaily) return "daily";
  std::string out;
  for (std::size_t i = 0; i < kDayNames.size(); ++i)
    if ((bits >> i & 1U) != 0) out += (out.empty() ? "" : ",") + std::string(kDayNames.at(i));
  return out;
}

std::string_view to_string(EmptyPolicy policy) {
  return kEmpty.at(static_cast<std::size_t>(policy));
}
std::string_view to_string(UnknownPolicy policy) {
  return kUnknown.at(static_cast<std::size_t>(policy));
}
std::optional<EmptyPolicy> parse_empty_policy(std::string_view text) {
  return named<EmptyPolicy>(kEmpty, text);
}
std::optional<UnknownPolicy> parse_unknown_policy(std::string_view text) {
  return named<UnknownPolicy>(kUnknown, text);
}
Effective resolve(const std::vector<Options>& layers) {
  Effective out;
  for (auto it = layers.rbegin(); it != layers.rend(); ++it) {
    auto take = [](const auto& from, auto& to) {
      if (from) to = *from;
    };
    take(it->at, out.at);
    take(it->time_zone, out.time_zone);
    take(it->days, out.days);
    take(it->top, out.top);
    take(it->style, out.style);
    take(it->language, out.language);
    take(it->filter, out.filter);
    take(it->interests, out.interests);
    take(it->empty, out.empty);
    take(it->thread, out.thread);
    take(it->on_unknown, out.on_unknown);
  }
  return out;
}

SubscriptionId fixed_id(const Target& target, const std::vector<Category>& categories) {
  std::string text = target.str();
  for (const auto& category : categories) text += " " + category.str();
  return SubscriptionId("c" + short_sha256(text).substr(0, 12));
}

std::string button_subject(const std::vector<Category>& categories, Day day, std::optional<Day> since) {
  std::string out;
  for (const auto& name : short_names(categories)) out += (out.empty() ? "" : "+") + name;
  return out + "/" + (since ? broadsheet::to_string(*since) + ".." : "") + broadsheet::to_string(day);
}

std::string command_of_subject(std::string_view subject) {
  auto out = "digest " + std::string(subject);
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '+' || c == '/'; }, ' ');
  return out;
}

}  // namespace broadsheet::model
