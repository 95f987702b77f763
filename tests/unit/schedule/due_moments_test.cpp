// The moment at which each decision of `due` turns: one row before it, one at it.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "bot/schedule/due.hpp"

namespace broadsheet::schedule {
namespace {

using Kind = Answer::Kind;
using Reason = Answer::Reason;

Day day_of(const char* text) {
  return *parse_day(text);
}
Moment moment_of(const char* text) {
  return *parse_iso(text);
}

// The second week of January 2026: Monday the 12th was given; the 20th is a holiday's day.
struct Asked {
  Moment created = moment_of("2026-01-09T12:00:00Z");
  std::optional<Day> covered = day_of("2026-01-12");
  std::map<Day, Standing> standing;  // others are ready
  model::Effective options;

  explicit Asked(const char* at = "announce", const char* days = "weekdays") {
    options.at = *model::When::parse(at);
    options.days = *model::Days::parse({days});
  }
  Answer at(const char* now) const {
    Question q;
    q.options = options;
    q.created = created;
    q.covered = covered;
    q.done = [](const model::RunName&) { return false; };
    q.standing = [this](Day day) {
      auto it = standing.find(day);
      return it == standing.end() ? Standing::ready : it->second;
    };
    return due(q, arxiv::Calendar::built_in(), moment_of(now));
  }
};

TEST(DueMoments, TheFirstLookIsAQuarterOfAnHourAfterTheAnnouncement) {
  Asked asked;
  EXPECT_EQ(asked.at("2026-01-13T01:14:59Z").kind, Kind::wait);
  EXPECT_EQ(asked.at("2026-01-13T01:00:00Z").until, moment_of("2026-01-13T01:15:00Z"));
  EXPECT_EQ(asked.at("2026-01-13T01:15:00Z").kind, Kind::post);
}

TEST(DueMoments, WhoWaitsForALateListingAsksEveryQuarterOfAnHourAndElseEveryHour) {
  Asked asked;
  asked.standing[day_of("2026-01-13")] = Standing::waiting;
  EXPECT_EQ(asked.at("2026-01-13T02:00:00Z").until, moment_of("2026-01-13T02:15:00Z"));
  asked.covered = day_of("2026-01-13");
  EXPECT_EQ(asked.at("2026-01-13T05:00:00Z").until, moment_of("2026-01-13T06:00:00Z"));
}

TEST(DueMoments, AListingIsLateOnceTheNextOneIsOut) {
  Asked asked;
  EXPECT_FALSE(asked.at("2026-01-14T01:00:00Z").late);
  EXPECT_TRUE(asked.at("2026-01-14T01:00:01Z").late);
}

TEST(DueMoments, AnExcludedDayIsNotMissedAndNotSpokenOf) {
  Asked asked("announce", "mon");
  asked.standing[day_of("2026-01-12")] = Standing::down;  // it was given all the same
  auto answer = asked.at("2026-01-13T12:00:00Z");
  EXPECT_EQ(answer.kind, Kind::wait);
  EXPECT_EQ(answer.until, moment_of("2026-01-13T13:00:00Z"));
}

TEST(DueMoments, AHolidayIsToldWhenItsListingWouldHaveBeenLookedFor) {
  Asked asked;
  asked.covered = day_of("2026-01-19");
  EXPECT_EQ(asked.at("2026-01-20T01:14:59Z").kind, Kind::wait);
  auto told = asked.at("2026-01-20T01:15:00Z");
  EXPECT_EQ(told.kind, Kind::notice);
  EXPECT_EQ(told.reason, Reason::holiday);
  EXPECT_EQ(told.day, day_of("2026-01-20"));
}

TEST(DueMoments, AHolidayIsNotToldOnAnExcludedDay) {
  Asked asked("announce", "mon,wed");
  asked.covered = day_of("2026-01-19");
  EXPECT_EQ(asked.at("2026-01-20T12:00:00Z").kind, Kind::wait);
}

TEST(DueMoments, AHolidayBeforeTheSubscriptionIsNotTold) {
  Asked asked;
  asked.covered = day_of("2026-01-19");
  asked.created = moment_of("2026-01-19T23:59:59Z");
  EXPECT_EQ(asked.at("2026-01-20T12:00:00Z").kind, Kind::notice);
  asked.created = moment_of("2026-01-20T00:00:00Z");
  EXPECT_EQ(asked.at("2026-01-20T12:00:00Z").kind, Kind::wait);
}

TEST(DueMoments, ARunIsMadeUpForWithinADay) {
  Asked asked("08:00", "mon");
  asked.covered = day_of("2026-01-09");
  EXPECT_EQ(asked.at("2026-01-13T08:00:00Z").kind, Kind::post);
  auto skipped = asked.at("2026-01-13T08:00:01Z");
  EXPECT_EQ(skipped.kind, Kind::skip);
  EXPECT_EQ(skipped.reason, Reason::missed);
}

TEST(DueMoments, ARunWithinTheFirstQuarterOfAnHourTakesTheListingBefore) {
  Asked early("01:10", "daily");
  EXPECT_EQ(early.at("2026-01-13T01:10:00Z").kind, Kind::skip);
  Asked later("01:15", "daily");
  EXPECT_EQ(later.at("2026-01-13T01:15:00Z").kind, Kind::post);
}

TEST(DueMoments, ARunWithoutAListingSaysHolidayOnlyOnOne) {
  Asked holiday("09:00", "daily");
  holiday.covered = day_of("2026-01-19");
  EXPECT_EQ(holiday.at("2026-01-20T09:00:00Z").kind, Kind::notice);
  EXPECT_EQ(holiday.at("2026-01-20T09:00:00Z").reason, Reason::holiday);
  Asked saturday("09:00", "daily");
  saturday.covered = day_of("2026-01-16");
  EXPECT_EQ(saturday.at("2026-01-17T09:00:00Z").kind, Kind::skip);
  EXPECT_EQ(saturday.at("2026-01-17T09:00:00Z").reason, Reason::none);
}

TEST(DueMoments, ARunIsLateAfterAQuarterOfAnHourOrAfterOneThatCouldHavePosted) {
  EXPECT_FALSE(Asked("08:00").at("2026-01-13T08:15:00Z").late);
  EXPECT_TRUE(Asked("08:00").at("2026-01-13T08:15:01Z").late);
  EXPECT_TRUE(Asked("01:15", "daily").at("2026-01-14T01:15:00Z").late);   // Tuesday's run could
  EXPECT_FALSE(Asked("00:50", "daily").at("2026-01-14T00:50:00Z").late);  // Tuesday's could not
}

TEST(DueMoments, ALateListingIsToldAnHourAfterTheRunButNotBeforeSixEastern) {
  Asked morning("08:00"), evening("18:00");
  morning.standing[day_of("2026-01-13")] = evening.standing[day_of("2026-01-13")] = Standing::waiting;
  EXPECT_EQ(morning.at("2026-01-13T08:05:00Z").until, moment_of("2026-01-13T08:20:00Z"));
  EXPECT_EQ(morning.at("2026-01-13T10:59:59Z").kind, Kind::wait);
  EXPECT_EQ(morning.at("2026-01-13T11:00:00Z").kind, Kind::notice);
  EXPECT_EQ(evening.at("2026-01-13T18:59:59Z").kind, Kind::wait);
  EXPECT_EQ(evening.at("2026-01-13T19:00:00Z").kind, Kind::notice);
}

TEST(DueMoments, TheNextPostIsTodaysUntilItsFirstLook) {
  Question asked;
  asked.created = moment_of("2026-01-12T12:00:00Z");
  EXPECT_EQ(next_post(asked, arxiv::Calendar::built_in(), moment_of("2026-01-13T01:05:00Z")),
            moment_of("2026-01-13T01:15:00Z"));
}

}  // namespace
}  // namespace broadsheet::schedule
