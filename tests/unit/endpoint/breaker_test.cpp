#include "bot/endpoint/breaker.hpp"

#include <gtest/gtest.h>

namespace broadsheet::endpoint {
namespace {

using namespace std::chrono_literals;
const Moment kNow = *parse_iso("2025-12-19T01:00:00Z");

TEST(ABreaker, OpensAfterFiveFailuresAndLongerEachTime) {
  Breaker breaker;
  for (int i = 0; i < 4; ++i) breaker.note(Class::transient, kNow);
  EXPECT_FALSE(breaker.closed_by(kNow));
  breaker.note(Class::transient, kNow);
  EXPECT_EQ(breaker.closed_by(kNow + 59s), Class::transient);
  EXPECT_FALSE(breaker.closed_by(kNow + 60s));
  breaker.note(Class::transient, kNow + 60s);
  EXPECT_TRUE(breaker.closed_by(kNow + 179s)) << "the probe failed: twice as long";
  EXPECT_FALSE(breaker.closed_by(kNow + 181s));
  breaker.note(Class::answer, kNow + 181s);
  breaker.note(Class::transient, kNow + 182s);
  EXPECT_FALSE(breaker.closed_by(kNow + 182s)) << "an answer begins anew";
}

TEST(ABreaker, OpensWhenHalfOfTwentyFail) {
  Breaker breaker;
  for (int i = 0; i < 20; ++i) breaker.note(i % 2 == 0 ? Class::answer : Class::transient, kNow);
  EXPECT_TRUE(breaker.closed_by(kNow));
}

TEST(ABreaker, StaysOpenUntilSomebodyMendsTheConfiguration) {
  Breaker breaker;
  breaker.note(Class::configuration, kNow);
  EXPECT_EQ(breaker.closed_by(kNow + 24h * 365), Class::configuration);
}

TEST(ABreaker, LeavesAnEmptyAccountAloneForAnHour) {
  Breaker breaker;
  breaker.note(Class::out_of_money, kNow);
  EXPECT_TRUE(breaker.closed_by(kNow + 59min));
  EXPECT_FALSE(breaker.closed_by(kNow + 61min));
}

TEST(ABreaker, OpensAfterThreeQuestionsThatWereNotTaken) {
  Breaker breaker;
  breaker.note(Class::permanent, kNow);
  breaker.note(Class::permanent, kNow);
  EXPECT_FALSE(breaker.closed_by(kNow));
  breaker.note(Class::permanent, kNow);
  EXPECT_TRUE(breaker.closed_by(kNow));
}

}  // namespace
}  // namespace broadsheet::endpoint
