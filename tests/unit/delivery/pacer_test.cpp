#include "bot/delivery/pacer.hpp"

#include <gtest/gtest.h>

namespace broadsheet::delivery {
namespace {

using namespace std::chrono_literals;
using adapters::Pace;

TEST(Pacer, AllowsTheBurstAndThenTheRate) {
  Pacer pacer;
  std::vector<Pace> paces = {{"bot", 10, 3}};
  SteadyMoment now{};
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(pacer.blocked(paces, now));
    pacer.take(paces, now);
  }
  auto blocked = pacer.blocked(paces, now);
  ASSERT_TRUE(blocked);
  EXPECT_EQ(blocked->until - now, 100ms);
  EXPECT_FALSE(pacer.blocked(paces, now + 100ms));
}

TEST(Pacer, NeverExceedsRateAndBurstInAnyWindow) {
  Pacer pacer;
  std::vector<Pace> paces = {{"bot", 30, 30}, {"chat", 5, 2}};
  std::vector<SteadyMoment> sent;
  SteadyMoment now{};
  while (sent.size() < 100) {
    if (auto blocked = pacer.blocked(paces, now)) {
      now = blocked->until;
      continue;
    }
    pacer.take(paces, now);
    sent.push_back(now);
  }
  for (std::size_t i = 0; i < sent.size(); ++i)
    for (std::size_t k = i; k < sent.size(); ++k) {
      auto seconds = std::chrono::duration<double>(sent[k] - sent[i]).count();
      EXPECT_LE(static_cast<double>(k - i + 1), 2 + 5 * seconds + 1e-6);
    }
  EXPECT_NEAR(std::chrono::duration<double>(sent.back() - sent.front()).count(), 98 / 5.0, 0.01);
}

TEST(Pacer, HoldsTheBucketThatWasToldToWait) {
  Pacer pacer;
  SteadyMoment now{};
  pacer.hold("chat:1", now + 5s);
  EXPECT_EQ(pacer.blocked({{"bot", 30, 30}, {"chat:1", 1, 1}}, now)->until, now + 5s);
  EXPECT_FALSE(pacer.blocked({{"bot", 30, 30}, {"chat:2", 1, 1}}, now));
  pacer.tidy(now + 4s);
  EXPECT_EQ(pacer.size(), 1U);
  pacer.tidy(now + 6s);
  EXPECT_EQ(pacer.size(), 0U);
}

TEST(Pacer, GivesNoBurstWhenAWaitEnds) {
  Pacer pacer;
  std::vector<Pace> paces = {{"bot", 10, 30}};
  SteadyMoment now{};
  now += 1h;
  pacer.hold("bot", now + 5s);
  now += 5s;
  EXPECT_FALSE(pacer.blocked(paces, now));
  pacer.take(paces, now);
  EXPECT_EQ(pacer.blocked(paces, now)->until - now, 100ms);
  now += 1s;  // what has filled since then is there
  for (int i = 0; i < 10; ++i, pacer.take(paces, now)) EXPECT_FALSE(pacer.blocked(paces, now)) << i;
  EXPECT_TRUE(pacer.blocked(paces, now));
}

}  // namespace
}  // namespace broadsheet::delivery
