#include "digest/calendar/calendar.hpp"

#include "bot/base/text.hpp"
#include "embedded/arxiv_holidays.hpp"

namespace broadsheet::arxiv {
namespace {

using std::chrono::days;
using std::chrono::hours;

constexpr auto kAnnounced = std::chrono::minutes(20 * 60);
constexpr auto kCutOff = std::chrono::minutes(14 * 60);

// The evening on which the listing of a weekday is announced: the day before, Sunday for Monday.
Day evening_of(Day listing) {
  return listing - days(1);
}

// The last submission day of an announcing evening: the same day, Friday for Sunday.
Day last_submission_day(Day evening) {
  return weekday(evening) == std::chrono::Sunday ? evening - days(2) : evening;
}

}  // namespace

Calendar Calendar::built_in() {
  return *parse(embedded::arxiv_holidays);
}

Result<Calendar> Calendar::parse(std::string_view text) {
  Calendar out;
  std::size_t number = 0;
  for (auto line : text::split(text, '\n')) {
    ++number;
    line = text::trim(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    auto day = parse_day(line.substr(0, 10));
    if (!day)
      return Error(ErrorKind::bad_input,
                   "line " + std::to_string(number) + " does not begin with a date such as 2026-01-01");
    out.holidays_[*day] = std::string(text::trim(line.substr(10)));
  }
  return out;
}

// Sunday to Thursday evenings, but for holidays; a Friday holiday takes Sunday's announcement (contracts: arXiv 5).
bool Calendar::announces(Day evening) const {
  auto w = weekday(evening);
  if (w == std::chrono::Friday || w == std::chrono::Saturday || holidays_.contains(evening)) return false;
  return w != std::chrono::Sunday || !holidays_.contains(evening - days(2));
}

std::optional<QuietReason> Calendar::quiet(Day day) const {
  if (is_weekend(day)) return QuietReason::weekend;
  if (!announces(evening_of(day))) return QuietReason::holiday;
  return std::nullopt;
}

std::string Calendar::holiday_name(Day day) const {
  if (is_weekend(day)) return {};
  auto evening = evening_of(day);
  auto it = holidays_.find(evening);
  if (it == holidays_.end() && weekday(evening) == std::chrono::Sunday) it = holidays_.find(evening - days(2));
  return it == holidays_.end() ? std::string() : it->second;
}

Day Calendar::last_known_day() const {
  if (holidays_.empty()) return Day{};
  std::chrono::year_month_day last(holidays_.rbegin()->first);
  return Day(last.year() / std::chrono::December / 31);
}

Moment Calendar::announced_at(Day listing) const {
  return Zone::eastern().at(evening_of(listing), kAnnounced);
}

Day Calendar::next_listing(Day after) const {
  auto day = after + days(1);
  while (quiet(day)) day += days(1);
  return day;
}

Day Calendar::previous_listing(Day before) const {
  auto day = before - days(1);
  while (quiet(day)) day -= days(1);
  return day;
}

std::vector<Day> Calendar::listings(Day first, Day before) const {
  std::vector<Day> out;
  for (auto day = next_listing(first - days(1)); day < before; day = next_listing(day)) out.push_back(day);
  return out;
}

Day Calendar::current_listing(Moment now) const {
  auto day = Zone::eastern().local_day(now) + days(1);
  while (quiet(day) || announced_at(day) > now) day -= days(1);
  return day;
}

Day Calendar::listing_day(Moment submitted) const {
  auto zone = Zone::eastern();
  auto day = zone.local_day(submitted);
  if (zone.local_time_of_day(submitted) >= kCutOff) day += days(1);
  // `day` is now the day whose 14:00 ends the window; find the announcing evening that takes it.
  auto evening = day;
  if (weekday(day) == std::chrono::Saturday) evening += days(2);
  if (weekday(day) == std::chrono::Sunday) evening += days(1);
  while (!announces(evening)) evening += days(1);
  return evening + days(1);
}

Calendar::Window Calendar::submissions(Day listing) const {
  auto zone = Zone::eastern();
  auto previous = previous_listing(listing);
  return {zone.at(last_submission_day(evening_of(previous)), kCutOff),
          zone.at(last_submission_day(evening_of(listing)), kCutOff)};
}

}  // namespace broadsheet::arxiv
