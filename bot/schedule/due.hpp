// What a subscription is due for now (spec: product 2; design: reliability P6-P9; contracts: arXiv 2.5, 5). Pure: the
// loop around it only asks, obeys and sleeps. One run for each existing local date and listing, whatever clocks do.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/time.hpp"
#include "bot/model/subscription.hpp"
#include "digest/calendar/calendar.hpp"

namespace broadsheet::schedule {

// How the listings of a subscription's categories stand on one listing day.
enum class Standing : std::uint8_t {
  ready,    // every category is stored (checked or not)
  unasked,  // nobody has asked arXiv for one of them yet
  waiting,  // not announced yet, stale or incomplete
  down,     // the source does not answer
};

struct Question {
  model::Effective options;
  Moment created{};            // of the subscription: what was announced before is not posted
  std::optional<Day> covered;  // the newest listing day it was given
  // Whether something was posted or decided already in that run.
  std::function<bool(const model::RunName& run)> done;
  std::function<Standing(Day)> standing;
};

struct Answer {
  enum class Kind : std::uint8_t { wait, post, notice, skip };
  Kind kind = Kind::wait;
  Moment until{};              // wait: when to ask again at the latest
  model::RunName run;          // what it is the answer of; empty: wait
  Day day{};                   // post: the listing day; notice: the day it is about
  std::optional<Day> since;    // post: the first listing day, when earlier ones were missed
  std::optional<Day> without;  // post: a later listing day that should be there and is not
  bool late = false;
  enum class Reason : std::uint8_t { none, holiday, late, down, missed };
  Reason reason = Reason::none;  // of notice and skip
};

Answer due(const Question& question, const arxiv::Calendar& calendar, Moment now);

// When the subscription posts next if everything goes well: what people are promised. A moment that has passed: as soon
// as the listing that is waited for is there. Asks `done`, if set, and not `standing`.
Moment next_post(const Question& question, const arxiv::Calendar& calendar, Moment now);
// The run in which it is said once that a listing does not come.
model::RunName late_run(Day day);

// The moment of a local date's run; nothing where the date or its zone's day does not exist.
std::optional<Moment> run_on(const Zone& zone, Day local_day, std::chrono::minutes time_of_day);

}  // namespace broadsheet::schedule
