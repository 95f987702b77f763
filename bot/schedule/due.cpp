#include "bot/schedule/due.hpp"

#include <algorithm>

namespace broadsheet::schedule {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr minutes kSettle{15};    // 20:15 Eastern: the first look (contracts: arXiv 2.5)
constexpr hours kGiveUp{10};      // 06:00 Eastern: readers are told that it is late
constexpr hours kStillWorth{24};  // a run missed by less is made up for (design: reliability P7)
constexpr minutes kAskAgain{15};
constexpr int kLongestGap = 14;  // days to look ahead or back

Zone zone_of(const model::Effective& options) {
  return Zone::find(options.time_zone).value_or(Zone::utc());
}

// The first listing day that the subscription has not been given and should have; nothing if all are covered.
std::optional<Day> first_uncovered(const Question& q, const arxiv::Calendar& calendar, Day newest) {
  auto covered = q.covered.value_or(calendar.current_listing(q.created));
  if (newest <= covered) return std::nullopt;
  return calendar.next_listing(covered);
}

Answer wait_until(Moment until) {
  Answer out;
  out.until = until;
  return out;
}

Answer post(model::RunName run, Day first, Day day, bool late) {
  Answer out;
  out.kind = Answer::Kind::post;
  out.run = std::move(run);
  out.day = day;
  if (first < day) out.since = first;
  out.late = late;
  return out;
}

Answer tell(model::RunName run, Day day, Answer::Reason reason) {
  Answer out;
  out.kind = Answer::Kind::notice;
  out.run = std::move(run);
  out.day = day;
  out.reason = reason;
  return out;
}

// The newest ready listing day in [first, newest]; nothing if none is.
std::optional<Day> newest_ready(const Question& q, const arxiv::Calendar& calendar, Day first, Day newest) {
  for (auto day = newest; day >= first; day = calendar.previous_listing(day))
    if (q.standing(day) == Standing::ready) return day;
  return std::nullopt;
}

// A line for a listing that does not come, once.
std::optional<Answer> tell_late(const Question& q, Day day, Moment since_when, Moment now) {
  model::RunName run(to_string(day) + "/late");
  if (now < since_when + kGiveUp || q.done(run)) return std::nullopt;
  return tell(run, day, q.standing(day) == Standing::down ? Answer::Reason::down : Answer::Reason::late);
}

// A weekday on which arXiv rests: one line where the reader would look for a digest.
std::optional<Answer> tell_holiday(const Question& q, const arxiv::Calendar& calendar, Day day) {
  if (calendar.quiet(day) != QuietReason::holiday || !q.options.days.on(std::chrono::weekday(day))) return std::nullopt;
  model::RunName run(to_string(day) + "/holiday");
  if (q.done(run)) return std::nullopt;
  return tell(run, day, Answer::Reason::holiday);
}

Answer due_on_announcement(const Question& q, const arxiv::Calendar& calendar, Moment now) {
  auto newest = calendar.current_listing(now - kSettle);
  auto next_look = std::min<Moment>(calendar.announced_at(calendar.next_listing(newest)) + kSettle, now + hours(1));
  auto first = first_uncovered(q, calendar, newest);
  if (first) {
    // Days that the reader left out are covered by the next one that is wanted.
    auto wanted = newest;
    while (wanted > *first && !q.options.days.on(std::chrono::weekday(wanted)))
      wanted = calendar.previous_listing(wanted);
    if (q.options.days.on(std::chrono::weekday(wanted))) {
      if (auto day = newest_ready(q, calendar, *first, wanted)) {
        model::RunName run(to_string(*day));
        if (!q.done(run)) {
          bool late = now > calendar.announced_at(calendar.next_listing(*day));
          for (auto d = *first; d < *day; d = calendar.next_listing(d))
            late = late || q.options.days.on(std::chrono::weekday(d));  // it had its own turn, and missed it
          return post(run, *first, *day, late);
        }
      }
      if (q.standing(wanted) != Standing::ready) {
        if (auto told = tell_late(q, wanted, calendar.announced_at(wanted), now)) return *told;
        return wait_until(now + kAskAgain);
      }
    }
  }
  auto today = Zone::eastern().local_day(now - kSettle + hours(4));  // from 20:15 on it is tomorrow's listing day
  if (q.created < Moment(today))
    if (auto told = tell_holiday(q, calendar, today)) return *told;
  return wait_until(next_look);
}

// The latest local date from `day` back whose run is not after `now`; nothing if there was none in two weeks.
std::optional<std::pair<Day, Moment>> last_run(const Question& q, const Zone& zone, Day from, Moment now) {
  for (int back = 0; back <= kLongestGap; ++back) {
    auto day = from - days(back);
    if (!q.options.days.on(std::chrono::weekday(day))) continue;
    auto at = run_on(zone, day, *q.options.at.time_of_day);
    if (at && *at <= now) return std::pair(day, *at);
  }
  return std::nullopt;
}

Answer due_at_a_time(const Question& q, const arxiv::Calendar& calendar, Moment now) {
  auto zone = zone_of(q.options);
  auto next = next_run(q.options, calendar, now);
  auto run = last_run(q, zone, zone.local_day(now), now);
  if (!run || run->second < q.created) return wait_until(next);
  model::RunName name(to_string(run->first));
  if (q.done(name)) return wait_until(next);
  if (now - run->second > kStillWorth) {
    Answer out;
    out.kind = Answer::Kind::skip;  // its papers stay in the window of the next one
    out.run = name;
    out.day = run->first;
    out.reason = Answer::Reason::missed;
    return out;
  }
  auto newest = calendar.current_listing(run->second - kSettle);
  auto first = first_uncovered(q, calendar, newest);
  if (!first) {
    Answer out = tell(name, run->first, Answer::Reason::holiday);
    if (calendar.quiet(run->first) != QuietReason::holiday)
      out.kind = Answer::Kind::skip, out.reason = Answer::Reason::none;
    return out;
  }
  if (q.standing(newest) == Standing::ready) {
    auto before = last_run(q, zone, run->first - days(1), now);
    bool missed = before && before->second >= std::max<Moment>(calendar.announced_at(*first) + kSettle, q.created);
    return post(name, *first, newest, missed || now > run->second + kAskAgain);
  }
  if (auto told = tell_late(q, newest, std::max(run->second - kGiveUp + hours(1), calendar.announced_at(newest)), now))
    return *told;
  return wait_until(std::min(next, now + kAskAgain));
}

}  // namespace

std::optional<Moment> run_on(const Zone& zone, Day local_day, minutes time_of_day) {
  // Apia had no 2011-12-30: even its midnight falls on the next date. A time in a gap that ends at midnight (23:15 in
  // Nuuk, on a night in March) runs at that midnight, still for the date that it belongs to.
  if (zone.local_day(zone.at(local_day, minutes(0))) != local_day) return std::nullopt;
  return zone.at(local_day, time_of_day);
}

Answer due(const Question& question, const arxiv::Calendar& calendar, Moment now) {
  if (question.options.at.time_of_day) return due_at_a_time(question, calendar, now);
  return due_on_announcement(question, calendar, now);
}

Moment next_run(const model::Effective& options, const arxiv::Calendar& calendar, Moment now) {
  if (!options.at.time_of_day) {
    auto day = calendar.next_listing(calendar.current_listing(now - kSettle));
    for (int ahead = 0; ahead < kLongestGap && !options.days.on(std::chrono::weekday(day)); ++ahead)
      day = calendar.next_listing(day);
    return calendar.announced_at(day) + kSettle;
  }
  auto zone = zone_of(options);
  auto today = zone.local_day(now);
  for (int ahead = 0; ahead <= kLongestGap; ++ahead) {
    auto day = today + days(ahead);
    if (!options.days.on(std::chrono::weekday(day))) continue;
    if (auto at = run_on(zone, day, *options.at.time_of_day); at && *at > now) return *at;
  }
  return now + days(1);
}

}  // namespace broadsheet::schedule
