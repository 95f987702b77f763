#include "bot/schedule/estimate.hpp"

#include <gtest/gtest.h>

#include <array>

namespace broadsheet::schedule {
namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds one(const SharedPace& shared, const ChatPace& chat) {
  std::array shared_list{shared};
  std::array chat_list{chat};
  return delivery_estimate(shared_list, chat_list);
}

// The figures of performance 4.
TEST(Estimate, KnowsTheTableOfThePerformanceNotes) {
  EXPECT_EQ(one({30, 30, 110}, {11, 1s, 20}), 10s);  // Telegram, ten chats
  EXPECT_NEAR(one({30, 30, 11'000}, {11, 1s, 20}).count(), 6.1 * 60'000, 0.05 * 60'000);
  EXPECT_NEAR(one({30, 30, 10'000}, {1, 1s, 20}).count(), 5.5 * 60'000, 0.05 * 60'000);
  EXPECT_EQ(one({30, 30, 220}, {22, 1s, 20}), 61s);               // 22 in a group break 20 a minute
  EXPECT_NEAR(one({5, 5, 110}, {11, 1s, 0}).count(), 21'000, 1);  // Slack, one workspace
  EXPECT_NEAR(one({0.2, 10, 110}, {11, 0s, 0}).count(), 8.3 * 60'000, 0.05 * 60'000);  // Matrix
  EXPECT_EQ(one({0.2, 10, 10}, {1, 0s, 0}), 0s);
}

TEST(Estimate, IsNothingForNothing) {
  EXPECT_EQ(delivery_estimate({}, {}), 0s);
  EXPECT_EQ(one({30, 30, 0}, {0, 1s, 20}), 0s);
}

}  // namespace
}  // namespace broadsheet::schedule
