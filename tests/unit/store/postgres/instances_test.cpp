// Several processes, each with a store of its own, on one server.
#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

#include "../conformance.hpp"
#include "../delivery_conformance.hpp"
#include "../folder.hpp"
#include "bot/store/postgres/link.hpp"
#include "server.hpp"

namespace broadsheet::store {
namespace {

struct Instance {
  TemporaryFolder folder;
  std::unique_ptr<Store> store;
  explicit Instance(const std::string& url, bool repair_later = false) {
    auto opened = open_store({.data_dir = folder.path, .repair_later = repair_later, .url = url});
    EXPECT_TRUE(opened) << opened.error().what();
    if (opened) store = *std::move(opened);
  }
  std::vector<std::string> found(const std::string& query) const {
    std::vector<std::string> out;
    auto answer = store->search().find({.query = query});
    EXPECT_TRUE(answer) << answer.error().what();
    for (const auto& hit : answer->hits) out.push_back(hit.paper.id.str());
    return out;
  }
};

void run_sql(const std::string& url, const std::string& sql) {
  auto done = (*postgres::Link::open(url))->run(sql);
  ASSERT_TRUE(done) << done.error().what();
}

TEST(Instances, FindWhatAnotherOneStored) {
  auto url = TestServer::instance()->new_database();
  Instance one(url), two(url);
  ASSERT_TRUE(one.store->papers().put({made_paper("2401.00001", "Sparse Attention")}));
  auto before = two.store->papers().revision();
  EXPECT_EQ(two.found("sparse").size(), 1U);
  EXPECT_NE(two.store->papers().revision(), before) << "what was made from papers is out of date";
  ASSERT_TRUE(two.store->papers().put({made_paper("2401.00001", "Dense Attention", 2)}));
  EXPECT_TRUE(one.found("sparse").empty());
  EXPECT_EQ(one.found("dense").size(), 1U);
  EXPECT_EQ(one.store->papers().versions(*PaperId::parse("2401.00001"))->size(), 2U);
}

TEST(Instances, KeepTheirIndexOverARestartAndShareAFolder) {
  auto url = TestServer::instance()->new_database();
  TemporaryFolder folder;
  OpenOptions options{.data_dir = folder.path, .url = url};
  {
    auto store = *open_store(options);
    ASSERT_TRUE(store->papers().put({made_paper("2401.00001", "Sparse Attention")}));
    EXPECT_EQ(store->search().find({.query = "sparse"})->hits.size(), 1U);
  }
  auto store = *open_store(options);
  ASSERT_TRUE(store->papers().put({made_paper("2401.00002", "Sparse Retrieval")}));
  EXPECT_EQ(store->search().find({.query = "sparse"})->hits.size(), 2U);
  auto beside = *open_store(options);
  EXPECT_EQ(beside->search().find({.query = "sparse"})->hits.size(), 2U) << "reads what the other one follows";
}

TEST(Instances, BeginTheIndexAnewOnAnotherHistory) {
  auto url = TestServer::instance()->new_database();
  Instance one(url);
  ASSERT_TRUE(one.store->papers().put({made_paper("2401.00001", "Sparse Attention")}));
  EXPECT_EQ(one.found("sparse").size(), 1U);
  one.store.reset();
  run_sql(url, "UPDATE paper_changes SET history='restored', last=1");
  run_sql(url, "UPDATE papers SET id='2401.00002', key=202401000002000000, change=1");
  auto store = *open_store({.data_dir = one.folder.path, .url = url});
  auto answer = store->search().find({.query = "sparse"});
  ASSERT_EQ(answer->hits.size(), 1U);
  EXPECT_EQ(answer->hits.front().paper.id.str(), "2401.00002");
}

TEST(Instances, SayWhenTheirIndexIsBehind) {
  auto url = TestServer::instance()->new_database();
  Instance one(url);
  std::vector<Paper> papers;
  for (int n = 0; n < 2500; ++n) papers.push_back(made_paper("2502." + std::to_string(10000 + n), "Kelp"));
  ASSERT_TRUE(one.store->papers().put(papers));
  Instance two(url, true);
  auto answer = two.store->search().find({.query = "kelp", .limit = 3000});
  EXPECT_FALSE(answer->complete);
  EXPECT_NE(answer->note.find("1000 of 2500"), std::string::npos) << answer->note;
  for (int i = 0; i < 1000 && !two.store->upkeep().step()->finished; ++i) {
  }
  EXPECT_TRUE(two.store->search().find({.query = "kelp attention"})->complete);
}

// A thousand rounds of two that race (design: reliability F70): one build, one row.
TEST(Instances, FillASlotOnce) {
  auto url = TestServer::instance()->new_database();
  Instance one(url), two(url);
  constexpr int kRounds = 1000;
  std::atomic<int> won = 0;
  auto race = [&won](Store& store) {
    for (int round = 0; round < kRounds; ++round) {
      auto filled = store.outbox().enqueue(model::SlotName("slot/" + std::to_string(round)),
                                           {made_row("telegram:" + std::to_string(1 + round), 0)}, at_second(0));
      ASSERT_TRUE(filled) << filled.error().what();
      if (*filled) ++won;
    }
  };
  std::jthread other([&] { race(*two.store); });
  race(*one.store);
  other.join();
  EXPECT_EQ(won, kRounds);
  EXPECT_EQ(one.store->outbox().counts()->at(model::RowState::pending), static_cast<std::size_t>(kRounds));
}

TEST(Instances, ClaimEachRowOnce) {
  auto url = TestServer::instance()->new_database();
  Instance one(url), two(url);
  constexpr int kRows = 2000;
  std::vector<model::NewRow> rows;
  for (int n = 0; n < kRows; ++n) rows.push_back(made_row("telegram:" + std::to_string(1 + n % 500), n));
  ASSERT_TRUE(*one.store->outbox().enqueue("", rows, at_second(0)));
  std::mutex mutex;
  std::vector<std::int64_t> all;
  auto work = [&](Store& store, const std::string& name) {
    Worker worker{kTelegram, name};
    for (int idle = 0; idle < 50;) {
      auto mine = store.outbox().claim(worker, 37, at_second(0), kLease);
      ASSERT_TRUE(mine) << mine.error().what();
      idle = mine->empty() ? idle + 1 : 0;
      for (auto& row : *mine) row.state = model::RowState::delivered;
      EXPECT_TRUE(store.outbox().mark(worker, *mine, at_second(1))->empty());
      std::lock_guard guard(mutex);
      for (const auto& row : *mine) all.push_back(row.id);
    }
  };
  std::vector<std::jthread> threads;
  for (const char* name : {"a", "b", "c", "d"})
    threads.emplace_back([&, name] { work(*name < 'c' ? *one.store : *two.store, name); });
  threads.clear();
  std::ranges::sort(all);
  EXPECT_EQ(all.size(), std::size_t{kRows});
  EXPECT_TRUE(std::ranges::adjacent_find(all) == all.end()) << "nothing twice";
}

TEST(Instances, NumberSubscriptionsOfOnePlaceApart) {
  auto url = TestServer::instance()->new_database();
  Instance one(url), two(url);
  auto add = [](Store& store, const std::string& prefix) {
    for (int n = 0; n < 50; ++n) {
      model::Subscription subscription;
      subscription.id = model::SubscriptionId(prefix + std::to_string(n));
      subscription.target = *model::Target::parse("telegram:1");
      auto put = store.subscriptions().put(subscription);
      ASSERT_TRUE(put) << put.error().what();
    }
  };
  std::jthread other([&] { add(*two.store, "two"); });
  add(*one.store, "one");
  other.join();
  auto all = *one.store->subscriptions().all();
  ASSERT_EQ(all.size(), 100U);
  EXPECT_EQ(all.back().number, 100);
}

TEST(Instances, MigrateOnceWhenAllStartTogether) {
  auto url = TestServer::instance()->new_database();
  std::atomic<int> opened = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i)
      threads.emplace_back([&] {
        TemporaryFolder folder;
        auto store = open_store({.data_dir = folder.path, .url = url});
        EXPECT_TRUE(store) << store.error().what();
        if (store) ++opened;
      });
  }
  EXPECT_EQ(opened, 6);
}

TEST(Schema, OfANewerProgramIsRefused) {
  auto url = TestServer::instance()->new_database();
  Instance one(url);
  run_sql(url, "UPDATE broadsheet_schema SET version=99");
  auto store = open_store({.data_dir = one.folder.path, .url = url});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind(), ErrorKind::not_allowed);
  EXPECT_NE(store.error().what().find("newer broadsheet"), std::string::npos);
}

TEST(Schema, IsNotMadeByWhoOnlyReads) {
  auto url = TestServer::instance()->new_database();
  TemporaryFolder folder;
  auto store = open_store({.data_dir = folder.path, .read_only = true, .url = url});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind(), ErrorKind::not_found);
}

TEST(Schema, NeedsUtf8) {
  auto url = TestServer::instance()->new_database("ENCODING 'LATIN1' TEMPLATE template0");
  TemporaryFolder folder;
  auto store = open_store({.data_dir = folder.path, .url = url});
  ASSERT_FALSE(store);
  EXPECT_NE(store.error().what().find("LATIN1"), std::string::npos) << store.error().what();
}

TEST(Connection, IsMadeAgainAfterTheServerWentAway) {
  auto* server = TestServer::instance();
  auto url = server->new_database();
  Instance one(url);
  ASSERT_TRUE(one.store->papers().put({made_paper("2401.00001", "Sparse Attention")}));
  EXPECT_EQ(one.found("sparse").size(), 1U);
  server->stop();
  auto away = one.store->values().get("x");
  ASSERT_FALSE(away);
  EXPECT_EQ(away.error().kind(), ErrorKind::unavailable);
  auto answer = one.store->search().find({.query = "sparse"});
  ASSERT_TRUE(answer) << answer.error().what();
  EXPECT_EQ(answer->hits.size(), 1U) << "what is here can be searched";
  EXPECT_NE(answer->note.find("cannot be reached"), std::string::npos) << answer->note;
  ASSERT_TRUE(server->start());
  auto put = one.store->papers().put({made_paper("2401.00002", "Sparse Retrieval")});
  ASSERT_TRUE(put) << put.error().what();
  EXPECT_EQ(one.found("sparse").size(), 2U);
}

// Connections are cut at any moment while two write: every answer is the truth (design: postgres 12).
TEST(Connection, MayBreakAtAnyMoment) {
  auto url = TestServer::instance()->new_database();
  Instance one(url), two(url);
  std::atomic<int> begun = 0;  // pieces of work; negative: no more
  std::jthread cutter([&] {
    auto link = *postgres::Link::open(url);
    for (int seen = 0; seen >= 0; seen = begun) {
      begun.wait(seen);
      (void)link->run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname=current_database() AND "
          "pid<>pg_backend_pid()");
    }
  });
  constexpr int kRows = 60;
  int fresh = 0;
  auto until_done = [&](const std::function<Result<bool>()>& work) {
    ++begun;
    begun.notify_all();
    auto done = work();
    while (!done) done = work();
    return *done;
  };
  auto& store = *one.store;
  for (int n = 0; n < kRows; ++n) {
    if (until_done(
            [&] { return store.inbox().accept("telegram", std::to_string(n), "{}", at_second(n), at_second(1000)); }))
      ++fresh;
    until_done([&] {
      return store.outbox().enqueue(model::SlotName("s" + std::to_string(n)),
                                    {made_row("telegram:" + std::to_string(1 + n), 0)}, at_second(n));
    });
  }
  begun = -1;
  begun.notify_all();
  cutter.join();
  EXPECT_EQ(fresh, kRows);
  EXPECT_EQ(two.store->inbox().waiting()->size(), std::size_t{kRows});
  EXPECT_EQ(two.store->outbox().counts()->at(model::RowState::pending), std::size_t{kRows});
}

TEST(Connection, NeverNamesAPassword) {
  TemporaryFolder folder;
  for (const char* url : {"postgresql://ann:hunter22@127.0.0.1:1/x", "postgresql://ann:hunter22@[::1/x",
                          "postgresql://ann:hunter22@h:x/", "postgresql://ann:hunter22@127.0.0.1:1/x?nonsense=1"}) {
    auto store = open_store({.data_dir = folder.path, .url = url});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().what().find("hunter22"), std::string::npos) << store.error().what();
  }
}

}  // namespace
}  // namespace broadsheet::store
