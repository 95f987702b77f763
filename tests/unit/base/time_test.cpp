#include "bot/base/time.hpp"

#include <gtest/gtest.h>

namespace broadsheet {
namespace {

using namespace std::chrono_literals;

TEST(Time, ReadsAndWritesIsoMoments) {
  EXPECT_EQ(to_iso(*parse_iso("2026-04-12T22:09:26Z")), "2026-04-12T22:09:26Z");
  EXPECT_EQ(to_iso(*parse_iso("2025-10-17T00:00:00-04:00")), "2025-10-17T04:00:00Z");
  EXPECT_EQ(to_iso(*parse_iso("2025-10-17T00:00:00.123456+00:00")), "2025-10-17T00:00:00.123Z");
  EXPECT_EQ(to_iso(*parse_iso("2025-12-18")), "2025-12-18T00:00:00Z");
  for (const char* bad : {"", "2025-13-01", "2025-02-29", "2025-12-18T", "2025-12-18T25:00:00Z", "2025-12-18T10:00:00"})
    EXPECT_FALSE(parse_iso(bad)) << bad;
}

TEST(Time, ReadsMailDates) {
  EXPECT_EQ(to_iso(*parse_rfc822("Fri, 05 Dec 2025 00:00:00 -0500")), "2025-12-05T05:00:00Z");
  EXPECT_EQ(to_iso(*parse_rfc822("Wed, 1 Jan 2020 23:59:59 GMT")), "2020-01-01T23:59:59Z");
  EXPECT_FALSE(parse_rfc822("yesterday"));
  EXPECT_EQ(to_http_date(*parse_iso("2025-12-05T01:00:00Z")), "Fri, 05 Dec 2025 01:00:00 GMT");
}

TEST(Zone, FollowsTheCroniesRuleInGapAndOverlap) {
  auto berlin = *Zone::find("Europe/Berlin");
  EXPECT_EQ(to_iso(berlin.at(*parse_day("2026-03-29"), 150min)), "2026-03-29T01:00:00Z");  // 02:30 does not exist
  EXPECT_EQ(to_iso(berlin.at(*parse_day("2026-10-25"), 150min)), "2026-10-25T00:30:00Z");  // 02:30 twice: the first
  EXPECT_FALSE(Zone::find("Europe/Nowhere"));
}

TEST(Zone, KnowsTheLocalDay) {
  auto eastern = Zone::eastern();
  EXPECT_EQ(to_string(eastern.local_day(*parse_iso("2025-12-05T01:00:00Z"))), "2025-12-04");
  EXPECT_EQ(eastern.local_time_of_day(*parse_iso("2025-12-05T01:00:00Z")), 20h);
  EXPECT_EQ(eastern.clock_text(*parse_iso("2025-12-05T01:00:00Z")), "20:00 EST");
}

TEST(Day, HasNames) {
  EXPECT_EQ(long_date(*parse_day("2025-12-19")), "Friday 19 December 2025");
  EXPECT_EQ(short_date(*parse_day("2025-12-19")), "Fri 19 Dec");
  EXPECT_TRUE(is_weekend(*parse_day("2025-12-20")));
}

}  // namespace
}  // namespace broadsheet
