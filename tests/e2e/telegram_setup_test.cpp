// What an operator does with the Telegram bot: set it up, look at it, receive by webhook.
#include <gtest/gtest.h>

#include <csignal>

#include "tests/e2e/telegram_stage.hpp"

namespace broadsheet::e2e {
namespace {

using namespace std::chrono_literals;

constexpr const char* kPublic = "public_url = \"https://digest.example.org\"\n";
constexpr const char* kWebhook = "mode = \"webhook\"\nwebhook_secret = \"env:BROADSHEET_TEST_SECRET\"\n";
constexpr const char* kSecret = "X-Telegram-Bot-Api-Secret-Token: a-webhook-secret\r\n";

void expect_words(const std::string& text, const std::vector<std::string>& words) {
  for (const auto& word : words) EXPECT_NE(text.find(word), std::string::npos) << word << " is not in:\n" << text;
}

TEST(TelegramSetup, RegistersTheMenusAndNamesTheNextStep) {
  TelegramStage stage("2026-01-13T06:00:00Z", 1);
  stage.configure();
  auto ran = run_program(stage.folder, {"telegram", "setup"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  expect_words(ran.out, {"@broadsheet_test_bot", "menu all_private_chats", "10 commands", "updates are polled",
                         "Next: `broadsheet serve`"});
  EXPECT_FALSE(stage.telegram.commands("all_private_chats").empty());
  EXPECT_EQ((ran.out + ran.err).find(stage.telegram.token()), std::string::npos);
}

TEST(TelegramSetup, SaysWhatIsMissing) {
  TelegramStage stage("2026-01-13T06:00:00Z", 1);
  stage.configure({}, kWebhook);
  auto no_address = run_program(stage.folder, {"telegram", "setup"});
  EXPECT_EQ(no_address.status, 2);
  expect_words(no_address.err, {"public_url"});
  stage.folder.write("broadsheet.toml", "[service]\n");
  auto no_token = run_program(stage.folder, {"telegram", "setup"});
  EXPECT_EQ(no_token.status, 2);
  expect_words(no_token.err, {"no Telegram token is configured", "BotFather"});
  stage.configure();
  setenv("BROADSHEET_TEST_TOKEN", "999:WRONG", 1);
  auto wrong = run_program(stage.folder, {"telegram", "setup"});
  EXPECT_EQ(wrong.status, 1);
  expect_words(wrong.out, {"Unauthorized", "check [telegram] token"});
  EXPECT_EQ((wrong.out + wrong.err).find("WRONG"), std::string::npos);
}

TEST(TelegramSetup, DoctorLooksAtTheBotAndAtEveryTarget) {
  TelegramStage stage("2026-01-13T06:00:00Z", 1);
  stage.configure({}, "[[subscription]]\ntarget = \"telegram:" + std::to_string(kTeam) +
                          "/7\"\ncategories = [\"cs.CV\"]\n[[subscription]]\ntarget = "
                          "\"telegram:-1009999999999\"\ncategories = [\"cs.CV\"]\n");
  auto ran = run_program(stage.folder, {"doctor"});
  EXPECT_EQ(ran.status, 1);
  expect_words(ran.out, {"ok     telegram bot", "@broadsheet_test_bot", "telegram way in", "polling",
                         "telegram:-1001000000001/7", "FAILS  telegram:-1009999999999", "add the bot to the chat"});
}

TEST(TelegramWebhook, ReceivesWhatHasTheSecretOnce) {
  constexpr int kRate = 20;
  TelegramStage stage("2026-01-13T06:00:00Z", kRate);
  stage.configure(kPublic, kWebhook);
  Child service(stage.folder, stage.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 30s)) << service.err();
  expect_words(stage.bot_api("getWebhookInfo", "{}"), {"https://digest.example.org/telegram/webhook"});
  // The reverse proxy in front of the service: the fake delivers to loopback only.
  stage.bot_api("setWebhook", R"({"secret_token":"a-webhook-secret","url":"http://127.0.0.1:)" +
                                  std::to_string(stage.port) + "/telegram/webhook\"}");
  expect_words(stage.ask(kAda, kAda, "/digest cs.RO top:2"), {"Tuesday 13 January 2026", "[Details 1]"});
  expect_words(stage.press(kAda, kAda, "Details 1"), {"[BibTeX]"});
  EXPECT_EQ(stage.telegram.pending_updates(), 0U);

  auto update = R"({"update_id":900001,"message":{"message_id":9000,"date":1768284000,"chat":{"id":1001,)"
                R"("type":"private"},"from":{"id":1001,"is_bot":false,"first_name":"Ada"},"text":"/status",)"
                R"("entities":[{"type":"bot_command","offset":0,"length":7}]}})";
  auto said = stage.said(kAda).size();
  for (const char* headers : {"", "X-Telegram-Bot-Api-Secret-Token: wrong\r\n"}) {
    auto refused = post(stage.port, "/telegram/webhook", update, headers);
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.body, "");
  }
  for (int i = 0; i < 3; ++i) EXPECT_EQ(post(stage.port, "/telegram/webhook", update, kSecret).status, 200);
  EXPECT_TRUE(TelegramStage::becomes([&] { return stage.said(kAda).size() > said; })) << service.err();
  EXPECT_EQ(get(stage.port, "/telegram/webhook").status, 405);
  expect_words(stage.ask(kAda, kAda, "/help status"), {"Examples"});
  EXPECT_EQ(stage.said(kAda).size(), said + 2) << "the same update was handled more than once";
  EXPECT_EQ(stage.telegram.violations(), std::vector<std::string>());
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

}  // namespace
}  // namespace broadsheet::e2e
