#include "bot/model/subscription.hpp"

#include <gtest/gtest.h>

namespace broadsheet::model {
namespace {

TEST(When, IsReadAsPeopleWriteIt) {
  for (auto [text, written] : {std::pair("announce", "announce"),
                               {"09:00", "09:00"},
                               {"9am", "09:00"},
                               {"12am", "00:00"},
                               {"12pm", "12:00"},
                               {"9:30PM", "21:30"},
                               {"23:59", "23:59"}}) {
    auto when = When::parse(text);
    ASSERT_TRUE(when) << text;
    EXPECT_EQ(when->str(), written);
  }
  for (const char* text : {"", "25:00", "9", "9:5", "13pm", "0am", "09:60", "noon", "-1:00"})
    EXPECT_FALSE(When::parse(text)) << text;
}

TEST(Days, AreReadAsPeopleWriteThem) {
  EXPECT_EQ(Days::parse({"weekdays"})->str(), "weekdays");
  EXPECT_EQ(Days::parse({"Mon", "fri"})->str(), "mon,fri");
  EXPECT_EQ(Days::parse({"weekly:fri"})->str(), "fri");
  EXPECT_EQ(Days::parse({"monday,sunday"})->str(), "mon,sun");
  EXPECT_EQ(Days::parse({"daily"})->str(), "daily");
  EXPECT_TRUE(Days::parse({"sun"})->on(std::chrono::Sunday));
  EXPECT_FALSE(Days::parse({"sun"})->on(std::chrono::Monday));
  for (const char* text : {"", "someday", "mo", "monkey"}) EXPECT_FALSE(Days::parse({text})) << text;
}

TEST(Options, AreDecidedByTheFirstLayerThatSaysSomething) {
  Options own, channel;
  own.top = 3;
  channel.top = 7;
  channel.style = Style::brief;
  auto effective = resolve({own, channel, {}});
  EXPECT_EQ(effective.top, 3U);
  EXPECT_EQ(effective.style, Style::brief);
  EXPECT_EQ(effective.language, "en");
}

TEST(FixedId, StaysTheSame) {
  auto target = *Target::parse("telegram:1");
  std::vector<Category> categories = {*Category::parse("cs.CV")};
  EXPECT_EQ(fixed_id(target, categories), model::fixed_id(target, categories));
  EXPECT_NE(fixed_id(target, categories), model::fixed_id(*model::Target::parse("telegram:2"), categories));
}

}  // namespace
}  // namespace broadsheet::model
