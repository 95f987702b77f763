// One digest to several chats while the platform breaks (design: reliability 6 B): everything arrives, in order, once
// where that can be known, and the limits that were told are kept.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <random>

#include "tests/unit/fanout/fanout.hpp"
#include "tests/unit/fanout/judge.hpp"
#include "tests/unit/store/folder.hpp"

namespace broadsheet::fanout {
namespace {

using namespace std::chrono_literals;
using fakes::ChatKind;
using model::RowState;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BROADSHEET_SLOW 1
#endif
#endif
#ifdef BROADSHEET_SLOW
constexpr double kRate = 50;
#else
constexpr double kRate = 100;
#endif
constexpr int kMessages = 4;
constexpr std::int64_t kPerson = 1, kGroup = -1001000000001, kChannel = -1001000000002, kOther = 2;

// Fails at random, before anything is sent.
class Flapping final : public http::Transport {
 public:
  Flapping(http::Transport& real, double share, std::size_t& calls) : real_(real), share_(share), calls_(calls) {}
  boost::asio::awaitable<http::Outcome> send(http::Request request) override {
    ++calls_;
    if (std::uniform_real_distribution<double>(0, 1)(random_) < share_)
      co_return http::TransportError(Error(ErrorKind::unavailable, "flapping"), http::Reached::not_sent);
    co_return co_await real_.send(std::move(request));
  }

 private:
  http::Transport& real_;
  double share_;
  std::size_t& calls_;
  std::mt19937 random_{20260113};
};

struct Faults : testing::Test {
  store::TemporaryFolder folder;
  ScaledClock clock{*parse_iso("2026-01-13T01:00:00Z"), kRate};
  fakes::FakeTelegram telegram{clock, {.limits_scale = 0}};
  std::vector<std::int64_t> chats{kPerson, kGroup, kChannel, kOther};
  SenderOptions options{.data_dir = folder.path, .base = telegram.base(), .token = telegram.token()};

  void SetUp() override { add_places(telegram); }
  void add_places(fakes::FakeTelegram& to) const {
    for (auto id : chats) {
      fakes::TelegramChat chat;
      chat.id = id;
      if (id == kGroup) chat.kind = ChatKind::supergroup;
      if (id == kChannel) chat.kind = ChatKind::channel, chat.bot = fakes::Standing::administrator;
      to.add_chat(chat);
    }
  }
  void add_people(int more) {
    for (int n = 0; n < more; ++n) {
      fakes::TelegramChat chat;
      chat.id = 100 + n;
      telegram.add_chat(chat);
      chats.push_back(chat.id);
    }
  }
  void fill(store::Store& store) {
    ASSERT_TRUE(enqueue(store.outbox(), chats, invented_messages(kMessages), clock.now()));
  }
  void fault(const std::string& name, std::int64_t chat, int skip, int retry_after = 1) {
    telegram.fault({.name = name, .method = "sendMessage", .chat = chat, .retry_after = retry_after, .skip = skip});
  }
  Verdict expect_exact(store::Store& store) const {
    auto verdict = judge(telegram, store, chats, kMessages);
    EXPECT_EQ(verdict.problems, std::vector<std::string>());
    EXPECT_EQ(telegram.violations(), std::vector<std::string>());
    return verdict;
  }
  std::size_t sends(std::int64_t chat = 0) const {
    std::size_t n = 0;
    for (const auto& call : telegram.timeline())
      if (call.method == "sendmessage" && (chat == 0 || call.chat == chat)) ++n;
    return n;
  }
};

// F17, F19, F21-F24: at the first message of a chat, where nothing is known to search from, and in the middle of one.
struct Unclear : Faults, testing::WithParamInterface<const char*> {};

TEST_P(Unclear, AnswersAreRecoveredAndDisturbNobodyElse) {
  fault(GetParam(), kPerson, 0);
  fault(GetParam(), kGroup, 1);
  fault(GetParam(), kChannel, 2);
  Sender sender(clock, options);
  fill(sender.store());
  sender.run();
  expect_exact(sender.store());
  EXPECT_EQ(sends(kOther), static_cast<std::size_t>(kMessages));
}

INSTANTIATE_TEST_SUITE_P(Faults, Unclear,
                         testing::Values("500_before", "500_after", "502_before", "502_after", "503_before",
                                         "503_after", "504_before", "504_after", "silence_before", "silence_after",
                                         "reset_before", "reset_after", "cut_body", "trickle", "wrong_json",
                                         "trailing_junk", "html", "empty", "no_result", "wrong_chat"),
                         [](const auto& info) { return std::string(info.param); });

// F15
TEST_F(Faults, ToldWaitsAreKeptForEachChat) {
  fault("429", kPerson, 0, 2);
  fault("429", kGroup, 1, 30);
  fault("429", kChannel, 2, 300);
  Sender sender(clock, options);
  fill(sender.store());
  sender.run();
  EXPECT_EQ(expect_exact(sender.store()).unknown, 0U);
  EXPECT_EQ(sends(), chats.size() * kMessages + 3);
}

// F16: when several chats are told to wait at once it is the bot's limit, and nobody goes on asking.
TEST_F(Faults, ALimitOfTheWholeBotStopsTheStorm) {
  add_people(60);
  telegram.fault({.name = "429", .method = "sendMessage", .times = 3, .retry_after = 30, .skip = 100});
  Sender sender(clock, options);
  fill(sender.store());
  sender.run();
  EXPECT_EQ(expect_exact(sender.store()).unknown, 0U);
  EXPECT_EQ(sends(), chats.size() * kMessages + 3);
}

// F18
TEST_F(Faults, WhereNobodyListensNothingIsUnknown) {
  std::optional<fakes::FakeTelegram> late(std::in_place, clock, fakes::FakeTelegram::Options{});
  options.base = late->base();
  auto port = static_cast<std::uint16_t>(std::stoi(options.base.substr(options.base.rfind(':') + 1)));
  late.reset();
  std::size_t calls = 0;
  options.wrap = [&](http::Transport& real) { return std::make_unique<Flapping>(real, 0, calls); };
  Sender sender(clock, options);
  fill(sender.store());
  auto back = clock.steady_now() + 3min;
  sender.run(0, [&] {
    if (late || clock.steady_now() < back) return;
    late.emplace(clock, fakes::FakeTelegram::Options{.limits_scale = 0, .port = port});
    add_places(*late);
  });
  auto verdict = judge(*late, sender.store(), chats, kMessages);
  EXPECT_EQ(verdict.problems, std::vector<std::string>());
  EXPECT_EQ(verdict.unknown, 0U);
  EXPECT_LE(calls, chats.size() * (kMessages + 20U));  // backoff: three minutes are no more than twenty tries
}

// F28: the rows wait for a token that works; nobody goes on with the dead one.
TEST_F(Faults, ARevokedTokenStopsTheBotAndLosesNothing) {
  telegram.fault({.name = "unauthorized", .method = "sendMessage", .times = -1, .skip = 6});
  Sender sender(clock, options);
  fill(sender.store());
  auto resume = clock.steady_now() + 2min;
  bool revoked = true;
  std::size_t asked = 0;
  sender.run(0, [&] {
    if (!revoked || clock.steady_now() < resume) return;
    revoked = false;
    asked = sends();
    telegram.heal();
    sender.dispatcher().resume();
  });
  EXPECT_LE(asked, 6U + chats.size());  // no more than were under way
  EXPECT_EQ(expect_exact(sender.store()).unknown, 0U);
}

// F43: a copy of the store that was made in the middle takes over; what was sent meanwhile is found, not repeated.
TEST_F(Faults, ARestoredBackupAsksBeforeItSends) {
  auto copy = folder.path + "/copy", other = folder.path + "/other";
  {
    Sender sender(clock, options);
    fill(sender.store());
    sender.run(0, [&] {
      auto counts = *sender.store().outbox().counts();
      if (!std::filesystem::exists(copy) && counts[RowState::delivered] > chats.size())
        ASSERT_TRUE(sender.store().upkeep().backup(copy));
    });
  }
  ASSERT_TRUE(std::filesystem::exists(copy));
  ASSERT_TRUE(store::restore_store(copy, {.data_dir = other}, false));
  options.data_dir = other;
  Sender again(clock, options);
  EXPECT_EQ(again.store().outbox().counts()->count(RowState::pending), 0U);
  again.run();
  EXPECT_EQ(expect_exact(again.store()).doubled, 0U);
}

// F33
TEST_F(Faults, FlappingCostsNoMoreThanItMust) {
  add_people(60);
  std::size_t calls = 0;
  options.wrap = [&](http::Transport& real) { return std::make_unique<Flapping>(real, 0.5, calls); };
  Sender sender(clock, options);
  fill(sender.store());
  sender.run();
  auto verdict = expect_exact(sender.store());
  auto messages = static_cast<double>(chats.size() * kMessages + verdict.unknown);
  EXPECT_LE(static_cast<double>(calls), 2.2 * messages);
}

}  // namespace
}  // namespace broadsheet::fanout
