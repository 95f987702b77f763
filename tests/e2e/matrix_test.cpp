// `serve` with a Matrix section against both fakes: the day's digest stands in rooms as a root and its thread, although
// the homeserver limits, a room is upgraded, another is encrypted and the service is killed; commands are answered in
// a room, a thread and a direct room; a stranger's invitation is refused.
#include <gtest/gtest.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/e2e/run_program.hpp"
#include "tests/fakes/fake_arxiv.hpp"
#include "tests/fakes/fake_matrix.hpp"

namespace broadsheet::e2e {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BROADSHEET_SLOW 1
#endif
#endif
#ifdef BROADSHEET_SLOW
constexpr int kRate = 100;
#else
constexpr int kRate = 300;
#endif

constexpr const char* kTeam = "!team:example.org";
constexpr const char* kOld = "!old:example.org";
constexpr const char* kNew = "!new:example.org";
constexpr const char* kClosed = "!closed:example.org";
constexpr const char* kDirect = "!direct:example.org";
constexpr const char* kAda = "@ada:example.org";
constexpr const char* kBob = "@bob:example.org";
constexpr const char* kEve = "@eve:elsewhere.example";

Day day_of(const char* text) {
  return *parse_day(text);
}

fakes::FakeMatrixOptions homeserver(Clock& clock) {
  fakes::FakeMatrixOptions out;
  out.clock = &clock;
  out.burst = 10;  // Synapse's default limit
  out.per_second = 0.2;
  out.retry_after = "5";
  return out;
}

struct Service {
  explicit Service(const std::string& start)
      : clock(*parse_iso(start), kRate),
        arxiv(clock,
              fakes::invented_batches(day_of("2026-01-12"), day_of("2026-01-14"),
                                      {*Category::parse("cs.CV"), *Category::parse("cs.RO")},
                                      arxiv::Calendar::built_in()),
              {}),
        matrix(homeserver(clock)),
        port(free_port()) {
    setenv("BROADSHEET_TEST_TOKEN", "tok-1", 1);
    for (const char* room : {kTeam, kOld, kClosed}) matrix.add_room(room, {kAda, kBob});
    matrix.add_room(kDirect, {kAda});
    matrix.encrypt(kClosed);
    matrix.power(kTeam, kAda, 50);
  }
  void configure(const std::vector<std::string>& rooms) {
    auto base = arxiv.base();
    std::string text =
        "[service]\nlisten = \"127.0.0.1:" + std::to_string(port) +
        "\"\n[arxiv]\ncategories = [\"cs.CV\", \"cs.RO\"]\ncontact = \"ops@example.org\"\nmin_interval = "
        "\"10ms\"\nfeed_url = \"" +
        base + "\"\nsite_url = \"" + base + "\"\noai_url = \"" + base + "/oai\"\napi_url = \"" + base +
        "/api/query\"\n[matrix]\naccess_token = \"env:BROADSHEET_TEST_TOKEN\"\nuser_id = \"@bot:example.org\"\n"
        "homeserver_url = \"" +
        matrix.base() + "\"\n";
    for (const auto& room : rooms)
      text += "[[subscription]]\ntarget = \"matrix:" + room + "\"\ncategories = [\"cs.CV\", \"cs.RO\"]\ntop = 5\n";
    folder.write("broadsheet.toml", text);
  }
  std::vector<std::string> serve() const {
    return {"--log-level", "info", "serve", "--clock", to_iso(clock.now()) + "x" + std::to_string(kRate)};
  }
  std::vector<Json> said(const std::string& room) const {
    std::vector<Json> out;
    for (const auto& content : matrix.sent(room)) out.push_back(Json::parse(content));
    return out;
  }
  // Messages of the post: its root and the cards below it.
  std::pair<std::size_t, std::size_t> post(const std::string& room) const {
    std::size_t roots = 0, cards = 0;
    for (const auto& content : said(room)) {
      bool threaded = content.value("m.relates_to", Json::object()).value("rel_type", "") == "m.thread";
      if (threaded) ++cards;
      if (!threaded && content["body"].get<std::string>().find("13 January 2026") != std::string::npos) ++roots;
    }
    return {roots, cards};
  }
  bool answered(const std::string& room, const std::string& words) const {
    return becomes([&] {
      for (const auto& content : said(room))
        if (content["body"].get<std::string>().find(words) != std::string::npos) return true;
      return false;
    });
  }
  static bool becomes(const std::function<bool()>& so, std::chrono::seconds guard = 180s) {
    auto end = std::chrono::steady_clock::now() + guard;
    while (!so()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }
  // Every delivery stands once, means nobody and is well formed.
  void expect_clean() const {
    std::set<std::string> keys;
    for (const char* room : {kTeam, kOld, kNew, kClosed, kDirect})
      for (const auto& content : said(room)) {
        EXPECT_EQ(content["m.mentions"], Json::object());
        if (content.contains("dev.broadsheet.delivery"))
          EXPECT_TRUE(keys.insert(content["dev.broadsheet.delivery"]["key"]).second) << content.dump();
      }
    EXPECT_EQ(matrix.content_faults(), std::vector<std::string>());
  }

  ScaledClock clock;
  fakes::FakeArxiv arxiv;
  fakes::FakeMatrix matrix;
  std::uint16_t port;
  Folder folder;
};

TEST(MatrixService, PostsTheDayThroughAnUpgradeAnEncryptedRoomAndAKill) {
  Service s("2026-01-13T00:30:00Z");
  s.configure({kTeam, kOld, kClosed});
  auto first = std::make_unique<Child>(s.folder, s.serve());
  ASSERT_TRUE(first->says("broadsheet serves", 20s)) << first->err();
  s.matrix.add_room(kNew, {kAda, kBob}, false);
  s.matrix.replace(kOld, kAda, kNew, true);
  ASSERT_TRUE(Service::becomes([&] { return s.post(kTeam).second > 0; })) << first->err();
  first->signal(SIGKILL);
  first->wait();
  Child second(s.folder, s.serve());
  for (const char* room : {kTeam, kNew})
    EXPECT_TRUE(Service::becomes([&] { return s.post(room) == std::pair<std::size_t, std::size_t>(1, 5); }))
        << room << second.err();
  auto team = s.said(kTeam);
  EXPECT_EQ(team[0]["msgtype"], "m.text");
  auto root = s.matrix.sent_ids(kTeam).at(0);
  for (std::size_t i = 1; i < team.size(); ++i) {
    EXPECT_EQ(team[i]["msgtype"], "m.notice");
    EXPECT_EQ(team[i]["m.relates_to"]["event_id"], root);
  }
  EXPECT_TRUE(s.matrix.sent(kOld).empty());
  ASSERT_TRUE(Service::becomes([&] { return !s.said(kClosed).empty(); })) << second.err();
  EXPECT_EQ(s.said(kClosed).size(), 1U) << "one sentence";
  EXPECT_NE(s.said(kClosed)[0]["body"].get<std::string>().find("encrypted"), std::string::npos);
  s.expect_clean();
  EXPECT_EQ(second.err().find("tok-1"), std::string::npos);
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0) << second.err();
}

TEST(MatrixService, AnswersInARoomAThreadAndADirectRoomAndSubscribes) {
  Service s("2026-01-13T06:00:00Z");
  s.matrix.limit(1000);
  s.configure({});
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 20s)) << service.err();
  ASSERT_TRUE(service.says("matrix.ready", 20s)) << service.err();
  ASSERT_TRUE(Service::becomes([&] { return s.matrix.syncs() > 1; })) << "nothing before the first sync is a command";
  auto asked = s.matrix.say(kTeam, kBob, "!arxiv help");
  EXPECT_TRUE(s.answered(kTeam, "digest")) << service.err();
  auto help = s.said(kTeam).at(0);
  EXPECT_EQ(help["msgtype"], "m.notice");
  EXPECT_EQ(help["m.relates_to"]["event_id"], asked) << "aside, in a thread of its own";
  auto root = s.matrix.say(kTeam, kBob, "what about this?");
  s.matrix.say(kTeam, kBob, "!arxiv digst cs.CV", {}, root);
  EXPECT_TRUE(s.answered(kTeam, "Did you mean")) << service.err();
  EXPECT_EQ(s.said(kTeam).back()["m.relates_to"]["event_id"], root) << "in the thread it was asked in";
  s.matrix.say(kDirect, kAda, "digest cs.CV top:2");
  EXPECT_TRUE(s.answered(kDirect, "Tuesday 13 January 2026")) << service.err();
  s.matrix.say(kTeam, kBob, "!arxiv subscribe cs.RO top:2");
  EXPECT_TRUE(s.answered(kTeam, "Only")) << "a member may not: " << service.err();
  s.matrix.say(kTeam, kAda, "!arxiv subscribe cs.RO top:2");
  EXPECT_TRUE(Service::becomes([&] {
    return run_program(s.folder, {"subscriptions", "list"}).out.find(std::string("matrix:") + kTeam) !=
           std::string::npos;
  })) << service.err();
  s.expect_clean();
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

TEST(MatrixService, FollowsInvitationsOfItsOwnServerAndGreetsButRefusesStrangers) {
  Service s("2026-01-13T06:00:00Z");
  s.matrix.limit(1000);
  s.configure({});
  s.matrix.add_room("!ours:example.org", {kAda, kBob}, false);
  s.matrix.add_room("!theirs:elsewhere.example", {kEve}, false);
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("matrix.ready", 20s)) << service.err();
  s.matrix.invite("!ours:example.org", kAda);
  s.matrix.invite("!theirs:elsewhere.example", kEve);
  EXPECT_TRUE(Service::becomes([&] { return s.matrix.joined("!ours:example.org"); })) << service.err();
  EXPECT_TRUE(s.answered("!ours:example.org", "help")) << service.err();
  EXPECT_TRUE(service.says("matrix.invite_refused", 20s)) << service.err();
  EXPECT_FALSE(s.matrix.joined("!theirs:elsewhere.example"));
  s.expect_clean();
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

TEST(MatrixCommandLine, DoctorLooksWithoutLoggingIn) {
  Service s("2026-01-13T06:00:00Z");
  s.configure({});
  auto run = run_program(s.folder, {"doctor"});
  EXPECT_NE(run.out.find("ok     matrix session            @bot:example.org"), std::string::npos) << run.out << run.err;
  EXPECT_NE(run.out.find("ok     matrix rooms              4 joined"), std::string::npos) << run.out;
  s.matrix.expire_token(false);
  run = run_program(s.folder, {"doctor"});
  EXPECT_NE(run.out.find("FAILS  matrix session"), std::string::npos) << run.out;
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(s.matrix.logins() + s.matrix.refreshes(), 0U);
}

TEST(MatrixCommandLine, LogsInOnceAndServesFromTheStoredSession) {
  Service s("2026-01-13T06:00:00Z");
  s.configure({});
  auto with_token = s.folder.read("broadsheet.toml");
  setenv("BROADSHEET_TEST_PASSWORD", "open-sesame", 1);
  std::string key = "access_token = \"env:BROADSHEET_TEST_TOKEN\"";
  auto text = with_token;
  text.replace(text.find(key), key.size(), "password = \"env:BROADSHEET_TEST_PASSWORD\"");
  s.folder.write("broadsheet.toml", text);
  auto login = run_program(s.folder, {"matrix", "login"});
  EXPECT_EQ(login.status, 0) << login.err;
  EXPECT_NE(login.out.find("Logged in as @bot:example.org."), std::string::npos) << login.out;
  text = with_token;
  text.replace(text.find(key), key.size(), "");
  s.folder.write("broadsheet.toml", text);
  Child service(s.folder, s.serve());
  EXPECT_TRUE(service.says("matrix.ready", 20s)) << service.err();
  EXPECT_EQ(s.matrix.logins(), 1U);
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

TEST(MatrixCommandLine, PrintsTheRequestBodiesOfADigest) {
  Folder folder;
  folder.write("broadsheet.toml", "");
  auto source = std::string(BROADSHEET_SOURCE) + "/config/sample/2026-01-13.jsonl";
  auto run = run_program(folder, {"digest", "cs.CV", "--source", source, "--top", "3", "--format", "matrix"});
  auto bodies = Json::parse(run.out, nullptr, false);
  ASSERT_TRUE(bodies.is_array()) << run.err;
  ASSERT_EQ(bodies.size(), 4U) << "a root and three cards";
  EXPECT_EQ(bodies[0]["msgtype"], "m.text");
  for (const auto& body : bodies) EXPECT_EQ(body["m.mentions"], Json::object());
}

TEST(MatrixCommandLine, PrintsTheRegistration) {
  Folder folder;
  std::string token(40, 'a'), hs(40, 'h');
  setenv("BROADSHEET_TEST_AS", token.c_str(), 1);
  setenv("BROADSHEET_TEST_HS", hs.c_str(), 1);
  folder.write("broadsheet.toml",
               "[service]\npublic_url = \"https://bot.example.org\"\n[matrix]\nmode = \"appservice\"\n"
               "user_id = \"@arxiv:example.org\"\nhomeserver_url = \"https://matrix.example.org\"\n"
               "access_token = \"env:BROADSHEET_TEST_AS\"\nhs_token = \"env:BROADSHEET_TEST_HS\"\n");
  auto run = run_program(folder, {"matrix", "registration"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.out.find("sender_localpart: \"arxiv\""), std::string::npos) << run.out;
}

// The blocks of a language in a section of our own pages, without their indent.
std::vector<std::string> blocks_of(const std::string& page, const std::string& section, const std::string& language) {
  std::ifstream in(std::string(BROADSHEET_SOURCE) + "/docs/" + page);
  std::vector<std::string> out;
  std::string line;
  bool here = false, inside = false;
  std::size_t indent = 0;
  while (std::getline(in, line)) {
    if (line.starts_with("## ")) here = line == "## " + section;
    auto fence = line.find("```");
    if (here && fence != std::string::npos) {
      inside = !inside && line.substr(fence) == "```" + language;
      indent = line.find_first_not_of(" 0123456789.");
      if (inside) out.emplace_back();
    } else if (inside) {
      out.back() += line.substr(std::min(indent, line.size())) + "\n";
    }
  }
  return out;
}

TEST(MatrixPage, StepsOfTheApplicationServiceWorkAsTheyStand) {
  if (std::system("command -v openssl > /dev/null") != 0) GTEST_SKIP() << "needs openssl";
  Folder folder;
  const std::string section = "As an application service";
  auto settings = blocks_of("matrix.md", section, "toml");
  ASSERT_EQ(settings.size(), 1U);
  folder.write("broadsheet.toml", settings[0]);
  std::string program = BROADSHEET_PROGRAM;
  std::string script =
      "set -e\ncd '" + folder.path() + "'\nPATH='" + program.substr(0, program.rfind('/')) + "':$PATH\n";
  for (const auto& block : blocks_of("matrix.md", section, "sh")) script += block;
  folder.write("steps.sh", script);
  ASSERT_EQ(std::system(("sh '" + folder.path() + "/steps.sh' 2> '" + folder.path() + "/said'").c_str()), 0)
      << folder.read("said");
  auto registration = folder.read("broadsheet-registration.yaml");
  EXPECT_NE(registration.find("sender_localpart: \"arxivbot\""), std::string::npos) << registration;
  auto secrets = folder.read("secrets.env");
  auto token = secrets.substr(secrets.find('=') + 1, 64);
  EXPECT_NE(registration.find("as_token: \"" + token + "\""), std::string::npos);
  for (const char* name : {"secrets.env", "broadsheet-registration.yaml"})
    EXPECT_EQ(std::filesystem::status(folder.path() + "/" + name).permissions() & std::filesystem::perms(077),
              std::filesystem::perms::none)
        << name;
}

}  // namespace
}  // namespace broadsheet::e2e
