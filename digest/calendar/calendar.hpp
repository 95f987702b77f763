// arXiv's announcement calendar (contracts: arXiv 5): which listing day a submission belongs to, which days have none
// and why, when a listing is announced. Pure; US Eastern time by the zone database. Values are cheap to copy.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "digest/model/listing.hpp"

namespace broadsheet::arxiv {

class Calendar {
 public:
  static Calendar built_in();
  // Lines "2026-01-01 name"; '#' begins a comment. Errors (bad_input) name the line.
  static Result<Calendar> parse(std::string_view text);

  // Why there is no listing on that day; nothing if there is one.
  std::optional<QuietReason> quiet(Day day) const;
  // The holiday that takes the listing of `day`; empty if none does.
  std::string holiday_name(Day day) const;
  // The end of the last year of which a holiday is listed: later days are computed without holidays.
  Day last_known_day() const;
  // When the listing of that day is announced: 20:00 Eastern on the evening before (Sunday's for Monday).
  Moment announced_at(Day listing) const;
  Day next_listing(Day after) const;
  Day previous_listing(Day before) const;
  // Those from `first` to the day before `before`, oldest first.
  std::vector<Day> listings(Day first, Day before) const;
  // The newest listing whose announcement time has passed.
  Day current_listing(Moment now) const;
  // The listing day of a paper submitted then: 14:00 Eastern exactly belongs to the next window.
  Day listing_day(Moment submitted) const;

  struct Window {
    Moment from, to;  // submitted in [from, to)
  };
  // The submissions that the calendar puts into a listing.
  Window submissions(Day listing) const;

 private:
  bool announces(Day evening) const;
  std::map<Day, std::string> holidays_;
};

}  // namespace broadsheet::arxiv
