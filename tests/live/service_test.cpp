// The service on a real homeserver, by account and by push: the day's digest as a root and its thread, commands,
// invitations, an upgrade, kills of both sides. Each test prints what stands in the room: the transcript.
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "tests/e2e/run_program.hpp"
#include "tests/fakes/fake_arxiv.hpp"
#include "tests/live/homeserver.hpp"

namespace broadsheet::live {
namespace {

using namespace std::chrono_literals;

Day day_of(const char* text) {
  return *parse_day(text);
}

bool becomes(const std::function<bool()>& so, std::chrono::seconds guard = 40s) {
  auto end = std::chrono::steady_clock::now() + guard;
  while (!so()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(50ms);
  }
  return true;
}

enum class Way { sync, push };

// One homeserver, one service, the day of 13 January 2026 already announced.
struct Stage {
  explicit Stage(Way way)
      : port(e2e::free_port()), server({.push_port = way == Way::push ? port : std::uint16_t{0}}), way(way) {
    setenv("BROADSHEET_LIVE_PASSWORD", "pw-arxivbot", 1);
    setenv("BROADSHEET_LIVE_AS", kAsToken, 1);
    setenv("BROADSHEET_LIVE_HS", kHsToken, 1);
    if (way == Way::sync) server.account("arxivbot", "pw-arxivbot");
  }
  std::string matrix_section() const {
    std::string out = "[matrix]\nuser_id = \"@arxivbot:mx.test\"\nhomeserver_url = \"" + server.base() +
                      "\"\ninvite_from = [\"@alice:mx.test\"]\n";
    if (way == Way::sync) return out + "password = \"env:BROADSHEET_LIVE_PASSWORD\"\n";
    return out +
           "mode = \"appservice\"\naccess_token = \"env:BROADSHEET_LIVE_AS\"\nhs_token = \"env:BROADSHEET_LIVE_HS\"\n";
  }
  void configure(const std::vector<std::string>& rooms, int top = 5) const {
    auto base = arxiv.base(), own = "127.0.0.1:" + std::to_string(port);
    std::string text = "[service]\nlisten = \"" + own +
                       "\"\n[arxiv]\ncategories = [\"cs.CV\", \"cs.RO\"]\ncontact = \"ops@example.org\"\n"
                       "min_interval = \"10ms\"\nfeed_url = \"" +
                       base + "\"\nsite_url = \"" + base + "\"\noai_url = \"" + base + "/oai\"\napi_url = \"" + base +
                       "/api/query\"\n" + matrix_section();
    for (const auto& room : rooms)
      text += "[[subscription]]\ntarget = \"matrix:" + room +
              "\"\ncategories = [\"cs.CV\", \"cs.RO\"]\ntop = " + std::to_string(top) + "\n";
    folder.write("broadsheet.toml", text);
  }
  // The evening before the day's announcement, or the morning after it.
  void serve(const char* moment) {
    service = std::make_unique<e2e::Child>(
        folder, std::vector<std::string>{"--log-level", "info", "serve", "--clock", std::string(moment) + "x1"});
  }
  void kill_service() {
    service->signal(SIGKILL);
    service->wait();
    log += service->err();
  }
  std::string err() const { return log + (service ? service->err() : ""); }

  ScaledClock clock{*parse_iso("2026-01-13T06:00:00Z"), 1};
  fakes::FakeArxiv arxiv{
      clock,
      fakes::invented_batches(day_of("2026-01-09"), day_of("2026-01-14"),
                              {*Category::parse("cs.CV"), *Category::parse("cs.RO")}, arxiv::Calendar::built_in()),
      {}};
  std::uint16_t port;
  Homeserver server;
  Way way;
  e2e::Folder folder;
  std::unique_ptr<e2e::Child> service;
  std::string log;
};

constexpr const char* kBot = "@arxivbot:mx.test";

struct Standing {
  std::size_t roots = 0, cards = 0, doubled = 0;
};

// What the bot has posted of the digest.
Standing standing(const Person& reader, const std::string& room) {
  Standing out;
  std::set<std::string> keys;
  for (const auto& event : reader.history(room)) {
    if (event["sender"] != kBot || event["type"] != "m.room.message") continue;
    const auto& content = event["content"];
    if (content.contains("dev.broadsheet.delivery") && !keys.insert(content["dev.broadsheet.delivery"]["key"]).second)
      ++out.doubled;
    bool threaded = content.value("m.relates_to", Json::object()).value("rel_type", "") == "m.thread";
    if (threaded) ++out.cards;
    if (!threaded && content["body"].get<std::string>().find("13 January 2026") != std::string::npos) ++out.roots;
  }
  return out;
}

bool answered(const Person& reader, const std::string& room, const std::string& words) {
  return becomes([&] {
    for (const auto& event : reader.history(room))
      if (event["sender"] == kBot && event["content"].value("body", "").find(words) != std::string::npos) return true;
    return false;
  });
}

void transcript(const Person& reader, const std::string& room, const std::string& title) {
  std::cout << "---- " << title << "\n";
  std::map<std::string, int> numbers;
  for (const auto& event : reader.history(room)) {
    const auto& content = event["content"];
    auto body = content.value("body", "(" + event["type"].get<std::string>() + ")");
    for (std::size_t at = 0; (at = body.find('\n', at)) != std::string::npos; at += 6) body.replace(at, 1, "\n      ");
    int number = numbers[event["event_id"]] = static_cast<int>(numbers.size()) + 1;
    auto relation = content.value("m.relates_to", Json::object());
    auto root = relation.value("rel_type", "") == "m.thread" ? relation.value("event_id", "") : "";
    std::cout << number << ". " << event["sender"].get<std::string>() << " " << content.value("msgtype", "")
              << (root.empty() ? "" : " in the thread of " + std::to_string(numbers[root])) << "\n      " << body
              << "\n";
  }
  std::cout << "----\n";
}

constexpr const char* kEvening = "2026-01-12T22:00:00Z";
constexpr const char* kMorning = "2026-01-13T06:00:00Z";
constexpr const char* kLater = "2026-01-13T06:10:00Z";

class MatrixLive : public testing::TestWithParam<Way> {
 protected:
  void SetUp() override {
    if (!Homeserver::available()) GTEST_SKIP() << "no homeserver here; tests/live/run installs one";
  }
};
INSTANTIATE_TEST_SUITE_P(Ways, MatrixLive, testing::Values(Way::sync, Way::push),
                         [](const auto& one) { return one.param == Way::sync ? "Sync" : "Push"; });

TEST_P(MatrixLive, TheWholeService) {
  Stage s(GetParam());
  Person alice(s.server, "alice"), mallory(s.server, "mallory");
  s.configure({});
  s.serve(kEvening);
  ASSERT_TRUE(s.service->says("matrix.ready", 40s)) << s.err();
  std::this_thread::sleep_for(1s);  // the first sync

  auto team = alice.create_room({{"name", "Robotics"}, {"preset", "private_chat"}});
  alice.invite(team, kBot);
  ASSERT_TRUE(answered(alice, team, "help")) << s.err();
  auto theirs = mallory.create_room({{"name", "Elsewhere"}});
  mallory.invite(theirs, kBot);
  EXPECT_TRUE(becomes([&] { return mallory.membership(theirs, kBot) == "leave"; })) << s.err();

  alice.say(team, "!arxiv digst cs.CV");
  EXPECT_TRUE(answered(alice, team, "Did you mean")) << s.err();
  auto talk = alice.say(team, "What is new in vision?");
  alice.say(team, "!arxiv help search", {{"rel_type", "m.thread"}, {"event_id", talk}});
  EXPECT_TRUE(answered(alice, team, "search")) << s.err();
  auto direct = alice.create_room({{"is_direct", true}, {"preset", "trusted_private_chat"}, {"invite", {kBot}}});
  ASSERT_TRUE(answered(alice, direct, "help")) << s.err();
  alice.say(direct, "digest cs.CV top:2");
  EXPECT_TRUE(answered(alice, direct, "January 2026")) << s.err();

  // The day's digest to the room, killed in the middle.
  s.kill_service();
  s.configure({team});
  s.serve(kEvening);
  ASSERT_TRUE(s.service->says("matrix.ready", 20s)) << s.err();
  s.kill_service();
  s.serve(kMorning);
  ASSERT_TRUE(becomes([&] { return standing(alice, team).cards > 2; })) << s.err();
  s.kill_service();
  s.serve(kLater);
  EXPECT_TRUE(becomes([&] { return standing(alice, team).roots == 1 && s.service->says("matrix.ready", 20s); }));
  EXPECT_TRUE(becomes([&] {
    return run_program(s.folder, {"outbox", "list", "--state", "delivered", "--json"}).out.find("matrix:") !=
               std::string::npos &&
           run_program(s.folder, {"outbox", "list", "--state", "pending", "--json"}).out == "[]\n" &&
           run_program(s.folder, {"outbox", "list", "--state", "ambiguous", "--json"}).out == "[]\n";
  })) << s.err()
      << run_program(s.folder, {"outbox", "list"}).out;
  auto stands = standing(alice, team);
  EXPECT_EQ(stands.roots, 1U);
  EXPECT_EQ(stands.doubled, 0U);

  // The room is upgraded; being private, it needs alice's invitation.
  auto upgraded = alice.call("POST", "/rooms/" + part(team) + "/upgrade", {{"new_version", "11"}});
  ASSERT_EQ(upgraded.status, 200) << upgraded.body;
  std::string next = upgraded.body["replacement_room"];
  alice.invite(next, kBot);
  EXPECT_TRUE(becomes([&] { return alice.membership(next, kBot) == "join"; })) << s.err();
  EXPECT_TRUE(s.service->says("the room was upgraded", 20s)) << s.err();
  alice.say(next, "!arxiv status");
  EXPECT_TRUE(answered(alice, next, "arXiv")) << s.err();
  transcript(alice, team, "the room");
  transcript(alice, direct, "the direct room");
  transcript(alice, next, "the room's replacement");
  EXPECT_EQ(s.err().find("syt_"), std::string::npos) << "a token in the log";
  s.service->signal(SIGTERM);
  EXPECT_EQ(s.service->wait(), 0);
}

}  // namespace
}  // namespace broadsheet::live
