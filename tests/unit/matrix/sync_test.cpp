#include "adapters/matrix/sync.hpp"

#include <nlohmann/json.hpp>

#include "tests/unit/matrix/harness.hpp"

namespace broadsheet::matrix {
namespace {

using model::PlaceState;

class MatrixSync : public Harness {
 protected:
  explicit MatrixSync(const fakes::FakeMatrixOptions& options = {}) : Harness(options) {}
  void start_and_settle() {
    start();
    ASSERT_TRUE(wait([&] { return state.values.contains("matrix.since"); }));
  }
};
class MatrixGaps : public MatrixSync {
 protected:
  MatrixGaps() : MatrixSync({.timeline_limit = 3}) {}
};

TEST_F(MatrixSync, ActsOnNothingOldAndOnEverythingNew) {
  server.say(kRoom, kAda, "!arxiv subscribe cs.CL");
  start_and_settle();
  auto id = server.say(kRoom, kAda, "!arxiv list");
  ASSERT_TRUE(wait([&] { return !sink.commands.empty(); }));
  EXPECT_EQ(sink.commands.at(0).text, "list");
  EXPECT_EQ(sink.commands.at(0).id, id);
  EXPECT_EQ(sink.commands.at(0).from.target, room());
  EXPECT_EQ(sink.commands.at(0).from.who.id, kAda);
  EXPECT_EQ(sink.commands.size(), 1U);
}

TEST_F(MatrixSync, HearsAfterARestartWhatWasSaidMeanwhile) {
  start_and_settle();
  restart_bot();
  server.say(kRoom, kAda, "!arxiv list");
  start();
  EXPECT_TRUE(wait([&] { return sink.commands.size() == 1; }));
}

TEST_F(MatrixSync, AsksAgainForWhatCouldNotBeStored) {
  start_and_settle();
  sink.refuse = 1;
  server.say(kRoom, kAda, "!arxiv list");
  EXPECT_TRUE(wait([&] { return sink.commands.size() == 1; }));
}

TEST_F(MatrixGaps, AreReadBeforeWhatFollowsThem) {
  start_and_settle();
  restart_bot();
  for (int i = 0; i < 8; ++i) server.say(kRoom, kAda, "!arxiv paper " + std::to_string(i));
  start();
  ASSERT_TRUE(wait([&] { return sink.commands.size() == 8; })) << sink.commands.size();
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(sink.commands.at(static_cast<std::size_t>(i)).text, "paper " + std::to_string(i));
}

TEST_F(MatrixSync, JoinsFriendsAndDeclinesStrangers) {
  server.add_room("!friends:example.org", {kAda}, false);
  server.add_room("!strangers:evil.example", {"@mallory:evil.example"}, false);
  server.invite("!friends:example.org", kAda);
  server.invite("!strangers:evil.example", "@mallory:evil.example");
  start();
  ASSERT_TRUE(wait([&] { return !sink.places.empty(); }));
  EXPECT_EQ(sink.places.at(0).state, PlaceState::joined);
  EXPECT_EQ(sink.places.at(0).target, room("!friends:example.org"));
  EXPECT_TRUE(server.joined("!friends:example.org"));
  EXPECT_FALSE(server.joined("!strangers:evil.example"));
}

TEST_F(MatrixSync, SaysThatItWasInvitedAndForgetsNoInvitationOverARestart) {
  server.add_room("!later:example.org", {kAda, kBob}, false);
  start();
  ASSERT_TRUE(wait([&] { return server.syncs() > 1; }));
  server.fail_next("/join/", {.status = 502});
  server.fail_next("/join/", {.status = 502});
  server.invite("!later:example.org", kAda);
  ASSERT_TRUE(wait([&] { return state.values["matrix.invites"].find("!later") != std::string::npos; }));
  restart_bot();
  start();
  EXPECT_TRUE(wait([&] { return server.joined("!later:example.org"); }));
  EXPECT_TRUE(wait([&] { return !sink.places.empty(); }));
  ASSERT_EQ(sink.places.size(), 1U);
  EXPECT_TRUE(sink.places[0].invited);
  EXPECT_FALSE(sink.places[0].direct);
  EXPECT_EQ(sink.places[0].by.id, kAda);
  EXPECT_TRUE(sink.commands.empty()) << "an invitation is no command of anybody's";
  EXPECT_TRUE(wait([&] { return state.values["matrix.invites"] == "{}"; }));
}

TEST_F(MatrixSync, ReopensARoomWhenItsPowerLevelsChange) {
  start();
  ASSERT_TRUE(wait([&] { return server.syncs() > 1; }));
  server.set_state(kRoom, kAda, "m.room.power_levels", "{}");
  EXPECT_TRUE(wait([&] { return !sink.places.empty(); }));
  ASSERT_EQ(sink.places.size(), 1U);
  EXPECT_EQ(sink.places[0].state, model::PlaceState::joined);
  EXPECT_FALSE(sink.places[0].invited);
}

TEST_F(MatrixSync, IsNotAloneWithSomebodyInARoomThatHasAName) {
  server.add_room("!named:example.org", {kAda});
  server.name("!named:example.org", "Robotics");
  server.add_room("!pair:example.org", {kAda});
  start();
  ASSERT_TRUE(wait([&] { return server.syncs() > 1; }));
  server.say("!named:example.org", kAda, "what is new?");
  server.say("!pair:example.org", kAda, "today cs.CV");
  EXPECT_TRUE(wait([&] { return !sink.commands.empty(); }));
  ASSERT_EQ(sink.commands.size(), 1U);
  EXPECT_EQ(sink.commands[0].text, "today cs.CV");
  EXPECT_TRUE(sink.commands[0].from.direct);
}

TEST_F(MatrixSync, TellsWhoThrewItOut) {
  start_and_settle();
  server.kick(kRoom, kAda, "noisy");
  ASSERT_TRUE(wait([&] { return !sink.places.empty(); }));
  EXPECT_EQ(sink.places.at(0).state, PlaceState::left);
  EXPECT_EQ(sink.places.at(0).why, "removed by @ada:example.org: noisy");
}

TEST_F(MatrixSync, FollowsHonestUpgradesOnly) {
  server.power("!new:example.org", kAda, 100);
  server.add_room("!new:example.org", {kAda}, false);
  server.add_room("!trap:example.org", {kAda}, false);
  start_and_settle();
  server.replace(kRoom, kAda, "!trap:example.org", false);
  ASSERT_TRUE(wait([&] { return server.http().count() > 0 && !server.joined("!trap:example.org"); }));
  server.replace(kRoom, kAda, "!new:example.org", true);
  ASSERT_TRUE(wait([&] { return !sink.places.empty(); }));
  EXPECT_EQ(sink.places.at(0).state, PlaceState::moved);
  EXPECT_EQ(sink.places.at(0).moved_to, room("!new:example.org"));
  EXPECT_FALSE(server.joined("!trap:example.org"));
}

TEST_F(MatrixSync, TakesReactionsAndNumbersForButtons) {
  adapters::Part part;
  part.kind = model::PartKind::card;
  doc::Button details{doc::Action::details, "Details", *PaperId::parse("2401.00001"), {}};
  doc::Button save{doc::Action::save, "Save", *PaperId::parse("2401.00001"), {}};
  part.document.blocks.emplace_back(doc::Paragraph{{doc::Text{"card"}}, 0});
  part.document.blocks.emplace_back(doc::Buttons{{details, save}, 0});
  auto sent = run(bot().send({room(), "k1", bot().render({part}, {}).at(0), {}}));
  auto id = std::get<adapters::Sent>(sent).remote_id.str();
  start_and_settle();
  server.react(kRoom, kAda, id, "1\xef\xb8\x8f\xe2\x83\xa3");
  server.react(kRoom, kAda, id, "\xf0\x9f\x94\x96");
  server.react(kRoom, kAda, id, "\xf0\x9f\x91\x80");
  server.say(kRoom, kBob, "2", id);
  auto foreign = server.say(kRoom, kAda, "a list: 1 2 3");
  server.react(kRoom, kBob, foreign, "1\xef\xb8\x8f\xe2\x83\xa3");
  ASSERT_TRUE(wait([&] { return sink.commands.size() == 3; }));
  EXPECT_EQ(sink.commands[0].button->action, doc::Action::details);
  EXPECT_EQ(sink.commands[0].button->paper.str(), "2401.00001");
  EXPECT_EQ(sink.commands[1].button->action, doc::Action::save);
  EXPECT_EQ(sink.commands[2].button->action, doc::Action::save);
  EXPECT_EQ(sink.commands[2].from.who.id, kBob);
}

model::OutgoingMessage card_about(Matrix& bot, const std::string& paper) {
  adapters::Part part;
  part.kind = model::PartKind::card;
  part.paper = *PaperId::parse(paper);
  part.document.blocks.emplace_back(doc::Paragraph{{doc::Text{"card"}}, 0});
  return bot.render({part}, {}).at(0);
}

TEST_F(MatrixSync, HasAWordForANumberThatIsNoChoice) {
  auto sent = run(bot().send({room(), "k1", card_about(bot(), "2401.00001"), {}}));
  auto id = std::get<adapters::Sent>(sent).remote_id.str();
  start_and_settle();
  server.react(kRoom, kAda, id, "7\xef\xb8\x8f\xe2\x83\xa3");
  server.react(kRoom, kAda, id, "\xf0\x9f\x94\x96");
  server.say(kRoom, kBob, "9", id);
  ASSERT_TRUE(wait([&] { return sink.commands.size() == 2; }));
  EXPECT_EQ(sink.commands[0].button_key, "7");
  EXPECT_FALSE(sink.commands[0].button);
  EXPECT_EQ(sink.commands[1].button_key, "9");
}

TEST_F(MatrixSync, AnAnswerToACardIsAboutItsPaper) {
  auto sent = run(bot().send({room(), "k1", card_about(bot(), "2401.00001"), {}}));
  start_and_settle();
  server.say(kRoom, kAda, "!arxiv paper", std::get<adapters::Sent>(sent).remote_id.str());
  server.say(kRoom, kAda, "!arxiv paper", server.say(kRoom, kBob, "a card? 2401.00002"));
  ASSERT_TRUE(wait([&] { return sink.commands.size() == 2; }));
  EXPECT_EQ(sink.commands[0].text, "paper");
  EXPECT_EQ(sink.commands[0].about.str(), "2401.00001");
  EXPECT_TRUE(sink.commands[1].about.empty());
}

TEST_F(MatrixSync, AddsItsOwnKeysSoThatOneTapAnswers) {
  start_and_settle();
  auto sent = run(bot().send({room(), "k1", card_about(bot(), "2401.00001"), {}}));
  auto id = std::get<adapters::Sent>(sent).remote_id.str();
  ASSERT_TRUE(wait([&] { return server.own_keys(kRoom, id).size() == 2; }));
  EXPECT_EQ(server.own_keys(kRoom, id),
            (std::vector<std::string>{"1\xef\xb8\x8f\xe2\x83\xa3", "2\xef\xb8\x8f\xe2\x83\xa3"}));
  EXPECT_TRUE(sink.commands.empty()) << "its own taps are nobody's";
}

TEST_F(MatrixSync, NeedsNoPrefixWhereNobodyElseListens) {
  server.add_room("!direct:example.org", {kAda});
  start_and_settle();
  server.say(kRoom, kAda, "just talking");
  server.say("!direct:example.org", kAda, "digest cs.CL");
  ASSERT_TRUE(wait([&] { return !sink.commands.empty(); }));
  EXPECT_EQ(sink.commands.at(0).text, "digest cs.CL");
  EXPECT_TRUE(sink.commands.at(0).from.direct);
  EXPECT_EQ(sink.commands.size(), 1U);
}

TEST_F(MatrixSync, StartsAfreshWhenItsPlaceIsForgotten) {
  state.values["matrix.since"] = "garbage";
  server.say(kRoom, kAda, "!arxiv old");
  start();
  ASSERT_TRUE(wait([&] { return state.values["matrix.since"].starts_with('s'); }));
  server.say(kRoom, kAda, "!arxiv new");
  ASSERT_TRUE(wait([&] { return !sink.commands.empty(); }));
  EXPECT_EQ(sink.commands.at(0).text, "new");
}

TEST_F(MatrixSync, SurvivesAHomeserverThatFails) {
  start_and_settle();
  restart_bot();
  for (int status : {502, 429, 500}) server.fail_next("GET /_matrix/client/v3/sync", {.status = status});
  server.fail_next("GET /_matrix/client/v3/sync", {.status = 200, .body = R"({"rooms":{}})"});
  server.fail_next("GET /_matrix/client/v3/sync", {.fault = fakes::Fault::garbage});
  server.say(kRoom, kAda, "!arxiv list");
  start();
  EXPECT_TRUE(wait([&] { return sink.commands.size() == 1; }));
}

TEST(ReadSync, RefusesAnswersWithoutAPlaceAndSkipsWhatIsMalformed) {
  Self self{"@bot:example.org", {}, "!arxiv"};
  EXPECT_FALSE(read_sync("{\"rooms\":{}}", self, {}));
  EXPECT_FALSE(read_sync("<html>", self, {}));
  EXPECT_FALSE(read_sync(std::string(100000, '['), self, {}));
  auto odd = read_sync(R"({"next_batch":"s2","rooms":{"join":{"!r:x":{"timeline":{"events":[null,5,{"type":7}]}},
      "!s:x":{"timeline":{"limited":"yes","events":{}}},"bad":{}},"invite":{"!i:x":7},"leave":{"!l:x":[]}}})",
                       self, {});
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->joined.size(), 2U);
  EXPECT_TRUE(odd->joined[0].events.empty());
  EXPECT_EQ(odd->invites.at(0).head.sender, "");
  EXPECT_EQ(odd->left.at(0).state, "leave");
}

std::string said(const std::string& id, const std::string& more) {
  return R"({"type":"m.room.message","sender":"@ada:example.org","event_id":")" + id +
         R"(","content":{"msgtype":"m.text","body":"!arxiv list")" + more + "}}";
}

// Everybody's events come in one answer, and the same again while it is refused: one person's must not stop all rooms.
TEST(ReadSync, LosesOneEventThatBreaksTheRulesOfJsonAndNoOther) {
  Self self{"@bot:example.org", {}, "!arxiv"};
  auto deep = R"(,"x":)" + std::string(200, '[') + std::string(200, ']');
  auto batch = read_sync(R"({"next_batch":"s2","rooms":{"join":{"!r:x":{"timeline":{"events":[)" +
                             said("$twice", R"(,"body":"!arxiv unsubscribe all")") + "," + said("$deep", deep) + "," +
                             said("$good", "") + "]}}}}}",
                         self, {});
  ASSERT_TRUE(batch);
  ASSERT_EQ(batch->joined.at(0).events.size(), 2U);
  EXPECT_EQ(std::get<Typed>(batch->joined[0].events[0]).head.id, "$deep") << "what is too deep is nothing we read";
  EXPECT_EQ(std::get<Typed>(batch->joined[0].events[1]).head.id, "$good");
}

TEST(ParseObject, TakesNothingFromAnObjectWithADoubledKey) {
  EXPECT_FALSE(parse_object(R"({"user_id":"@a:x","user_id":"@b:x"})"));
  EXPECT_EQ(object_of(*parse_object(R"({"users":{"@a:x":0,"@a:x":100}})"), "users"), nullptr);
  EXPECT_FALSE(parse_object("{}\n{}"));
  EXPECT_FALSE(parse_object("[]"));
  EXPECT_FALSE(parse_object("{\"a\":\"\xff\"}"));
}

TEST(Invites, AreAcceptedByPolicy) {
  EXPECT_TRUE(may_invite({}, "example.org", "@ada:example.org"));
  EXPECT_FALSE(may_invite({}, "example.org", "@ada:evil.example"));
  EXPECT_TRUE(may_invite({"@bob:b.example", "c.example"}, "example.org", "@x:c.example"));
  EXPECT_FALSE(may_invite({"@bob:b.example", "c.example"}, "example.org", "@x:sub.c.example"));
  EXPECT_FALSE(may_invite({"@bob:b.example"}, "example.org", ""));
}

}  // namespace
}  // namespace broadsheet::matrix
