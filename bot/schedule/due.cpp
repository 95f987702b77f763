#include "bot/schedule/due.hpp"

#include <algorithm>
#include <tuple>

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

// The first listing day that the subscription has not been given and should have; nothing if all are covered. Who asked
// for a time is given at the first one what is out then, also when it was out before somebody subscribed.
std::optional<Day> first_uncovered(const Question& q, const arxiv::Calendar& calendar, Day newest) {
  auto covered = q.covered.value_or(calendar.current_listing(q.created - kSettle));
  if (newest > covered) return calendar.next_listing(covered);
  bool first_run = !q.covered && q.options.at.time_of_day;
  return first_run ? std::optional(newest) : std::nullopt;
}

bool is_done(const Question& q, const model::RunName& run) {
  return q.done && q.done(run);
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

// A line for a listing that does not come, once; never before arXiv was asked for it.
std::optional<Answer> tell_late(const Question& q, Day day, Moment since_when, Moment now) {
  auto standing = q.standing(day);
  if (now < since_when + kGiveUp || standing == Standing::unasked || q.done(late_run(day))) return std::nullopt;
  return tell(late_run(day), day, standing == Standing::down ? Answer::Reason::down : Answer::Reason::late);
}

// A weekday on which arXiv rests: one line where the reader would look for a digest.
std::optional<Answer> tell_holiday(const Question& q, const arxiv::Calendar& calendar, Day day) {
  if (calendar.quiet(day) != QuietReason::holiday || !q.options.days.on(std::chrono::weekday(day))) return std::nullopt;
  model::RunName run(to_string(day) + "/holiday");
  if (q.done(run)) return std::nullopt;
  return tell(run, day, Answer::Reason::holiday);
}

// The newest of the days from `first` to `newest` that the reader wants; those left out are covered by it.
std::optional<Day> newest_wanted(const Question& q, const arxiv::Calendar& calendar, Day first, Day newest) {
  for (auto day = newest; day >= first; day = calendar.previous_listing(day))
    if (q.options.days.on(std::chrono::weekday(day))) return day;
  return std::nullopt;
}

Answer post_listings(const Question& q, const arxiv::Calendar& calendar, Day first, Day day, Moment now) {
  bool late = now > calendar.announced_at(calendar.next_listing(day));
  for (auto d = first; d < day; d = calendar.next_listing(d))
    late = late || q.options.days.on(std::chrono::weekday(d));  // it had its own turn, and missed it
  return post(model::RunName(to_string(day)), first, day, late);
}

// What is to be done about the days from `first` to `wanted`. Missed ones go out together with the newest (design:
// reliability P7), and without it only when it does not come: the digest says so then.
Answer due_listings(const Question& q, const arxiv::Calendar& calendar, Day first, Day wanted, Moment now) {
  if (q.standing(wanted) == Standing::ready) return post_listings(q, calendar, first, wanted, now);
  auto told = tell_late(q, wanted, calendar.announced_at(wanted), now);
  if (!told) return wait_until(now + kAskAgain);
  auto instead = wanted == first ? std::nullopt : newest_ready(q, calendar, first, calendar.previous_listing(wanted));
  if (!instead || q.done(model::RunName(to_string(*instead)))) return *told;
  auto out = post_listings(q, calendar, first, *instead, now);
  out.without = wanted;
  return out;
}

Answer due_on_announcement(const Question& q, const arxiv::Calendar& calendar, Moment now) {
  auto newest = calendar.current_listing(now - kSettle);
  auto first = first_uncovered(q, calendar, newest);
  auto wanted = first ? newest_wanted(q, calendar, *first, newest) : std::nullopt;
  if (wanted && !q.done(model::RunName(to_string(*wanted)))) return due_listings(q, calendar, *first, *wanted, now);
  auto today = Zone::eastern().local_day(now - kSettle + hours(4));  // from 20:15 on it is tomorrow's listing day
  if (q.created < Moment(today))
    if (auto told = tell_holiday(q, calendar, today)) return *told;
  return wait_until(std::min<Moment>(calendar.announced_at(calendar.next_listing(newest)) + kSettle, now + hours(1)));
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

// The first run after `now`: its local date and moment.
std::pair<Day, Moment> next_time(const model::Effective& options, Moment now) {
  auto zone = zone_of(options);
  auto today = zone.local_day(now);
  for (int ahead = 0; ahead <= kLongestGap; ++ahead) {
    auto day = today + days(ahead);
    if (!options.days.on(std::chrono::weekday(day))) continue;
    if (auto at = run_on(zone, day, *options.at.time_of_day); at && *at > now) return {day, *at};
  }
  return {today + days(1), now + days(1)};
}

Answer due_at_a_time(const Question& q, const arxiv::Calendar& calendar, Moment now) {
  auto zone = zone_of(q.options);
  auto next = next_time(q.options, now).second;
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

Moment next_announcement(const Question& q, const arxiv::Calendar& calendar, Moment now) {
  auto newest = calendar.current_listing(now - kSettle);
  auto first = first_uncovered(q, calendar, newest);
  auto day = first ? newest_wanted(q, calendar, *first, newest) : std::nullopt;
  if (day && is_done(q, model::RunName(to_string(*day)))) day.reset();
  if (!day) day = calendar.next_listing(newest);
  for (int ahead = 0; ahead < kLongestGap && !q.options.days.on(std::chrono::weekday(*day)); ++ahead)
    day = calendar.next_listing(*day);
  return calendar.announced_at(*day) + kSettle;
}

Moment next_post_at_a_time(const Question& q, const arxiv::Calendar& calendar, Moment now) {
  auto zone = zone_of(q.options);
  auto posts = [&](Day day, Moment at) {
    return !is_done(q, model::RunName(to_string(day))) &&
           first_uncovered(q, calendar, calendar.current_listing(at - kSettle)).has_value();
  };
  auto last = last_run(q, zone, zone.local_day(now), now);
  bool open = last && last->second >= q.created && now - last->second <= kStillWorth;
  if (open && posts(last->first, last->second)) return last->second;
  auto [day, at] = next_time(q.options, now);
  for (int ahead = 0; ahead < kLongestGap && !posts(day, at); ++ahead) std::tie(day, at) = next_time(q.options, at);
  return at;
}

}  // namespace

model::RunName late_run(Day day) {
  return model::RunName(to_string(day) + "/late");
}

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

Moment next_post(const Question& q, const arxiv::Calendar& calendar, Moment now) {
  return q.options.at.time_of_day ? next_post_at_a_time(q, calendar, now) : next_announcement(q, calendar, now);
}

}  // namespace broadsheet::schedule
