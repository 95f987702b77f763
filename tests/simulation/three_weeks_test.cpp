// Three weeks of the whole service on Slack, Matrix and Telegram: a late day, a stale feed, a holiday, an outage of
// arXiv, one of a platform, and both nights in which clocks change, in Europe and in the United States. Without a real
// sleep, twice the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>

#include "tests/fakes/slack_driver.hpp"
#include "tests/simulation/rehearsal.hpp"

namespace broadsheet::simulation {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

constexpr const char* kHolidays = "2026-01-01 New Year's Day\n2026-11-04 Day of the Kites\n";

Day day_of(const char* text) {
  return *parse_day(text);
}
Moment moment(const char* text) {
  return *parse_iso(text);
}

// Who reads where, and at which hour of theirs.
struct Reader {
  const char *platform, *target, *at, *zone;

  // When the digest of that listing day comes if nothing is in its way.
  Moment usual(Day day) const {
    if (std::string_view(at) == "announce") return Zone::eastern().at(day - days(1), 20h + 15min);
    return Zone::find(zone)->at(day, 9h);
  }
  model::Subscription subscription() const {
    model::Subscription out;
    out.target = *model::Target::parse(target);
    out.categories = {*Category::parse("cs.CV")};
    out.options.at = *model::When::parse(at);
    out.options.time_zone = zone;
    return out;
  }
};
const std::vector<Reader> kReaders = {
    {"slack", "slack:T0TEAM/C0DIGEST", "09:00", "Europe/Amsterdam"},
    {"telegram", "telegram:-1001000000001", "09:00", "America/New_York"},
    {"matrix", "matrix:!team:example.org", "announce", "America/New_York"},
};

config::Settings settings() {
  config::Settings out;
  for (const auto& reader : kReaders) out.subscriptions.push_back(reader.subscription());
  return out;
}

using Posts = std::vector<Post>;
Posts chosen(const Rehearsal& r, const Reader& reader, const std::function<bool(const Post&)>& fits) {
  Posts out;
  for (const auto& post : r.posts())
    if (post.platform == reader.platform && fits(post)) out.push_back(post);
  return out;
}
bool is_digest_of(const Post& post, Day day) {
  return !post.reply && post.first_line().ends_with("cs.CV · " + long_date(day));
}
Posts digests(const Rehearsal& r, const Reader& reader, Day day) {
  return chosen(r, reader, [day](const Post& post) { return is_digest_of(post, day); });
}
// Lines that say why there is no digest of the day.
Posts notices(const Rehearsal& r, const Reader& reader, Day day) {
  return chosen(r, reader, [day](const Post& post) {
    auto line = post.first_line();
    return line.starts_with("No listing on " + long_date(day)) ||
           line.find("cs.CV for " + long_date(day)) != std::string::npos;
  });
}

void expect_once_at_its_hour(const Rehearsal& r, const Reader& reader, Day day) {
  auto posted = digests(r, reader, day);
  ASSERT_EQ(posted.size(), 1U) << reader.platform << " " << long_date(day);
  EXPECT_GE(posted[0].at, reader.usual(day)) << reader.platform;
  EXPECT_LT(posted[0].at, reader.usual(day) + 1min) << reader.platform << " " << to_iso(posted[0].at);
  EXPECT_TRUE(notices(r, reader, day).empty()) << reader.platform << " " << long_date(day);
}

// ---- Autumn: clocks go back on 25 October in Amsterdam, on 1 November in New York, arXiv's own zone.

const Day kLate = day_of("2026-10-27"), kAway = day_of("2026-10-28"), kStale = day_of("2026-10-30"),
          kHoliday = day_of("2026-11-05"), kOutage = day_of("2026-11-10");
const Moment kComesLate = moment("2026-10-27T16:00:00Z"), kBack = moment("2026-10-28T09:30:00Z"),
             kAnswersAgain = moment("2026-11-10T19:30:00Z"), kAsked = moment("2026-11-03T10:00:00Z");

struct ThreeWeeks : testing::Test {
  static std::unique_ptr<Rehearsal> rehearsed() {
    auto r = std::make_unique<Rehearsal>(moment("2026-10-22T20:00:00Z"), moment("2026-11-12T20:00:00Z"), kHolidays);
    r->arxiv.late(kLate, 16h);
    r->arxiv.stale(*Category::parse("cs.CV"), kStale);
    r->arxiv.fault(fakes::ArxivSource::all, fakes::ArxivFault::unavailable, moment("2026-11-09T23:30:00Z"),
                   kAnswersAgain);
    r->network.cut("slack", moment("2026-10-28T06:00:00Z"), kBack);
    r->at(kAsked, [&rehearsal = *r] { ask_for_a_status(rehearsal); });
    r->run(settings());
    return r;
  }
  static void ask_for_a_status(Rehearsal& r) {
    r.matrix.say(kRoom, "@ada:example.org", "!arxiv status");
    r.telegram.say(kPerson, kPerson, "/status");
    r.slack_door.deliver("slash_commands",
                         fakes::slash_command("T0TEAM", kChannel, "U0ADA", "status", "9.9.1", r.slack_response_url()),
                         true);
  }
  static void SetUpTestSuite() { shared = rehearsed(); }
  static void TearDownTestSuite() { shared.reset(); }
  static std::vector<Day> listing_days() {
    std::vector<Day> out;
    for (const auto& batch : shared->batches())
      if (batch.day >= day_of("2026-10-23") && batch.day <= day_of("2026-11-12")) out.push_back(batch.day);
    return out;
  }
  static std::unique_ptr<Rehearsal> shared;
  const Rehearsal& r = *shared;
};
std::unique_ptr<Rehearsal> ThreeWeeks::shared;

TEST_F(ThreeWeeks, GoTheSameWayTwiceToTheByte) {
  auto again = rehearsed()->transcript();
  const auto& first = r.transcript();
  auto apart = std::mismatch(first.begin(), first.end(), again.begin(), again.end()).first - first.begin();
  EXPECT_TRUE(first == again) << "they part here: " << first.substr(std::max<std::ptrdiff_t>(0, apart - 300), 600);
}

TEST_F(ThreeWeeks, BringEachListingOnceAtTheReadersHourAlsoAfterClocksWereChanged) {
  for (const auto& reader : kReaders)
    for (auto day : listing_days()) {
      bool away = day == kAway && std::string_view(reader.platform) == "slack";
      if (day != kLate && day != kOutage && !away) expect_once_at_its_hour(r, reader, day);
    }
  EXPECT_EQ(kReaders[0].usual(day_of("2026-10-23")), moment("2026-10-23T07:00:00Z"));
  EXPECT_EQ(kReaders[0].usual(day_of("2026-10-26")), moment("2026-10-26T08:00:00Z"));
  EXPECT_EQ(kReaders[1].usual(day_of("2026-10-30")), moment("2026-10-30T13:00:00Z"));
  EXPECT_EQ(kReaders[1].usual(day_of("2026-11-02")), moment("2026-11-02T14:00:00Z"));
}

TEST_F(ThreeWeeks, SayThatALateListingIsLateAndBringItWhenItComes) {
  for (const auto& reader : kReaders) {
    auto told = notices(r, reader, kLate), posted = digests(r, reader, kLate);
    ASSERT_EQ(told.size(), 1U) << reader.platform;
    EXPECT_NE(told[0].text.find("is not announced yet"), std::string::npos) << told[0].text;
    EXPECT_LT(told[0].at, kComesLate);
    ASSERT_EQ(posted.size(), 1U) << reader.platform;
    EXPECT_GE(posted[0].at, kComesLate);
    EXPECT_LT(posted[0].at, kComesLate + 20min) << reader.platform;
    bool hour_missed = std::string_view(reader.at) != "announce";
    EXPECT_EQ(posted[0].text.find("This digest is late.") != std::string::npos, hour_missed) << posted[0].text;
  }
}

TEST_F(ThreeWeeks, SayOnAHolidayThatThereIsNone) {
  for (const auto& reader : kReaders) {
    auto told = notices(r, reader, kHoliday);
    ASSERT_EQ(told.size(), 1U) << reader.platform;
    EXPECT_NE(told[0].text.find("Day of the Kites"), std::string::npos) << told[0].text;
    EXPECT_NE(told[0].text.find("The next one is Friday 6 November 2026"), std::string::npos) << told[0].text;
    EXPECT_TRUE(digests(r, reader, kHoliday).empty()) << reader.platform;
  }
}

TEST_F(ThreeWeeks, SayThatArxivDoesNotAnswerAndCatchUpOnTheSameDay) {
  for (const auto& reader : kReaders) {
    auto told = notices(r, reader, kOutage), posted = digests(r, reader, kOutage);
    ASSERT_EQ(told.size(), 1U) << reader.platform;
    EXPECT_NE(told[0].text.find("arXiv does not answer"), std::string::npos) << told[0].text;
    EXPECT_LT(told[0].at, kAnswersAgain);
    ASSERT_EQ(posted.size(), 1U) << reader.platform;
    EXPECT_GE(posted[0].at, kAnswersAgain);
    EXPECT_LT(posted[0].at, kAnswersAgain + 1h) << reader.platform << " " << to_iso(posted[0].at);
  }
}

TEST_F(ThreeWeeks, WaitForAPlatformThatIsAway) {
  auto posted = digests(r, kReaders[0], kAway);
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_GE(posted[0].at, kBack);
  EXPECT_LT(posted[0].at, kBack + 15min);
}

TEST_F(ThreeWeeks, SayNothingOnWeekends) {
  for (const auto& reader : kReaders) {
    auto zone = *Zone::find(reader.zone);
    auto of_listings = [&](const Post& post) {
      // Monday's listing is announced on Sunday evening.
      auto day = zone.local_day(std::string_view(reader.at) == "announce" ? post.at + 4h : post.at);
      return is_weekend(day);
    };
    for (const auto& post : chosen(r, reader, of_listings)) ADD_FAILURE() << to_iso(post.at) << " " << post.text;
  }
}

// The number N of "…, Part N" tells whose day a paper of the fake is of.
std::vector<Day> days_of_papers(const std::vector<fakes::Batch>& batches, const std::string& text) {
  std::vector<Day> out;
  constexpr std::string_view kPart = ", Part ";
  for (auto at = text.find(kPart); at != std::string::npos; at = text.find(kPart, at + 1)) {
    auto end = text.find_first_not_of("0123456789", at + kPart.size());
    auto title_end = text.substr(at, end == std::string::npos ? end : end - at);
    for (const auto& batch : batches)
      for (const auto& paper : batch.papers)
        if (paper.title_raw.ends_with(title_end)) out.push_back(batch.day);
  }
  return out;
}

TEST_F(ThreeWeeks, ShowNoPaperOfAnotherDayAlsoWhereTheFeedIsStale) {
  for (const auto& reader : kReaders) {
    std::map<Day, std::size_t> shown;
    Day current{};
    for (const auto& post : chosen(r, reader, [](const Post&) { return true; })) {
      for (auto day : listing_days())
        if (is_digest_of(post, day)) current = day;
      for (auto day : days_of_papers(r.batches(), post.text)) {
        EXPECT_EQ(day, current) << reader.platform << " " << to_iso(post.at) << " " << post.first_line();
        ++shown[current];
      }
    }
    EXPECT_EQ(shown.size(), listing_days().size()) << reader.platform;
    EXPECT_GT(shown[kStale], 0U) << reader.platform;
  }
}

TEST_F(ThreeWeeks, AnswerWhoAsks) {
  auto soon = [](const Post& post) { return post.at >= kAsked && post.at < kAsked + 10s; };
  for (const auto* platform : {"matrix", "telegram"}) {
    auto said = chosen(r, {platform, "", "", ""}, soon);
    ASSERT_FALSE(said.empty()) << platform;
    EXPECT_NE(said[0].text.find("Waiting messages:"), std::string::npos) << said[0].text;
  }
  ASSERT_EQ(r.slack.ephemeral().size(), 1U);
  EXPECT_EQ(r.slack_door.acknowledged().size(), 1U);
}

TEST_F(ThreeWeeks, BreakNoRuleOfArxivAndOfThePlatforms) {
  EXPECT_EQ(r.complaints(), std::vector<std::string>());
}

// ---- Spring: clocks go forward on 8 March in New York, on 29 March in Amsterdam.

TEST(SpringNights, BringTheDigestAtTheReadersHourBeforeAndAfter) {
  for (const auto& [first, last] : {std::pair("2026-03-05", "2026-03-10"), std::pair("2026-03-26", "2026-03-31")}) {
    Rehearsal r(Moment(day_of(first)) + 20h, Moment(day_of(last)) + 20h, kHolidays);
    r.run(settings());
    for (const auto& reader : kReaders)
      for (auto day : {day_of(first) + days(1), day_of(last) - days(1), day_of(last)})
        expect_once_at_its_hour(r, reader, day);
    EXPECT_EQ(r.complaints(), std::vector<std::string>());
  }
  EXPECT_EQ(kReaders[1].usual(day_of("2026-03-06")), moment("2026-03-06T14:00:00Z"));
  EXPECT_EQ(kReaders[1].usual(day_of("2026-03-09")), moment("2026-03-09T13:00:00Z"));
  EXPECT_EQ(kReaders[0].usual(day_of("2026-03-27")), moment("2026-03-27T08:00:00Z"));
  EXPECT_EQ(kReaders[0].usual(day_of("2026-03-30")), moment("2026-03-30T07:00:00Z"));
}

}  // namespace
}  // namespace broadsheet::simulation
