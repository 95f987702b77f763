#include <nlohmann/json.hpp>

#include "tests/unit/matrix/harness.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::Absent;
using adapters::Found;
using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::Sent;
using adapters::Unknown;
using Json = nlohmann::json;

using MatrixAdapter = Harness;

TEST_F(MatrixAdapter, SendsARootAndItsThreadWithoutMeaningAnybody) {
  auto root = run(bot().send(request("three papers", "k1")));
  ASSERT_TRUE(std::holds_alternative<Sent>(root));
  auto id = std::get<Sent>(root).remote_id;
  auto card = request("Attention @room <b>", "k2", id);
  card.message.in_thread = true;
  auto first = run(bot().send(card));
  ASSERT_TRUE(std::holds_alternative<Sent>(first));
  card.key = "k3";
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(card))));
  auto sent = server.sent(kRoom);
  ASSERT_EQ(sent.size(), 3U);
  EXPECT_EQ(Json::parse(sent[1])["m.relates_to"]["event_id"], id.str());
  EXPECT_EQ(Json::parse(sent[2])["m.relates_to"]["m.in_reply_to"]["event_id"], std::get<Sent>(first).remote_id.str());
  EXPECT_EQ(server.content_faults(), std::vector<std::string>());
}

TEST_F(MatrixAdapter, RepeatsWithoutDoublingEvenOverRestartsOfBothSides) {
  server.fail_next("PUT /_matrix/client/v3/rooms", {.fault = fakes::Fault::reset_before_answer}, true);
  auto lost = run(bot().send(request("once", "k1")));
  EXPECT_TRUE(std::holds_alternative<Unknown>(lost));
  server.restart();
  restart_bot();
  auto again = run(bot().send(request("once", "k1")));
  ASSERT_TRUE(std::holds_alternative<Sent>(again));
  EXPECT_EQ(server.sent(kRoom).size(), 1U);
  EXPECT_EQ(std::get<Sent>(again).remote_id, server.sent_ids(kRoom).at(0));
}

TEST_F(MatrixAdapter, FindsWhatItHasSentAndKnowsWhatItHasNot) {
  auto begun = clock.now();
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("one", "k1")))));
  for (int i = 0; i < 120; ++i) server.say(kRoom, kAda, "chatter " + std::to_string(i));
  adapters::FindRequest find{room(), "k1", {}, {}, begun, {}, {}};
  auto found = run(bot().find_sent(find));
  ASSERT_TRUE(std::holds_alternative<Found>(found));
  EXPECT_EQ(std::get<Found>(found).remote_id, server.sent_ids(kRoom).at(0));
  find.key = "k2";
  EXPECT_TRUE(std::holds_alternative<Absent>(run(bot().find_sent(find))));
}

// Somebody's event that names a key twice has no time that could be believed: the search goes on behind it.
TEST_F(MatrixAdapter, FindsWhatItHasSentBehindAnEventThatCannotBeRead) {
  server.fail_next("/messages", {.status = 200, .body = R"({"end":"","chunk":[
      {"event_id":"$9","event_id":"$8","sender":"@ada:example.org","origin_server_ts":1},
      {"event_id":"$7","sender":")" + settings.user_id + R"(","content":{"dev.broadsheet.delivery":{"key":"k1"}}}]})"});
  adapters::FindRequest find{room(), "k1", {}, {}, clock.now(), {}, {}};
  auto found = run(bot().find_sent(find));
  ASSERT_TRUE(std::holds_alternative<Found>(found));
  EXPECT_EQ(std::get<Found>(found).remote_id.str(), "$7");
}

TEST_F(MatrixAdapter, DoesNotTakeAnothersCopyOfItsKeyForItsOwn) {
  server.say(kRoom, kAda, "{\"dev.broadsheet.delivery\":{\"key\":\"k9\"}}");
  adapters::FindRequest find{room(), "k9", {}, {}, clock.now(), {}, {}};
  EXPECT_TRUE(std::holds_alternative<Absent>(run(bot().find_sent(find))));
}

TEST_F(MatrixAdapter, WaitsAsToldWhenLimitedAndSlowsDown) {
  auto begun = clock.steady_now();
  auto before = bot().paces(room(), false).at(0).per_second;
  server.limit(0);
  auto outcome = run(bot().send(request("x", "k1")));
  ASSERT_TRUE(std::holds_alternative<NotSent>(outcome));
  EXPECT_EQ(std::get<NotSent>(outcome).retry_after, std::chrono::milliseconds(1000));
  EXPECT_EQ(std::get<NotSent>(outcome).bucket, bot().paces(room(), false).at(0).name);
  EXPECT_EQ(bot().paces(room(), false).at(0).per_second, before) << "the debt of an earlier run";
  wait([&] { return clock.steady_now() > begun + std::chrono::seconds(10); });
  EXPECT_TRUE(std::holds_alternative<NotSent>(run(bot().send(request("x", "k1")))));
  EXPECT_LT(bot().paces(room(), false).at(0).per_second, before);
}

TEST_F(MatrixAdapter, NeverWritesIntoEncryptedRoomsButSaysSoOnce) {
  server.encrypt(kRoom);
  for (const char* key : {"k1", "k2"}) {
    auto outcome = run(bot().send(request("secret", key)));
    ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
    EXPECT_EQ(std::get<Refused>(outcome).refusal, RefusalClass::target);
  }
  auto sent = server.sent(kRoom);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].find("secret"), std::string::npos);
}

TEST_F(MatrixAdapter, AsksWhereItIsBeforeBelievingA403) {
  server.add_room("!gone:example.org", {kAda}, false);
  auto gone = request("x", "k1");
  gone.target = room("!gone:example.org");
  auto outcome = run(bot().send(gone));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  EXPECT_NE(std::get<Refused>(outcome).why.find("not a member"), std::string::npos);
  server.fail_next("/send/", {.status = 403, .body = R"({"errcode":"M_FORBIDDEN","error":"power"})"});
  auto muted = run(bot().send(request("x", "k2")));
  ASSERT_TRUE(std::holds_alternative<Refused>(muted));
  EXPECT_NE(std::get<Refused>(muted).why.find("may not write"), std::string::npos);
}

TEST_F(MatrixAdapter, FollowsAnUpgradeFromThe403) {
  server.add_room("!new:example.org", {kAda}, false);
  server.replace(kRoom, kAda, "!new:example.org", true);
  auto outcome = run(bot().send(request("x", "k1")));
  ASSERT_TRUE(std::holds_alternative<Refused>(outcome));
  EXPECT_EQ(std::get<Refused>(outcome).refusal, RefusalClass::moved);
  EXPECT_EQ(std::get<Refused>(outcome).moved_to, room("!new:example.org"));
}

TEST_F(MatrixAdapter, SendsWithoutTheThreadWhenItsRootIsUnknown) {
  auto card = request("card", "k1", "$nowhere");
  card.message.in_thread = true;
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(card))));
  EXPECT_FALSE(Json::parse(server.sent(kRoom).at(0)).contains("m.relates_to"));
}

TEST_F(MatrixAdapter, GivesAPoisonedContentUpAfterFiveTimes) {
  fakes::Reply poison{.status = 500, .body = R"({"errcode":"M_UNKNOWN"})"};
  for (int i = 0; i < 5; ++i) {
    server.fail_next("/send/", poison);
    auto outcome = run(bot().send(request("x", "k1")));
    EXPECT_EQ(std::holds_alternative<Refused>(outcome), i == 4) << i;
  }
}

TEST_F(MatrixAdapter, TellsUnknownFromNotSent) {
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("warm", "k0")))));
  for (int status : {408, 502, 503, 504, 520}) {
    server.fail_next("/send/", {.status = status});
    EXPECT_TRUE(std::holds_alternative<Unknown>(run(bot().send(request("x", "k" + std::to_string(status)))))) << status;
  }
  server.fail_next("/send/", {.status = 200, .body = "<html>captive portal</html>"});
  EXPECT_TRUE(std::holds_alternative<Unknown>(run(bot().send(request("x", "k2")))));
  server.http().refuse(true);
  // A connection that was made a moment before may still take the request: in real time, the kernel's.
  auto refused = [&](int i) {
    return std::holds_alternative<NotSent>(run(bot().send(request("x", "n" + std::to_string(i)))));
  };
  constexpr int kTries = 500;
  int tries = 0;
  for (; tries < kTries && !refused(tries); ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_LT(tries, kTries);
}

TEST_F(MatrixAdapter, EditsKeepTheOriginalAndMayGoBack) {
  auto sent = std::get<Sent>(run(bot().send(request("first", "k1"))));
  for (const char* text : {"second", "first", "second"})
    EXPECT_TRUE(std::holds_alternative<Sent>(run(bot().edit(room(), sent.remote_id, message(text)))));
  EXPECT_EQ(server.sent(kRoom).size(), 4U);
  EXPECT_EQ(server.content_faults(), std::vector<std::string>());
}

TEST_F(MatrixAdapter, AnswersAsideInSmallRoomsAndDirectlyInLargeOnes) {
  adapters::ReplyRequest reply;
  reply.to.target = room();
  reply.to.who.id = kAda;
  reply.to.message = model::RemoteId(server.say(kRoom, kAda, "!arxiv help"));
  reply.message = message("help text", model::PartKind::reply);
  reply.key = "r1";
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().reply(reply))));
  EXPECT_EQ(Json::parse(server.sent(kRoom).at(0))["m.relates_to"]["rel_type"], "m.thread");
  std::vector<std::string> crowd;
  for (int i = 0; i < 30; ++i) crowd.push_back("@p" + std::to_string(i) + ":example.org");
  server.add_room("!large:example.org", crowd);
  reply.to.target = room("!large:example.org");
  reply.key = "r2";
  ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().reply(reply))));
  EXPECT_TRUE(server.sent("!large:example.org").empty());
  server.fail_next("createRoom", {.status = 403, .body = R"({"errcode":"M_FORBIDDEN"})"});
  reply.to.who.id = kBob;
  auto refused = run(bot().reply(reply));
  ASSERT_TRUE(std::holds_alternative<Refused>(refused));
  EXPECT_EQ(std::get<Refused>(refused).refusal, RefusalClass::private_undeliverable);
  EXPECT_TRUE(server.sent("!large:example.org").empty());
}

adapters::ReplyRequest private_reply(const std::string& room, const char* who, const std::string& key,
                                     model::OutgoingMessage message) {
  adapters::ReplyRequest reply;
  reply.to.target = {"matrix", {}, room, {}};
  reply.to.who.id = who;
  reply.key = model::DeliveryKey(key);
  reply.message = std::move(message);
  return reply;
}

class DirectAnswers : public MatrixAdapter {
 protected:
  DirectAnswers() {
    std::vector<std::string> crowd{kAda};
    for (int i = 0; i < 30; ++i) crowd.push_back("@p" + std::to_string(i) + ":example.org");
    server.add_room(kLarge, crowd);
  }
  std::string direct() { return state.values["matrix.direct." + std::string(kAda)]; }
  adapters::SendOutcome answer(const std::string& key) {
    return run(bot().reply(private_reply(kLarge, kAda, key, message("for you", model::PartKind::reply))));
  }
  static constexpr const char* kLarge = "!large:example.org";
};

TEST_F(DirectAnswers, OpenANewRoomWhereThePersonHasLeftTheOld) {
  ASSERT_TRUE(std::holds_alternative<Sent>(answer("r1")));
  auto old = direct();
  server.set_state(old, kAda, "m.room.member", R"({"membership":"leave"})");
  ASSERT_TRUE(std::holds_alternative<Sent>(answer("r2")));
  EXPECT_NE(direct(), old);
  EXPECT_EQ(server.sent(direct()).size(), 1U);
}

TEST_F(DirectAnswers, OpenANewRoomWhereTheOldOneWasEncrypted) {
  ASSERT_TRUE(std::holds_alternative<Sent>(answer("r1")));
  auto old = direct();
  server.encrypt(old);
  restart_bot();
  ASSERT_TRUE(std::holds_alternative<Sent>(answer("r2")));
  EXPECT_NE(direct(), old);
}

TEST_F(DirectAnswers, WaitAsToldBeforeARoomIsOpened) {
  server.fail_next("createRoom", {.status = 429,
                                  .headers = {{"Retry-After", "7"}},
                                  .body = R"({"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":7000})"});
  auto begun = clock.steady_now();
  ASSERT_TRUE(std::holds_alternative<Sent>(answer("r1")));
  EXPECT_GE(clock.steady_now() - begun, std::chrono::seconds(7));
}

class DefaultLimits : public Harness {
 protected:
  DefaultLimits() : Harness({.burst = 10, .per_second = 0.2}) {}
};

TEST_F(DefaultLimits, LeaveNobodyWithoutAnAnswer) {
  auto all = [](Matrix& bot, model::OutgoingMessage said) -> async::awaitable<int> {
    int sent = 0;
    async::TaskGroup group(co_await boost::asio::this_coro::executor);
    auto one = [](Matrix& to, adapters::ReplyRequest reply, int& count) -> async::awaitable<void> {
      auto outcome = co_await to.reply(std::move(reply));
      if (std::holds_alternative<Sent>(outcome)) ++count;
    };
    for (int i = 0; i < 20; ++i)
      group.spawn("answer", one(bot, private_reply(kRoom, kAda, "r" + std::to_string(i), said), sent));
    co_await group.join();
    co_return sent;
  };
  EXPECT_EQ(run(all(bot(), message("an answer", model::PartKind::reply))), 20);
  EXPECT_EQ(server.refused_by_limit(), 0U);
}

// What the account has spent survives us: a start with a full bucket would run into the homeserver's limit.
TEST_F(DefaultLimits, AreKnownToWhoeverStartsAfterAKill) {
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send(request("x", "a" + std::to_string(i))))));
  restart_bot();
  for (int i = 0; i < 3; ++i) {
    auto answer = private_reply(kRoom, kAda, "b" + std::to_string(i), message("y", model::PartKind::reply));
    EXPECT_TRUE(std::holds_alternative<Sent>(run(bot().reply(answer))));
  }
  EXPECT_EQ(server.refused_by_limit(), 0U);
}

TEST_F(DefaultLimits, LetKeysWaitForEverythingElse) {
  start();
  ASSERT_TRUE(wait([&] { return server.syncs() > 1; }));
  adapters::Part part{model::PartKind::card, {{doc::Paragraph{{doc::Text{"card"}}}}}, *PaperId::parse("2401.00001")};
  for (int i = 0; i < 11; ++i) {
    auto key = model::DeliveryKey("a" + std::to_string(i));
    ASSERT_TRUE(std::holds_alternative<Sent>(run(bot().send({room(), key, bot().render({part}, {}).at(0), {}}))));
  }
  auto ids = server.sent_ids(kRoom);
  ASSERT_EQ(ids.size(), 11U);
  std::size_t early = 0;
  for (const auto& id : ids) early += server.own_keys(kRoom, id).size();
  EXPECT_EQ(early, 0U) << "no card waited for a key";
  EXPECT_TRUE(wait([&] { return !server.own_keys(kRoom, ids.front()).empty(); }));
  EXPECT_EQ(server.refused_by_limit(), 0U);
}

TEST_F(MatrixAdapter, SaysWhyNothingCanBePostedSomewhere) {
  EXPECT_FALSE(run(bot().hindrance(room())));
  EXPECT_EQ(run(bot().hindrance(room("!elsewhere:example.org"))).value().fix, "invite me");
  server.add_room("!secret:example.org", {kAda});
  server.encrypt("!secret:example.org");
  EXPECT_EQ(run(bot().hindrance(room("!secret:example.org"))).value().why, "the room is encrypted");
}

TEST_F(MatrixAdapter, DoesNothingForACommandInAnEncryptedRoomButSaysWhereItWould) {
  server.encrypt(kRoom);
  start();
  ASSERT_TRUE(wait([&] { return server.syncs() > 1; }));
  server.say(kRoom, kAda, "!arxiv subscribe cs.CL");
  auto direct = [&] { return state.values["matrix.direct." + std::string(kAda)]; };
  ASSERT_TRUE(wait([&] { return !direct().empty() && !server.sent(direct()).empty(); }));
  EXPECT_NE(server.sent(direct()).at(0).find("encrypted room"), std::string::npos);
  EXPECT_TRUE(sink.commands.empty());
}

TEST_F(MatrixAdapter, ReadsRolesFromPower) {
  server.power(kRoom, kAda, 50);
  EXPECT_EQ(*run(bot().role_of({kAda, {}, {}, {}}, room())), model::Role::manager);
  EXPECT_EQ(*run(bot().role_of({kBob, {}, {}, {}}, room())), model::Role::member);
  EXPECT_EQ(*run(bot().role_of({"@mallory:evil.example", {}, {}, {}}, room())), model::Role::guest);
}

TEST_F(MatrixAdapter, ReportsToTheDoctor) {
  auto rows = run(bot().doctor());
  ASSERT_EQ(rows.size(), 3U);
  for (const auto& row : rows) EXPECT_TRUE(row.ok) << row.what << ": " << row.found;
  EXPECT_EQ(bot().trouble(), "");
}

TEST(MatrixSettings, AreRefusedWhenTheyCannotWork) {
  config::Matrix settings;
  settings.user_id = "bot";
  EXPECT_FALSE(registration(settings, "https://bot.example.org"));
  settings.user_id = "@bot:example.org";
  EXPECT_FALSE(registration(settings, "https://bot.example.org")) << "tokens are missing";
  settings.access_token = config::Secret(std::string(32, 'a'));
  settings.hs_token = config::Secret(std::string(32, 'h'));
  auto yaml = registration(settings, "https://bot.example.org");
  ASSERT_TRUE(yaml);
  EXPECT_NE(yaml->find("sender_localpart: \"bot\"\n"), std::string::npos) << *yaml;
  EXPECT_NE(yaml->find("url: \"https://bot.example.org\"\n"), std::string::npos) << *yaml;
}

}  // namespace
}  // namespace broadsheet::matrix
