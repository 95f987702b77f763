// Moments, calendar days and zones. A Moment is UTC with millisecond precision; a Day is a calendar date without a zone
// (listing days, local dates). Zone arithmetic uses the IANA database through Hinnant's date library.
#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet {

using Moment = std::chrono::sys_time<std::chrono::milliseconds>;
using SteadyMoment = std::chrono::steady_clock::time_point;
using Day = std::chrono::sys_days;

// "2025-12-19". Accepts exactly YYYY-MM-DD of an existing date.
std::string to_string(Day day);
std::optional<Day> parse_day(std::string_view text);

// "2025-12-19T01:00:00Z" (seconds; milliseconds only if not zero).
std::string to_iso(Moment moment);
// RFC 3339: "2026-04-12T22:09:26Z", offsets, fractions (cut to ms), and a bare date (midnight UTC).
std::optional<Moment> parse_iso(std::string_view text);
// RFC 822/2822 as in RSS and OAI arXivRaw: "Fri, 05 Dec 2025 00:00:00 -0500", "… GMT".
std::optional<Moment> parse_rfc822(std::string_view text);
// "Fri, 05 Dec 2025 01:00:00 GMT" (RFC 9110 HTTP-date).
std::string to_http_date(Moment moment);

std::chrono::weekday weekday(Day day);
bool is_weekend(Day day);
// "Friday 19 December 2025"
std::string long_date(Day day);
// "Fri 19 Dec"
std::string short_date(Day day);

// An IANA zone, found by name once. Copyable, cheap. Not constructible for a zone that does not exist.
class Zone {
 public:
  static std::optional<Zone> find(std::string_view name);
  static Zone utc();
  // America/New_York: the zone of arXiv's calendar (contracts: arXiv 5).
  static Zone eastern();
  // Every name of the database, sorted; made once.
  static const std::vector<std::string>& names();

  std::string name() const;
  Day local_day(Moment moment) const;
  // Local wall-clock time of day.
  std::chrono::milliseconds local_time_of_day(Moment moment) const;
  // The moment of a local date and time of day; in a gap the first valid instant after it, in an overlap the first
  // occurrence (cronie's rule).
  Moment at(Day day, std::chrono::minutes time_of_day) const;
  // "02:15 CET"
  std::string clock_text(Moment moment) const;

 private:
  explicit Zone(const void* zone) : zone_(zone) {}
  const void* zone_;  // date::time_zone, never null, lives as long as the program
};

}  // namespace broadsheet
