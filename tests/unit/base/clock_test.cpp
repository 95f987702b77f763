#include "bot/base/clock.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace broadsheet {
namespace {

using namespace std::chrono_literals;

struct AManualClock : testing::Test {
  ManualClock clock{*parse_iso("2026-01-13T06:00:00Z")};
  std::vector<std::string> woken;
  std::unique_ptr<Clock::Sleeper> sleep(std::chrono::milliseconds d, const std::string& name) {
    return clock.sleeper(clock.steady_now() + d, [this, name] { woken.push_back(name + " " + to_iso(clock.now())); });
  }
};

TEST_F(AManualClock, WakesInOrderAndEachAtItsMoment) {
  auto late = sleep(2s, "late"), early = sleep(1s, "early"), beside = sleep(1s, "beside"), never = sleep(1h, "never");
  clock.advance(10s);
  EXPECT_EQ(woken, (std::vector<std::string>{"early 2026-01-13T06:00:01Z", "beside 2026-01-13T06:00:01Z",
                                             "late 2026-01-13T06:00:02Z"}));
  EXPECT_EQ(to_iso(clock.now()), "2026-01-13T06:00:10Z");
}

TEST_F(AManualClock, WakesOnceAndNobodyWhoHasLeft) {
  auto stays = sleep(1s, "stays"), leaves = sleep(1s, "leaves");
  leaves.reset();
  clock.advance(1s);
  clock.advance(1h);
  EXPECT_EQ(woken, std::vector<std::string>{"stays 2026-01-13T06:00:01Z"});
  EXPECT_FALSE(clock.next());
}

TEST_F(AManualClock, LetsWhoIsWokenSleepAgain) {
  std::unique_ptr<Clock::Sleeper> again;
  auto first = clock.sleeper(clock.steady_now() + 1s, [&] { again = sleep(1s, "again"); });
  clock.advance(3s);
  EXPECT_EQ(woken, std::vector<std::string>{"again 2026-01-13T06:00:02Z"});
}

TEST_F(AManualClock, GoesToTheNextMomentThatSomebodyWaitsFor) {
  auto one = sleep(90s, "one"), other = sleep(2h, "other");
  EXPECT_TRUE(clock.advance_to_next());
  EXPECT_TRUE(clock.advance_to_next());
  EXPECT_FALSE(clock.advance_to_next());
  EXPECT_EQ(woken, (std::vector<std::string>{"one 2026-01-13T06:01:30Z", "other 2026-01-13T08:00:00Z"}));
}

TEST_F(AManualClock, LosesNoFractionOfAMillisecond) {
  for (int i = 0; i < 4; ++i) clock.advance(250us);
  EXPECT_EQ(to_iso(clock.now()), "2026-01-13T06:00:00.001Z");
}

TEST_F(AManualClock, IsOutlivedByWhoSleeps) {
  std::unique_ptr<Clock::Sleeper> sleeper;
  {
    ManualClock gone(clock.now());
    sleeper = gone.sleeper(gone.steady_now() + 1s, [] { FAIL(); });
  }
  sleeper.reset();
}

TEST(ARealClock, HasNoSleepers) {
  SystemClock clock;
  EXPECT_EQ(clock.sleeper(clock.steady_now(), [] {}), nullptr);
}

}  // namespace
}  // namespace broadsheet
