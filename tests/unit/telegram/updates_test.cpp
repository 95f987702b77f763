#include "adapters/telegram/updates.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "adapters/telegram/keyboard.hpp"

namespace broadsheet::telegram {
namespace {

using model::CommandEvent;
using model::PlaceEvent;
using model::PlaceState;
using model::Role;
using nlohmann::json;

const BotName kBot{1000, "Broadsheet_Test_Bot"};

Received read(const json& update) {
  auto out = read_update(update.dump(), kBot, Moment{});
  EXPECT_TRUE(out);
  return out ? *out : Received{};
}

json user(std::int64_t id = 1001) {
  return {{"id", id}, {"is_bot", false}, {"first_name", "Nils"}, {"last_name", "Aurora"}, {"language_code", "zh-hans"}};
}
json group() {
  return {{"id", -1001000000001}, {"type", "supergroup"}, {"title", "A group"}};
}
json direct() {
  return {{"id", 1001}, {"type", "private"}};
}

json message(const std::string& text, const json& chat, const json& entities = json::array()) {
  return {{"message_id", 55}, {"date", 1}, {"chat", chat}, {"from", user()}, {"text", text}, {"entities", entities}};
}
json command(std::size_t length) {
  return json::array({{{"type", "bot_command"}, {"offset", 0}, {"length", length}}});
}
json update(const std::string& kind, const json& payload) {
  return {{"update_id", 9001}, {kind, payload}};
}

const CommandEvent* asked(const Received& received) {
  return received.event ? std::get_if<CommandEvent>(&*received.event) : nullptr;
}
const PlaceEvent* standing(const Received& received) {
  return received.event ? std::get_if<PlaceEvent>(&*received.event) : nullptr;
}

TEST(TelegramUpdates, ACommandComesWithoutItsWrapping) {
  auto received = read(update("message", message("/Digest@broadsheet_test_bot  cs.CL top:5", group(), command(27))));
  const auto* event = asked(received);
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->id, "9001");
  EXPECT_EQ(event->text, "digest cs.CL top:5");
  EXPECT_EQ(event->from.target.str(), "telegram:-1001000000001");
  EXPECT_FALSE(event->from.direct);
  EXPECT_EQ(event->from.message.str(), "55");
  EXPECT_EQ(event->from.who.id, "1001");
  EXPECT_EQ(event->from.who.name, "Nils Aurora");
  EXPECT_EQ(event->from.who.language, "zh");
  EXPECT_EQ(event->from.who.role, Role::member) << "who writes there is in it";
  EXPECT_FALSE(event->edited);
}

TEST(TelegramUpdates, CommandsForOtherBotsAreNotOurs) {
  EXPECT_FALSE(read(update("message", message("/digest@another_bot", group(), command(19)))).event);
  EXPECT_FALSE(read(update("message", message("/digest@another_bot", direct(), command(19)))).event);
}

TEST(TelegramUpdates, OnlyWhatIsForUsIsTakenInGroups) {
  EXPECT_FALSE(read(update("message", message("good morning", group()))).event);
  auto mention = json::array({{{"type", "mention"}, {"offset", 0}, {"length", 20}}});
  auto addressed = read(update("message", message("@Broadsheet_test_bot today", group(), mention)));
  ASSERT_NE(asked(addressed), nullptr);
  EXPECT_EQ(asked(addressed)->text, "today");
  auto answer = message("and cs.RO?", group());
  answer["reply_to_message"] = {{"message_id", 50}, {"from", {{"id", 1000}, {"is_bot", true}}}};
  EXPECT_EQ(asked(read(update("message", answer)))->text, "and cs.RO?");
  answer["reply_to_message"]["from"]["id"] = 1002;
  EXPECT_FALSE(read(update("message", answer)).event);
}

TEST(TelegramUpdates, AnAnswerToACardIsAboutItsPaper) {
  auto key = std::string(kKeyLength, 'a');
  auto button = [&](const char* paper) {
    return json{{"text", "Details"},
                {"callback_data", callback_data(key, {doc::Action::details, "", *PaperId::parse(paper), "", ""})}};
  };
  auto asking = [&](const json& rows, std::int64_t author) {
    auto answer = message("/paper", group(), command(6));
    answer["reply_to_message"] = {{"message_id", 50},
                                  {"from", {{"id", author}, {"is_bot", true}}},
                                  {"reply_markup", {{"inline_keyboard", rows}}}};
    return asked(read(update("message", answer)))->about.str();
  };
  auto one = json::array({json::array({button("2401.00001"), button("2401.00001")})});
  auto two = json::array({json::array({button("2401.00001"), button("2401.00002")})});
  EXPECT_EQ(asking(one, 1000), "2401.00001");
  EXPECT_EQ(asking(two, 1000), "") << "which of them?";
  EXPECT_EQ(asking(one, 1002), "") << "somebody else's buttons";
  EXPECT_EQ(asking(json{{"odd", 1}}, 1000), "");
}

TEST(TelegramUpdates, InAPrivateChatEveryTextIsForUsAndThePersonManagesIt) {
  auto received = read(update("message", message("arxiv.org/abs/2401.12345", direct())));
  ASSERT_NE(asked(received), nullptr);
  EXPECT_TRUE(asked(received)->from.direct);
  EXPECT_EQ(asked(received)->from.who.role, Role::manager);
  EXPECT_EQ(asked(read(update("message", message("/start s_abc-1", direct(), command(6)))))->text, "start s_abc-1");
}

TEST(TelegramUpdates, CaptionsAndEditsCount) {
  json photo = {{"message_id", 56},
                {"chat", group()},
                {"from", user()},
                {"caption", "/paper 2401.12345"},
                {"caption_entities", command(6)}};
  auto received = read(update("edited_message", photo));
  ASSERT_NE(asked(received), nullptr);
  EXPECT_EQ(asked(received)->text, "paper 2401.12345");
  EXPECT_TRUE(asked(received)->edited);
}

TEST(TelegramUpdates, TopicsAreTrustedOnlyWhenTheyAreTopics) {
  auto in_topic = message("/help", group(), command(5));
  in_topic["message_thread_id"] = 7;
  EXPECT_EQ(asked(read(update("message", in_topic)))->from.target.topic, "") << "a reply thread";
  in_topic["is_topic_message"] = true;
  EXPECT_EQ(asked(read(update("message", in_topic)))->from.target.topic, "7");
  in_topic["message_thread_id"] = 1;
  EXPECT_EQ(asked(read(update("message", in_topic)))->from.target.topic, "") << "General has no address";
}

TEST(TelegramUpdates, AnonymousAdministratorsManageOtherChannelsAndBotsAreNotHeard) {
  auto anonymous = message("/subscribe cs.CL", group(), command(10));
  anonymous["from"] = {{"id", 1087968824}, {"is_bot", true}, {"first_name", "Group"}};
  EXPECT_FALSE(read(update("message", anonymous)).event) << "a bot";
  anonymous["sender_chat"] = group();
  auto received = read(update("message", anonymous));
  ASSERT_NE(asked(received), nullptr);
  EXPECT_EQ(asked(received)->from.who.role, Role::manager);
  anonymous["sender_chat"] = {{"id", -1009999999999}, {"type", "channel"}};
  EXPECT_FALSE(read(update("message", anonymous)).event) << "a foreign channel has no rights here";
  json post = {{"message_id", 3},
               {"chat", {{"id", -1003000000003}, {"type", "channel"}}},
               {"sender_chat", {{"id", -1003000000003}, {"type", "channel"}}},
               {"text", "/digest"},
               {"entities", command(7)}};
  ASSERT_NE(asked(read(update("channel_post", post))), nullptr);
}

TEST(TelegramUpdates, AButtonKnowsItsActionAndPaper) {
  doc::Button button{doc::Action::save, "Save", *PaperId::parse("hep-th/9901001"), {}};
  json query = {{"id", "4242"},
                {"from", user()},
                {"data", callback_data("0123456789abcdef0123456789abcdef", button)},
                {"message", {{"message_id", 60}, {"date", 0}, {"chat", group()}}}};
  auto received = read(update("callback_query", query));
  EXPECT_EQ(received.callback, "4242");
  ASSERT_NE(asked(received), nullptr);
  const auto& event = *asked(received);
  ASSERT_TRUE(event.button);
  EXPECT_EQ(event.button->action, doc::Action::save);
  EXPECT_EQ(event.button->paper.str(), "hep-th/9901001");
  EXPECT_EQ(event.button_key, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(event.from.message.str(), "60");
  query["data"] = "something of an older version";
  auto old = read(update("callback_query", query));
  ASSERT_NE(asked(old), nullptr);
  EXPECT_FALSE(asked(old)->button);
  EXPECT_EQ(asked(old)->button_key, "something of an older version");
  query.erase("data");
  EXPECT_EQ(read(update("callback_query", query)).callback, "4242") << "even then the button must stop spinning";
}

json member(const std::string& status, const json& more, const json& chat) {
  json now = {{"status", status}};
  now.update(more);
  return {{"chat", chat}, {"from", user()}, {"new_chat_member", now}};
}

TEST(TelegramUpdates, OurStandingIsFollowed) {
  auto channel = json{{"id", -1003000000003}, {"type", "channel"}};
  struct Row {
    json change;
    PlaceState expected;
  };
  for (const auto& row : std::vector<Row>{
           {member("kicked", json::object(), direct()), PlaceState::left},
           {member("member", json::object(), direct()), PlaceState::joined},
           {member("left", json::object(), group()), PlaceState::left},
           {member("administrator", json::object(), group()), PlaceState::joined},
           {member("restricted", {{"is_member", true}, {"can_send_messages", false}}, group()), PlaceState::read_only},
           {member("restricted", {{"is_member", true}, {"can_send_messages", true}}, group()), PlaceState::joined},
           {member("restricted", {{"is_member", false}}, group()), PlaceState::left},
           {member("administrator", {{"can_post_messages", false}}, channel), PlaceState::read_only},
           {member("administrator", {{"can_post_messages", true}}, channel), PlaceState::joined}}) {
    auto received = read(update("my_chat_member", row.change));
    ASSERT_NE(standing(received), nullptr) << row.change;
    EXPECT_EQ(standing(received)->state, row.expected) << row.change;
    EXPECT_EQ(standing(received)->by.id, "1001");
  }
}

TEST(TelegramUpdates, ItIsInvitedWhereItWasNotBefore) {
  auto change = [](const char* before, const char* now, const json& chat) {
    auto out = member(now, json::object(), chat);
    out["old_chat_member"] = {{"status", before}};
    return standing(read(update("my_chat_member", out)))->invited;
  };
  EXPECT_TRUE(change("left", "member", group()));
  EXPECT_TRUE(change("kicked", "administrator", group()));
  EXPECT_FALSE(change("member", "administrator", group())) << "promoted";
  EXPECT_FALSE(change("left", "member", direct())) << "a private chat begins with /start";
}

TEST(TelegramUpdates, BothMessagesOfAMigrationSayTheSame) {
  json old_chat = {
      {"message_id", 1}, {"chat", {{"id", -4001}, {"type", "group"}}}, {"migrate_to_chat_id", -1004000000004}};
  json new_chat = {
      {"message_id", 1}, {"chat", {{"id", -1004000000004}, {"type", "supergroup"}}}, {"migrate_from_chat_id", -4001}};
  for (const auto& m : {old_chat, new_chat}) {
    auto received = read(update("message", m));
    ASSERT_NE(standing(received), nullptr);
    EXPECT_EQ(standing(received)->state, PlaceState::moved);
    EXPECT_EQ(standing(received)->target.str(), "telegram:-4001");
    EXPECT_EQ(standing(received)->moved_to->str(), "telegram:-1004000000004");
  }
}

TEST(TelegramUpdates, AClosedTopicIsReadOnlyUntilItOpens) {
  json closed = {{"message_id", 1},
                 {"chat", group()},
                 {"message_thread_id", 7},
                 {"is_topic_message", true},
                 {"forum_topic_closed", json::object()}};
  EXPECT_EQ(standing(read(update("message", closed)))->state, PlaceState::read_only);
  EXPECT_EQ(standing(read(update("message", closed)))->target.topic, "7");
  closed.erase("forum_topic_closed");
  closed["forum_topic_reopened"] = json::object();
  EXPECT_EQ(standing(read(update("message", closed)))->state, PlaceState::joined);
}

TEST(TelegramUpdates, UnknownKindsAndWrongShapesAreSkipped) {
  EXPECT_FALSE(read({{"update_id", 5}, {"a_kind_of_next_year", {{"x", 1}}}}).event);
  EXPECT_EQ(read({{"update_id", 5}}).id, 5);
  for (const json& odd : {json(1), json("x"), json::array(), json{{"chat", 1}}, json{{"chat", {{"id", "x"}}}},
                          json{{"chat", {{"id", 0}}}, {"text", "/x"}},
                          json{{"chat", {{"id", -1001000000001}}}, {"text", {1, 2}}, {"entities", "no"}},
                          json{{"chat", {{"id", 1}}}, {"text", "/x"}, {"from", 3}, {"entities", command(200)}}})
    for (const char* kind : {"message", "callback_query", "my_chat_member"})
      EXPECT_FALSE(read(update(kind, odd)).event) << odd;
  EXPECT_FALSE(read_update("", kBot, Moment{}));
  EXPECT_FALSE(read_update("[]", kBot, Moment{}));
  EXPECT_FALSE(read_update("{\"update_id\":\"5\"}", kBot, Moment{}));
}

TEST(TelegramUpdates, WhatIsQuotedMayBeUnfitButNotWhatIsRead) {
  auto quoting = [](const std::string& quoted) {
    auto text = update("message", message("/help", group(), command(5))).dump();
    text.insert(text.find(R"("message":{)") + 11, R"("reply_to_message":)" + quoted + ",");
    return text;
  };
  auto deep = std::string(500, '[') + std::string(500, ']');
  for (const auto& quoted : {R"({"rich":)" + deep + "}", std::string(R"({"from":{"id":1,"id":2},"text":"x"})")}) {
    auto received = read_update(quoting(quoted), kBot, Moment{});
    ASSERT_TRUE(received);
    ASSERT_NE(asked(*received), nullptr) << quoted;
    EXPECT_EQ(asked(*received)->text, "help");
  }
  EXPECT_FALSE(read_update(R"({"update_id":5,"update_id":6})", kBot, Moment{}));
  EXPECT_FALSE(read_update(deep, kBot, Moment{}));
  EXPECT_FALSE(read_update(std::string(1 << 20, '['), kBot, Moment{}));
  auto sender_twice = R"({"update_id":5,"message":{"chat":{"id":1,"type":"private"},"from":{"id":1},"from":{"id":2},
      "text":"/help"}})";
  auto received = read_update(sender_twice, kBot, Moment{});
  ASSERT_TRUE(received);
  EXPECT_FALSE(received->event);
}

TEST(TelegramUpdates, AMarkThatIsNoneIsNotBelieved) {
  for (const char* odd : {"\u05DBigest cs.CL", "/\u05DBgest", "digest", "\U0001F600/digest"}) {
    auto received = read(update("message", message(odd, direct(), command(2))));
    if (received.event) EXPECT_EQ(std::get<model::CommandEvent>(*received.event).text, odd) << "plain words";
  }
}

TEST(TelegramUpdates, HugeTextsAreNoCommands) {
  EXPECT_FALSE(read(update("message", message("/x " + std::string(100000, 'a'), direct(), command(2)))).event);
}

TEST(TelegramUpdates, CallbackDataIsReadStrictly) {
  for (const char* data : {"", ":", "0", "9:", "x:2401.12345", "1:not a paper", "1:2401.12345v2x", "1"})
    EXPECT_FALSE(parse_callback(data)) << data;
  EXPECT_TRUE(parse_callback("0:"));
  EXPECT_EQ(parse_callback("1:2401.12345")->key, "");
  for (const char* data : {"0:cs.CV", "0:cs.CV /2026-01-13", "0:cs.CV/2026-01-13\n", "6:cs.CV/<2026-01-13>"})
    EXPECT_FALSE(parse_callback(data)) << data;
}

TEST(TelegramUpdates, ButtonsOfADigestSayWhichOne) {
  const std::string key = "0123456789abcdef0123456789abcdef";
  doc::Button button{doc::Action::all_titles, "All titles", {}, "", "cs.CV+cs.RO/2026-01-13"};
  auto data = callback_data(key, button);
  EXPECT_LE(data.size(), 64U);
  auto pressed = parse_callback(data);
  ASSERT_TRUE(pressed);
  EXPECT_EQ(pressed->key, key);
  EXPECT_EQ(pressed->button.action, doc::Action::all_titles);
  EXPECT_EQ(pressed->button.subject, "cs.CV+cs.RO/2026-01-13");
  button.subject = "cond-mat.mtrl-sci+cond-mat.str-el/2026-01-13";
  EXPECT_EQ(callback_data(key, button), key + "0:") << "what has no room is left out, never cut";
}

}  // namespace
}  // namespace broadsheet::telegram
