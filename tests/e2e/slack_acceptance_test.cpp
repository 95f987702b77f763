// The acceptance list of the contract (Slack 14), against the whole service. Item 7's kill -9 is in
// slack_kill_test.cpp; here is its deleted parent.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>

#include "tests/e2e/slack_rig.hpp"
#include "tests/fakes/slack_payload.hpp"

namespace broadsheet::e2e {
namespace {

using nlohmann::json;
using Mode = SlackService::Mode;

const std::string kPapers = "C0PAPERS";

json direct_message(const std::string& user, const std::string& text, int n) {
  return fakes::message_event("D0" + user, "U0" + user, text,
                              "176828400" + std::to_string(n % 10) + "." + std::to_string(n));
}

// ---- 1

struct SigningVector {
  std::string id, secret, headers, body, path, expect;
  std::int64_t now = 0;
};

std::vector<SigningVector> signing_vectors() {
  std::ifstream in(std::string(BROADSHEET_SHARED) + "/contracts/slack-vectors.json");
  std::vector<SigningVector> out;
  if (!in) return out;
  auto all = json::parse(in)["signing"];
  for (const auto& v : all["vectors"]) {
    SigningVector one{v["id"], v.value("secret", all["default_secret"].get<std::string>()), {}, {}, {}, v["expect"]};
    one.now = v["now"];
    one.body = v.contains("body_ref") ? all["bodies"][v["body_ref"].get<std::string>()] : v["body"];
    one.headers = "Content-Type: " + v["content_type"].get<std::string>() + "\r\n";
    for (const auto& [name, value] : v["headers"].items())
      one.headers += name + ": " + value.get<std::string>() + "\r\n";
    one.path = v["content_type"] == "application/json" ? "/slack/events" : "/slack/command";
    out.push_back(std::move(one));
  }
  return out;
}

TEST(SlackAcceptance, Item01_EverySignatureGetsTheContractsAnswerAndNone5xx) {
  auto vectors = signing_vectors();
  if (vectors.empty()) GTEST_SKIP() << "the shared folder is not here";
  std::set<std::pair<std::int64_t, std::string>> moments;
  for (const auto& v : vectors) moments.emplace(v.now, v.secret);
  std::size_t checked = 0;
  for (const auto& [now, secret] : moments) {
    SlackService s(Mode::http, to_iso(Moment(std::chrono::seconds(now))), 0.01);
    s.configure({}, false);
    setenv("BROADSHEET_TEST_SIGNING", secret.c_str(), 1);
    Child service(s.folder, s.serve());
    ASSERT_TRUE(service.says("broadsheet serves", 20s)) << service.err();
    for (const auto& v : vectors) {
      if (v.now != now || v.secret != secret) continue;
      auto heard = s.driver.raw("POST", v.path, v.headers, v.body);
      ++checked;
      EXPECT_TRUE(heard.status >= 200 && heard.status < 500) << v.id << " " << heard.status;
      EXPECT_EQ(heard.status == 401, v.expect == "reject") << v.id << " " << heard.status;
      if (v.expect == "reject") EXPECT_EQ(heard.body, "") << v.id;
      if (v.expect == "ssl_check_only") EXPECT_EQ(std::to_string(heard.status) + heard.body, "200") << v.id;
    }
    EXPECT_TRUE(s.slack.posted().empty() || now > 0);
    service.signal(SIGKILL);
  }
  EXPECT_EQ(checked, vectors.size());
}

// ---- 2

std::vector<fakes::Batch> hostile_papers() {
  auto batches = SlackService::usual_papers();
  const std::vector<std::string> titles = {
      "<!channel> <!here> <!everyone> <!subteam^S0ALL> look",
      "<@U0ADMIN> and <#C0PAPERS|general> @here #general",
      "*bold* _it_ ~no~ `code` ```block``` > quote",
      "<https://evil.example|arxiv.org> [x](https://evil.example) https://evil.example",
      ":rotating_light: :smile: &amp;lt;!channel&amp;gt;",
      "Right \xE2\x80\xAE to left \xE2\x81\xA6 and back",
      "\xE6\x8B\xA1\xE6\x95\xA3\xE3\x83\xA2\xE3\x83\x87\xE3\x83\xAB",
      std::string(10'000, 'x'),
  };
  for (auto& batch : batches)
    for (std::size_t i = 0; i < batch.papers.size(); ++i) {
      auto& paper = batch.papers[i];
      const auto& text = titles[i % titles.size()];
      paper.title_raw = paper.title = text + " " + std::to_string(i);
      paper.abstract_raw = paper.abstract = text + ". " + paper.abstract_raw + " <!channel> <@U0ADMIN>.";
    }
  return batches;
}

TEST(SlackAcceptance, Item02_EveryMessageAboutHostilePapersPassesThePayloadChecker) {
  SlackService s(Mode::socket, "2026-01-13T00:35:00Z", slack_rate(240), hostile_papers());
  s.configure({"T0TEAM/" + kPapers}, false);
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("broadsheet serves", 20s)) << service.err();
  EXPECT_TRUE(SlackService::becomes([&] { return s.digests(kPapers) == 1 && s.quiet(); })) << service.err();
  for (const char* style : {"full", "titles", "brief", "cards"})
    EXPECT_TRUE(s.command("T0TEAM", kPapers, "U0READER", "digest cs.CV style:" + std::string(style)));
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.ephemeral().size() >= 4; }, 30s)) << service.err();
  std::string everything;
  std::size_t checked = 0;
  for (const auto& list : {s.slack.posted(), s.slack.ephemeral()})
    for (const auto& message : list) {
      EXPECT_EQ(fakes::check_payload(message.body, {}), std::vector<std::string>()) << message.body.dump(1);
      everything += message.body.dump();
      ++checked;
    }
  EXPECT_GE(checked, 6U);
  EXPECT_EQ(s.slack.faults(), std::vector<std::string>());
  // The words themselves are there, disarmed.
  EXPECT_NE(everything.find("&lt;!channel&gt;"), std::string::npos);
  EXPECT_EQ(everything.find("\"type\":\"broadcast\""), std::string::npos);
  EXPECT_EQ(everything.find("evil.example\",\"url\""), std::string::npos);
}

// ---- 3

TEST(SlackAcceptance, Item03_SlashCommandsAreAcknowledgedWhilePapersAndSlackHang) {
  SlackService s(Mode::http, "2026-01-13T06:00:00Z", 1);
  s.configure({}, false);
  s.arxiv.fault(fakes::ArxivSource::all, fakes::ArxivFault::silence, Moment{}, Moment::max());
  s.slack.slow(60s);
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("broadsheet serves", 20s)) << service.err();
  std::vector<std::chrono::milliseconds> took;
  std::mutex mutex;
  std::vector<std::thread> people;
  for (int person = 0; person < 8; ++person)
    people.emplace_back([&, person] {
      for (int i = 0; i < 25; ++i) {
        auto id = std::to_string(person) + "." + std::to_string(i);
        auto heard = s.driver.command(fakes::slash_command("T0TEAM", kPapers, "U0" + std::to_string(person),
                                                           "paper 2601.00113", "3." + id, s.slack.hooks() + "/x"));
        std::lock_guard lock(mutex);
        EXPECT_EQ(heard.status, 200) << heard.body;
        took.push_back(heard.took);
      }
    });
  for (auto& person : people) person.join();
  std::sort(took.begin(), took.end());
  std::cout << "acknowledged in ms: p50 " << took[took.size() / 2].count() << ", p99 "
            << took[took.size() * 99 / 100].count() << ", longest " << took.back().count() << "\n";
  EXPECT_LT(took.back(), 3s);
}

// ---- 4

TEST(SlackAcceptance, Item04_TheSameEventFiveTimesAtOnceAndAfterARestartHasOneEffect) {
  for (auto mode : {Mode::http, Mode::socket}) {
    SlackService s(mode, "2026-01-13T06:00:00Z", slack_rate(10));
    s.configure({}, false);
    auto first = std::make_unique<Child>(s.folder, s.serve());
    ASSERT_TRUE(first->says("broadsheet serves", 20s)) << first->err();
    auto event = direct_message("READER", "help", 1);
    std::vector<std::thread> tries;
    for (int i = 0; i < 5; ++i) tries.emplace_back([&] { EXPECT_TRUE(s.event("T0TEAM", event, "EvSAME")); });
    for (auto& one : tries) one.join();
    EXPECT_TRUE(SlackService::becomes([&] { return !s.slack.posted().empty(); }, 30s)) << first->err();
    first->signal(SIGTERM);
    first->wait();
    Child second(s.folder, s.serve());
    ASSERT_TRUE(second.says("broadsheet serves", 20s)) << second.err();
    EXPECT_TRUE(s.event("T0TEAM", event, "EvSAME"));
    EXPECT_TRUE(s.event("T0TEAM", direct_message("OTHER", "help", 2)));
    EXPECT_TRUE(SlackService::becomes([&] { return s.standing("D0OTHER").size() == 1; }, 30s)) << second.err();
    EXPECT_EQ(s.standing("D0READER").size(), 1U);
  }
}

TEST(SlackAcceptance, Item04_AnAnswerIsNotGivenTwiceByAProcessKilledWhileItAnswered) {
  for (std::string at : {"arrived", "executed", "answered"}) {
    SCOPED_TRACE(at);
    SlackService s(Mode::socket, "2026-01-13T06:00:00Z", slack_rate(10));
    s.configure({}, false);
    Child first(s.folder, s.serve());
    ASSERT_TRUE(first.says("broadsheet serves", 20s)) << first.err();
    std::atomic<bool> killed{false};
    s.slack.watch([&](const std::string& method, const std::string& point) {
      if (method == "chat.postMessage" && point == at && !killed.exchange(true)) first.signal(SIGKILL);
      return true;
    });
    EXPECT_TRUE(s.event("T0TEAM", direct_message("READER", "help", 1), "EvONE"));
    EXPECT_TRUE(SlackService::becomes([&] { return killed.load(); }, 30s)) << first.err();
    first.wait();
    s.slack.watch(nullptr);
    Child second(s.folder, s.serve());
    ASSERT_TRUE(second.says("broadsheet serves", 20s)) << second.err();
    EXPECT_TRUE(second.says("reply.unknown", 20s)) << "the operator can see it: " << second.err();
    EXPECT_TRUE(s.event("T0TEAM", direct_message("OTHER", "help", 2), "EvTWO"));
    EXPECT_TRUE(SlackService::becomes([&] { return s.standing("D0OTHER").size() == 1; }, 30s)) << second.err();
    EXPECT_EQ(s.standing("D0READER").size(), 1U);
  }
}

// ---- 5

TEST(SlackAcceptance, Item05_AChannelToldToWaitWaitsAndTheOthersGoOn) {
  SlackService s(Mode::socket, "2026-01-13T06:00:00Z", slack_rate(10));
  s.configure({}, false);
  s.enqueue(3, 2);
  s.slack.limit_channel(SlackService::channel(1), 3, 1);
  Child service(s.folder, s.serve());
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.posted().size() == 6 && s.quiet(); })) << service.err();
  Moment limited{}, first{}, others{};
  for (const auto& call : s.slack.timeline()) {
    if (call.method != "chat.postMessage") continue;
    bool mine = call.channel == SlackService::channel(1);
    if (mine && call.outcome == "429") limited = call.at;
    if (mine && call.outcome == "ok" && first == Moment{}) first = call.at;
    if (!mine && others == Moment{}) others = call.at;
  }
  EXPECT_GE(first - limited, 3s) << "waited as told";
  EXPECT_LT(others, first);
  for (int n = 1; n <= 3; ++n) s.expect_each_once(SlackService::channel(n));
}

// ---- 6

TEST(SlackAcceptance, Item06_AMessageWhoseAnswerWasLostIsFoundByItsMetadata) {
  for (auto fault : {fakes::Fault::reset_before_answer, fakes::Fault::cut_in_body, fakes::Fault::garbage}) {
    SlackService s(Mode::socket, "2026-01-13T06:00:00Z", slack_rate(200));
    s.configure({}, false);
    s.enqueue(1, 3);
    s.slack.break_next("chat.postMessage", fault);
    s.slack.break_next("chat.postMessage", fault);
    Child service(s.folder, s.serve());
    EXPECT_TRUE(SlackService::becomes([&] { return s.slack.posted().size() >= 3 && s.quiet(); })) << service.err();
    EXPECT_EQ(s.slack.posted().size(), 3U);
    s.expect_each_once(SlackService::channel(1));
    EXPECT_GE(s.slack.calls("conversations.history") + s.slack.calls("conversations.replies"), 2U);
  }
}

// ---- 7

TEST(SlackAcceptance, Item07_NoCardStandsAtTopLevelWhenItsParentWasDeleted) {
  SlackService s(Mode::socket, "2026-01-13T06:00:00Z", slack_rate(20));
  s.configure({}, false);
  s.enqueue(1, 8);
  std::atomic<bool> removed{false};
  s.slack.watch([&](const std::string& method, const std::string& point) {
    if (method == "chat.postMessage" && point == "arrived" && s.slack.posted().size() == 3 && !removed.exchange(true))
      s.slack.remove_message(s.slack.posted().front().ts);
    return true;
  });
  Child service(s.folder, s.serve());
  EXPECT_TRUE(SlackService::becomes([&] { return removed && s.quiet(); })) << service.err();
  for (const auto& message : s.standing(SlackService::channel(1)))
    EXPECT_NE(message.thread_ts, "") << message.text << " stands alone";
  EXPECT_EQ(s.slack.calls("chat.delete"), 1U) << "one stray, then nothing more is tried there";
  EXPECT_EQ(s.slack.calls("chat.postMessage"), 4U);
  auto dead = json::parse(run_program(s.folder, {"outbox", "list", "--state", "dead", "--json"}).out);
  EXPECT_EQ(dead.size(), 5U);
}

// ---- 8

TEST(SlackAcceptance, Item08_RefusalsMakeNoStormAndTheOperatorSeesThem) {
  SlackService s(Mode::socket, "2026-01-13T06:00:00Z", slack_rate(100));
  s.configure({}, false);
  s.enqueue(3, 3);
  s.slack.refuse_channel(SlackService::channel(1), "is_archived");
  s.slack.fail_next("chat.postMessage", "invalid_blocks");
  Child service(s.folder, s.serve());
  // The first channel waits for somebody to act; the other two are whole: one of them in plain words.
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.posted().size() == 6; })) << service.err();
  EXPECT_TRUE(SlackService::becomes([&] { return service.err().find("is_archived") != std::string::npos; }));
  EXPECT_NE(service.err().find("slack.blocks_refused"), std::string::npos);
  EXPECT_LE(s.slack.calls("chat.postMessage"), 9U);
  auto waiting = run_program(s.folder, {"outbox", "list", "--state", "pending", "--json"}).out;
  EXPECT_NE(waiting.find("is_archived"), std::string::npos) << waiting;
}

TEST(SlackAcceptance, Item08_ARevokedTokenStopsTheWorkspaceAndTheOperatorSeesIt) {
  SlackService s(Mode::socket, "2026-01-13T06:00:00Z", slack_rate(20));
  s.configure({}, false);
  s.enqueue(3, 3);
  s.slack.watch([&](const std::string& method, const std::string& point) {
    if (method == "chat.postMessage" && point == "executed" && s.slack.posted().size() == 2)
      s.slack.revoke_token("T0TEAM");
    return true;
  });
  Child service(s.folder, s.serve());
  auto ready = [&] { return get(s.port, "/readyz"); };
  EXPECT_TRUE(SlackService::becomes([&] { return ready().body.find("token_revoked") != std::string::npos; }))
      << ready().body << service.err();
  EXPECT_EQ(ready().status, 503);
  auto calls = s.slack.calls("chat.postMessage");
  EXPECT_LE(calls, 5U) << "what was on its way";
  std::this_thread::sleep_for(500ms);  // ten seconds of the service's
  EXPECT_EQ(s.slack.calls("chat.postMessage"), calls);
  EXPECT_NE(run_program(s.folder, {"outbox", "list", "--state", "pending"}).out.find("token_revoked"),
            std::string::npos);
}

// ---- 9

TEST(SlackAcceptance, Item09_SocketModeChangesConnectionsUnderTrafficWithoutAGap) {
  SlackService s(Mode::socket, "2026-01-13T06:00:00Z", slack_rate(10));
  s.configure({}, false);
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("broadsheet serves", 20s)) << service.err();
  constexpr int kPeople = 60;
  std::thread traffic([&] {
    for (int i = 0; i < kPeople; ++i)
      EXPECT_TRUE(s.event("T0TEAM", direct_message(std::to_string(i), "help", i), "Ev9." + std::to_string(i))) << i;
  });
  ASSERT_TRUE(SlackService::becomes([&] { return s.slack.socket().received().size() > 10; }));
  s.slack.socket().push(R"({"type":"disconnect","reason":"warning"})");
  s.slack.socket().push(R"({"type":"disconnect","reason":"refresh_requested"})");
  traffic.join();
  EXPECT_GE(s.slack.socket().opened(), 2U);
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.posted().size() >= kPeople; }, 30s)) << service.err();
  for (int i = 0; i < kPeople; ++i) EXPECT_EQ(s.standing("D0" + std::to_string(i)).size(), 1U) << i;
  // Switched off: said once, and no loop.
  auto opened = s.slack.calls("apps.connections.open");
  s.slack.socket().push(R"({"type":"disconnect","reason":"link_disabled"})");
  EXPECT_TRUE(SlackService::becomes([&] {
    return get(s.port, "/readyz").body.find("switched off") != std::string::npos;
  })) << service.err();
  std::this_thread::sleep_for(500ms);
  EXPECT_EQ(s.slack.calls("apps.connections.open"), opened);
}

// ---- 10

TEST(SlackAcceptance, Item10_AnExpiredTokenIsRefreshedOnceForAllWhoWait) {
  SlackService s(Mode::http, "2026-01-13T00:35:00Z", slack_rate(240));
  s.configure({"T0TEAM/" + kPapers, "T0TEAM/C0ROBOTS", "T0TEAM/C0LAB"}, true);
  auto first = std::make_unique<Child>(s.folder, s.serve());
  ASSERT_TRUE(first->says("broadsheet serves", 20s)) << first->err();
  ASSERT_TRUE(s.install("T0TEAM"));
  s.slack.expire_token();
  for (const auto& channel : {kPapers, std::string("C0ROBOTS"), std::string("C0LAB")})
    EXPECT_TRUE(SlackService::becomes([&] { return s.digests(channel) == 1; })) << first->err();
  EXPECT_TRUE(SlackService::becomes([&] { return s.quiet(); }));
  EXPECT_EQ(s.slack.calls("oauth.v2.access"), 2U) << "one for the code, one refresh";
  first->signal(SIGKILL);
  first->wait();
  // The new pair was kept: the next process needs no other.
  Child second(s.folder, s.serve());
  ASSERT_TRUE(second.says("broadsheet serves", 20s)) << second.err();
  EXPECT_TRUE(s.event("T0TEAM", direct_message("READER", "help", 1)));
  EXPECT_TRUE(SlackService::becomes([&] { return s.standing("D0READER").size() == 1; }, 30s)) << second.err();
  EXPECT_EQ(s.slack.calls("oauth.v2.access"), 2U);
}

// ---- 11

TEST(SlackAcceptance, Item11_AResponseUrlIsUsedFiveTimesAtMostAndNeverOutsideSlack) {
  std::vector<fakes::Seen> elsewhere;
  fakes::FakeHttp other([](const fakes::Seen&) { return fakes::Reply{}; });
  SlackService s(Mode::http, "2026-01-13T06:00:00Z", slack_rate(30));
  s.configure({}, false);
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 30s)) << service.err();
  auto ask = [&](const std::string& user, const std::string& text, const std::string& url) {
    EXPECT_EQ(
        s.driver.command(fakes::slash_command("T0TEAM", kPapers, user, text, "11." + std::to_string(++s.number), url))
            .status,
        200);
  };
  ask("U0ONE", "help", other.base() + "/commands/T0TEAM/1/x");
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.calls("chat.postEphemeral") == 1; }, 30s)) << service.err();
  EXPECT_EQ(other.count(), 0U);
  // The same address with seven questions: the sixth answer goes another way.
  auto url = s.slack.response_url();
  for (int i = 0; i < 7; ++i) ask("U0" + std::to_string(i), "help", url);
  EXPECT_TRUE(SlackService::becomes([&] { return s.slack.calls("chat.postEphemeral") == 3; }, 30s)) << service.err();
  EXPECT_EQ(s.slack.calls("response_url"), 5U);
  EXPECT_EQ(s.slack.faults(), std::vector<std::string>());
  EXPECT_EQ(service.err().find("/secret"), std::string::npos) << "never logged";
}

}  // namespace
}  // namespace broadsheet::e2e
