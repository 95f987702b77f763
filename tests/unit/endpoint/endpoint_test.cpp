#include "bot/endpoint/endpoint.hpp"

#include <gtest/gtest.h>

#include "tests/unit/endpoint/rig.hpp"

namespace broadsheet::endpoint {
namespace {

using namespace std::chrono_literals;
using fakes::model_answer;
using fakes::model_error;

struct AnEndpoint : test::EndpointRig {};

fakes::Reply broken(fakes::Fault fault) {
  auto reply = model_answer("{}");
  reply.fault = fault;
  return reply;
}
fakes::Reply with_header(fakes::Reply reply, const std::string& name, const std::string& value) {
  reply.headers.emplace_back(name, value);
  return reply;
}

TEST_F(AnEndpoint, KeepsToTheContract) {
  options.key = config::Secret("sk-test");
  fake.manners({.key = "sk-test"});
  auto answer = ask();
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->model, "some-model");
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
  EXPECT_EQ(fake.asked().at(0).format, "json_schema");
  EXPECT_EQ(fake.asked().at(0).limit, 900);
}

TEST_F(AnEndpoint, TriesAgainWhatMayPass) {
  for (const auto& reply :
       {model_error(500, "x"), model_error(503, "loading"), model_error(408, "x"), broken(fakes::Fault::cut_in_body),
        broken(fakes::Fault::reset_before_answer), model_error(200, "upstream"),
        with_header(model_error(429, "slow"), "retry-after-ms", "20")}) {
    fake.next(reply);
    auto answer = ask();
    EXPECT_TRUE(answer) << reply.status << " " << answer.error().what();
  }
  EXPECT_EQ(fake.calls(), 14U);
}

TEST_F(AnEndpoint, TriesThreeTimesAtMost) {
  fake.always(model_error(503, "x"));
  EXPECT_EQ(ask().error().kind(), ErrorKind::transient);
  EXPECT_EQ(fake.calls(), 3U);
}

TEST_F(AnEndpoint, IsLeftAloneAfterFiveFailures) {
  fake.always(model_error(503, "x"));
  (void)ask();
  (void)ask();
  auto before = fake.calls();
  EXPECT_EQ(before, 5U);
  EXPECT_EQ(ask().error().kind(), ErrorKind::unavailable);
  EXPECT_EQ(fake.calls(), before);
  EXPECT_NE(endpoint().trouble(), "");
}

TEST_F(AnEndpoint, IsAskedOnceAndNeverAgainWithAWrongKeyOrModel) {
  for (int status : {401, 403, 404}) {
    fake.always(model_error(status, "no"));
    restart();
    auto before = fake.calls();
    EXPECT_EQ(ask().error().kind(), ErrorKind::unavailable) << status;
    EXPECT_EQ(ask().error().kind(), ErrorKind::unavailable) << status;
    EXPECT_EQ(fake.calls(), before + 1) << status;
  }
}

TEST_F(AnEndpoint, IsNotAskedWithoutMoney) {
  fake.always(model_error(429, "You exceeded your current quota", "insufficient_quota"));
  EXPECT_EQ(ask().error().kind(), ErrorKind::rate_limited);
  EXPECT_EQ(ask().error().kind(), ErrorKind::rate_limited);
  EXPECT_EQ(fake.calls(), 1U);
}

TEST_F(AnEndpoint, IsNotAskedWhileItSaidToWaitAlsoAfterARestart) {
  fake.always(with_header(model_error(429, "slow down"), "Retry-After", "3600"));
  EXPECT_EQ(ask().error().kind(), ErrorKind::rate_limited);
  restart();
  EXPECT_EQ(ask().error().kind(), ErrorKind::rate_limited);
  EXPECT_EQ(fake.calls(), 1U);
}

TEST_F(AnEndpoint, HoldsAllCallsWhileOneWasToldToWait) {
  options.concurrency = 1;
  fake.next(with_header(model_error(429, "slow down"), "retry-after-ms", "150"));
  for (const auto& answer : ask_many(3)) EXPECT_TRUE(answer);
  auto seen = fake.seen();
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_GE(seen[1].at - seen[0].at, 140ms);
}

TEST_F(AnEndpoint, LearnsHowItIsAskedAndRemembers) {
  fake.manners({.takes_schema = false, .takes_object = false, .limit_name = "max_completion_tokens"});
  ASSERT_TRUE(ask());
  auto learned = fake.calls();
  EXPECT_EQ(learned, 4U);
  ASSERT_TRUE(ask());
  restart();
  ASSERT_TRUE(ask());
  EXPECT_EQ(fake.calls(), learned + 2);
  EXPECT_EQ(fake.asked().back().format, "");
  EXPECT_EQ(fake.asked().back().limit_name, "max_completion_tokens");
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
}

TEST_F(AnEndpoint, ThatTakesNothingIsAskedThreeTimes) {
  fake.always(model_error(400, "Bad request"));
  EXPECT_FALSE(ask());
  EXPECT_EQ(fake.calls(), 3U);
}

TEST_F(AnEndpoint, ThatRefusesBothLimitsIsAskedTwice) {
  fake.always(model_error(400, "Unsupported parameter: 'max_tokens' or 'max_completion_tokens'"));
  EXPECT_FALSE(ask());
  EXPECT_EQ(fake.calls(), 2U);
}

TEST_F(AnEndpoint, IsAskedForLessWhenItsAnswerWasCutOff) {
  fake.next(model_answer("{\"a\":\"", "length"));
  ASSERT_TRUE(ask());
  EXPECT_EQ(fake.asked().back().limit, 1800);
  EXPECT_TRUE(fake.asked().back().user.ends_with("Write shorter."));
  fake.next(model_answer("{\"a\":\"", "length"), 2);
  EXPECT_EQ(ask().error().kind(), ErrorKind::refused);
}

TEST_F(AnEndpoint, ThatSaysNothingIsAskedOnceMore) {
  fake.next(model_answer(""));
  EXPECT_TRUE(ask());
  fake.next(broken(fakes::Fault::none), 0);
  fake.next({200, {}, "<html>log in</html>"}, 2);
  EXPECT_EQ(ask().error().kind(), ErrorKind::refused);
}

TEST_F(AnEndpoint, ThatHangsIsLeftAtTheDeadline) {
  fake.always(broken(fakes::Fault::silence));
  auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(ask(200ms).error().kind(), ErrorKind::transient);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
}

TEST_F(AnEndpoint, IsNotAskedMoreAtOnceThanConfigured) {
  options.concurrency = 3;
  fake.manners({.latency = 20ms});
  for (const auto& answer : ask_many(12)) EXPECT_TRUE(answer);
  EXPECT_LE(fake.most_at_once(), 3);
  EXPECT_GE(fake.most_at_once(), 2);
}

TEST_F(AnEndpoint, FollowsNoRedirect) {
  fakes::FakeModel other;
  fake.always(fakes::Reply{307, {{"Location", other.base() + "/chat/completions"}}, ""});
  EXPECT_FALSE(ask());
  EXPECT_EQ(other.calls(), 0U);
}

TEST_F(AnEndpoint, ThatSendsTooMuchIsNotReadToTheEnd) {
  fake.always(fakes::Reply{200, {}, std::string((std::size_t{4} << 20) + 1, ' ')});
  EXPECT_FALSE(ask());
}

}  // namespace
}  // namespace broadsheet::endpoint
