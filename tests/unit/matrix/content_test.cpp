#include "adapters/matrix/content.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "digest/present/document.hpp"
#include "tests/fakes/matrix_content.hpp"
#include "tests/unit/matrix/hostile.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::Part;
using model::PartKind;

Part part(PartKind kind, const std::string& text, std::size_t repeat = 1) {
  Part out;
  out.kind = kind;
  out.document.blocks.emplace_back(doc::Heading{3, {doc::Text{"Heading " + text}}});
  for (std::size_t i = 0; i < repeat; ++i)
    out.document.blocks.emplace_back(doc::Paragraph{{doc::Text{text + " is shown to work well."}}, 2});
  return out;
}

std::vector<Part> digest(std::size_t cards, std::size_t repeat) {
  std::vector<Part> out{part(PartKind::summary, "summary")};
  for (std::size_t i = 0; i < cards; ++i) out.push_back(part(PartKind::card, "card " + std::to_string(i), repeat));
  return out;
}

TEST(Content, NamesNobodyAndNotifiesOnlyForTheRoot) {
  adapters::RenderOptions options;
  options.combine = false;
  auto messages = render(digest(2, 1), options, {});
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(Json::parse(messages[0].body)["msgtype"], "m.text");
  EXPECT_EQ(Json::parse(messages[1].body)["msgtype"], "m.notice");
  for (const auto& m : messages) {
    EXPECT_EQ(Json::parse(m.body)["m.mentions"], Json::object());
    EXPECT_EQ(fakes::content_faults(m.body), std::vector<std::string>()) << m.body;
  }
  EXPECT_FALSE(messages[0].in_thread);
  EXPECT_TRUE(messages[1].in_thread);
  options.silent = true;
  EXPECT_EQ(Json::parse(render(digest(1, 1), options, {})[0].body)["msgtype"], "m.notice");
}

TEST(Content, CombinesASmallDigestAndGathersManyCards) {
  EXPECT_EQ(render(digest(3, 1), {}, {}).size(), 1U);
  adapters::RenderOptions apart;
  apart.combine = false;
  EXPECT_EQ(render(digest(14, 1), apart, {}).size(), 15U);
  EXPECT_EQ(render(digest(15, 1), apart, {}).size(), 4U);
  EXPECT_EQ(render(digest(30, 100), {}, {}).size(), 16U);  // two such cards share a message, three don't fit
}

TEST(Content, StaysUnderTheCapWhateverComes) {
  auto huge = part(PartKind::card, std::string(300, '"') + "<&>", 2000);
  auto messages = render({huge}, {}, {});
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_LE(messages[0].body.size(), kContentCap);
  EXPECT_EQ(fakes::content_faults(messages[0].body), std::vector<std::string>());
}

// Design: reliability F60-F63.
TEST(Content, MakesHarmlessMessagesOfHostilePapers) {
  int number = 0;
  for (const auto& text : hostile_texts()) {
    auto card = hostile_card(text, ++number);
    for (bool native : {false, true}) {
      adapters::RenderOptions options;
      options.native_maths = native;
      for (const auto& m : render({{PartKind::card, present::card(card), card.paper.id}}, options, {})) {
        EXPECT_LE(m.body.size(), kContentCap);
        EXPECT_EQ(fakes::content_faults(m.body, true), std::vector<std::string>()) << text.substr(0, 80);
      }
    }
  }
}

TEST(Content, RendersTheSameBytesTwice) {
  EXPECT_EQ(render(digest(5, 3), {}, {}), render(digest(5, 3), {}, {}));
}

TEST(Content, EditsKeepNobodyNewlyMentioned) {
  auto content = message(true, "three papers", "<p>three papers</p>");
  in_thread(content, "$root", "");
  auto edit = edit_of("$original", content);
  EXPECT_EQ(edit["body"], "* three papers");
  EXPECT_EQ(edit["m.new_content"]["body"], "three papers");
  EXPECT_FALSE(edit["m.new_content"].contains("m.relates_to"));
  EXPECT_EQ(edit["m.relates_to"], (Json{{"rel_type", "m.replace"}, {"event_id", "$original"}}));
  EXPECT_EQ(fakes::content_faults(dump(edit)), std::vector<std::string>());
}

TEST(Content, ThreadsFallBackToTheNewestMessage) {
  auto content = message(false, "card", "");
  in_thread(content, "$root", "$card1");
  EXPECT_EQ(content["m.relates_to"]["m.in_reply_to"]["event_id"], "$card1");
  EXPECT_EQ(content["m.relates_to"]["is_falling_back"], true);
  reply_in_thread(content, "$root", "$question");
  EXPECT_EQ(content["m.relates_to"]["is_falling_back"], false);
}

TEST(Content, NamesTransactionsByEverythingThatTellsThemApart) {
  TransactionName name{"@bot:example.org", "DEVICE", "!r:example.org", "m.room.message", "key", 0, 0};
  auto id = transaction_id(name);
  EXPECT_EQ(id.size(), 30U);
  EXPECT_EQ(id, transaction_id(name));
  auto other = name;
  other.type = "m.reaction";
  EXPECT_NE(id, transaction_id(other));
  other = name;
  other.revision = 1;
  EXPECT_NE(id, transaction_id(other));
  other = name;
  other.device = "OTHER";
  EXPECT_NE(id, transaction_id(other));
}

TEST(Content, ComparesReactionsWithoutVariationAndSkinTone) {
  EXPECT_EQ(bare_key("\xe2\x9d\xa4\xef\xb8\x8f"), "\xe2\x9d\xa4");
  EXPECT_EQ(bare_key("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"), "\xf0\x9f\x91\x8d");
  EXPECT_EQ(bare_key("1\xef\xb8\x8f\xe2\x83\xa3"), "1\xe2\x83\xa3");
}

}  // namespace
}  // namespace broadsheet::matrix
