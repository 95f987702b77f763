// The daylight-saving rule in every zone of the system's database, against the zone library itself.
#include <date/tz.h>
#include <gtest/gtest.h>

#include "bot/schedule/due.hpp"

namespace broadsheet::schedule {
namespace {

using namespace std::chrono_literals;

#ifdef NDEBUG
constexpr int kEvery = 1;  // zones
#else
constexpr int kEvery = 20;
#endif

bool exists(const date::time_zone& zone, date::local_days day) {
  // A local date exists when some instant of it does.
  for (auto hour : {0h, 6h, 12h, 18h, 23h}) {
    auto info = zone.get_info(day + hour);
    if (info.result != date::local_info::nonexistent) return true;
  }
  return false;
}

// cronie's rule from the library's own description of the moment.
date::sys_seconds expected(const date::time_zone& zone, date::local_seconds local) {
  auto info = zone.get_info(local);
  if (info.result == date::local_info::nonexistent) return info.second.begin;  // the first instant after the gap
  return date::sys_seconds((local - info.first.offset).time_since_epoch());    // in an overlap the first occurrence
}

TEST(Zones, EveryLocalDateHasExactlyOneRun) {
  std::size_t zones = 0, wrong = 0, changes = 0;
  int n = 0;
  for (const auto& zone : date::get_tzdb().zones) {
    if (n++ % kEvery != 0) continue;
    auto ours = Zone::find(zone.name());
    ASSERT_TRUE(ours) << zone.name();
    ++zones;
    for (auto time : {0min, 90min, 150min, 540min, 1395min}) {
      Moment before{};
      for (auto day = date::sys_days(date::year(2000) / 1 / 1); day < date::sys_days(date::year(2038) / 1 / 1);
           day += date::days(1)) {
        auto local = date::local_days(day.time_since_epoch());
        auto at = run_on(*ours, Day(day.time_since_epoch()), time);
        if (!exists(zone, local)) {
          wrong += at ? 1 : 0;
          continue;
        }
        auto wanted = expected(zone, local + time);
        if (zone.get_info(local + time).result != date::local_info::unique) ++changes;
        if (!at || *at != Moment(wanted.time_since_epoch()) || *at <= before) {
          if (++wrong < 10) ADD_FAILURE() << zone.name() << " " << to_string(Day(day.time_since_epoch()));
          continue;
        }
        before = *at;
      }
    }
  }
  EXPECT_EQ(wrong, 0U);
  EXPECT_GT(changes, 100U);
  RecordProperty("zones", static_cast<int>(zones));
}

TEST(Zones, RunAtMidnightWhenAGapEndsThere) {
  auto nuuk = *Zone::find("America/Nuuk");  // the hour before that midnight is left out
  auto saturday = *parse_day("2025-03-29");
  EXPECT_EQ(run_on(nuuk, saturday, 1395min), *parse_iso("2025-03-30T01:00:00Z"));
  EXPECT_EQ(run_on(nuuk, saturday + std::chrono::days(1), 1395min), *parse_iso("2025-03-31T00:15:00Z"));
}

TEST(Zones, SkipADateThatDoesNotExist) {
  EXPECT_FALSE(run_on(*Zone::find("Pacific/Apia"), *parse_day("2011-12-30"), 540min));
  EXPECT_TRUE(run_on(*Zone::find("Pacific/Apia"), *parse_day("2011-12-31"), 540min));
}

}  // namespace
}  // namespace broadsheet::schedule
