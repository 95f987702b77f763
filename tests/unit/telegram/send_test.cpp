#include <gtest/gtest.h>

#include "adapters/telegram/keyboard.hpp"
#include "support.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::SendOutcome;
using adapters::Sent;
using adapters::Unknown;
using namespace test;

SendOutcome after_refusal(int code, const std::string& description, const json& parameters = nullptr) {
  Rig rig;
  rig.transport.then_refuse(code, description, parameters);
  return rig.send(a_card());
}

std::optional<RefusalClass> refusal_of(const SendOutcome& outcome) {
  const auto* refused = std::get_if<Refused>(&outcome);
  return refused == nullptr ? std::nullopt : std::optional(refused->refusal);
}

TEST(TelegramSend, GivesTheMessageIdAndSendsTheRequestBody) {
  Rig rig;
  rig.transport.then_ok({{"message_id", 77}});
  auto request = a_card();
  auto outcome = rig.send(request);
  ASSERT_TRUE(std::holds_alternative<Sent>(outcome));
  EXPECT_EQ(std::get<Sent>(outcome).remote_id.str(), "77");
  ASSERT_EQ(rig.transport.calls.size(), 1U);
  const auto& call = rig.transport.calls[0];
  EXPECT_EQ(call.url, std::string("https://api.example.org/bot") + kToken + "/sendMessage");
  EXPECT_EQ(call.body, json::parse(rig.platform->request_body(request)));
  EXPECT_EQ(call.body["chat_id"], -1001000000001);
  EXPECT_FALSE(call.body.contains("message_thread_id"));
  EXPECT_FALSE(call.body.contains("parse_mode"));
  EXPECT_EQ(call.body["link_preview_options"]["is_disabled"], true);
}

TEST(TelegramSend, EveryButtonCarriesTheKeyOfItsDeliveryAndFits64Bytes) {
  Rig rig;
  auto request = a_card();
  auto body = json::parse(rig.platform->request_body(request));
  int pressed = 0;
  for (const auto& row : body["reply_markup"]["inline_keyboard"])
    for (const auto& button : row) {
      if (!button.contains("callback_data")) continue;
      ++pressed;
      std::string data = button["callback_data"];
      EXPECT_LE(data.size(), 64U);
      auto found = parse_callback(data);
      ASSERT_TRUE(found);
      EXPECT_EQ(found->key, kKey);
      EXPECT_EQ(found->button.paper.str(), "2401.12345");
    }
  EXPECT_GT(pressed, 0);
  request.key = model::DeliveryKey(std::string(32, 'f'));
  EXPECT_NE(rig.platform->request_body(request), body.dump());
}

TEST(TelegramSend, ATopicIsAddressedButNeverTheGeneralOne) {
  Rig rig;
  EXPECT_EQ(json::parse(rig.platform->request_body(a_card("telegram:-1001000000001/7")))["message_thread_id"], 7);
  EXPECT_FALSE(
      json::parse(rig.platform->request_body(a_card("telegram:-1001000000001/1"))).contains("message_thread_id"));
  EXPECT_EQ(json::parse(rig.platform->request_body(a_card("telegram:@a_channel")))["chat_id"], "@a_channel");
}

TEST(TelegramSend, AMessageIdOfZeroIsNoAddress) {
  Rig rig;
  rig.transport.then_ok({{"message_id", 0}});
  EXPECT_EQ(std::get<Sent>(rig.send(a_card())).remote_id.str(), "");
}

TEST(TelegramSend, TheFirstRequestByteIsTheLine) {
  for (auto [reached, sure] : {std::pair(http::Reached::not_sent, true), std::pair(http::Reached::partly_sent, false),
                               std::pair(http::Reached::sent, false)}) {
    Rig rig;
    rig.transport.then_fail(reached);
    auto outcome = rig.send(a_card());
    EXPECT_EQ(std::holds_alternative<NotSent>(outcome), sure);
    EXPECT_EQ(std::holds_alternative<Unknown>(outcome), !sure);
  }
}

TEST(TelegramSend, AnswersThatAreNoneLeaveTheOutcomeUnknown) {
  for (auto [status, body] : std::vector<std::pair<int, std::string>>{
           {200, ""},
           {200, "{\"ok\":true"},
           {200, "<html>"},
           {200, "{\"ok\":true}"},
           {200, "{\"ok\":false}"},
           {200, "[]"},
           {200, "null"},
           {500, "{\"ok\":false,\"error_code\":500,\"description\":\"Internal Server Error\"}"},
           {502, "bad gateway"},
           {504, ""}}) {
    Rig rig;
    rig.transport.then([s = status, b = body](const Call&) { return http::Response{s, {}, b}; });
    EXPECT_TRUE(std::holds_alternative<Unknown>(rig.send(a_card()))) << status << " " << body;
  }
}

TEST(TelegramSend, WaitsExactlyAsToldAfter429) {
  auto outcome = after_refusal(429, "Too Many Requests: retry after 17", {{"retry_after", 17}});
  const auto& wait = std::get<NotSent>(outcome);
  EXPECT_EQ(wait.retry_after, std::chrono::milliseconds(17000));
  EXPECT_EQ(wait.bucket, "chat:-1001000000001");
  EXPECT_EQ(wait.error.kind(), ErrorKind::rate_limited);
  Rig rig;
  rig.transport.then([](const Call&) { return http::Response{429, {{"Retry-After", "9"}}, "slow down"}; });
  EXPECT_EQ(std::get<NotSent>(rig.send(a_card())).retry_after, std::chrono::milliseconds(9000));
}

TEST(TelegramSend, LimitsOfSeveralChatsHoldTheWholeBot) {
  Rig rig;
  rig.transport.then_refuse(429, "Too Many Requests: retry after 3", {{"retry_after", 3}});
  EXPECT_NE(std::get<NotSent>(rig.send(a_card("telegram:1001"))).bucket, "bot");
  EXPECT_NE(std::get<NotSent>(rig.send(a_card("telegram:1002"))).bucket, "bot");
  EXPECT_EQ(std::get<NotSent>(rig.send(a_card("telegram:1003"))).bucket, "bot");
  rig.clock.advance(std::chrono::seconds(10));
  EXPECT_NE(std::get<NotSent>(rig.send(a_card("telegram:1004"))).bucket, "bot");
}

TEST(TelegramSend, LimitsOfAFewBadChatsHoldNobodyElse) {
  Rig rig;
  for (int n = 0; n < 6; ++n) {
    rig.transport.then_refuse(429, "Too Many Requests: retry after 3", {{"retry_after", 3}});
    rig.transport.then_ok({{"message_id", 77}});
  }
  for (int n = 0; n < 6; ++n) {
    auto bad = rig.send(a_card("telegram:" + std::to_string(1001 + n)));
    EXPECT_NE(std::get<NotSent>(bad).bucket, "bot") << n;
    EXPECT_TRUE(std::holds_alternative<Sent>(rig.send(a_card("telegram:2001"))));
  }
}

TEST(TelegramSend, AMovedGroupIsFollowed) {
  auto outcome = after_refusal(400, "Bad Request: group chat was upgraded to a supergroup chat",
                               {{"migrate_to_chat_id", -1002000000002}});
  const auto& refused = std::get<Refused>(outcome);
  EXPECT_EQ(refused.refusal, RefusalClass::moved);
  ASSERT_TRUE(refused.moved_to);
  EXPECT_EQ(refused.moved_to->str(), "telegram:-1002000000002");
}

TEST(TelegramSend, EachRefusalHasItsClass) {
  struct Row {
    int code;
    const char* words;
    RefusalClass expected;
  };
  for (const auto& row :
       std::vector<Row>{{400, "Bad Request: chat not found", RefusalClass::target},
                        {400, "Bad Request: message thread not found", RefusalClass::target},
                        {400, "Bad Request: TOPIC_CLOSED", RefusalClass::target},
                        {400, "Bad Request: TOPIC_DELETED", RefusalClass::target},
                        {400, "Bad Request: not enough rights to send text messages to the chat", RefusalClass::target},
                        {400, "Bad Request: need administrator rights in the channel chat", RefusalClass::target},
                        {400, "Bad Request: have no write access to the chat", RefusalClass::target},
                        {400, "Bad Request: CHAT_RESTRICTED", RefusalClass::target},
                        {400, "Bad Request: CHAT_WRITE_FORBIDDEN", RefusalClass::target},
                        {400, "Bad Request: message is too long", RefusalClass::message},
                        {400, "Bad Request: BUTTON_DATA_INVALID", RefusalClass::message},
                        {400, "Bad Request: reply markup is too long", RefusalClass::message},
                        {400, "Bad Request: something new", RefusalClass::message},
                        {401, "Unauthorized", RefusalClass::installation},
                        {403, "Forbidden: bot was blocked by the user", RefusalClass::target},
                        {403, "Forbidden: bot was kicked from the supergroup chat", RefusalClass::target},
                        {403, "Forbidden: user is deactivated", RefusalClass::target},
                        {404, "Not Found", RefusalClass::configuration},
                        {413, "Request Entity Too Large", RefusalClass::message},
                        {421, "Misdirected Request", RefusalClass::configuration}}) {
    EXPECT_EQ(refusal_of(after_refusal(row.code, row.words)), row.expected) << row.words;
  }
}

TEST(TelegramSend, FormattingThatIsRefusedFallsBackToPlainTextOnce) {
  Rig rig;
  rig.transport.then_refuse(400, "Bad Request: can't parse entities: entity begins in a middle of a UTF-16 symbol");
  rig.transport.then_ok({{"message_id", 5}});
  EXPECT_EQ(std::get<Sent>(rig.send(a_card())).remote_id.str(), "5");
  ASSERT_EQ(rig.transport.calls.size(), 2U);
  EXPECT_TRUE(rig.transport.calls[0].body.contains("entities"));
  EXPECT_FALSE(rig.transport.calls[1].body.contains("entities"));
  EXPECT_EQ(rig.transport.calls[0].body["text"], rig.transport.calls[1].body["text"]);
  EXPECT_EQ(rig.transport.calls[0].body["reply_markup"], rig.transport.calls[1].body["reply_markup"]);

  Rig again;
  again.transport.then_refuse(400, "Bad Request: can't parse entities: whatever");
  EXPECT_EQ(refusal_of(again.send(a_card())), RefusalClass::message);
  EXPECT_EQ(again.transport.calls.size(), 2U) << "no third try";
}

TEST(TelegramSend, TheTokenIsInNoErrorWhateverTheOtherSideEchoes) {
  for (int way = 0; way < 2; ++way) {
    Rig rig;
    if (way == 0)
      rig.transport.then_fail(http::Reached::sent);  // its text shows the whole URL
    else
      rig.transport.then([](const Call& call) {
        return http::Response{
            400, {}, json{{"ok", false}, {"error_code", 400}, {"description", "no " + call.url}}.dump()};
      });
    auto outcome = rig.send(a_card());
    std::string said = std::holds_alternative<Unknown>(outcome) ? std::get<Unknown>(outcome).error.what()
                                                                : std::get<Refused>(outcome).why;
    EXPECT_FALSE(said.empty());
    EXPECT_EQ(said.find("INVENTED"), std::string::npos) << said;
  }
}

TEST(TelegramSend, LongDescriptionsAreBounded) {
  auto outcome = after_refusal(400, "Bad Request: " + std::string(100000, 'x'));
  EXPECT_LT(std::get<Refused>(outcome).why.size(), 1000U);
}

TEST(TelegramSend, AStoredBodyThatIsNotOursIsRefusedWithoutACall) {
  Rig rig;
  auto request = a_card();
  request.message.body = "{}";
  EXPECT_EQ(refusal_of(rig.send(request)), RefusalClass::message);
  EXPECT_TRUE(rig.transport.calls.empty());
}

// ---- edits and replies

SendOutcome edit(Rig& rig) {
  SendOutcome out;
  rig.loop.run([](Rig& r, SendOutcome& o) -> awaitable<void> {
    o = co_await r.platform->edit(target("telegram:1001"), "12", a_card().message);
  }(rig, out));
  return out;
}

TEST(TelegramEdit, WhatIsAlreadySoIsASuccess) {
  Rig rig;
  rig.transport.then_refuse(400, "Bad Request: message is not modified: specified new message content …");
  EXPECT_EQ(std::get<Sent>(edit(rig)).remote_id.str(), "12");
  EXPECT_EQ(rig.transport.calls[0].method, "editMessageText");
  EXPECT_EQ(rig.transport.calls[0].body["message_id"], 12);
  EXPECT_TRUE(rig.transport.calls[0].body.contains("reply_markup")) << "leaving it out would remove the buttons";
}

TEST(TelegramEdit, AGoneMessageConcernsThatMessageOnly) {
  Rig rig;
  rig.transport.then_refuse(400, "Bad Request: message to edit not found");
  EXPECT_EQ(refusal_of(edit(rig)), RefusalClass::message);
}

SendOutcome reply(Rig& rig, adapters::ReplyRequest request) {
  SendOutcome out;
  rig.loop.run([](Rig& r, SendOutcome& o, adapters::ReplyRequest q) -> awaitable<void> {
    o = co_await r.platform->reply(std::move(q));
  }(rig, out, std::move(request)));
  return out;
}

adapters::ReplyRequest in_group(model::Visibility visibility) {
  adapters::ReplyRequest out;
  out.to.target = target("telegram:-1001000000001/7");
  out.to.message = "55";
  out.to.who.id = "1001";
  out.message = a_card().message;
  out.visibility = visibility;
  return out;
}

TEST(TelegramReply, InAGroupItRefersToTheCommandAndKeepsTheTopic) {
  Rig rig;
  rig.transport.then_ok({{"message_id", 56}});
  EXPECT_TRUE(std::holds_alternative<Sent>(reply(rig, in_group(model::Visibility::channel))));
  const auto& body = rig.transport.calls[0].body;
  EXPECT_EQ(body["reply_parameters"]["message_id"], 55);
  EXPECT_EQ(body["reply_parameters"]["allow_sending_without_reply"], true);
  EXPECT_EQ(body["message_thread_id"], 7);
}

TEST(TelegramReply, ForTheAskerAloneItGoesToThePrivateChat) {
  Rig rig;
  rig.transport.then_ok({{"message_id", 3}});
  EXPECT_TRUE(std::holds_alternative<Sent>(reply(rig, in_group(model::Visibility::asker))));
  EXPECT_EQ(rig.transport.calls[0].body["chat_id"], 1001);
  EXPECT_FALSE(rig.transport.calls[0].body.contains("message_thread_id"));
  EXPECT_FALSE(rig.transport.calls[0].body.contains("reply_parameters"));
}

TEST(TelegramReply, WhoNeverPressedStartCannotBeAnsweredPrivately) {
  Rig rig;
  rig.transport.then_refuse(403, "Forbidden: bot can't initiate conversation with a user");
  auto outcome = reply(rig, in_group(model::Visibility::asker));
  EXPECT_EQ(refusal_of(outcome), RefusalClass::private_undeliverable);
  EXPECT_NE(std::get<Refused>(outcome).fix.find("Start"), std::string::npos);
  auto anonymous = in_group(model::Visibility::asker);
  anonymous.to.who.id = "-1001000000001";
  EXPECT_EQ(refusal_of(reply(rig, anonymous)), RefusalClass::private_undeliverable);
  EXPECT_EQ(rig.transport.calls.size(), 1U) << "nobody is asked about an anonymous administrator";
}

TEST(TelegramReply, ReplacesItsProgressMessageAndAnswersAnewWhenThatIsGone) {
  Rig rig;
  rig.transport.then_refuse(400, "Bad Request: message to edit not found");
  rig.transport.then_ok({{"message_id", 9}});
  auto request = in_group(model::Visibility::channel);
  request.replaces = "56";
  EXPECT_EQ(std::get<Sent>(reply(rig, request)).remote_id.str(), "9");
  EXPECT_EQ(rig.transport.calls[0].method, "editMessageText");
  EXPECT_EQ(rig.transport.calls[1].method, "sendMessage");
}

TEST(TelegramReply, ReplacesAProgressMessageInThePrivateChatToo) {
  Rig rig;
  rig.transport.then_ok({{"message_id", 56}});
  auto request = in_group(model::Visibility::asker);
  request.replaces = "56";
  EXPECT_EQ(std::get<Sent>(reply(rig, request)).remote_id.str(), "56");
  EXPECT_EQ(rig.transport.calls[0].method, "editMessageText");
  EXPECT_EQ(rig.transport.calls[0].body["chat_id"], 1001);
}

TEST(TelegramPaces, NoMinuteHoldsMoreThanTwentyMessagesToAGroup) {
  Rig rig;
  auto paces = rig.platform->paces(target("telegram:-1001000000001"), false);
  ASSERT_EQ(paces.size(), 3U);
  EXPECT_EQ(paces[0].name, "bot");
  EXPECT_LE(paces[2].burst + 60 * paces[2].per_second, 20.0001);
  EXPECT_EQ(rig.platform->paces(target("telegram:1001"), false).size(), 2U);
  EXPECT_EQ(rig.platform->paces(target("telegram:@a_channel"), false).size(), 3U);
}

TEST(TelegramRoles, AdministratorsManageAndStrangersAreGuests) {
  for (auto [status, role] :
       {std::pair("creator", model::Role::manager), std::pair("administrator", model::Role::manager),
        std::pair("member", model::Role::member), std::pair("left", model::Role::guest),
        std::pair("kicked", model::Role::guest), std::pair("restricted", model::Role::guest)}) {
    Rig rig;
    rig.transport.then_ok({{"status", status}});
    model::Role found{};
    rig.loop.run([](Rig& r, model::Role& f) -> awaitable<void> {
      f = *co_await r.platform->role_of({"1001", {}, {}, {}}, target("telegram:-1001000000001"));
    }(rig, found));
    EXPECT_EQ(found, role) << status;
  }
}

}  // namespace
}  // namespace broadsheet::telegram
