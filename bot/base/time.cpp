#include "bot/base/time.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

namespace broadsheet {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

const date::time_zone* zone_of(const void* p) {
  return static_cast<const date::time_zone*>(p);
}

// date::sys_days and std::chrono::sys_days are the same time_point type; only the calendar classes differ.
std::chrono::year_month_day ymd(Day day) {
  return std::chrono::year_month_day(day);
}

std::optional<int> digits(std::string_view s) {
  if (s.empty()) return std::nullopt;
  for (char c : s)
    if (c < '0' || c > '9') return std::nullopt;
  int value = 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), value);
  if (ec != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return value;
}

std::optional<Day> make_day(int y, int m, int d) {
  std::chrono::year_month_day date{std::chrono::year(y), std::chrono::month(static_cast<unsigned>(m)),
                                   std::chrono::day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  return Day(date);
}

// "+hhmm", "+hh:mm", "Z", "GMT", "UTC"
std::optional<minutes> parse_offset(std::string_view s) {
  if (s == "Z" || s == "z" || s == "GMT" || s == "UTC" || s == "UT") return minutes(0);
  if (s.size() < 5 || (s[0] != '+' && s[0] != '-')) return std::nullopt;
  auto h = digits(s.substr(1, 2));
  auto m = digits(s.size() == 6 && s[3] == ':' ? s.substr(4, 2) : s.substr(3));
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  minutes total(*h * 60 + *m);
  return s[0] == '-' ? -total : total;
}

// "hh:mm[:ss[.fff]]", consumed from the front of s.
std::optional<milliseconds> take_time(std::string_view& s) {
  if (s.size() < 5 || s[2] != ':') return std::nullopt;
  auto h = digits(s.substr(0, 2));
  auto m = digits(s.substr(3, 2));
  if (!h || !m || *h > 24 || *m > 59) return std::nullopt;
  milliseconds total = std::chrono::hours(*h) + minutes(*m);
  s.remove_prefix(5);
  if (s.size() >= 3 && s[0] == ':') {
    auto sec = digits(s.substr(1, 2));
    if (!sec || *sec > 60) return std::nullopt;
    total += std::chrono::seconds(*sec);
    s.remove_prefix(3);
    if (!s.empty() && s[0] == '.') {
      int ms = 0;
      int scale = 100;
      std::size_t i = 1;
      for (; i < s.size() && s[i] >= '0' && s[i] <= '9'; ++i, scale /= 10) ms += (s[i] - '0') * scale;
      if (i == 1) return std::nullopt;
      total += milliseconds(ms);
      s.remove_prefix(i);
    }
  }
  return total;
}

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<const char*, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                              "Thursday", "Friday", "Saturday"};

const char* month_name(Day day) {
  return kMonths.at(static_cast<unsigned>(ymd(day).month()) - 1);
}
const char* day_name(Day day) {
  return kDays.at(weekday(day).c_encoding());
}

}  // namespace

std::string to_string(Day day) {
  auto d = ymd(day);
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02u", static_cast<int>(d.year()),
                static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
  return buffer.data();
}

std::optional<Day> parse_day(std::string_view s) {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return std::nullopt;
  auto y = digits(s.substr(0, 4));
  auto m = digits(s.substr(5, 2));
  auto d = digits(s.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  return make_day(*y, *m, *d);
}

std::string to_iso(Moment moment) {
  Day day = std::chrono::floor<std::chrono::days>(moment);
  auto rest = moment - day;
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(rest);
  auto ms = static_cast<int>((rest - seconds).count());
  auto s = static_cast<int>(seconds.count());
  std::array<char, 40> buffer{};
  if (ms != 0)
    std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02d.%03dZ", s / 3600, s / 60 % 60, s % 60, ms);
  else
    std::snprintf(buffer.data(), buffer.size(), "T%02d:%02d:%02dZ", s / 3600, s / 60 % 60, s % 60);
  return to_string(day) + buffer.data();
}

std::optional<Moment> parse_iso(std::string_view s) {
  if (s.size() < 10) return std::nullopt;
  auto day = parse_day(s.substr(0, 10));
  if (!day) return std::nullopt;
  s.remove_prefix(10);
  if (s.empty()) return Moment(*day);
  if (s[0] != 'T' && s[0] != 't' && s[0] != ' ') return std::nullopt;
  s.remove_prefix(1);
  auto time = take_time(s);
  if (!time) return std::nullopt;
  auto offset = parse_offset(s);
  if (!offset) return std::nullopt;
  return Moment(*day) + *time - *offset;
}

std::optional<Moment> parse_rfc822(std::string_view s) {
  if (auto comma = s.find(','); comma != std::string_view::npos) s.remove_prefix(comma + 1);
  auto take_word = [&s]() {
    while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
    auto end = s.find(' ');
    auto word = s.substr(0, end);
    s.remove_prefix(end == std::string_view::npos ? s.size() : end);
    return word;
  };
  auto d = digits(take_word());
  auto month = take_word();
  auto y = digits(take_word());
  if (!d || !y || month.size() < 3) return std::nullopt;
  int m = 0;
  for (unsigned i = 0; i < kMonths.size(); ++i)
    if (std::string_view(kMonths.at(i)).substr(0, 3) == month.substr(0, 3)) m = static_cast<int>(i) + 1;
  auto day = make_day(*y, m, *d);
  if (!day) return std::nullopt;
  auto clock = take_word();
  auto time = take_time(clock);
  if (!time || !clock.empty()) return std::nullopt;
  auto offset = parse_offset(take_word());
  if (!offset) return std::nullopt;
  return Moment(*day) + *time - *offset;
}

std::string to_http_date(Moment moment) {
  Day day = std::chrono::floor<std::chrono::days>(moment);
  auto s = static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(moment - day).count());
  auto d = ymd(day);
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.3s, %02u %.3s %04d %02d:%02d:%02d GMT", day_name(day),
                static_cast<unsigned>(d.day()), month_name(day), static_cast<int>(d.year()), s / 3600, s / 60 % 60,
                s % 60);
  return buffer.data();
}

std::chrono::weekday weekday(Day day) {
  return std::chrono::weekday(day);
}

bool is_weekend(Day day) {
  auto w = weekday(day);
  return w == std::chrono::Saturday || w == std::chrono::Sunday;
}

std::string long_date(Day day) {
  auto d = ymd(day);
  return std::string(day_name(day)) + " " + std::to_string(static_cast<unsigned>(d.day())) + " " +
         std::string(month_name(day)) + " " + std::to_string(static_cast<int>(d.year()));
}

std::string short_date(Day day) {
  return std::string(day_name(day)).substr(0, 3) + " " + std::to_string(static_cast<unsigned>(ymd(day).day())) + " " +
         std::string(month_name(day)).substr(0, 3);
}

std::optional<Zone> Zone::find(std::string_view name) {
  try {
    return Zone(date::locate_zone(std::string(name)));
  } catch (const std::exception&) {
    return std::nullopt;  // the library reports an unknown zone, or a missing database, by throwing
  }
}

Zone Zone::utc() {
  return Zone(date::locate_zone("Etc/UTC"));
}
Zone Zone::eastern() {
  return Zone(date::locate_zone("America/New_York"));
}

const std::vector<std::string>& Zone::names() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> out;
    for (const auto& zone : date::get_tzdb().zones) out.push_back(zone.name());
    std::sort(out.begin(), out.end());
    return out;
  }();
  return all;
}

// The database calls it "Etc/UTC", and nobody else does.
std::string Zone::name() const {
  const auto& name = zone_of(zone_)->name();
  return name == "Etc/UTC" ? "UTC" : name;
}

Day Zone::local_day(Moment moment) const {
  auto local = zone_of(zone_)->to_local(moment);
  return Day(std::chrono::floor<std::chrono::days>(local).time_since_epoch());
}

milliseconds Zone::local_time_of_day(Moment moment) const {
  auto local = zone_of(zone_)->to_local(moment);
  return local - std::chrono::floor<std::chrono::days>(local);
}

Moment Zone::at(Day day, minutes time_of_day) const {
  date::local_time<milliseconds> local(day.time_since_epoch() + time_of_day);
  auto info = zone_of(zone_)->get_info(local);
  if (info.result == date::local_info::nonexistent) return Moment(info.first.end);
  return Moment(local.time_since_epoch() - info.first.offset);
}

std::string Zone::clock_text(Moment moment) const {
  auto info = zone_of(zone_)->get_info(moment);
  auto m = std::chrono::duration_cast<minutes>(local_time_of_day(moment)).count();
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%02d:%02d ", static_cast<int>(m / 60), static_cast<int>(m % 60));
  return buffer.data() + info.abbrev;
}

}  // namespace broadsheet
