// The fake homeserver beside a real one: the same requests, the same answers. Where they differ the fake is wrong.
#include <gtest/gtest.h>

#include <iostream>
#include <map>

#include "tests/fakes/fake_matrix.hpp"
#include "tests/live/homeserver.hpp"

namespace broadsheet::live {
namespace {

constexpr const char* kBot = "@arxivbot:mx.test";

struct Probe {
  std::string name, method, path;  // {room}, {closed}, {hers}, {mine} and {card} are replaced
  Json body;
  std::string raw;
  std::string token = "{token}";
};

// One side: where it listens, and what the names in a path stand for.
struct Side {
  std::uint16_t port = 0;
  std::map<std::string, std::string> names;

  std::string filled(std::string text, bool in_path) const {
    for (const auto& [name, value] : names)
      for (auto at = text.find("{" + name + "}"); at != std::string::npos; at = text.find("{" + name + "}"))
        text.replace(at, name.size() + 2, in_path ? part(value) : value);
    return text;
  }
  Answer ask(const Probe& probe) const {
    Ask out{probe.method, "/_matrix/client/v3" + filled(probe.path, true), {}, {}, filled(probe.raw, false)};
    if (probe.path.starts_with("/_matrix")) out.path = filled(probe.path, true);
    if (!probe.token.empty()) out.token = filled(probe.token, false);
    if (!probe.body.is_null()) out.body = Json::parse(filled(probe.body.dump(), false));
    return exchange(port, out);
  }
  // The status, the error's code or the answer's keys; ids that are known by their name.
  std::string seen(const Probe& probe) const {
    auto answer = ask(probe);
    auto out = std::to_string(answer.status);
    if (!answer.body.is_object()) return out + " no JSON";
    if (answer.body.contains("errcode")) return out + " " + answer.body["errcode"].get<std::string>();
    static const std::vector<std::string> kTelling = {"event_id",     "user_id",    "device_id",    "room_id",
                                                      "chunk",        "filter_id",  "joined_rooms", "joined",
                                                      "access_token", "next_batch", "versions",     "name"};
    for (const auto& key : kTelling)
      if (answer.body.contains(key)) out += " " + key;
    for (const auto& [name, value] : names)
      if (answer.body.value("event_id", Json()) == value) out += "=" + name;
    return out;
  }
};

Json text(const std::string& body) {
  return {{"msgtype", "m.text"}, {"body", body}, {"m.mentions", Json::object()}};
}

Json related(Json content, const Json& relation) {
  content["m.relates_to"] = relation;
  return content;
}

std::vector<Probe> sending() {
  const std::string send = "/rooms/{room}/send/m.room.message/";
  auto with = [](Json content, const char* key, Json value) {
    content[key] = std::move(value);
    return content;
  };
  Json annotation{{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", "{mine}"}, {"key", "1"}}}};
  return {
      {"repeated", "PUT", send + "mine", text("another text under the same transaction"), {}},
      {"another type under a used transaction", "PUT", "/rooms/{room}/send/m.reaction/mine", annotation, {}},
      {"no body", "PUT", send + "p1", {{"msgtype", "m.text"}}, {}},
      {"body of another type", "PUT", send + "p2", {{"msgtype", "m.text"}, {"body", 7}}, {}},
      {"no msgtype", "PUT", send + "p3", {{"body", "x"}}, {}},
      {"a float", "PUT", send + "p4", with(text("x"), "n", 1.5), {}},
      {"a large number", "PUT", send + "p5", with(text("x"), "n", 9007199254740993), {}},
      {"mentions that are a number", "PUT", send + "p6", with(text("x"), "m.mentions", 7), {}},
      {"mentions of a number", "PUT", send + "p7", with(text("x"), "m.mentions", {{"user_ids", {7}}}), {}},
      {"half an object", "PUT", send + "p8", {}, "{"},
      {"a list", "PUT", send + "p9", {}, "[]"},
      {"no UTF-8", "PUT", send + "p10", {}, "{\"msgtype\":\"m.text\",\"body\":\"\xff\"}"},
      {"half a surrogate", "PUT", send + "p11", {}, R"({"msgtype":"m.text","body":"\ud800"})"},
      {"too long", "PUT", send + "p12", text(std::string(70000, 'x')), {}},
      {"as long as may be", "PUT", send + "p13", text(std::string(60000, 'x')), {}},
      {"thread below nothing",
       "PUT",
       send + "p14",
       related(text("x"), {{"rel_type", "m.thread"}, {"event_id", "$nowhere"}}),
       {}},
      {"thread below a card",
       "PUT",
       send + "p15",
       related(text("x"), {{"rel_type", "m.thread"}, {"event_id", "{card}"}}),
       {}},
      {"thread below a message",
       "PUT",
       send + "p16",
       related(text("x"), {{"rel_type", "m.thread"}, {"event_id", "{mine}"}}),
       {}},
      {"edit", "PUT", send + "p17", related(text("x"), {{"rel_type", "m.replace"}, {"event_id", "{mine}"}}), {}},
      {"edit of another's",
       "PUT",
       send + "p18",
       related(text("x"), {{"rel_type", "m.replace"}, {"event_id", "{hers}"}}),
       {}},
      {"reaction", "PUT", "/rooms/{room}/send/m.reaction/p19", annotation, {}},
      {"the same reaction", "PUT", "/rooms/{room}/send/m.reaction/p20", annotation, {}},
      {"to a room that is not ours", "PUT", "/rooms/{closed}/send/m.room.message/p21", text("x"), {}},
      {"to no room", "PUT", "/rooms/!nothing:mx.test/send/m.room.message/p22", text("x"), {}},
      {"to nonsense", "PUT", "/rooms/nonsense/send/m.room.message/p23", text("x"), {}},
      {"redaction", "PUT", "/rooms/{room}/redact/{card}/p24", Json::object(), {}},
      {"without a token", "PUT", send + "p25", text("x"), {}, ""},
      {"with a wrong token", "PUT", send + "p26", text("x"), {}, "wrong"},
  };
}

std::vector<Probe> reading() {
  return {
      {"versions", "GET", "/_matrix/client/versions", {}, {}, ""},
      {"who we are", "GET", "/account/whoami", {}, {}},
      {"who we are, with a wrong token", "GET", "/account/whoami", {}, {}, "wrong"},
      {"who we are, without", "GET", "/account/whoami", {}, {}, ""},
      {"wrong stream token", "GET", "/sync?since=garbage&timeout=0", {}, {}},
      {"unknown filter", "GET", "/sync?filter=999&timeout=0", {}, {}},
      {"a filter", "POST", "/user/" + std::string(kBot) + "/filter", Json::object(), {}},
      {"first sync", "GET", "/sync?timeout=0", {}, {}},
      {"history", "GET", "/rooms/{room}/messages?dir=b&limit=5", {}, {}},
      {"history of a closed room", "GET", "/rooms/{closed}/messages?dir=b&limit=5", {}, {}},
      {"an event", "GET", "/rooms/{room}/event/{hers}", {}, {}},
      {"no event", "GET", "/rooms/{room}/event/$nowhere", {}, {}},
      {"state that is not there", "GET", "/rooms/{room}/state/m.room.encryption/", {}, {}},
      {"state of a closed room", "GET", "/rooms/{closed}/state/m.room.encryption/", {}, {}},
      {"members", "GET", "/rooms/{room}/joined_members", {}, {}},
      {"members of a closed room", "GET", "/rooms/{closed}/joined_members", {}, {}},
      {"our rooms", "GET", "/joined_rooms", {}, {}},
      {"unknown path", "GET", "/nothing/here", {}, {}},
      {"ping as nobody's service", "POST", "/_matrix/client/v1/appservice/broadsheet/ping", Json::object(), {}},
      {"OAuth that is not offered", "GET", "/_matrix/client/v1/auth_metadata", {}, {}, ""},
  };
}

std::vector<Probe> acting() {
  Json password{{"type", "m.login.password"}, {"identifier", {{"type", "m.id.user"}, {"user", kBot}}}};
  auto right = password, wrong = password;
  right["password"] = "pw-arxivbot";
  wrong["password"] = "wrong";
  right["device_id"] = wrong["device_id"] = "OTHER";
  return {
      {"join without an invitation", "POST", "/join/{closed}", Json::object(), {}},
      {"join of nothing", "POST", "/join/!nothing:mx.test", Json::object(), {}},
      {"leave what we are not in", "POST", "/rooms/{closed}/leave", Json::object(), {}},
      {"typing", "PUT", "/rooms/{room}/typing/" + std::string(kBot), {{"typing", true}, {"timeout", 1000}}, {}},
      {"receipt", "POST", "/rooms/{room}/receipt/m.read/{hers}", {{"thread_id", "main"}}, {}},
      {"a direct room", "POST", "/createRoom", {{"is_direct", true}, {"invite", {"@alice:mx.test"}}}, {}},
      {"login", "POST", "/login", right, {}, ""},
      {"login with a wrong password", "POST", "/login", wrong, {}, ""},
      {"refresh with a wrong token", "POST", "/refresh", {{"refresh_token", "wrong"}}, {}, ""},
      {"registering as nobody's service",
       "POST",
       "/register",
       {{"type", "m.login.application_service"}, {"username", "arxivbot"}},
       {}},
  };
}

Side real_side(const Homeserver& server) {
  Side out;
  out.port = server.port();
  Person alice(server, "alice"), bot(server, "arxivbot");
  auto room = alice.create_room({{"invite", {bot.id()}}, {"name", "Parity"}});
  bot.call("POST", "/join/" + part(room), Json::object());
  out.names = {{"token", bot.token()}, {"room", room}, {"closed", alice.create_room(Json::object())}};
  out.names["hers"] = alice.say(room, "hers");
  return out;
}

Side fake_side(fakes::FakeMatrix& fake) {
  Side out;
  out.port = fake.http().port();
  fake.add_room("!parity:mx.test", {"@alice:mx.test"});
  fake.add_room("!closed:mx.test", {"@alice:mx.test"}, false);
  out.names = {{"token", "tok-1"}, {"room", "!parity:mx.test"}, {"closed", "!closed:mx.test"}};
  out.names["hers"] = fake.say("!parity:mx.test", "@alice:mx.test", "hers");
  return out;
}

// A message of ours, and one in its thread.
void speak(Side& side) {
  auto said = side.ask({{}, "PUT", "/rooms/{room}/send/m.room.message/mine", text("mine"), {}});
  side.names["mine"] = said.body.value("event_id", "");
  auto below = related(text("card"), {{"rel_type", "m.thread"}, {"event_id", "{mine}"}});
  side.names["card"] =
      side.ask({{}, "PUT", "/rooms/{room}/send/m.room.message/card", below, {}}).body.value("event_id", "");
}

TEST(MatrixParity, TheFakeAnswersAsTheRealOne) {
  if (!Homeserver::available()) GTEST_SKIP() << "no homeserver here; tests/live/run installs one";
  Homeserver server;
  fakes::FakeMatrix fake({.user = kBot, .password = "pw-arxivbot", .device = "TESTING"});
  auto real = real_side(server);
  auto ours = fake_side(fake);
  speak(real);
  speak(ours);
  for (const auto& probes : {sending(), reading(), acting()})
    for (const auto& probe : probes) EXPECT_EQ(ours.seen(probe), real.seen(probe)) << probe.name;
}

}  // namespace
}  // namespace broadsheet::live
