#include "digest/calendar/calendar.hpp"

#include <gtest/gtest.h>

namespace broadsheet::arxiv {
namespace {

Day day(const char* s) {
  return *parse_day(s);
}
Moment moment(const char* s) {
  return *parse_iso(s);
}

// contracts: arXiv 5.1.
TEST(Calendar, PutsEachSubmissionIntoItsListing) {
  struct Row {
    const char *submitted, *announced, *listing;
  };
  const Row rows[] = {{"2025-12-04T18:59:59Z", "2025-12-05T01:00:00Z", "2025-12-05"},
                      {"2025-12-04T19:00:00Z", "2025-12-08T01:00:00Z", "2025-12-08"},
                      {"2025-12-05T18:59:59Z", "2025-12-08T01:00:00Z", "2025-12-08"},
                      {"2025-12-05T19:00:00Z", "2025-12-09T01:00:00Z", "2025-12-09"},
                      {"2025-12-06T12:00:00Z", "2025-12-09T01:00:00Z", "2025-12-09"},
                      {"2025-12-06T20:00:00Z", "2025-12-09T01:00:00Z", "2025-12-09"},
                      {"2025-12-07T12:00:00Z", "2025-12-09T01:00:00Z", "2025-12-09"},
                      {"2025-12-07T19:00:00Z", "2025-12-09T01:00:00Z", "2025-12-09"},
                      {"2025-12-18T18:59:59Z", "2025-12-19T01:00:00Z", "2025-12-19"},
                      {"2025-12-23T18:59:56Z", "2025-12-24T01:00:00Z", "2025-12-24"},
                      {"2025-12-24T19:00:01Z", "2025-12-29T01:00:00Z", "2025-12-29"},
                      {"2025-12-26T18:00:00Z", "2025-12-29T01:00:00Z", "2025-12-29"},
                      {"2026-01-12T18:59:32Z", "2026-01-13T01:00:00Z", "2026-01-13"},
                      {"2026-03-06T18:59:59Z", "2026-03-09T00:00:00Z", "2026-03-09"},
                      {"2026-03-09T17:59:59Z", "2026-03-10T00:00:00Z", "2026-03-10"},
                      {"2026-03-09T18:00:00Z", "2026-03-11T00:00:00Z", "2026-03-11"},
                      {"2026-07-28T17:59:59Z", "2026-07-29T00:00:00Z", "2026-07-29"},
                      {"2026-07-02T19:00:00Z", "2026-07-07T00:00:00Z", "2026-07-07"},
                      {"2026-11-25T20:00:00Z", "2026-11-30T01:00:00Z", "2026-11-30"}};
  auto calendar = Calendar::built_in();
  for (const auto& row : rows) {
    auto listing = calendar.listing_day(moment(row.submitted));
    EXPECT_EQ(to_string(listing), row.listing) << row.submitted;
    EXPECT_EQ(to_iso(calendar.announced_at(listing)), row.announced) << row.submitted;
    auto window = calendar.submissions(listing);
    EXPECT_LE(window.from, moment(row.submitted)) << row.submitted;
    EXPECT_LT(moment(row.submitted), window.to) << row.submitted;
  }
}

TEST(Calendar, KnowsTheDaysWithoutAListing) {
  auto calendar = Calendar::built_in();
  for (const char* quiet : {"2025-06-20", "2025-07-07", "2025-09-02", "2025-11-28", "2025-12-26", "2025-12-31",
                            "2026-01-02", "2026-06-22", "2026-07-06"})
    EXPECT_EQ(calendar.quiet(day(quiet)), QuietReason::holiday) << quiet;
  EXPECT_EQ(calendar.quiet(day("2025-12-20")), QuietReason::weekend);
  EXPECT_FALSE(calendar.quiet(day("2025-12-25")));
  EXPECT_EQ(calendar.holiday_name(day("2025-12-26")), "Christmas");
  EXPECT_EQ(calendar.holiday_name(day("2026-07-06")), "Independence Day");
}

TEST(Calendar, KnowsTheCurrentListing) {
  auto calendar = Calendar::built_in();
  EXPECT_EQ(to_string(calendar.current_listing(moment("2025-12-05T00:59:59Z"))), "2025-12-04");
  EXPECT_EQ(to_string(calendar.current_listing(moment("2025-12-05T01:00:00Z"))), "2025-12-05");
  EXPECT_EQ(to_string(calendar.current_listing(moment("2025-12-07T12:00:00Z"))), "2025-12-05");
  EXPECT_EQ(to_string(calendar.next_listing(day("2025-12-25"))), "2025-12-29");
  EXPECT_EQ(to_string(calendar.previous_listing(day("2025-12-29"))), "2025-12-25");
}

TEST(Calendar, WindowsOfAYearFollowEachOtherWithoutGaps) {
  auto calendar = Calendar::built_in();
  auto listing = day("2025-12-29");
  for (int i = 0; i < 245; ++i) {
    auto next = calendar.next_listing(listing);
    EXPECT_EQ(calendar.submissions(listing).to, calendar.submissions(next).from) << to_string(next);
    EXPECT_EQ(calendar.listing_day(calendar.submissions(next).from), next) << to_string(next);
    listing = next;
  }
}

TEST(Calendar, NamesNoHolidayForAWeekend) {
  auto calendar = Calendar::built_in();
  for (auto d = day("2025-01-01"); d < day("2027-01-01"); d += std::chrono::days(1))
    if (calendar.quiet(d) == QuietReason::weekend) EXPECT_EQ(calendar.holiday_name(d), "") << to_string(d);
}

TEST(Calendar, WithoutHolidaysKnowsNoDay) {
  auto calendar = Calendar::parse("# none\n");
  ASSERT_TRUE(calendar);
  EXPECT_EQ(calendar->last_known_day(), Day{});
  EXPECT_EQ(calendar->holiday_name(day("2025-12-26")), "");
}

TEST(Calendar, NamesABadLine) {
  auto bad = Calendar::parse("2026-01-01 fine\nsoon\n");
  ASSERT_FALSE(bad);
  EXPECT_NE(bad.error().what().find("line 2"), std::string::npos);
}

}  // namespace
}  // namespace broadsheet::arxiv
