#include "adapters/slack/gate.hpp"

#include <gtest/gtest.h>

namespace broadsheet::slack {
namespace {

using namespace std::chrono_literals;

struct Gates : testing::Test {
  ManualClock clock{*parse_iso("2026-01-14T12:00:00Z")};
  Gate gate{clock};
};

TEST_F(Gates, LetNoMinuteHoldMoreThanTheTier) {
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(gate.pass("conversations.info", "T1"), 0ms) << i;
    clock.advance(100ms);
  }
  auto wait = gate.pass("conversations.info", "T1");
  EXPECT_GT(wait, 55s);
  EXPECT_EQ(gate.pass("conversations.info", "T2"), 0ms) << "another workspace has its own";
  EXPECT_EQ(gate.pass("users.info", "T1"), 0ms) << "and so has another method";
  clock.advance(wait);
  EXPECT_EQ(gate.pass("conversations.info", "T1"), 0ms);
  EXPECT_GT(gate.pass("conversations.info", "T1"), 0ms) << "one place is free, no more";
}

TEST_F(Gates, HoldExactlyWhatWasToldToWait) {
  gate.told("chat.postMessage", "T1/C1", 3s);
  gate.told("chat.postMessage", "T1/C1", 1s);
  EXPECT_EQ(gate.pass("chat.postMessage", "T1/C1"), 3s);
  EXPECT_EQ(gate.pass("chat.postMessage", "T1/C2"), 0ms);
  EXPECT_EQ(gate.pass("chat.update", "T1/C1"), 0ms);
  clock.advance(3s);
  EXPECT_EQ(gate.pass("chat.postMessage", "T1/C1"), 0ms);
}

}  // namespace
}  // namespace broadsheet::slack
