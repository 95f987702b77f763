// kill -9 at 50 random instants against a real homeserver, which is killed and started again in between; and the pace
// under its default limits.
#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <regex>

#include "tests/live/homeserver.hpp"
#include "tests/unit/matrix/killing.hpp"

namespace broadsheet::live {
namespace {

using namespace std::chrono_literals;
using matrix::Sending;
constexpr int kCards = 20;

std::vector<std::string> bodies(const Person& reader, const std::string& room) {
  std::vector<std::string> out;
  for (const auto& event : reader.history(room))
    if (event["sender"] == "@arxivbot:mx.test" && event["type"] == "m.room.message")
      out.push_back(event["content"]["body"]);
  return out;
}

std::vector<std::string> expected(int posts, int cards) {
  std::vector<std::string> out;
  for (int post = 0; post < posts; ++post)
    for (int part = 0; part <= cards; ++part)
      out.push_back(part == 0 ? std::string("root") : "card " + std::to_string(part));
  return out;
}

// Kills a sender `kills` times; every eighth time the homeserver too. Answers how many posts were enqueued.
int strike(Homeserver& server, const std::string& folder, const std::vector<std::string>& rooms,
           const std::vector<std::string>& arguments, int kills) {
  std::mt19937 random(20260113);
  int posts = 1;
  matrix::enqueue_posts(folder, rooms, kCards, "post 1");
  for (int killed = 0; killed < kills;) {
    Sending one(arguments);
    std::chrono::microseconds life(std::uniform_int_distribution<int>(5'000, 500'000)(random));
    if (one.ends(life)) {
      EXPECT_TRUE(one.finished());
      matrix::enqueue_posts(folder, rooms, kCards, "post " + std::to_string(++posts));
      continue;
    }
    one.kill();
    one.ends(10s);
    if (++killed % 8 != 0) continue;
    server.kill();
    server.start();
  }
  Sending last(arguments);
  EXPECT_TRUE(last.ends(60s));
  EXPECT_TRUE(last.finished());
  return posts;
}

struct MatrixKill : testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Ways, MatrixKill, testing::Values("sync", "appservice"),
                         [](const auto& one) { return std::string(one.param); });

TEST_P(MatrixKill, AtRandomInstantsLosesAndDoublesNothing) {
  if (!Homeserver::available()) GTEST_SKIP() << "no homeserver here; tests/live/run installs one";
  bool account = GetParam() == std::string("sync");
  Homeserver server({.push_port = e2e::free_port()});
  Person alice(server, "alice");
  std::string token = kAsToken, who = "@arxivbot:mx.test";
  if (account) {
    token = server.account("arxivbot2", "pw");
    who = "@arxivbot2:mx.test";
  }
  Json register_it{{"type", "m.login.application_service"}, {"username", "arxivbot"}, {"inhibit_login", true}};
  if (!account) exchange(server.port(), {"POST", "/_matrix/client/v3/register", kAsToken, register_it, {}});
  std::vector<std::string> rooms;
  for (int i = 0; i < 3; ++i) {
    rooms.push_back(alice.create_room({{"preset", "public_chat"}}));
    auto path = "/_matrix/client/v3/join/" + part(rooms.back()) + (account ? "" : "?user_id=" + part(who));
    ASSERT_EQ(exchange(server.port(), {"POST", path, token, Json::object(), {}}).status, 200);
  }
  store::TemporaryFolder folder;
  std::vector<std::string> arguments{folder.path, server.base(), who, token, GetParam(), account ? "150" : "10"};
  auto posts = strike(server, folder.path, rooms, arguments, 25);
  auto whole = expected(posts, kCards);
  for (const auto& room : rooms) {
    std::vector<std::string> seen;
    for (const auto& event : alice.history(room))
      if (event["sender"] == who && event["type"] == "m.room.message") seen.push_back(event["content"]["body"]);
    EXPECT_EQ(seen, whole) << room;
  }
  auto store = *store::open_store({.data_dir = folder.path});
  auto unknown = store->outbox().list({.unknown_only = true, .limit = 1000})->size();
  EXPECT_GT(unknown, 3U) << "kills hit sends in flight";
  std::cout << GetParam() << ": 25 kills, 3 of the homeserver; " << posts * 3 * (kCards + 1) << " messages, " << unknown
            << " of them in doubt for a while\n";
}

TEST(MatrixLimits, ARootAndThirtyCardsEndInTimeWithoutARefusal) {
  if (!Homeserver::available()) GTEST_SKIP() << "no homeserver here; tests/live/run installs one";
  Homeserver server({.limits = true});
  Person alice(server, "alice");
  auto token = server.account("arxivbot", "pw");
  auto room = alice.create_room({{"preset", "public_chat"}});
  ASSERT_EQ(
      exchange(server.port(), {"POST", "/_matrix/client/v3/join/" + part(room), token, Json::object(), {}}).status,
      200);
  std::this_thread::sleep_for(6s);  // joining was an event, too
  store::TemporaryFolder folder;
  matrix::enqueue_posts(folder.path, {room}, 30, "post");
  Sending one({folder.path, server.base(), "@arxivbot:mx.test", token, "sync", "1"});
  EXPECT_TRUE(one.ends(180s));
  EXPECT_TRUE(one.finished());
  auto history = alice.history(room);
  double took =
      (history.back()["origin_server_ts"].get<double>() - history.front()["origin_server_ts"].get<double>()) / 1000;
  EXPECT_EQ(bodies(alice, room), expected(1, 30));
  constexpr double kLeast = 21 * 5;  // ten at once, then one in five seconds (contracts: Matrix 8)
  EXPECT_LE(took, kLeast * 1.05);
  auto log = server.log();
  std::regex refused(" 429 \"PUT ");
  auto count = std::distance(std::sregex_iterator(log.begin(), log.end(), refused), std::sregex_iterator());
  EXPECT_EQ(count, 0);
  std::regex sent(" 200 \"PUT [^\"]*/send/m.room.message");
  EXPECT_EQ(std::distance(std::sregex_iterator(log.begin(), log.end(), sent), std::sregex_iterator()), 31);
  std::cout << "a root and 30 cards in " << took << " s (least: " << kLeast << "), refused " << count << "\n";
}

}  // namespace
}  // namespace broadsheet::live
