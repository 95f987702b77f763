// Commands over Telegram, as people type them. With BROADSHEET_TRANSCRIPT=FILE the conversations are written there, to
// be read as a user would.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/e2e/telegram_stage.hpp"

namespace broadsheet::e2e {
namespace {

using namespace std::chrono_literals;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BROADSHEET_SLOW 1
#endif
#endif
#ifdef BROADSHEET_SLOW
constexpr int kRate = 15;
#else
constexpr int kRate = 40;
#endif

struct TelegramCommands : testing::Test {
  TelegramCommands() {
    stage.configure();
    service = std::make_unique<Child>(stage.folder, stage.serve());
  }
  void ready() { ASSERT_TRUE(service->says("digest=cs.RO/2026-01-13", 30s)) << service->err(); }
  void TearDown() override {
    EXPECT_EQ(stage.telegram.violations(), std::vector<std::string>());
    for (const auto& link : stage.telegram.auto_links()) ADD_FAILURE() << link.type << " " << link.text;
    EXPECT_EQ(service->err().find(stage.telegram.token()), std::string::npos);
    service->signal(SIGTERM);
    EXPECT_EQ(service->wait(), 0) << service->err();
  }
  // Rates are counted by the minute.
  void minute() const {
    auto until = stage.clock.now() + 61s;
    TelegramStage::becomes([&] { return stage.clock.now() > until; });
  }
  // Zero-width spaces keep the server from linking; nobody sees them.
  static void expect_words(std::string answer, const std::vector<std::string>& words) {
    constexpr std::string_view kUnseen = "\u200B";
    for (auto at = answer.find(kUnseen); at != std::string::npos; at = answer.find(kUnseen)) answer.erase(at, 3);
    EXPECT_FALSE(answer.empty()) << "no answer";
    for (const auto& word : words) EXPECT_NE(answer.find(word), std::string::npos) << word << " is not in: " << answer;
  }

  TelegramStage stage{"2026-01-13T06:00:00Z", kRate};
  std::unique_ptr<Child> service;
};

TEST_F(TelegramCommands, ReadingInAPrivateChat) {
  ready();
  auto ada = [&](const std::string& text) { return stage.ask(kAda, kAda, text); };
  expect_words(ada("/start"), {"subscribe cs.CL", "/help"});
  expect_words(ada("/help"), {"/digest", "/subscribe", "Nothing is subscribed here yet."});
  expect_words(ada("/help digest"), {"/digest", "Examples"});
  expect_words(ada("/today cs.CV"), {"Tuesday 13 January 2026", "[All titles (7)]"});
  expect_words(stage.press(kAda, kAda, "All titles (7)"), {"cs.CV"});
  expect_words(ada("/digest cs.RO top:2"), {"Tuesday 13 January 2026", "[Details 1]"});
  expect_words(stage.press(kAda, kAda, "Details 1"), {"[BibTeX]"});
  expect_words(stage.press(kAda, kAda, "BibTeX"), {"@"});
  minute();
  expect_words(ada("/digest cs.CV top:1 style:full"), {"Tuesday 13 January 2026"});
  expect_words(ada("/digest cs.CV yesterday style:titles"), {"12 January 2026"});
  expect_words(ada("/digest cs.CV saturday"), {"Saturday"});
  expect_words(ada("/search maps"), {"papers stored here"});
  expect_words(ada("/status"), {"Version"});
  expect_words(ada("/subscriptions"), {"Nothing is subscribed here yet."});
}

TEST_F(TelegramCommands, WrongInputIsAnsweredInThreeParts) {
  ready();
  auto ada = [&](const std::string& text) { return stage.ask(kAda, kAda, text); };
  expect_words(ada("/digst cs.CV"), {"Did you mean"});
  expect_words(ada("/paper"), {"2401.12345"});
  expect_words(ada("/paper 24.12"), {"is not an arXiv id"});
  expect_words(ada("/paper 2601.99999"), {"as far as is known here"});
  expect_words(ada("/digest cs.NLP"), {"There is no category"});
  expect_words(ada("/digest cs.CV top:many"), {"1 to 50"});
  expect_words(ada("/digest cs.CV 2026-13-40"), {"is not a day"});
  expect_words(ada("/subscribe"), {"needs"});
  expect_words(ada("/subscribe cs.CV at:25:00"), {"is not a time"});
  minute();
  expect_words(ada("/subscribe cs.CV tz:Europe/Berlinn"), {"Unknown zone"});
  expect_words(ada("/unsubscribe cs.CV"), {"Not subscribed"});
  expect_words(ada("/search"), {"needs"});
  expect_words(ada("/search qwertyzxcv"), {"Nothing found"});
  expect_words(ada("/search \"unclosed AND (("), {"."});
  expect_words(ada("/help nothing"), {"There is no command"});
  expect_words(ada("hello there"), {"today cs.CL"});
  expect_words(ada("/today"), {"nothing is subscribed here"});
}

TEST_F(TelegramCommands, SubscribingShowsWhatResults) {
  ready();
  auto ada = [&](const std::string& text) { return stage.ask(kAda, kAda, text); };
  expect_words(ada("/subscribe cs.RO top:2 at:09:00 tz:Europe/Berlin"), {"#1", "Europe/Berlin", "/unsubscribe #1"});
  expect_words(ada("/subscribe cs.RO top:5"), {"Already on (#1)", "top 2 → 5", "apply"});
  expect_words(ada("/subscribe cs.RO top:5 apply"), {"top 5", "Undo", "top:2", "apply"});
  expect_words(ada("/subscriptions"), {"#1", "active"});
  expect_words(ada("/today"), {"cs.RO"});
  expect_words(ada("/status"), {"cs.RO"});
  expect_words(ada("/unsubscribe all"), {"/confirm"});
  expect_words(ada("/unsubscribe #1"), {"Unsubscribed #1", "/subscribe cs.RO"});
  // A channel cannot type: its administrators speak for it.
  expect_words(ada("/subscribe cs.CV target:@invented_news"), {"Subscribed #1", "cs.CV"});
  expect_words(stage.ask(kBen, kBen, "/subscribe cs.CV target:@invented_news"), {"Only chat managers"});
  expect_words(stage.ask(kBen, kBen, "/subscribe cs.CV target:-1009999999999"), {"Only chat managers"});
}

TEST_F(TelegramCommands, AGroupSeesLittleAndThePersonSeesTheRest) {
  ready();
  auto in_group = [&](std::int64_t who, const std::string& text, std::int64_t answered_in) {
    return stage.ask(kTeam, who, text, answered_in, 7);
  };
  expect_words(in_group(kBen, "/help@broadsheet_test_bot", kBen), {"What I can do"});
  EXPECT_EQ(stage.said(kBen).back().find("/subscribe "), std::string::npos) << "members cannot subscribe the group";
  expect_words(in_group(kBen, "/subscribe cs.CV", kBen), {"Only"});
  expect_words(in_group(kAda, "/subscribe cs.CV top:1", kTeam),
               {"subscribed to <c>cs.CV</c> here", "<i>To stop it: </i><c>/unsubscribe #1</c>"});
  expect_words(stage.said(kAda).back(), {"#1", "/unsubscribe #1 target:telegram:-"});
  expect_words(in_group(kBen, "/today cs.RO top:1", kBen), {"Tuesday 13 January 2026"});
  expect_words(in_group(kBen, "/today cs.RO top:1 post", kTeam), {"Tuesday 13 January 2026"});
  for (const auto& message : stage.telegram.visible(kTeam))
    if (message.from_bot) EXPECT_EQ(message.thread, 7) << message.content.text;
  auto hint = in_group(kNew, "/status", kTeam);
  expect_words(hint, {"open a chat with", "[Open the chat]"});
  EXPECT_EQ(hint.find("Version"), std::string::npos);
  stage.telegram.say(kTeam, kBen, "/help@another_bot");
  auto before = stage.said(kBen).size();
  expect_words(in_group(kBen, "/status", kBen), {"Version"});
  EXPECT_EQ(stage.said(kBen).size(), before + 1) << "a command for somebody else is not answered";
}

TEST_F(TelegramCommands, WhatTakesLongShowsOneMessageThatTheAnswerReplaces) {
  ready();
  stage.arxiv.fault(fakes::ArxivSource::all, fakes::ArxivFault::silence, stage.clock.now(), stage.clock.now() + 24h);
  auto before = stage.telegram.visible(kAda).size();
  expect_words(stage.ask(kAda, kAda, "/today cs.LG"), {"."});
  auto messages = stage.telegram.visible(kAda);
  ASSERT_EQ(messages.size(), before + 1) << "the progress message became the answer";
  EXPECT_GE(messages.back().edits, 1);
  std::size_t actions = 0;
  for (const auto& call : stage.telegram.timeline()) actions += call.method == "sendchataction" ? 1 : 0;
  EXPECT_GT(actions, 2U) << "shown again for longer work";
}

TEST_F(TelegramCommands, WhereTheBotIsRemovedSubscriptionsWaitAndWhoMadeThemIsTold) {
  ready();
  stage.ask(kTeam, kAda, "/subscribe cs.CV", kTeam, 7);
  auto before = stage.said(kAda).size();
  stage.telegram.stand(kTeam, kAda, fakes::Standing::kicked);
  ASSERT_TRUE(TelegramStage::becomes([&] { return stage.said(kAda).size() > before; })) << service->err();
  expect_words(stage.said(kAda).back(), {"I can no longer post", "removed from the chat", "#1", "cs.CV"});
  auto listed = run_program(stage.folder, {"subscriptions", "list"}).out;
  EXPECT_NE(listed.find("removed from the chat"), std::string::npos) << listed;
  stage.telegram.stand(kTeam, kAda, fakes::Standing::member);
  EXPECT_TRUE(TelegramStage::becomes([&] {
    return run_program(stage.folder, {"subscriptions", "list"}).out.find("removed from") == std::string::npos;
  })) << service->err();
  expect_words(stage.ask(kTeam, kAda, "/subscriptions", kAda, 7), {"#1", "active"});
}

TEST_F(TelegramCommands, MenusAreRegisteredByScopeAtStart) {
  ready();
  EXPECT_TRUE(TelegramStage::becomes([&] { return !stage.telegram.commands("all_chat_administrators").empty(); }));
  auto has = [&](const std::string& scope, const std::string& name) {
    auto names = stage.telegram.commands(scope);
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (const char* scope : {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
    EXPECT_TRUE(has(scope, "digest")) << scope;
  EXPECT_TRUE(has("all_private_chats", "subscribe"));
  EXPECT_TRUE(has("all_chat_administrators", "subscribe"));
  EXPECT_FALSE(has("all_group_chats", "subscribe"));
  EXPECT_FALSE(has("default", "confirm"));
}

}  // namespace
}  // namespace broadsheet::e2e
