// A store that moves to the other engine and back.
#include "bot/store/transfer.hpp"

#include "../conformance.hpp"
#include "../delivery_conformance.hpp"
#include "../folder.hpp"
#include "server.hpp"

namespace broadsheet::store {
namespace {

const auto kQuiet = [](const std::string&, std::size_t) {};

void fill(Store& store) {
  std::vector<Paper> papers;
  for (int n = 0; n < 1200; ++n) papers.push_back(made_paper("2502." + std::to_string(10000 + n), "Kelp forest"));
  papers.push_back(made_paper("2502.10003", "Kelp \"quoted\" {braces}, \\ and 日本語", 2));
  ASSERT_TRUE(store.papers().put(papers));
  ASSERT_TRUE(store.values().put("session", std::string("\0\xff'bytes", 8)));
  ASSERT_TRUE(store.listings().put({.category = *Category::parse("cs.LG"), .day = *parse_day("2024-01-04")}));
  ASSERT_TRUE(*store.outbox().enqueue("slot", {made_row("telegram:1", 0), made_row("telegram:1", 1)}, at_second(0)));
  auto rows = *store.outbox().claim(kAnn, 10, at_second(1), std::nullopt);
  ASSERT_EQ(store.outbox().begin(kAnn, {rows.front().id}, at_second(2))->size(), 1U);
  ASSERT_TRUE(store.outbox().switch_target(*model::Target::parse("telegram:2"), false, "gone"));
  ASSERT_TRUE(store.outbox().hold("chat:1", at_second(300)));
  ASSERT_TRUE(*store.inbox().accept("telegram", "17", "{}", at_second(0), at_second(100)));
  model::Subscription subscription;
  subscription.id = "a";
  subscription.target = *model::Target::parse("telegram:1");
  ASSERT_TRUE(store.subscriptions().put(subscription));
  ASSERT_TRUE(store.subscriptions().cover("a", *parse_day("2026-01-13")));
  ASSERT_TRUE(
      store.subscriptions().put_slot({"a", "2026-01-13", *parse_day("2026-01-13"), "posted", "", at_second(0)}));
}

void expect_filled(Store& store) {
  EXPECT_EQ(*store.papers().count(), 1200U);
  EXPECT_EQ((**store.papers().get(*PaperId::parse("2502.10003"))).title, "Kelp \"quoted\" {braces}, \\ and 日本語");
  EXPECT_EQ(store.papers().versions(*PaperId::parse("2502.10003"))->size(), 2U);
  EXPECT_EQ(**store.values().get("session"), std::string("\0\xff'bytes", 8));
  EXPECT_TRUE(store.listings().get(*Category::parse("cs.LG"), *parse_day("2024-01-04"))->has_value());
  EXPECT_FALSE(*store.outbox().enqueue("slot", {}, at_second(9))) << "what was filled stays so";
  EXPECT_EQ(store.outbox().targets_off()->size(), 1U);
  EXPECT_EQ(store.outbox().holds(at_second(0))->size(), 1U);
  EXPECT_EQ(store.inbox().waiting()->size(), 1U);
  EXPECT_EQ(store.subscriptions().all()->size(), 1U);
  EXPECT_EQ(store.subscriptions().covered()->size(), 1U);
  EXPECT_EQ(store.subscriptions().slots("a", Day())->size(), 1U);
}

TEST(Transfer, BringsEverythingThereAndBack) {
  TemporaryFolder first, index, last;
  OpenOptions sqlite{.data_dir = first.path}, back{.data_dir = last.path};
  OpenOptions server{.data_dir = index.path, .url = TestServer::instance()->new_database()};
  fill(**open_store(sqlite));
  std::map<std::string, std::size_t> told;
  auto moved = transfer_store(sqlite, server, [&told](const std::string& table, std::size_t n) { told[table] = n; });
  ASSERT_TRUE(moved) << moved.error().what();
  EXPECT_EQ(told["papers"], 1200U);
  EXPECT_EQ(told["paper_versions"], 1U);
  EXPECT_EQ(told["outbox"], 2U);
  {
    auto store = *open_store(server);
    expect_filled(*store);
    EXPECT_EQ(store->search().find({.query = "kelp"})->hits.size(), 10U);
  }
  auto returned = transfer_store(server, back, kQuiet);
  ASSERT_TRUE(returned) << returned.error().what();
  auto store = *open_store(back);
  expect_filled(*store);
  // What was in flight is doubted, and new rows come after those that moved.
  auto rows = *store->outbox().claim(kBob, 10, at_second(100), kLease);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.front().state, model::RowState::ambiguous);
  ASSERT_TRUE(*store->outbox().enqueue("", {made_row("telegram:9", 0)}, at_second(101)));
  EXPECT_GT(open_rows(store->outbox()).back().id, rows.back().id);
}

TEST(Transfer, GoesOnAfterAnInterruption) {
  TemporaryFolder first, index;
  OpenOptions sqlite{.data_dir = first.path};
  OpenOptions server{.data_dir = index.path, .url = TestServer::instance()->new_database()};
  fill(**open_store(sqlite));
  EXPECT_THROW((void)transfer_store(sqlite, server,
                                    [](const std::string& table, std::size_t) {
                                      if (table == "contents") throw std::runtime_error("power went");
                                    }),
               std::runtime_error);
  auto moved = transfer_store(sqlite, server, kQuiet);
  ASSERT_TRUE(moved) << moved.error().what();
  expect_filled(**open_store(server));
}

TEST(Transfer, LeavesAStoreThatIsInUseAlone) {
  TemporaryFolder first, index, other;
  OpenOptions sqlite{.data_dir = first.path}, mine{.data_dir = other.path};
  OpenOptions server{.data_dir = index.path, .url = TestServer::instance()->new_database()};
  fill(**open_store(sqlite));
  ASSERT_TRUE((*open_store(server))->papers().put({made_paper("2401.00001", "Mine")}));
  EXPECT_EQ(transfer_store(sqlite, server, kQuiet).error().kind(), ErrorKind::not_allowed);
  EXPECT_EQ(transfer_store(sqlite, mine, kQuiet).error().kind(), ErrorKind::not_allowed);
}

}  // namespace
}  // namespace broadsheet::store
