// The fake homeserver, a sender that is killed at 200 random instants and at every named point of a send, and a
// homeserver that forgets what it had in memory in between.
#include <map>
#include <nlohmann/json.hpp>
#include <random>

#include "tests/fakes/fake_matrix.hpp"
#include "tests/unit/matrix/killing.hpp"

namespace broadsheet::matrix {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using Point = fakes::FakeMatrix::Point;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BROADSHEET_SLOW 1
#endif
#endif
#ifdef BROADSHEET_SLOW
constexpr int kKills = 20, kCards = 10, kLongestLife = 1500;  // starting takes most of a life
constexpr const char* kRate = "8";
#else
constexpr int kKills = 200, kCards = 40, kLongestLife = 120;
constexpr const char* kRate = "40";
#endif
constexpr int kRooms = 6;

struct Killed : testing::Test {
  Killed() : server({.as_token = "as-token", .burst = 1'000'000}) {
    for (int i = 1; i <= kRooms; ++i) {
      rooms.push_back("!room" + std::to_string(i) + ":example.org");
      server.add_room(rooms.back(), {"@ada:example.org"});
    }
  }
  std::vector<std::string> arguments() const {
    return {folder.path, server.base(), "@bot:example.org", "as-token", "appservice", kRate};
  }
  void live_to_the_end() const {
    Sending last(arguments());
    EXPECT_TRUE(last.ends(60s));
    EXPECT_TRUE(last.finished());
  }
  // Every message once, in order, below its own root.
  void expect_each_once_in_order(int posts) const {
    for (const auto& room : rooms) {
      auto sent = server.sent(room), ids = server.sent_ids(room);
      ASSERT_EQ(sent.size(), static_cast<std::size_t>(posts * (kCards + 1))) << room;
      std::string root;
      for (std::size_t i = 0; i < sent.size(); ++i) {
        auto content = Json::parse(sent[i]);
        auto part = i % (kCards + 1);
        EXPECT_EQ(content["body"], part == 0 ? "root" : "card " + std::to_string(part)) << room << " " << i;
        if (part == 0)
          root = ids[i];
        else
          EXPECT_EQ(content["m.relates_to"]["event_id"], root);
      }
    }
    auto store = *store::open_store({.data_dir = folder.path});
    auto counts = *store->outbox().counts();
    EXPECT_EQ(counts[model::RowState::delivered], static_cast<std::size_t>(posts * kRooms * (kCards + 1)));
  }

  store::TemporaryFolder folder;
  fakes::FakeMatrix server;
  std::vector<std::string> rooms;
};

TEST_F(Killed, AtRandomInstantsLosesAndDoublesNothing) {
  std::mt19937 random(20260113);
  int posts = 0, killed = 0;
  enqueue_posts(folder.path, rooms, kCards, "post " + std::to_string(++posts));
  while (killed < kKills) {
    Sending one(arguments());
    std::chrono::microseconds life(std::uniform_int_distribution<int>(1000, kLongestLife * 1000)(random));
    if (one.ends(life)) {
      ASSERT_TRUE(one.finished());
      enqueue_posts(folder.path, rooms, kCards, "post " + std::to_string(++posts));
      continue;
    }
    one.kill();
    one.ends(10s);
    ++killed;
    if (killed % 2 == 0) server.restart();
  }
  live_to_the_end();
  expect_each_once_in_order(posts);
  auto store = *store::open_store({.data_dir = folder.path});
  EXPECT_GT(store->outbox().list({.unknown_only = true, .limit = 1000})->size(), 5U) << "kills hit sends in flight";
}

TEST_F(Killed, AtEveryNamedPointLosesAndDoublesNothing) {
  enqueue_posts(folder.path, rooms, kCards, "post");
  std::map<Point, int> killed;
  for (auto point : {Point::connected, Point::arrived, Point::executed, Point::answering, Point::answered})
    for (int nth = 1; nth <= 3; ++nth) {
      Sending one(arguments());
      std::atomic<int> passed = 0;
      std::atomic<bool> struck = false;
      server.at(point, [&] {
        if (++passed != nth) return;
        one.kill();
        struck = true;
      });
      EXPECT_TRUE(one.ends(60s));
      server.at(point, nullptr);
      server.restart();
      if (struck) ++killed[point];
    }
  EXPECT_EQ(killed.size(), 5U) << "every point was hit";
  live_to_the_end();
  expect_each_once_in_order(1);
}

}  // namespace
}  // namespace broadsheet::matrix
