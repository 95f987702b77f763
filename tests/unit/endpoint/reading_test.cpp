#include "bot/endpoint/reading.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/fakes/fake_model.hpp"

namespace broadsheet::endpoint {
namespace {

using fakes::model_answer;
using fakes::model_error;

const Moment kNow = *parse_iso("2025-12-19T01:00:00Z");

http::Response response(const fakes::Reply& reply) {
  return {reply.status, reply.headers, reply.body};
}
Reading read_reply(const fakes::Reply& reply) {
  return read(response(reply), kNow);
}
Class kind_of(int status, const std::string& body) {
  return read({status, {}, body}, kNow).kind;
}
std::string answer_with(const std::string& choice) {
  return R"({"choices":[)" + choice + R"(],"model":"m"})";
}

TEST(Reading, TakesAnAnswerWithItsUsage) {
  auto reading = read_reply(model_answer("{}", "stop", 42));
  EXPECT_EQ(reading.kind, Class::answer);
  EXPECT_EQ(reading.content, "{}");
  EXPECT_EQ(reading.asked_tokens, 42);
  EXPECT_EQ(reading.said_tokens, 10);
}

TEST(Reading, SkipsBlanksBeforeTheBodyAndJoinsParts) {
  auto body = answer_with(R"({"message":{"content":[{"type":"text","text":"{\"a\""},{"type":"text","text":":1}"}]}})");
  auto reading = read({200, {}, "\n\n   " + body}, kNow);
  EXPECT_EQ(reading.kind, Class::answer);
  EXPECT_EQ(reading.content, R"({"a":1})");
}

TEST(Reading, NeverReadsTheAnswerFromThoughts) {
  for (const char* name : {"reasoning_content", "reasoning", "thinking"}) {
    auto choice = R"({"message":{"content":null,")" + std::string(name) + R"(":"{}"},"finish_reason":"stop"})";
    EXPECT_EQ(kind_of(200, answer_with(choice)), Class::empty) << name;
  }
}

TEST(Reading, KnowsHowAnswersEnd) {
  const std::vector<std::pair<std::string, Class>> kEnds = {{"stop", Class::answer},
                                                            {"length", Class::cut},
                                                            {"content_filter", Class::refused},
                                                            {"error", Class::transient},
                                                            {"insufficient_system_resource", Class::transient},
                                                            {"tool_calls", Class::answer},
                                                            {"some_new_word", Class::answer}};
  for (const auto& [finish, kind] : kEnds) EXPECT_EQ(read_reply(model_answer("{}", finish)).kind, kind) << finish;
}

TEST(Reading, ARefusalIsNoAnswer) {
  EXPECT_EQ(kind_of(200, answer_with(R"({"message":{"content":"{}","refusal":"no"}})")), Class::refused);
}

TEST(Reading, AnEmptyOrMissingAnswerIsNone) {
  EXPECT_EQ(kind_of(200, answer_with(R"({"message":{"content":"  "}})")), Class::empty);
  EXPECT_EQ(kind_of(200, answer_with(R"({"index":0})")), Class::empty);
  EXPECT_EQ(kind_of(200, R"({"choices":[]})"), Class::transient);
  EXPECT_EQ(kind_of(200, R"({"choices":null})"), Class::transient);
  EXPECT_EQ(kind_of(200, "<html>log in</html>"), Class::empty);
  EXPECT_EQ(kind_of(200, R"({"choices":[{)"), Class::empty);
}

TEST(Reading, ReadsEveryShapeOfAnError) {
  const std::string kWords = "This model's maximum context length is 4096 tokens";
  for (const auto& body :
       {R"({"error":{"message":")" + kWords + R"(","code":400}})", R"({"error":")" + kWords + R"("})",
        R"([{"error":{"message":")" + kWords + R"("}}])", R"({"object":"error","message":")" + kWords + R"("})",
        R"({"detail":")" + kWords + R"("})", R"({"detail":[{"msg":")" + kWords + R"("}]})",
        R"({"type":"error","error":{"message":")" + kWords + R"("},"request_id":"r"})"})
    EXPECT_EQ(kind_of(400, body), Class::too_long) << body;
  EXPECT_EQ(kind_of(400, "<html>"), Class::permanent);
  EXPECT_EQ(kind_of(400, ""), Class::permanent);
}

TEST(Reading, SortsStatusesByWhatHelps) {
  const std::vector<std::pair<int, Class>> kStatuses = {
      {400, Class::permanent},     {401, Class::configuration}, {402, Class::out_of_money},
      {403, Class::configuration}, {404, Class::configuration}, {405, Class::permanent},
      {408, Class::transient},     {409, Class::transient},     {413, Class::too_long},
      {422, Class::permanent},     {425, Class::transient},     {429, Class::wait},
      {500, Class::transient},     {503, Class::transient},     {529, Class::transient},
      {302, Class::configuration}};
  for (const auto& [status, kind] : kStatuses)
    EXPECT_EQ(kind_of(status, R"({"error":{"message":"x"}})"), kind) << status;
}

TEST(Reading, TellsTheWayOfAskingFromTheQuestion) {
  EXPECT_EQ(read_reply(model_error(400, "Unsupported parameter: 'max_tokens'", "", "unsupported_parameter")).kind,
            Class::form);
  EXPECT_EQ(read_reply(model_error(422, "bad", "", "", "response_format")).kind, Class::form);
  EXPECT_EQ(read_reply(model_error(500, "json_schema: Input should be 'text' or 'json_object'")).kind, Class::form);
  EXPECT_EQ(read_reply(model_error(400, "failed to parse grammar")).kind, Class::form);
  EXPECT_EQ(read_reply(model_error(400, "filtered", "", "content_filter")).kind, Class::refused);
  EXPECT_EQ(read_reply(model_error(400, "no such model", "", "model_not_found")).kind, Class::configuration);
}

TEST(Reading, MoneyIsNotAWait) {
  EXPECT_EQ(read_reply(model_error(429, "You exceeded your quota", "insufficient_quota")).kind, Class::out_of_money);
  EXPECT_EQ(read_reply(model_error(429, "x", "", "monthly_spend_limit_exceeded")).kind, Class::out_of_money);
  auto paid = model_error(402, "later");
  paid.headers.emplace_back("Retry-After", "3");
  EXPECT_EQ(read_reply(paid).kind, Class::wait);
}

TEST(Reading, AnErrorInsideAnAnswerCountsAsItsStatus) {
  EXPECT_EQ(kind_of(200, R"({"error":{"code":429,"message":"slow down"}})"), Class::wait);
  EXPECT_EQ(kind_of(200, R"({"error":{"code":401,"message":"key"}})"), Class::configuration);
  EXPECT_EQ(kind_of(200, R"({"error":{"message":"upstream"}})"), Class::transient);
}

TEST(Reading, TheServerKnowsBetterWhetherToTryAgain) {
  auto never = model_error(503, "x");
  never.headers.emplace_back("x-should-retry", "false");
  EXPECT_EQ(read_reply(never).kind, Class::permanent);
  auto again = model_error(405, "x");
  again.headers.emplace_back("x-should-retry", "true");
  EXPECT_EQ(read_reply(again).kind, Class::transient);
}

TEST(Reading, WaitsAsLongAsTold) {
  using namespace std::chrono_literals;
  const std::vector<std::pair<http::Headers, std::optional<std::chrono::milliseconds>>> kTold = {
      {{{"Retry-After", "1"}}, 1000ms},
      {{{"retry-after", "2.5"}}, 2500ms},
      {{{"Retry-After", "Fri, 19 Dec 2025 01:00:30 GMT"}}, 30000ms},
      {{{"Retry-After", "-5"}}, std::nullopt},
      {{{"Retry-After", "99999999999999"}}, std::nullopt},
      {{{"retry-after-ms", "250"}, {"Retry-After", "9"}}, 250ms},
      {{{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "6m0s"}}, 360000ms},
      {{{"x-ratelimit-remaining-requests", "3"}, {"x-ratelimit-reset-requests", "6m0s"}}, std::nullopt},
      {{}, std::nullopt}};
  for (const auto& [headers, wait] : kTold) EXPECT_EQ(told_wait({429, headers, ""}, kNow), wait);
  EXPECT_EQ(told_wait({429, {}, R"([{"error":{"details":[{"@type":"x"},{"retryDelay":"36s"}]}}])"}, kNow), 36s);
}

TEST(Reading, LogsNoWordOfTheQuestion) {
  auto reading =
      read_reply(model_error(400, "cannot process: SECRET PAPER TEXT", "Secret paper text is long and has blanks"));
  EXPECT_EQ(reading.why, "HTTP 400");
  EXPECT_EQ(read_reply(model_error(429, "x", "", "rate_limit_exceeded")).why, "HTTP 429 rate_limit_exceeded");
}

}  // namespace
}  // namespace broadsheet::endpoint
