// The judge of texts answers as the official parser does.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"
#include "tests/fakes/telegram_text.hpp"
#include "tests/fakes/telegram_world.hpp"

namespace broadsheet::fakes {
namespace {

Json plain(const TextEntity& e) {
  Json out = {{"type", e.type}, {"offset", e.offset}, {"length", e.length}};
  if (!e.url.empty()) out["url"] = e.url;
  if (!e.language.empty()) out["language"] = e.language;
  if (!e.emoji_id.empty()) out["custom_emoji_id"] = e.emoji_id;
  if (e.user_id != 0) out["user_id"] = e.user_id;
  if (e.type == "date_time") {
    out["unix_time"] = e.unix_time;
    out["date_time_format"] = e.date_time_format;
  }
  return out;
}

Json plain(const FormattedText& text) {
  Json entities = Json::array();
  for (const auto& e : text.entities) entities.push_back(plain(e));
  return {{"text", text.text}, {"entities", entities}};
}

TEST(TelegramText, KeepsWhatTheModesMean) {
  auto html = judge_marked_up("<b>A <i>b</i></b> <a href=\"example.org\">c</a>", "HTML", TextKind::message);
  ASSERT_TRUE(html) << html.error().what();
  EXPECT_EQ(plain(*html).dump(),
            R"({"entities":[{"length":2,"offset":0,"type":"bold"},{"length":1,"offset":2,"type":"bold"},)"
            R"({"length":1,"offset":2,"type":"italic"},)"
            R"({"length":1,"offset":4,"type":"text_link","url":"http://example.org/"}],"text":"A b c"})");
  auto dot = judge_marked_up("a.b", "MarkdownV2", TextKind::message);
  ASSERT_FALSE(dot);
  EXPECT_EQ(dot.error().what(),
            "Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'");
}

TEST(TelegramText, RefusesEntitiesInsideASurrogatePair) {
  TextEntity bold;
  bold.type = "bold";
  bold.offset = 1;
  bold.length = 1;
  auto judged = judge_entities("😀", {bold}, TextKind::message);
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().what(), "Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 4");
}

TEST(TelegramText, LinksBareDomainsOutsideCodeOnly) {
  auto bare = judge_entities("see cs.AI, @ada and /help", {}, TextKind::message);
  ASSERT_TRUE(bare);
  std::vector<std::string> kinds;
  for (const auto& e : bare->entities) kinds.push_back(e.type);
  EXPECT_EQ(kinds, (std::vector<std::string>{"url", "mention", "bot_command"}));
  TextEntity code;
  code.type = "code";
  code.offset = 4;
  code.length = 21;
  auto hidden = judge_entities("see cs.AI, @ada and /help", {code}, TextKind::message);
  ASSERT_TRUE(hidden);
  ASSERT_EQ(hidden->entities.size(), 1U);
  EXPECT_EQ(hidden->entities[0].type, "code");
}

struct Vectors : testing::Test {
  void SetUp() override {
    auto path = std::filesystem::path(BROADSHEET_SHARED) / "contracts/telegram-vectors.json";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no vectors here";
    std::ifstream in(path);
    vectors = Json::parse(in);
  }
  static TextKind kind_of(const Json& v) { return v.at("kind") == "caption" ? TextKind::caption : TextKind::message; }
  static std::string mode_of(const Json& v) {
    return v.at("parse_mode").is_null() ? std::string() : v.at("parse_mode").get<std::string>();
  }
  static void compare(const Json& v, const Result<FormattedText>& judged) {
    const auto& expect = v.at("expect");
    auto name = v.at("id").get<std::string>() + " " + v.at("tag").get<std::string>();
    ASSERT_EQ(judged.has_value(), expect.at("ok").get<bool>())
        << name << ": " << (judged ? "accepted" : judged.error().what());
    if (!judged) {
      EXPECT_EQ(judged.error().what(), expect.at("description").get<std::string>()) << name;
    } else if (expect.contains("text")) {
      EXPECT_EQ(plain(*judged).at("text"), expect.at("text")) << name;
      auto entities = expect.at("entities");
      EXPECT_EQ(plain(*judged).at("entities").dump(), entities.dump()) << name;
    }
  }
  Json vectors;
};

TEST_F(Vectors, ParseAsTheOfficialServerDoes) {
  for (const auto& v : vectors.at("parse"))
    compare(v, judge_marked_up(v.at("input").get<std::string>(), mode_of(v), kind_of(v)));
}

TEST_F(Vectors, JudgeEntitiesAsTheOfficialServerDoes) {
  for (const auto& v : vectors.at("entities_parameter")) {
    auto entities = entities_from(v.at("entities"));
    compare(v, entities ? judge_entities(v.at("text").get<std::string>(), std::move(*entities), TextKind::message)
                        : Result<FormattedText>(entities.error()));
  }
}

TEST_F(Vectors, KeepTheLimits) {
  for (const auto& v : vectors.at("limits")) {
    auto source = v.at("prefix").get<std::string>();
    for (int i = 0; i < v.at("times").get<int>(); ++i) source += v.at("piece").get<std::string>();
    source += v.at("suffix").get<std::string>();
    auto judged = judge_marked_up(source, mode_of(v), kind_of(v));
    compare(v, judged);
    if (!judged) continue;
    EXPECT_EQ(judged->entities.size(), v.at("expect").at("entity_count").get<std::size_t>()) << v.at("id");
    EXPECT_EQ(text::code_points(judged->text), v.at("expect").at("code_points").get<std::size_t>()) << v.at("id");
    EXPECT_EQ(text::utf16_length(judged->text), v.at("expect").at("utf16_length").get<std::size_t>()) << v.at("id");
  }
}

TEST_F(Vectors, CountUnits) {
  for (const auto& v : vectors.at("utf16_lengths")) {
    auto s = v.at("text").get<std::string>();
    EXPECT_EQ(text::utf16_length(s), v.at("utf16_units").get<std::size_t>()) << v.at("tag");
    EXPECT_EQ(text::code_points(s), v.at("code_points").get<std::size_t>()) << v.at("tag");
  }
}

TEST_F(Vectors, LinkTheSameCategories) {
  for (const auto& v : vectors.at("arxiv_categories")) {
    auto found = find_automatic(v.at("category").get<std::string>());
    EXPECT_EQ(!found.empty(), v.at("plain_text_becomes_link").get<bool>()) << v.at("category");
  }
}

}  // namespace
}  // namespace broadsheet::fakes
