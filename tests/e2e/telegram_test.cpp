// `serve` with a Telegram section against both fakes: the day's digest of two categories goes to a person, a group's
// topic and a channel while arXiv is two hours late; a limit, a migration, a blocked person and kill -9 in between.
#include <gtest/gtest.h>

#include <csignal>
#include <set>
#include <thread>

#include "tests/e2e/run_program.hpp"
#include "tests/fakes/fake_arxiv.hpp"
#include "tests/fakes/fake_telegram.hpp"

namespace broadsheet::e2e {
namespace {

using namespace std::chrono_literals;
using fakes::ChatKind;
using fakes::Standing;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BROADSHEET_SLOW 1
#endif
#endif
#ifdef BROADSHEET_SLOW
constexpr int kRate = 150;
#else
constexpr int kRate = 400;
#endif

constexpr std::int64_t kPerson = 1000, kBlocked = 2000, kForum = -1001000000001, kChannel = -1001000000002,
                       kGroup = -3000, kMoved = -1001000000003;

Day day_of(const char* text) {
  return *parse_day(text);
}

struct Service {
  explicit Service(const std::string& start)
      : clock(*parse_iso(start), kRate),
        arxiv(clock,
              fakes::invented_batches(day_of("2026-01-12"), day_of("2026-01-14"),
                                      {*Category::parse("cs.CV"), *Category::parse("cs.RO")},
                                      arxiv::Calendar::built_in()),
              {}),
        telegram(clock, {}),
        port(free_port()) {
    setenv("BROADSHEET_TEST_TOKEN", telegram.token().c_str(), 1);
    telegram.add_chat({.id = kPerson, .kind = ChatKind::private_chat});
    telegram.add_chat({.id = kBlocked, .kind = ChatKind::private_chat});
    telegram.add_chat({.id = kForum,
                       .kind = ChatKind::supergroup,
                       .forum = true,
                       .topics = {{7, fakes::TopicState::open}},
                       .members = {{kPerson, Standing::administrator}}});
    telegram.add_chat({.id = kChannel, .kind = ChatKind::channel, .bot = Standing::administrator});
    telegram.add_chat({.id = kGroup, .kind = ChatKind::group});
  }
  std::string subscription(const std::string& target) const {
    return "[[subscription]]\ntarget = \"telegram:" + target + "\"\ncategories = [\"cs.CV\", \"cs.RO\"]\ntop = 3\n";
  }
  void configure(const std::vector<std::string>& targets) {
    auto base = arxiv.base();
    std::string text =
        "[service]\nlisten = \"127.0.0.1:" + std::to_string(port) +
        "\"\n[arxiv]\ncategories = [\"cs.CV\", \"cs.RO\"]\ncontact = \"ops@example.org\"\nfeed_url = \"" + base +
        "\"\nsite_url = \"" + base + "\"\noai_url = \"" + base + "/oai\"\napi_url = \"" + base +
        "/api/query\"\n[telegram]\ntoken = \"env:BROADSHEET_TEST_TOKEN\"\napi_url = \"" + telegram.base() + "\"\n";
    for (const auto& target : targets) text += subscription(target);
    folder.write("broadsheet.toml", text);
  }
  std::vector<std::string> serve() const {
    return {"--log-level", "info", "serve", "--clock", to_iso(clock.now()) + "x" + std::to_string(kRate)};
  }
  std::size_t digests(std::int64_t chat) const {
    std::size_t n = 0;
    for (const auto& message : telegram.visible(chat))
      if (message.content.text.find("13 January 2026") != std::string::npos) ++n;
    return n;
  }
  // Waits until it is so; false after a while.
  static bool becomes(const std::function<bool()>& so, std::chrono::seconds guard = 60s) {
    auto end = std::chrono::steady_clock::now() + guard;
    while (!so()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }
  void expect_each_once(std::int64_t chat) const {
    std::set<std::string> keys;
    for (const auto& message : telegram.visible(chat))
      if (!message.key.empty()) EXPECT_TRUE(keys.insert(message.key).second) << chat << " " << message.content.text;
  }

  ScaledClock clock;
  fakes::FakeArxiv arxiv;
  fakes::FakeTelegram telegram;
  std::uint16_t port;
  Folder folder;
};

TEST(TelegramService, PostsTheDayThroughALateListingALimitAMoveABlockAndAKill) {
  Service s("2026-01-13T00:30:00Z");
  s.configure({"1000", "2000", "-1001000000001/7", "-1001000000002", "-3000"});
  s.arxiv.late(day_of("2026-01-13"), 2h);
  s.telegram.stand(kBlocked, kBlocked, Standing::kicked);
  s.telegram.fault({.name = "429", .method = "sendMessage", .chat = kChannel, .times = 1, .retry_after = 300});
  auto first = std::make_unique<Child>(s.folder, s.serve());
  ASSERT_TRUE(first->says("broadsheet serves", 20s)) << first->err();
  s.telegram.migrate(kGroup, kMoved);
  ASSERT_TRUE(Service::becomes([&] { return s.digests(kPerson) > 0; })) << first->err();
  auto appeared = s.clock.now();
  EXPECT_GE(appeared, *parse_iso("2026-01-13T03:00:00Z"));  // two hours late
  EXPECT_LE(appeared, *parse_iso("2026-01-13T03:40:00Z"));
  first->signal(SIGKILL);
  first->wait();
  Child second(s.folder, s.serve());
  for (auto chat : {kPerson, kForum, kChannel, kMoved})
    EXPECT_TRUE(Service::becomes([&] { return s.digests(chat) > 0; })) << chat << second.err();
  // Everything that belongs to the post is there once, in order, and quiet returns.
  EXPECT_TRUE(Service::becomes([&] {
    auto run = run_program(s.folder, {"outbox", "list", "--state", "pending", "--json"});
    auto open = run_program(s.folder, {"outbox", "list", "--state", "ambiguous", "--json"});
    return run.out.find("\"telegram:1000\"") == std::string::npos && open.out == "[]\n" &&
           run.out.find("-100") == std::string::npos;
  })) << second.err();
  for (auto chat : {kPerson, kForum, kChannel, kMoved}) {
    EXPECT_EQ(s.digests(chat), 1U) << chat;
    s.expect_each_once(chat);
  }
  for (const auto& message : s.telegram.visible(kForum)) EXPECT_EQ(message.thread, 7);
  EXPECT_TRUE(s.telegram.visible(kBlocked).empty());
  std::size_t tries = 0;
  for (const auto& call : s.telegram.timeline())
    if (call.method == "sendMessage" && call.chat == kBlocked) ++tries;
  EXPECT_LE(tries, 1U);
  EXPECT_EQ(s.telegram.violations(), std::vector<std::string>());
  EXPECT_TRUE(s.telegram.auto_links().empty());
  EXPECT_EQ(second.err().find(s.telegram.token()), std::string::npos);
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0);
}

TEST(TelegramService, AnswersCommandsAndSubscribes) {
  Service s("2026-01-13T06:00:00Z");
  s.configure({});
  Child service(s.folder, s.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 20s)) << service.err();
  auto answered = [&](const std::string& words) {
    return Service::becomes(
        [&] {
          for (const auto& message : s.telegram.visible(kPerson))
            if (message.content.text.find(words) != std::string::npos) return true;
          return false;
        },
        20s);
  };
  s.telegram.say(kPerson, kPerson, "/help");
  EXPECT_TRUE(answered("digest")) << service.err();
  s.telegram.say(kPerson, kPerson, "/digest cs.CV top:2");
  EXPECT_TRUE(answered("Tuesday 13 January 2026")) << service.err();
  s.telegram.say(kPerson, kPerson, "/digst cs.CV");
  EXPECT_TRUE(answered("Did you mean")) << service.err();
  s.telegram.say(kPerson, kPerson, "/subscribe cs.RO top:2");
  EXPECT_TRUE(answered("cs.\xE2\x81\xA0RO") || answered("cs.RO")) << service.err();
  EXPECT_TRUE(Service::becomes(
      [&] { return run_program(s.folder, {"subscriptions", "list"}).out.find("telegram:1000") != std::string::npos; },
      20s))
      << service.err();
  s.telegram.say(kPerson, kPerson, "/subscriptions");
  EXPECT_TRUE(answered("#1")) << service.err();
  EXPECT_TRUE(s.telegram.auto_links().empty());
  EXPECT_EQ(s.telegram.violations(), std::vector<std::string>());
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

}  // namespace
}  // namespace broadsheet::e2e
