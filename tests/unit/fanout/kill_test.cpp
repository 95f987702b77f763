// kill -9 of a fan-out (design: reliability F04-F10, P1, P2): nothing is lost; nothing stands twice where the adapter
// can look; where it can't, one copy more for an ambiguous send, and the outbox lists it. BROADSHEET_KILLS sets the
// number of kills, for a longer run.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <random>
#include <thread>

#include "tests/unit/fanout/fanout.hpp"
#include "tests/unit/fanout/judge.hpp"
#include "tests/unit/store/folder.hpp"

extern char** environ;

namespace broadsheet::fanout {
namespace {

using namespace std::chrono_literals;
using fakes::ChatKind;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BROADSHEET_SLOW 1
#endif
#endif
// The quiet minute before recovery looks must be longer than what the fake may still have to do for the dead.
#ifdef BROADSHEET_SLOW
constexpr double kRate = 12;
#else
constexpr double kRate = 60;
#endif
constexpr int kMessages = 11;
constexpr auto kGuard = 120s;

int wanted_kills() {
  const char* told = std::getenv("BROADSHEET_KILLS");
  return told == nullptr ? 20 : std::atoi(told);
}

struct Killed : testing::Test {
  explicit Killed(double limits_scale = 0) : limits(limits_scale) {}
  double limits;
  store::TemporaryFolder folder;
  ScaledClock clock{*parse_iso("2026-01-13T01:00:00Z"), kRate};
  fakes::FakeTelegram telegram{clock, {.limits_scale = limits, .keep_calls = 1'000'000}};
  std::vector<std::int64_t> chats;

  // People, supergroups and channels in turn.
  void enqueue(int places) {
    for (int n = 1; n <= places; ++n) {
      fakes::TelegramChat chat;
      chat.id = n % 3 == 0 ? n : -1001000000000 - n;
      if (n % 3 == 1) chat.kind = ChatKind::supergroup;
      if (n % 3 == 2) chat.kind = ChatKind::channel, chat.bot = fakes::Standing::administrator;
      chats.push_back(chat.id);
      telegram.add_chat(chat);
    }
    auto store = *store::open_store({.data_dir = folder.path});
    ASSERT_TRUE(fanout::enqueue(store->outbox(), chats, invented_messages(kMessages), clock.now()));
  }
  pid_t start(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {FANOUT_SENDER,    folder.path,         telegram.base(),
                                      telegram.token(), to_iso(clock.now()), std::to_string(kRate)};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = 0;
    EXPECT_EQ(::posix_spawn(&child, FANOUT_SENDER, nullptr, nullptr, arguments.data(), environ), 0);
    return child;
  }
  // Whether it ended, by itself, within that time.
  static bool ends(pid_t child, std::chrono::microseconds within, int* status = nullptr) {
    auto end = std::chrono::steady_clock::now() + within;
    do {
      if (::waitpid(child, status, WNOHANG) == child) return true;
      std::this_thread::sleep_for(200us);  // in real time, here and below: the sender is a process
    } while (std::chrono::steady_clock::now() < end);
    return false;
  }
  void finish() {
    int status = -1;
    auto child = start();
    if (!ends(child, kGuard, &status)) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
      FAIL() << "the fan-out does not end";
    }
    EXPECT_EQ(status, 0);
  }
  void expect_exact() {
    auto store = *store::open_store({.data_dir = folder.path});
    EXPECT_EQ(store->outbox().counts()->at(model::RowState::delivered), chats.size() * kMessages);
    verdict = judge(telegram, *store, chats, kMessages);
    EXPECT_EQ(verdict.problems, std::vector<std::string>());
  }

  Verdict verdict;
};

struct AtPoint : Killed, testing::WithParamInterface<const char*> {};

TEST_P(AtPoint, LosesAndDoublesNothingThatCanBeLookedFor) {
  enqueue(6);
  for (const char* nth : {"2", "20"}) {
    int status = 0;
    auto child = start({GetParam(), nth});
    ASSERT_TRUE(ends(child, kGuard, &status));
    ASSERT_TRUE(WIFSIGNALED(status)) << GetParam() << " " << nth << " was not reached";
  }
  finish();
  expect_exact();
}

INSTANTIATE_TEST_SUITE_P(Named, AtPoint,
                         testing::Values("before_connect", "half_body", "executed", "answer_read", "committed"),
                         [](const auto& info) { return std::string(info.param); });

TEST_F(Killed, AtRandomInstantsOfAFanOut) {
  auto kills = wanted_kills();
  enqueue(kills * 6);
  std::mt19937 random(20260113);
  int killed = 0;
  for (; killed < kills; ++killed) {
    auto before = telegram.requests();
    auto child = start();
    // One half while they start, the other while they send.
    bool sending = killed % 2 == 1;
    while (sending && telegram.requests() == before && !ends(child, 0us)) std::this_thread::sleep_for(200us);
    auto life = std::chrono::microseconds(std::uniform_int_distribution<int>(100, sending ? 30'000 : 60'000)(random));
    if (ends(child, life)) break;
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  EXPECT_EQ(killed, kills) << "it ended before";
  finish();
  expect_exact();
  EXPECT_GT(verdict.unknown, 0U) << "no kill met a message under way";
  std::printf("%d kills, %zu messages: %zu outcomes unknown, %zu copies too many\n", killed, chats.size() * kMessages,
              verdict.unknown, verdict.doubled);
}

struct KilledUnderLimits : Killed {
  KilledUnderLimits() : Killed(1) {}
};

// What the dead have spent is spent: a process that began with a full bucket would run into the platform's limit.
TEST_F(KilledUnderLimits, SpendsNoLimitTwice) {
  constexpr int kLength = 60;
  fakes::TelegramChat group;
  group.id = -1001000000001;
  group.kind = ChatKind::supergroup;
  telegram.add_chat(group);
  {
    auto store = *store::open_store({.data_dir = folder.path});
    ASSERT_TRUE(fanout::enqueue(store->outbox(), {group.id}, invented_messages(kLength), clock.now()));
  }
  for (const char* delivered : {"10", "20", "30", "40", "50", "1000000"}) {
    auto child = start({"paced", delivered});
    ASSERT_TRUE(ends(child, kGuard)) << delivered;
  }
  std::size_t limited = 0;
  for (const auto& call : telegram.timeline()) limited += call.outcome.starts_with("429") ? 1 : 0;
  EXPECT_EQ(limited, 0U);
  EXPECT_EQ(telegram.violations(), std::vector<std::string>());
  EXPECT_GE(telegram.visible(group.id).size(), static_cast<std::size_t>(kLength));
}

// design: reliability F04.
TEST_F(Killed, WhileTheOutboxIsWrittenLeavesAllRowsOrNone) {
  constexpr int kChats = 300;
  std::mt19937 random(20260113);
  int cut = 0;
  for (int kills = 0; kills < 12; ++kills) {
    auto child = start({"enqueue", std::to_string(kChats)});
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(5'000, 150'000)(random)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    auto store = *store::open_store({.data_dir = folder.path});
    auto counts = *store->outbox().counts();
    if (counts.empty()) ++cut;
    if (!counts.empty()) EXPECT_EQ(counts.at(model::RowState::pending), std::size_t{kChats} * kMessages);
  }
  EXPECT_GT(cut, 0);
  for (int again = 0; again < 2; ++again) {
    auto child = start({"enqueue", std::to_string(kChats)});
    EXPECT_TRUE(ends(child, kGuard));
    auto store = *store::open_store({.data_dir = folder.path});
    EXPECT_EQ(store->outbox().counts()->at(model::RowState::pending), std::size_t{kChats} * kMessages);
  }
}

}  // namespace
}  // namespace broadsheet::fanout
