#include "bot/endpoint/ledger.hpp"

#include <gtest/gtest.h>

#include "tests/unit/endpoint/rig.hpp"

namespace broadsheet::endpoint {
namespace {

using namespace std::chrono_literals;

struct ADaysBudget : test::EndpointRig {
  // Asks until nothing more is allowed; the answers that came.
  int spend() {
    int answers = 0;
    for (const auto& answer : ask_many(20)) {
      if (answer) ++answers;
      if (!answer) EXPECT_EQ(answer.error().kind(), ErrorKind::not_allowed) << answer.error().what();
    }
    return answers;
  }
};

TEST_F(ADaysBudget, IsPassedByLessThanOneCall) {
  for (auto usage : {fakes::Usage::reported, fakes::Usage::missing, fakes::Usage::null, fakes::Usage::zero}) {
    restart();
    values.values.clear();
    fake.manners({.latency = 5ms, .usage = usage});
    options.daily_tokens = 200;
    auto before = fake.tokens();
    EXPECT_GE(spend(), 2);
    auto used = fake.tokens() - before;
    EXPECT_LT(used, 200 + 60) << "one call is less than 60 tokens";
  }
}

TEST_F(ADaysBudget, HoldsOverARestartAndEndsWithTheDay) {
  options.daily_tokens = 100;
  EXPECT_GE(spend(), 1);
  restart();
  auto before = fake.calls();
  EXPECT_EQ(spend(), 0);
  EXPECT_EQ(fake.calls(), before);
  EXPECT_GT(endpoint().tokens_today(), 99);
}

TEST_F(ADaysBudget, CountsAlsoWithoutACap) {
  (void)ask();
  EXPECT_GT(endpoint().tokens_today(), 10);
}

TEST_F(ADaysBudget, BooksAllThatACallInTheDarkMayHaveCost) {
  auto reply = fakes::model_answer("{}");
  reply.fault = fakes::Fault::silence;
  fake.always(reply);
  (void)ask(100ms);
  EXPECT_GT(endpoint().tokens_today(), 900);
}

}  // namespace
}  // namespace broadsheet::endpoint
