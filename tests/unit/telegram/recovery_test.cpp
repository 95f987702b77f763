// Finding again what was sent (contracts: Telegram 9, way 2).
#include <gtest/gtest.h>

#include "adapters/telegram/message.hpp"
#include "support.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::Absent;
using adapters::CannotTell;
using adapters::FindOutcome;
using adapters::Found;
using namespace test;

constexpr const char* kMissing = "Bad Request: message to edit not found";
constexpr const char* kForeign = "Bad Request: message can't be edited";
constexpr const char* kSame = "Bad Request: message is not modified: specified new message content and reply markup …";

// A chat in which each id answers in its way; ids beyond are missing.
struct Chat {
  Rig rig;
  std::map<std::int64_t, std::string> says;

  explicit Chat(std::map<std::int64_t, std::string> ids) : says(std::move(ids)) {
    rig.transport.then([this](const Call& call) -> http::Outcome {
      if (!call.body.contains("reply_markup"))
        return http::Response{200, {}, R"({"ok":true,"result":{"message_id":1}})"};
      auto it = says.find(call.body.at("message_id").get<std::int64_t>());
      std::string description = it == says.end() ? kMissing : it->second;
      if (description == "ok")
        return http::Response{200, {}, R"({"ok":true,"result":{"message_id":1,"text":"another answer"}})"};
      json body = {{"ok", false}, {"error_code", 400}, {"description", description}};
      return http::Response{400, {}, body.dump()};
    });
  }

  FindOutcome find(const std::string& where = "telegram:-1001000000001", const model::RemoteId& last = "100",
                   std::vector<model::RemoteId> known = {}) {
    auto sent = a_card(where);
    FindOutcome out;
    adapters::FindRequest request{sent.target, sent.key, sent.message, {}, {}, last, std::move(known)};
    rig.loop.run([](Rig& r, adapters::FindRequest q, FindOutcome& o) -> awaitable<void> {
      o = co_await r.platform->find_sent(std::move(q));
    }(rig, std::move(request), out));
    return out;
  }
};

TEST(TelegramRecovery, FindsTheMessageAmongThoseOfOthers) {
  Chat chat({{101, kForeign}, {102, kForeign}, {104, kSame}});
  auto found = chat.find();
  ASSERT_TRUE(std::holds_alternative<Found>(found));
  EXPECT_EQ(std::get<Found>(found).remote_id.str(), "104");
  const auto& probe = chat.rig.transport.calls[0];
  EXPECT_EQ(probe.method, "editMessageReplyMarkup");
  EXPECT_EQ(probe.body["message_id"], 101);
  EXPECT_EQ(probe.body["reply_markup"], json::parse(chat.rig.platform->request_body(a_card()))["reply_markup"])
      << "the keyboard of the delivery, to the byte";
}

TEST(TelegramRecovery, NeverTouchesMessagesThatAreKnown) {
  Chat chat({{101, "ok"}, {102, "ok"}, {103, kSame}});
  EXPECT_TRUE(std::holds_alternative<Found>(chat.find("telegram:-1001000000001", "100", {"101", "102"})));
  EXPECT_EQ(chat.rig.transport.calls.size(), 1U);
}

TEST(TelegramRecovery, ARunOfMissingIdsEndsAChannel) {
  Chat chat({{101, kForeign}});
  EXPECT_TRUE(std::holds_alternative<Absent>(chat.find()));
  EXPECT_EQ(chat.rig.transport.calls.size(), 11U);
}

TEST(TelegramRecovery, MissingIdsProveNothingInPrivateChats) {
  Chat chat({});
  auto outcome = chat.find("telegram:1001");
  ASSERT_TRUE(std::holds_alternative<CannotTell>(outcome));
  EXPECT_TRUE(std::get<CannotTell>(outcome).for_good);
  Chat there({{120, kSame}});
  EXPECT_TRUE(std::holds_alternative<Found>(there.find("telegram:1001")));
}

TEST(TelegramRecovery, ABusyGroupBeyondTheWindowIsNotCalledAbsent) {
  std::map<std::int64_t, std::string> many;
  for (int i = 101; i < 300; ++i) many[i] = kForeign;
  Chat chat(many);
  auto outcome = chat.find();
  ASSERT_TRUE(std::holds_alternative<CannotTell>(outcome));
  EXPECT_TRUE(std::get<CannotTell>(outcome).for_good);
}

TEST(TelegramRecovery, ErrorsNeverCountAsAbsentAndTheSearchGoesOnWhereItWas) {
  Chat chat({{101, kForeign}, {102, "Bad Request: something unheard of"}});
  EXPECT_FALSE(std::get<CannotTell>(chat.find()).for_good);
  chat.says[102] = kForeign;
  chat.says[103] = kSame;
  chat.rig.transport.calls.clear();
  EXPECT_TRUE(std::holds_alternative<Found>(chat.find()));
  EXPECT_EQ(chat.rig.transport.calls[0].body["message_id"], 102);
}

TEST(TelegramRecovery, LimitsAreObeyed) {
  Rig rig;
  rig.transport.then_refuse(429, "Too Many Requests: retry after 8", {{"retry_after", 8}});
  auto sent = a_card();
  rig.loop.run([](Rig& r, adapters::SendRequest s) -> awaitable<void> {
    auto outcome = co_await r.platform->find_sent({s.target, s.key, s.message, {}, {}, "100", {}});
    EXPECT_EQ(std::get<CannotTell>(outcome).retry_after, std::chrono::milliseconds(8000));
    EXPECT_FALSE(std::get<CannotTell>(outcome).for_good);
  }(rig, sent));
}

TEST(TelegramRecovery, AnotherMessageOfOursLosesTheKeyboardAgain) {
  Chat chat({{101, "ok"}, {102, kSame}});
  EXPECT_EQ(std::get<Found>(chat.find()).remote_id.str(), "102");
  ASSERT_EQ(chat.rig.transport.calls.size(), 3U);
  EXPECT_EQ(chat.rig.transport.calls[1].body["message_id"], 101);
  EXPECT_FALSE(chat.rig.transport.calls[1].body.contains("reply_markup"));
}

TEST(TelegramRecovery, WithoutAPlaceToStartNothingIsProbed) {
  Chat chat({});
  EXPECT_TRUE(std::get<CannotTell>(chat.find("telegram:-1001000000001", "")).for_good);
  EXPECT_TRUE(chat.rig.transport.calls.empty());
}

// ---- doctor and set-up

std::vector<adapters::Check> doctor(Rig& rig) {
  std::vector<adapters::Check> out;
  rig.loop.run(
      [](Rig& r, std::vector<adapters::Check>& o) -> awaitable<void> { o = co_await r.platform->doctor(); }(rig, out));
  return out;
}

TelegramOptions with_targets() {
  TelegramOptions options;
  options.targets = {target("telegram:-1003000000003"), target("telegram:1001")};
  return options;
}

TEST(TelegramDoctor, NamesWhatIsWrongAndTheFix) {
  Rig rig("poll", with_targets());
  rig.transport.then_ok({{"id", 1000}, {"username", "a_bot"}});
  rig.transport.then_ok({{"url", "https://elsewhere.example.org"}, {"pending_update_count", 3}});
  rig.transport.then_ok({{"type", "channel"}, {"title", "News"}});
  rig.transport.then_ok({{"status", "administrator"}, {"can_post_messages", false}});
  rig.transport.then_refuse(400, "Bad Request: chat not found");
  auto rows = doctor(rig);
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_TRUE(rows[0].ok);
  EXPECT_EQ(rows[0].found, "@a_bot, https://t.me/a_bot");
  EXPECT_FALSE(rows[2].ok) << "a webhook while polling";
  EXPECT_FALSE(rows[3].ok) << "no right to post";
  EXPECT_FALSE(rows[4].ok);
  for (const auto& row : rows) EXPECT_TRUE(row.ok || !row.fix.empty()) << row.what;
}

TEST(TelegramDoctor, AWrongTokenIsOneRow) {
  Rig rig("poll", with_targets());
  rig.transport.then_refuse(401, "Unauthorized");
  auto rows = doctor(rig);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_FALSE(rows[0].ok);
}

TEST(TelegramSetup, RegistersMenusAndTheWayIn) {
  TelegramOptions options;
  options.public_url = "https://digest.example.org/";
  Rig rig("webhook", options);
  rig.transport.then_ok({{"id", 1000}, {"username", "a_bot"}});
  rig.transport.then_ok(true);
  rig.loop.run([](Rig& r) -> awaitable<void> {
    auto steps = co_await r.platform->setup(
        {{"all_group_chats", "de", {{"digest", "the day"}, {"Not Good", "x"}, {"help", ""}}}});
    EXPECT_EQ(steps.size(), 3U);
    for (const auto& step : steps) EXPECT_TRUE(step.ok) << step.found;
  }(rig));
  EXPECT_EQ(rig.transport.calls[1].body["commands"],
            json::array({{{"command", "digest"}, {"description", "the day"}}}));
  EXPECT_EQ(rig.transport.calls[1].body["scope"]["type"], "all_group_chats");
  EXPECT_EQ(rig.transport.calls[1].body["language_code"], "de");
  EXPECT_EQ(rig.transport.calls[2].method, "setWebhook");
}

TEST(TelegramSetup, StartLinksTakeOnlyWhatArrives) {
  EXPECT_EQ(start_link("a_bot", "s_abc-1"), "https://t.me/a_bot?start=s_abc-1");
  EXPECT_EQ(start_link("a_bot", ""), "");
  EXPECT_EQ(start_link("a_bot", std::string(65, 'a')), "");
  EXPECT_EQ(start_link("a_bot", "a b"), "");
}

}  // namespace
}  // namespace broadsheet::telegram
