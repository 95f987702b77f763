// `serve` with a Telegram section against both fakes: the day's digest of two categories goes to a person, a group's
// topic and a channel while arXiv is two hours late; a limit, a migration, a blocked person and kill -9 in between.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "bot/base/text.hpp"
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

constexpr std::size_t kKeyLength = 32;  // of a delivery key, with which the data of every button begins
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
  // A process sets its clock some real milliseconds after we read ours. Where two of them follow each other, the second
  // one starts further behind, so that no wait that the first one wrote down ends early by the fake's clock.
  std::vector<std::string> serve(std::chrono::seconds behind = 0s) const {
    return {"--log-level", "info", "serve", "--clock", to_iso(clock.now() - behind) + "x" + std::to_string(kRate)};
  }
  static bool is_digest(const fakes::TelegramMessage& message) {
    return message.content.text.find("13 January 2026") != std::string::npos;
  }
  std::size_t digests(std::int64_t chat) const {
    auto messages = telegram.visible(chat);
    return static_cast<std::size_t>(std::count_if(messages.begin(), messages.end(), is_digest));
  }
  // Waits until it is so; false after a while.
  static bool becomes(const std::function<bool()>& so, std::chrono::seconds guard = 300s) {
    auto end = std::chrono::steady_clock::now() + guard;
    while (!so()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }
  // Rows with sends of unknown outcome, as the operator sees them.
  nlohmann::json ambiguous_rows() const {
    auto listed = run_program(folder, {"outbox", "list", "--unknown", "--limit", "10000", "--json"});
    auto rows = nlohmann::json::parse(listed.out, nullptr, false);
    EXPECT_TRUE(rows.is_array()) << listed.out << listed.err;
    return rows;
  }
  std::size_t ambiguous_sends(const std::string& target) const {
    std::size_t n = 0;
    for (const auto& row : ambiguous_rows())
      if (row.at("target") == target) n += row.at("unknown_outcomes").get<std::size_t>();
    return n;
  }
  // Every key stands there once, or as many times more as sends of it were ambiguous: a kill between "executed" and
  // "recorded" may double a message that nothing can prove, and then `outbox list` shows it (design: reliability P2).
  void expect_each_once_or_listed(std::int64_t chat) const {
    std::map<std::string, std::size_t> ambiguous, copies;
    for (const auto& row : ambiguous_rows()) ambiguous[row.at("key")] = row.at("unknown_outcomes");
    for (const auto& message : telegram.visible(chat))
      if (!message.key.empty()) ++copies[message.key.substr(0, kKeyLength)];
    for (const auto& [key, n] : copies) EXPECT_LE(n, 1 + ambiguous[key]) << chat << " " << key;
  }
  // The digest's messages are copies of one.
  void expect_one_digest(std::int64_t chat) const {
    std::set<std::string> keys;
    for (const auto& message : telegram.visible(chat))
      if (is_digest(message)) keys.insert(message.key);
    EXPECT_EQ(keys.size(), 1U) << chat;
    EXPECT_EQ(keys.count(""), 0U) << chat;
  }

  // What the fake heard, for people: BROADSHEET_TIMELINE=1.
  void tell() const {
    if (std::getenv("BROADSHEET_TIMELINE") == nullptr) return;
    for (const auto& call : telegram.timeline()) {
      if (call.method == "getupdates") continue;
      auto at = clock.now() - std::chrono::duration_cast<std::chrono::milliseconds>(clock.steady_now() - call.at);
      std::cout << to_iso(at) << "  " << call.method << "  " << call.chat << "  " << call.outcome << "  "
                << text::ellipsize(text::collapse_space(call.text), 90) << "\n";
    }
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
  Child second(s.folder, s.serve(5min));
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
    s.expect_one_digest(chat);
    s.expect_each_once_or_listed(chat);
  }
  s.tell();
  for (const auto& message : s.telegram.visible(kForum)) EXPECT_EQ(message.thread, 7);
  EXPECT_TRUE(s.telegram.visible(kBlocked).empty());
  std::size_t tries = 0;
  for (const auto& call : s.telegram.timeline())
    if (call.method == "sendmessage" && call.chat == kBlocked) ++tries;
  EXPECT_LE(tries, 1 + s.ambiguous_sends("telegram:2000"));
  // A limit that nobody lived to write down is not known; everything that was written is obeyed.
  auto broken = s.telegram.violations();
  EXPECT_LE(broken.size(), s.ambiguous_sends("telegram:-1001000000002")) << broken.front();
  for (const auto& rule : broken) EXPECT_NE(rule.find("chat -1001000000002"), std::string::npos) << rule;
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
