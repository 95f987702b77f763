// kill -9 on Slack (contracts: Slack 14.7; design: reliability F05-F10): the real program sends what is in its outbox
// and is killed at named points and at random instants. Nothing may be lost and nothing may stand there twice.
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>

#include "tests/e2e/slack_rig.hpp"

namespace broadsheet::e2e {
namespace {

using Mode = SlackService::Mode;

struct Outbox : SlackService {
  Outbox(int channels, int parts, double speed)
      : SlackService(Mode::socket, "2026-01-13T02:00:00Z", speed), channels_(channels), parts_(parts) {
    configure({}, false);
    enqueue(channels, parts);
  }
  std::size_t total() const { return static_cast<std::size_t>(channels_) * static_cast<std::size_t>(parts_); }

  // Every part once, in its thread.
  void expect_whole() {
    Child last(folder, serve());
    EXPECT_TRUE(becomes([&] { return slack.posted().size() >= total() && quiet(); }, 120s)) << last.err();
    std::set<std::string> keys;
    std::size_t standing_now = 0;
    for (int n = 1; n <= channels_; ++n) {
      expect_each_once(channel(n));
      for (const auto& message : standing(channel(n))) ++standing_now, keys.insert(message.key);
    }
    EXPECT_EQ(keys.size(), total()) << "lost";
    EXPECT_EQ(standing_now, keys.size()) << "duplicates";
    EXPECT_EQ(slack.faults(), std::vector<std::string>());
    last.signal(SIGTERM);
    EXPECT_EQ(last.wait(), 0);
  }

 private:
  int channels_, parts_;
};

struct Point {
  const char* name;
  const char* method;
  const char* point;
  int nth;             // call of that method
  bool loses = false;  // the request itself gets lost with its sender
};

// What the second process does when the first has left a send unclear.
void leave_one_unclear(Outbox& s) {
  Child child(s.folder, s.serve());
  std::atomic<bool> done{false};
  s.slack.watch([&](const std::string& method, const std::string& point) {
    if (method == "chat.postMessage" && point == "executed" && !done.exchange(true)) child.signal(SIGKILL);
    return true;
  });
  EXPECT_TRUE(Outbox::becomes([&] { return done.load(); })) << child.err();
  child.wait();
  s.slack.watch(nullptr);
}

void kill_at(const Point& at) {
  SCOPED_TRACE(at.name);
  Outbox s(3, 4, slack_rate(300));
  bool reads = std::string(at.method).starts_with("conversations");
  if (reads) leave_one_unclear(s);
  Child child(s.folder, s.serve());
  std::atomic<int> calls{0};
  std::atomic<bool> killed{false};
  s.slack.watch([&](const std::string& method, const std::string& point) {
    if (method != at.method || point != at.point || ++calls != at.nth) return true;
    child.signal(SIGKILL);
    killed = true;
    return !at.loses;
  });
  EXPECT_TRUE(Outbox::becomes([&] { return killed.load(); })) << at.name << child.err();
  child.wait();
  s.slack.watch(nullptr);
  s.expect_whole();
}

TEST(SlackKill, LosesAndRepeatsNothingAtNamedPoints) {
  for (const Point& at : {Point{"a summary that never arrived", "chat.postMessage", "arrived", 1, true},
                          Point{"a summary that is carried out later", "chat.postMessage", "arrived", 1},
                          Point{"a summary before its answer", "chat.postMessage", "executed", 1},
                          Point{"a summary answered, not yet recorded", "chat.postMessage", "answered", 2},
                          Point{"a card that never arrived", "chat.postMessage", "arrived", 5, true},
                          Point{"a card before its answer", "chat.postMessage", "executed", 5},
                          Point{"a card answered, not yet recorded", "chat.postMessage", "answered", 7},
                          Point{"the last card before its answer", "chat.postMessage", "executed", 12},
                          Point{"recovery before it read", "conversations.history", "arrived", 1, true},
                          Point{"recovery that had read, not yet recorded", "conversations.history", "answered", 1}})
    kill_at(at);
}

TEST(SlackKill, LosesAndRepeatsNothingAtRandomInstants) {
  const char* wanted = std::getenv("BROADSHEET_KILLS");
  int kills = wanted == nullptr ? 25 : std::atoi(wanted);
  Outbox s(40, 12, slack_rate(100));
  s.slack.slow(3ms);
  std::mt19937 random(20260113);
  int in_flight = 0;
  for (int i = 0; i < kills; ++i) {
    Child child(s.folder, s.serve());
    // One half dies while it starts or a little later, the other after it has begun to send.
    if (i % 2 == 1) {
      auto before = s.slack.posted().size();
      Outbox::becomes([&] { return s.slack.posted().size() > before; }, 3s);
    }
    auto sent = s.slack.posted().size();
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<int>(100, 60'000)(random)));
    child.signal(SIGKILL);
    child.wait();
    if (s.slack.posted().size() > sent) ++in_flight;
  }
  std::cout << kills << " kills, " << in_flight << " of them while messages went out; " << s.slack.posted().size()
            << " of " << s.total() << " stood there then\n";
  s.expect_whole();
}

}  // namespace
}  // namespace broadsheet::e2e
