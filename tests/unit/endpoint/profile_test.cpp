#include "bot/endpoint/profile.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace broadsheet::endpoint {
namespace {

model_writer::Question question() {
  return {"card", "be brief", "Return valid json only.", R"({"type":"object"})", 900, SteadyMoment::max()};
}
nlohmann::json body(const Profile& profile) {
  return nlohmann::json::parse(request_body(question(), profile, "some-model", 900));
}

TEST(AProfile, BeginsWithASchemaAndTheNameThatMostTake) {
  auto json = body(first_profile("http://127.0.0.1:11434/v1"));
  EXPECT_EQ(json["response_format"]["type"], "json_schema");
  EXPECT_EQ(json["response_format"]["json_schema"]["strict"], true);
  EXPECT_EQ(json["max_tokens"], 900);
  EXPECT_FALSE(json.contains("max_completion_tokens"));
  EXPECT_FALSE(json.contains("temperature"));
  EXPECT_EQ(json["stream"], false);
  EXPECT_TRUE(body(first_profile("https://api.openai.com/v1")).contains("max_completion_tokens"));
}

TEST(AProfile, StepsDownToWordsAloneAndNoFurther) {
  Profile profile;
  EXPECT_TRUE(step_down(profile, "response_format json_schema is not supported"));
  EXPECT_EQ(body(profile)["response_format"]["type"], "json_object");
  EXPECT_TRUE(step_down(profile, "'response_format.type' must be 'text'"));
  EXPECT_FALSE(body(profile).contains("response_format"));
  EXPECT_FALSE(step_down(profile, "response_format"));
}

TEST(AProfile, SwapsTheNameOfTheLimit) {
  Profile profile;
  EXPECT_TRUE(step_down(profile, "unsupported parameter: 'max_tokens'. use 'max_completion_tokens' instead."));
  EXPECT_TRUE(body(profile).contains("max_completion_tokens"));
  EXPECT_EQ(profile.mode, JsonMode::schema);
}

TEST(AProfile, IsRememberedAsText) {
  Memory memory{{JsonMode::object, true}, *parse_iso("2025-12-19T01:00:00Z"), *parse_iso("2025-12-19T02:00:00Z")};
  auto read = memory_from(to_text(memory));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->profile, memory.profile);
  EXPECT_EQ(read->learned, memory.learned);
  EXPECT_EQ(read->held_until, memory.held_until);
  for (const char* bad : {"", "{}", "[]", R"({"mode":"new","learned":"x","held_until":"y"})"})
    EXPECT_FALSE(memory_from(bad)) << bad;
}

}  // namespace
}  // namespace broadsheet::endpoint
