#include "digest/model_writer/answer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace broadsheet::model_writer {
namespace {

std::string text_in(const std::string& content) {
  auto json = object_in(content);
  return json && json->contains("a") && (*json)["a"].is_string() ? shown((*json)["a"].get<std::string>()) : "(none)";
}

TEST(AnAnswer, IsTheFirstObjectWhateverStandsAroundIt) {
  for (const char* content :
       {R"({"a":"x"})", "\xEF\xBB\xBF{\"a\":\"x\"}", "```json\n{\"a\":\"x\"}\n```", R"(Sure! {"a":"x"} Bye {"a":"y"})",
        R"(<think>{"a":"no"}</think>{"a":"x"})", R"([{"a":"x"}])", "\n\n  {\"a\":\"x\"}  "})
    EXPECT_EQ(text_in(content), "x") << content;
}

TEST(AnAnswer, ThatIsCutOffIsNone) {
  const std::string kWhole = R"({"a":"x \u00e4 \" y","b":{"c":[1,2]}})";
  for (std::size_t n = 0; n < kWhole.size(); ++n) EXPECT_FALSE(object_in(kWhole.substr(0, n))) << n;
  EXPECT_TRUE(object_in(kWhole));
}

TEST(AnAnswer, ThatIsNoObjectIsNone) {
  for (const char* content : {"", "no", "[1,2]", "\"{\\\"a\\\":\\\"x\\\"}\"", "<think>{\"a\":\"x\"}", "{'a':'x'}",
                              "{\"a\":1,\"a\":2}", "{\"a\":\"\xff\"}"})
    EXPECT_FALSE(object_in(content)) << content;
}

TEST(AnAnswer, ReadsLatexAsItWasMeant) {
  EXPECT_EQ(text_in(R"({"a":"\alpha and \beta"})"), "α and β");
  EXPECT_EQ(text_in(R"({"a":"a \nu b"})"), "a ν b");
  EXPECT_EQ(text_in(R"({"a":"5 \times 3"})"), "5 × 3");
  EXPECT_EQ(text_in(R"({"a":"\\alpha"})"), "α") << "escaped as it should be";
  EXPECT_EQ(text_in(R"({"a":"one\ntwo"})"), "one two") << "a line break stays a blank";
}

}  // namespace
}  // namespace broadsheet::model_writer
