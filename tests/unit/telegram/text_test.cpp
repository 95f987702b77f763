#include "adapters/telegram/text.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/telegram/layout.hpp"
#include "adapters/telegram/render.hpp"
#include "adapters/telegram/split.hpp"
#include "adapters/telegram/validate.hpp"
#include "bot/base/text.hpp"
#include "digest/doc/builder.hpp"
#include "readable.hpp"
#include "tests/fakes/telegram_text.hpp"

namespace broadsheet::telegram {
namespace {

FormattedText built(const std::string& foreign) {
  TextBuilder builder;
  builder.foreign(foreign);
  return std::move(builder).take();
}

TEST(TelegramText, OrdinaryTextStaysAsItIs) {
  for (const char* text : {"Scaling laws for sparse attention", "A* search, D* Lite and **bold**",
                           "p<0.05, n>=30 & C# at 50%", "We use 3.5 times less, i.e. half. Then 1.2.3 follows",
                           "论文《注意力》：复杂度为 O(n²)", "[x](y) _z_ `w`", "either/or and 1/2", "it costs $5"})
    EXPECT_EQ(built(text), (FormattedText{text, {}})) << text;
}

TEST(TelegramText, LuresAreBrokenButReadable) {
  for (const char* text : {"@channel", "mail me@example.org", "#tag", "＃tag", "$TSLA", "/start now", "(/help@a_bot)",
                           "evil.example.org/x", "https://evil.example.org", "tg://resolve?domain=x", "README.md",
                           "10.0.0.1", "пример.рф", "a.is", "@\u200Bevery\u200Bone", "http://t.me/x"}) {
    auto sent = built(text);
    EXPECT_TRUE(fakes::find_automatic(sent.text).empty()) << sent.text;
    std::string seen = sent.text;
    for (auto at = seen.find("\u200B"); at != std::string::npos; at = seen.find("\u200B")) seen.erase(at, 3);
    std::string plain = text;
    for (auto at = plain.find("\u200B"); at != std::string::npos; at = plain.find("\u200B")) plain.erase(at, 3);
    EXPECT_EQ(seen, plain) << "nothing visible was changed";
  }
}

TEST(TelegramText, CategoryNamesAreCodeAndLookAlikesAreNot) {
  EXPECT_EQ(test::readable(built("cs.AI, stat.ML (math.CO) hep-th")),
            "<c>cs.AI</c>, <c>stat.ML</c> (<c>math.CO</c>) hep-th");
  EXPECT_TRUE(built("cs.ZZ xcs.AI cs.AIx cs.ai").entities.empty());
}

TEST(TelegramText, ControlsAndInvisiblesAreCleaned) {
  EXPECT_EQ(clean("a\tb\r\nc\x01"), "a b\nc ");
  EXPECT_EQ(clean("a\u202Eb\u2066c\u200Bd\uFEFFe\u00ADf"), "abcdef");
  EXPECT_EQ(clean("A\u030Angstr\u006F\u0308m"), "Ångström") << "composed, or the server drops the ring";
  EXPECT_EQ(clean("e\u200B\u0301"), "é") << "what removal joins is composed too";
  EXPECT_EQ(clean("bad \xFF byte"), "bad \uFFFD byte");
  EXPECT_EQ(clean(std::string("nul") + '\0' + "byte"), "nul byte");
  EXPECT_LE(clean("Z" +
                  [] {
                    std::string marks;
                    for (int i = 0; i < 500; ++i) marks += "\u0316\u0323";
                    return marks;
                  }())
                .size(),
            10U);
  EXPECT_EQ(clean("👨‍👩‍👧"), "👨‍👩‍👧") << "joiners stay";
}

TEST(TelegramText, WhatIsCleanTheServerDoesNotChange) {
  for (const char* text : {"a\tb\r\nc", "A\u030A \u033F x\u0333", "عنوان\u202E", "\u2028\u2029 end"}) {
    auto cleaned = clean(text);
    EXPECT_EQ(as_the_server_cleans(cleaned), cleaned) << text;
  }
}

TEST(TelegramText, RightToLeftLinesStandBetweenIsolates) {
  EXPECT_EQ(clean("عنوان\nplain"), "\u2068عنوان\u2069\nplain");
}

TEST(TelegramText, StylesLeaveOutCodeAndBreakAtLinks) {
  TextBuilder b;
  auto opened = b.open();
  b.foreign("in cs.CL: ");
  b.link("title", "https://arxiv.org/abs/2401.12345");
  b.close(opened, EntityType::bold);
  EXPECT_EQ(test::readable(std::move(b).take()),
            "<b>in </b><c>cs.CL</c><b>: </b><a https://arxiv.org/abs/2401.12345><b>title</b></a>");
}

TEST(TelegramText, OnlyHttpsBecomesALink) {
  for (const char* url :
       {"http://a.org", "javascript:alert(1)", "tg://user?id=1", "https://a b", "", "https://a\n.org"}) {
    TextBuilder b;
    b.link("words", url);
    EXPECT_TRUE(std::move(b).take().entities.empty()) << url;
  }
}

TEST(TelegramText, OffsetsCountUnits) {
  TextBuilder b;
  b.foreign("😀 ");
  auto opened = b.open();
  b.foreign("𝐱 y");
  b.close(opened, EntityType::italic);
  auto text = std::move(b).take();
  ASSERT_EQ(text.entities.size(), 1U);
  EXPECT_EQ(text.entities[0].offset, 3U);
  EXPECT_EQ(text.entities[0].length, 4U);
}

TEST(TelegramText, HugeForeignTextTakesNoQuadraticTime) {
  std::string many;
  for (int i = 0; i < 20000; ++i) many += "cs.CL @a #b ";
  doc::Document document{{doc::Paragraph{{doc::Text{many, doc::Emphasis::strong}}, 0}}};
  auto begun = std::chrono::steady_clock::now();
  EXPECT_GT(layout(document).entities.size(), 20000U);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(3));
}

// ---- Splitting, without the shared vectors

TEST(TelegramSplit, NeverCutsAPairAGraphemeOrAWord) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += "👨‍👩‍👧‍👦😀 wörter ";
  Limits limits;
  limits.units = 50;
  auto parts = split({text, {}}, limits);
  std::string joined;
  for (const auto& part : parts) {
    EXPECT_TRUE(validate(part));
    EXPECT_LE(text::utf16_length(part.text), 50U);
    joined += part.text + " ";
  }
  EXPECT_EQ(joined, text);
}

TEST(TelegramSplit, HoldsTheBudgetsOfEntities) {
  TextBuilder b;
  for (int i = 0; i < 250; ++i) {
    b.link("p" + std::to_string(i), "https://arxiv.org/abs/" + std::string(60, 'a') + std::to_string(i));
    b.foreign("\n");
  }
  auto whole = std::move(b).take();
  EXPECT_FALSE(fits(whole));
  std::size_t links = 0;
  for (const auto& part : split(whole)) {
    EXPECT_TRUE(fits(part));
    EXPECT_TRUE(validate(part));
    links += part.entities.size();
  }
  EXPECT_EQ(links, 250U);
}

TEST(TelegramSplit, EndsOnAGraphemeLargerThanAMessage) {
  std::string cluster = "e";
  for (int i = 0; i < 500; ++i) cluster += "\u200D👩";
  Limits limits;
  limits.units = 20;
  for (const auto& part : split({cluster, {}}, limits)) EXPECT_LE(text::utf16_length(part.text), 20U);
  EXPECT_TRUE(split({"   \n ", {}}).empty());
}

TEST(TelegramValidate, RefusesWhatTheServerRefuses) {
  FormattedText text{"a😀b", {{EntityType::bold, 2, 1, {}, {}}}};
  EXPECT_FALSE(validate(text)) << "inside a pair";
  text.entities[0] = {EntityType::bold, 0, 2, {}, {}};
  EXPECT_FALSE(validate(text));
  text.entities[0] = {EntityType::bold, 1, 2, {}, {}};
  EXPECT_TRUE(validate(text));
  text.entities[0] = {EntityType::bold, 3, 2, {}, {}};
  EXPECT_FALSE(validate(text));
  text.entities[0] = {EntityType::bold, ~std::size_t{0}, 2, {}, {}};
  EXPECT_FALSE(validate(text));
  text.entities.assign(101, {EntityType::bold, 0, 1, {}, {}});
  EXPECT_FALSE(validate(text)) << "the server would drop one without a word";
  EXPECT_FALSE(validate({"\u200B \u00A0", {}}));
  EXPECT_TRUE(validate({std::string(4096, 'a'), {}}));
  EXPECT_FALSE(validate({std::string(4097, 'a'), {}}));
  EXPECT_FALSE(validate({std::string(1025, 'a'), {}}, Use::caption));
}

// ---- Hostile papers as whole messages (design: reliability F60-F63)

TEST(TelegramRender, HostilePapersGiveHarmlessMessages) {
  auto id = *PaperId::parse("2401.12345");
  for (const std::string& bad :
       {std::string("<b>@everyone</b> [x](javascript:alert(1)) tg://user?id=1 <a href=https://evil.example.org>"),
        std::string("\u202Eabc \u0000 &#0; ") + std::string(3000, '<'), std::string(200000, 'x'),
        std::string("عنوان @here #all /cmd"), std::string("\xF0\x9F\x98"), std::string()}) {
    std::string endless;
    for (int i = 0; i < 500; ++i) endless += bad.substr(0, 40) + ". Sentence " + std::to_string(i) + " ends here. ";
    doc::Document card{
        {doc::CardBlock{id,
                        {doc::Heading{3, {doc::link_to_paper({id, 1}, bad)}}, doc::Paragraph{{doc::emphasis(bad)}, 2},
                         doc::Paragraph{{doc::strong(bad)}, 0}, doc::Paragraph{{doc::plain(endless)}, 0},
                         doc::Buttons{{{doc::Action::details, bad, id, "javascript:alert(1)"}}, 0}},
                        0}}};
    for (const auto& m : render({{model::PartKind::card, card, id}}, {})) {
      auto text = test::text_of_body(m.body);
      EXPECT_TRUE(validate(text));
      for (const auto& e : text.entities)
        if (e.type == EntityType::text_link) EXPECT_TRUE(e.url.starts_with("https://arxiv.org/")) << e.url;
      EXPECT_EQ(m.body.find("javascript:alert(1)\""), std::string::npos);
      std::vector<fakes::TextEntity> sent;
      for (const auto& e : text.entities)
        sent.push_back({std::string(to_string(e.type)),
                        static_cast<int>(e.offset),
                        static_cast<int>(e.length),
                        e.url,
                        {},
                        {},
                        0,
                        0,
                        {}});
      auto judged = fakes::judge_entities(text.text, sent, fakes::TextKind::message);
      ASSERT_TRUE(judged) << judged.error().what();
      for (const auto& e : judged->entities) EXPECT_FALSE(fakes::is_automatic(e.type)) << e.type;
    }
  }
}

TEST(TelegramRender, IsPureAndEveryTrackedMessageHasAButtonToPress) {
  auto id = *PaperId::parse("2401.12345");
  doc::Document text{{doc::Paragraph{{doc::plain("Words.")}, 0}}};
  std::vector<adapters::Part> parts;
  for (auto kind : {model::PartKind::summary, model::PartKind::card, model::PartKind::notice})
    parts.push_back({kind, text, id});
  for (const auto& part : parts) {
    auto messages = render({part}, {});
    EXPECT_EQ(messages, render({part}, {}));
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_NE(messages[0].body.find("callback_data"), std::string::npos);
  }
  EXPECT_EQ(render({{model::PartKind::reply, text, {}}}, {}).at(0).body.find("reply_markup"), std::string::npos);
  EXPECT_TRUE(render({}, {}).empty());
}

TEST(TelegramText, PiecesThatMeetMakeNoLink) {
  for (auto [first, second] :
       {std::pair("see a@b.", "in.py"), std::pair("main", ".py"), std::pair("main.c", "om"), std::pair("is", ".it"),
        std::pair("https:", "//a.example.org"), std::pair("1.2.", "3.4"), std::pair("at 2.2.3.4.", " So"),
        std::pair("#", "tag"), std::pair("@", "everyone"), std::pair("/", "start")}) {
    TextBuilder builder;
    builder.foreign(first);
    builder.foreign(second);
    auto made = std::move(builder).take();
    auto judged = fakes::judge_entities(made.text, {}, fakes::TextKind::message);
    ASSERT_TRUE(judged);
    for (const auto& e : judged->entities) ADD_FAILURE() << e.type << " in " << made.text;
  }
}

TEST(TelegramRender, ButtonsNameTheirDigestAndEachCardOnce) {
  auto id = *PaperId::parse("2401.12345");
  doc::Document text{{doc::Paragraph{{doc::plain("Words.")}, 0}}};
  doc::Document full{
      {doc::CardBlock{id, {doc::Heading{2, {doc::plain("A paper")}}}}, doc::Quote{{doc::plain("Its abstract.")}, 1}}};
  adapters::RenderOptions options;
  options.digest = "cs.CV/2026-01-13";
  auto messages = render({{model::PartKind::summary, text, {}}, {model::PartKind::card, full, id}}, options);
  ASSERT_EQ(messages.size(), 1U);
  auto rows = nlohmann::json::parse(messages[0].body)["reply_markup"]["inline_keyboard"];
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0][0]["callback_data"], "0:cs.CV/2026-01-13");
  ASSERT_EQ(rows[1].size(), 1U);
  EXPECT_EQ(rows[1][0]["text"], "Details");
  auto notice = render({{model::PartKind::notice, text, {}}}, options);
  EXPECT_NE(notice[0].body.find("6:cs.CV/2026-01-13"), std::string::npos);
}

TEST(TelegramRender, LongListsGoOnInTheNextMessageAndAreBounded) {
  doc::ListBlock list;
  list.numbered = true;
  for (int i = 0; i < 131; ++i)
    list.items.push_back({doc::plain("A title of the usual length, number " + std::to_string(i) +
                                     ", about walking robots and seeing them")});
  auto messages = render({{model::PartKind::reply, {{list}}, {}}}, {});
  EXPECT_GT(messages.size(), 1U);
  EXPECT_LE(messages.size(), 6U);
  EXPECT_NE(messages.back().preview.find("number 130"), std::string::npos) << "nothing is lost";
  for (int i = 0; i < 3000; ++i) list.items.push_back(list.items.front());
  auto bounded = render({{model::PartKind::reply, {{list}}, {}}}, {});
  EXPECT_LE(bounded.size(), 6U);
  EXPECT_NE(bounded.back().preview.find("Shortened"), std::string::npos);
}

}  // namespace
}  // namespace broadsheet::telegram
