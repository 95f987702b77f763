#include "bot/schedule/due.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace broadsheet::schedule {
namespace {

using namespace std::chrono_literals;
using Kind = Answer::Kind;
using Reason = Answer::Reason;

Day day_of(const char* text) {
  return *parse_day(text);
}
Moment moment_of(const char* text) {
  return *parse_iso(text);
}

// A subscription through time: obeys every answer and remembers what it did.
struct Reader {
  arxiv::Calendar calendar = arxiv::Calendar::built_in();
  model::Effective options;
  Moment created = moment_of("2026-01-09T12:00:00Z");
  std::optional<Day> covered;
  std::set<model::RunName> slots;
  std::map<Day, Moment> ready;  // when each listing came; others at their announcement
  std::set<Day> down, unasked;
  std::vector<std::pair<Moment, Answer>> did;

  Standing standing(Day day, Moment now) const {
    if (down.contains(day)) return Standing::down;
    if (unasked.contains(day)) return Standing::unasked;
    auto it = ready.find(day);
    auto at = it == ready.end() ? calendar.announced_at(day) + 15min : it->second;
    return at <= now ? Standing::ready : Standing::waiting;
  }
  Question question(Moment now) const {
    Question q;
    q.options = options;
    q.created = created;
    q.covered = covered;
    q.done = [this](const model::RunName& run) { return slots.contains(run); };
    q.standing = [this, now](Day day) { return standing(day, now); };
    return q;
  }
  Answer ask(Moment now) const { return due(question(now), calendar, now); }
  std::string promised(const char* now) const {
    return to_iso(next_post(question(moment_of(now)), calendar, moment_of(now)));
  }
  void obey(Moment now) {
    for (int i = 0; i < 10; ++i) {
      auto answer = ask(now);
      if (answer.kind == Kind::wait) {
        EXPECT_GT(answer.until, now);
        return;
      }
      EXPECT_TRUE(slots.insert(answer.run).second) << answer.run;  // every slot once
      if (answer.kind == Kind::post) covered = answer.day;
      did.emplace_back(now, answer);
    }
    ADD_FAILURE() << "does not come to rest at " << to_iso(now);
  }
  void live(Moment from, Moment to, std::chrono::minutes step = 15min) {
    for (auto now = from; now < to; now += step) obey(now);
  }
  std::vector<std::string> posts() const {
    std::vector<std::string> out;
    for (const auto& [when, answer] : did)
      if (answer.kind == Kind::post)
        out.push_back((answer.since ? to_string(*answer.since) + ".." : "") + to_string(answer.day) +
                      (answer.late ? " late" : ""));
    return out;
  }
};

TEST(Due, PostsEachListingWhenItIsAnnounced) {
  Reader r;
  r.live(moment_of("2026-01-12T00:00:00Z"), moment_of("2026-01-17T00:00:00Z"));
  EXPECT_EQ(r.posts(),
            (std::vector<std::string>{"2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15", "2026-01-16"}));
  EXPECT_EQ(r.did[1].first, moment_of("2026-01-13T01:15:00Z"));
}

TEST(Due, SaysOnceThatAListingIsLateAndPostsItWhenItComes) {
  Reader r;
  r.covered = day_of("2026-01-12");
  r.ready[day_of("2026-01-13")] = moment_of("2026-01-13T15:00:00Z");
  r.live(moment_of("2026-01-13T00:00:00Z"), moment_of("2026-01-14T01:00:00Z"));
  ASSERT_EQ(r.did.size(), 2U);
  EXPECT_EQ(r.did[0].second.reason, Reason::late);
  EXPECT_EQ(r.did[0].first, moment_of("2026-01-13T11:00:00Z"));
  EXPECT_EQ(r.did[1].second.kind, Kind::post);
  EXPECT_EQ(r.did[1].first, moment_of("2026-01-13T15:00:00Z"));
}

TEST(Due, TellsAHolidayAndNoWeekend) {
  Reader r;
  r.covered = day_of("2026-01-16");
  r.live(moment_of("2026-01-17T00:00:00Z"), moment_of("2026-01-21T12:00:00Z"));
  std::vector<std::string> told;
  for (const auto& [when, answer] : r.did)
    if (answer.kind == Kind::notice) told.push_back(to_string(answer.day));
  EXPECT_EQ(told, std::vector<std::string>{"2026-01-20"});
  EXPECT_EQ(r.posts(), (std::vector<std::string>{"2026-01-19", "2026-01-21"}));
}

TEST(Due, CatchesUpWithOnePost) {
  Reader r;
  r.covered = day_of("2026-01-12");
  r.obey(moment_of("2026-01-16T03:00:00Z"));
  EXPECT_EQ(r.posts(), std::vector<std::string>{"2026-01-13..2026-01-16 late"});
}

TEST(Due, KeepsALocalTimeOnItsDays) {
  Reader r;
  r.options.at = *model::When::parse("09:00");
  r.options.time_zone = "Europe/Berlin";
  r.options.days = *model::Days::parse({"mon,wed,fri"});
  r.covered = day_of("2026-01-09");
  r.live(moment_of("2026-01-12T00:00:00Z"), moment_of("2026-01-17T00:00:00Z"));
  EXPECT_EQ(r.posts(), (std::vector<std::string>{"2026-01-12", "2026-01-13..2026-01-14", "2026-01-15..2026-01-16"}));
  EXPECT_EQ(r.did[0].first, moment_of("2026-01-12T08:00:00Z"));
}

TEST(Due, PostsOnceAfterAShortAbsenceAndSkipsAnOldRun) {
  Reader r;
  r.options.at = *model::When::parse("08:00");
  r.covered = day_of("2026-01-12");
  r.obey(moment_of("2026-01-13T20:00:00Z"));  // down from 07:59 to 20:00
  EXPECT_EQ(r.posts(), std::vector<std::string>{"2026-01-13 late"});
  Reader weekly;
  weekly.options.at = *model::When::parse("08:00");
  weekly.options.days = *model::Days::parse({"mon"});
  weekly.covered = day_of("2026-01-09");
  weekly.obey(moment_of("2026-01-14T09:00:00Z"));  // Monday's run is two days ago
  ASSERT_EQ(weekly.did.size(), 1U);
  EXPECT_EQ(weekly.did[0].second.kind, Kind::skip);
  EXPECT_EQ(weekly.did[0].second.reason, Reason::missed);
  weekly.live(moment_of("2026-01-19T00:00:00Z"), moment_of("2026-01-20T00:00:00Z"));
  EXPECT_EQ(weekly.posts(), std::vector<std::string>{"2026-01-12..2026-01-19 late"});  // no paper is lost
}

TEST(Due, IsNotConfusedByClocksThatJump) {
  Reader r;
  r.options.at = *model::When::parse("08:00");
  r.covered = day_of("2026-01-12");
  r.obey(moment_of("2026-01-13T08:05:00Z"));
  r.obey(moment_of("2026-01-12T08:05:00Z"));  // a day back
  r.obey(moment_of("2026-01-13T08:05:00Z"));
  r.obey(moment_of("2026-01-14T08:05:00Z"));
  EXPECT_EQ(r.posts(), (std::vector<std::string>{"2026-01-13", "2026-01-14"}));
}

TEST(Due, LosesAndRepeatsNothingInAYear) {
  for (const char* at : {"announce", "07:30"}) {
    Reader r;
    r.options.at = *model::When::parse(at);
    r.options.time_zone = "America/Los_Angeles";
    r.created = moment_of("2026-01-01T12:00:00Z");
    int n = 0;
    for (auto day = r.calendar.next_listing(day_of("2026-01-01")); day < day_of("2026-12-31");
         day = r.calendar.next_listing(day), ++n) {
      if (n % 11 == 3) r.ready[day] = r.calendar.announced_at(day) + 9h;   // late
      if (n % 17 == 5) r.ready[day] = r.calendar.announced_at(day) + 40h;  // very late
    }
    r.live(moment_of("2026-01-02T00:00:00Z"), moment_of("2026-12-24T00:00:00Z"));
    std::set<Day> given;
    for (const auto& [when, answer] : r.did) {
      if (answer.kind != Kind::post) continue;
      for (auto day = answer.since.value_or(answer.day); day <= answer.day; day = r.calendar.next_listing(day))
        EXPECT_TRUE(given.insert(day).second) << at << " " << to_string(day);
    }
    for (auto day = r.calendar.next_listing(day_of("2026-01-02")); day < day_of("2026-12-20");
         day = r.calendar.next_listing(day))
      EXPECT_TRUE(given.contains(day)) << at << " " << to_string(day);
  }
}

TEST(Due, RunsOnceOnTheDateWhoseTimeIsLeftOutBeforeMidnight) {
  Reader r;
  r.options.at = *model::When::parse("23:15");
  r.options.time_zone = "America/Nuuk";
  r.options.days = *model::Days::parse({"daily"});
  r.created = moment_of("2025-03-20T12:00:00Z");
  r.live(moment_of("2025-03-27T12:00:00Z"), moment_of("2025-04-02T12:00:00Z"));
  std::set<model::RunName> slots;
  for (const auto& [when, answer] : r.did) slots.insert(answer.run);
  for (const char* day : {"2025-03-28", "2025-03-29", "2025-03-30", "2025-03-31", "2025-04-01"})
    EXPECT_TRUE(slots.contains(model::RunName(day))) << day;
}

TEST(Due, KeepsEveryDateOnceWhenTheWallClockJumps) {
  for (auto jump : {std::chrono::hours(24), std::chrono::hours(-24), std::chrono::hours(1), std::chrono::hours(-1)}) {
    Reader r;
    r.options.at = *model::When::parse("08:00");
    r.covered = day_of("2026-01-09");
    r.live(moment_of("2026-01-12T00:00:00Z"), moment_of("2026-01-13T09:00:00Z"));
    auto wrong = moment_of("2026-01-13T09:00:00Z") + jump;
    r.live(wrong, wrong + std::chrono::hours(2));
    r.live(moment_of("2026-01-13T11:00:00Z"), moment_of("2026-01-17T00:00:00Z"));
    std::set<Day> given;
    for (const auto& [when, answer] : r.did)
      if (answer.kind == Kind::post)
        for (auto day = answer.since.value_or(answer.day); day <= answer.day; day = r.calendar.next_listing(day))
          EXPECT_TRUE(given.insert(day).second) << jump.count() << " " << to_string(day);
    EXPECT_EQ(given.size(), 5U) << jump.count();  // Monday to Friday
  }
}

TEST(Due, PostsNothingTwiceAcrossTheYearsEndAndTheLeapDay) {
  for (auto [from, to] : {std::pair("2027-12-27", "2028-01-08"), {"2028-02-24", "2028-03-04"}}) {
    Reader r;
    r.options.at = *model::When::parse("09:00");
    r.options.time_zone = "Pacific/Kiritimati";  // 14 hours ahead
    r.options.days = *model::Days::parse({"daily"});
    r.created = Moment(day_of(from)) - std::chrono::hours(24);
    r.live(Moment(day_of(from)), Moment(day_of(to)));
    std::map<std::string, int> runs;
    for (const auto& [when, answer] : r.did) ++runs[answer.run.str().substr(0, 10)];
    for (auto day = day_of(from) + std::chrono::days(1); day < day_of(to); day += std::chrono::days(1))
      EXPECT_EQ(runs[to_string(day)], 1) << to_string(day);
  }
}

TEST(Due, PostsAtTheFirstTimeWhatWasOutBeforeSomebodySubscribed) {
  Reader r;
  r.options.at = *model::When::parse("03:56");
  r.created = moment_of("2026-01-14T03:54:00Z");  // the listing is out since 01:00
  r.live(moment_of("2026-01-14T03:54:00Z"), moment_of("2026-01-14T12:00:00Z"), 1min);
  ASSERT_EQ(r.posts(), std::vector<std::string>{"2026-01-14"});
  EXPECT_EQ(r.did[0].first, moment_of("2026-01-14T03:56:00Z"));
}

TEST(Due, PostsOnAnnouncementWhatComesAfterSomebodySubscribedAndNothingOlder) {
  Reader r;
  r.created = moment_of("2026-01-14T01:05:00Z");  // announced, and not to be had before 01:15
  r.live(r.created, moment_of("2026-01-14T12:00:00Z"));
  EXPECT_EQ(r.posts(), std::vector<std::string>{"2026-01-14"});
  Reader later;
  later.created = moment_of("2026-01-14T01:20:00Z");
  later.live(later.created, moment_of("2026-01-14T12:00:00Z"));
  EXPECT_TRUE(later.posts().empty());
}

TEST(Due, TellsNothingLateBeforeArxivWasAsked) {
  for (const char* at : {"announce", "09:00"}) {
    Reader r;
    r.options.at = *model::When::parse(at);
    r.covered = day_of("2026-01-12");
    r.unasked = {day_of("2026-01-13"), day_of("2026-01-14")};
    r.obey(moment_of("2026-01-14T13:00:00Z"));
    EXPECT_TRUE(r.did.empty()) << at;
    r.unasked.clear();
    r.down = {day_of("2026-01-13"), day_of("2026-01-14")};
    r.obey(moment_of("2026-01-14T13:15:00Z"));
    ASSERT_EQ(r.did.size(), 1U) << at;
    EXPECT_EQ(r.did[0].second.reason, Reason::down);
  }
}

// The listings of the missed days come one after the other, oldest first.
TEST(Due, GathersTwoMissedWeeksIntoOnePostWhileTheyAreFetched) {
  Reader r;
  r.covered = day_of("2026-01-09");
  auto start = moment_of("2026-01-23T14:00:00Z");
  auto came = start;
  for (auto day = r.calendar.next_listing(*r.covered); day <= day_of("2026-01-23");
       day = r.calendar.next_listing(day)) {
    r.ready[day] = came += 3min;
    r.unasked.insert(day);
  }
  for (auto now = start; now < start + 3h; now += 1min) {
    std::erase_if(r.unasked, [&](Day day) { return r.ready[day] <= now; });
    r.obey(now);
  }
  EXPECT_EQ(r.did.size(), 1U);
  EXPECT_EQ(r.posts(), std::vector<std::string>{"2026-01-12..2026-01-23 late"});
}

TEST(Due, PostsAMissedDayWithoutTheNewestWhenThatDoesNotCome) {
  Reader r;
  r.covered = day_of("2026-01-08");
  r.ready[day_of("2026-01-12")] = moment_of("2026-01-12T20:00:00Z");
  r.obey(moment_of("2026-01-12T03:00:00Z"));
  EXPECT_TRUE(r.did.empty()) << "Monday's may still come";
  r.obey(moment_of("2026-01-12T11:00:00Z"));
  EXPECT_EQ(r.posts(), std::vector<std::string>{"2026-01-09 late"});
  EXPECT_EQ(r.did.at(0).second.without, day_of("2026-01-12"));
}

TEST(NextPost, SaysWhenTheNextPostIsExpected) {
  Reader r;
  r.created = moment_of("2026-01-13T12:00:00Z");
  EXPECT_EQ(r.promised("2026-01-13T12:00:00Z"), "2026-01-14T01:15:00Z");
  r.covered = day_of("2026-01-16");
  EXPECT_EQ(r.promised("2026-01-16T12:00:00Z"), "2026-01-19T01:15:00Z");
  r.options.at = *model::When::parse("09:00");
  r.options.time_zone = "Europe/Berlin";
  EXPECT_EQ(r.promised("2026-01-16T12:00:00Z"), "2026-01-19T08:00:00Z");
  r.options.days = *model::Days::parse({"daily"});
  EXPECT_EQ(r.promised("2026-01-16T12:00:00Z"), "2026-01-19T08:00:00Z") << "nothing new comes on the weekend";
}

// Whatever is promised happens then: over three weeks, for every kind of time, asked at every hour.
TEST(NextPost, IsAPromiseThatIsKept) {
  for (const char* at : {"announce", "03:56", "20:30"})
    for (const char* days : {"weekdays", "daily", "fri", "sat"}) {
      if (std::string_view(at) == "announce" && std::string_view(days) == "sat") continue;  // never: refused
      for (auto created = moment_of("2026-01-12T00:30:00Z"); created < moment_of("2026-01-19T00:00:00Z");
           created += 7h) {
        Reader r;
        r.options.at = *model::When::parse(at);
        r.options.days = *model::Days::parse({days});
        r.created = created;
        auto promised = next_post(r.question(created), r.calendar, created);
        r.live(created, promised, 1h);
        EXPECT_TRUE(r.posts().empty()) << at << " " << days << " " << to_iso(created) << " before " << to_iso(promised);
        r.obey(promised);
        EXPECT_EQ(r.posts().size(), 1U) << at << " " << days << " " << to_iso(created) << " at " << to_iso(promised);
      }
    }
}

TEST(NextPost, OfAListingThatIsLateHasPassed) {
  Reader r;
  r.covered = day_of("2026-01-13");
  r.ready[day_of("2026-01-14")] = moment_of("2026-01-14T20:00:00Z");
  EXPECT_EQ(r.promised("2026-01-14T05:00:00Z"), "2026-01-14T01:15:00Z");
  r.options.at = *model::When::parse("04:00");
  EXPECT_EQ(r.promised("2026-01-14T05:00:00Z"), "2026-01-14T04:00:00Z");
}

}  // namespace
}  // namespace broadsheet::schedule
