// What only an engine with files can get wrong: locks, damage, crashes, migrations.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "bot/store/sqlite/db.hpp"
#include "bot/store/sqlite/open.hpp"
#include "bot/store/sqlite/papers.hpp"
#include "conformance.hpp"
#include "delivery_conformance.hpp"
#include "folder.hpp"

namespace broadsheet::store {
namespace {

constexpr int kRow = 100;  // SQLITE_ROW

std::string file(const TemporaryFolder& f) {
  return database_file(f.path);
}

TEST(SqliteStore, RefusesASecondOwnerButNotAReader) {
  TemporaryFolder folder;
  auto first = open_store({.data_dir = folder.path});
  ASSERT_TRUE(first) << first.error().what();
  auto second = open_store({.data_dir = folder.path});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind(), ErrorKind::busy);
  EXPECT_NE(second.error().what().find(std::to_string(getpid())), std::string::npos);
  auto reader = open_store({.data_dir = folder.path, .read_only = true});
  ASSERT_TRUE(reader) << reader.error().what();
  ASSERT_TRUE((*first)->papers().put({made_paper("2401.00001", "Sparse")}));
  EXPECT_EQ((*reader)->search().find({.query = "sparse"})->hits.size(), 1u);
  EXPECT_FALSE((*reader)->papers().put({made_paper("2401.00002", "No")}));
}

TEST(OpenStore, KnowsItsEngines) {
  TemporaryFolder folder;
  auto store = open_store({.data_dir = folder.path, .url = "mysql://ann:hunter22@db"});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind(), ErrorKind::bad_input);
  EXPECT_EQ(store.error().what().find("hunter22"), std::string::npos);
  EXPECT_EQ(restore_store("copy.db", {.data_dir = folder.path, .url = "paper"}, false).error().kind(),
            ErrorKind::bad_input);
}

TEST(SqliteStore, SaysThatAFileIsDamaged) {
  TemporaryFolder folder;
  std::ofstream(file(folder)) << std::string(8192, 'x');
  auto store = open_store({.data_dir = folder.path});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind(), ErrorKind::corrupt);
}

// Takes away what later migrations added.
void make_first_schema(const std::string& database) {
  auto db = *Db::open(database, Db::Mode::create);
  std::string drops = "PRAGMA foreign_keys=OFF;";
  {
    auto later = *db.prepare(
        "SELECT name FROM sqlite_master WHERE type='table' AND name NOT IN ('papers', 'paper_versions', "
        "'named_values') AND name NOT LIKE 'search%' AND name NOT LIKE 'sqlite%'");
    while (later.step() == kRow) drops += "DROP TABLE " + std::string(later.text(0)) + ";";
  }
  ASSERT_TRUE(db.run(drops + "PRAGMA user_version=1"));
}

TEST(SqliteStore, RefusesANewerSchemaAndMigratesAnOlder) {
  TemporaryFolder folder;
  (void)open_store({.data_dir = folder.path});
  ASSERT_TRUE(Db::open(file(folder), Db::Mode::create)->run("PRAGMA user_version=99"));
  EXPECT_EQ(open_store({.data_dir = folder.path}).error().kind(), ErrorKind::not_allowed);
  make_first_schema(file(folder));
  EXPECT_FALSE(open_store({.data_dir = folder.path, .auto_migrate = false}));
  auto store = open_store({.data_dir = folder.path});
  ASSERT_TRUE(store) << store.error().what();
  EXPECT_TRUE((*store)->listings().get(*Category::parse("cs.LG"), *parse_day("2024-01-04")));
}

// A process has ended when its folder can be had again: nobody waits for its leases.
TEST(SqliteStore, TakesOverAtOnceFromTheProcessBefore) {
  TemporaryFolder folder;
  {
    auto store = *open_store({.data_dir = folder.path});
    ASSERT_TRUE(store->outbox().enqueue("", {made_row("telegram:1", 0), made_row("telegram:1", 1)}, at_second(0)));
    auto rows = *store->outbox().claim(kAnn, 10, at_second(0), std::nullopt);
    ASSERT_EQ(store->outbox().begin(kAnn, {rows[0].id}, at_second(1))->size(), 1U);
    ASSERT_TRUE(*store->leases().take("schedule", "ann", at_second(0), std::nullopt));
  }
  auto store = *open_store({.data_dir = folder.path});
  EXPECT_TRUE(store->leases().take("schedule", "bob", at_second(2), kLease)->has_value());
  auto rows = *store->outbox().claim(kBob, 10, at_second(2), kLease);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].state, model::RowState::ambiguous);
  EXPECT_EQ(rows[1].state, model::RowState::pending);
}

// As the migration before workers left it, with a message in flight and one that waits.
TEST(SqliteStore, BringsAnOutboxWithoutWorkersAlong) {
  TemporaryFolder folder;
  {
    auto store = *open_store({.data_dir = folder.path});
    ASSERT_TRUE(store->outbox().enqueue("", {made_row("telegram:1", 0), made_row("telegram:2", 0)}, at_second(0)));
  }
  {
    auto db = *Db::open(file(folder), Db::Mode::create);
    auto undone = db.run(
        "DROP TABLE workers; DROP TABLE leases; DROP INDEX outbox_free; DROP INDEX outbox_owned; "
        "ALTER TABLE outbox DROP COLUMN owner; ALTER TABLE outbox DROP COLUMN term; "
        "CREATE INDEX outbox_open ON outbox(platform, id) WHERE ended IS NULL; "
        "UPDATE outbox SET state=1, attempt=1, t0=7000, first_t0=7000 WHERE target='telegram:1'; "
        "PRAGMA user_version=3");
    ASSERT_TRUE(undone) << undone.error().what();
  }
  auto store = *open_store({.data_dir = folder.path});
  auto rows = *store->outbox().claim(kBob, 10, at_second(2), kLease);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].state, model::RowState::ambiguous);
  EXPECT_EQ(rows[0].due.time_since_epoch().count(), 7000);
  EXPECT_EQ(rows[1].state, model::RowState::pending);
}

TEST(SqliteStore, SendsTheOtherRowsWhenOneIsDamaged) {
  TemporaryFolder folder;
  auto store = *open_store({.data_dir = folder.path});
  ASSERT_TRUE(store->outbox().enqueue(
      "", {made_row("telegram:1", 0, "a"), made_row("telegram:2", 0, "b"), made_row("telegram:3", 0, "c")},
      at_second(0)));
  auto rows = *store->outbox().claim(kAnn, 1000, at_second(0), kLease);
  auto damage = "UPDATE outbox SET content='gone' WHERE id=" + std::to_string(rows[0].id) +
                "; UPDATE outbox SET target='nonsense' WHERE id=" + std::to_string(rows[1].id);
  ASSERT_TRUE(Db::open(file(folder), Db::Mode::create)->run(damage));
  ASSERT_TRUE(store->outbox().release(kAnn));
  EXPECT_EQ(store->outbox().claim(kAnn, 1000, at_second(0), kLease)->size(), 2U);
  auto claimed = store->outbox().begin(kAnn, {rows[0].id, rows[2].id}, at_second(1));
  ASSERT_TRUE(claimed) << claimed.error().what();
  ASSERT_EQ(claimed->size(), 1U);
  EXPECT_EQ(claimed->front().message.body, "c");
  EXPECT_EQ(store->outbox().counts()->at(model::RowState::dead), 1U);
}

TEST(SqliteStore, RebuildsALostIndex) {
  TemporaryFolder folder;
  ASSERT_TRUE((*open_store({.data_dir = folder.path}))->papers().put({made_paper("2401.00001", "Sparse")}));
  ASSERT_TRUE(Db::open(file(folder), Db::Mode::create)->run("DROP TABLE search"));
  EXPECT_EQ((*open_store({.data_dir = folder.path}))->search().find({.query = "sparse"})->hits.size(), 1u);
}

TEST(SqliteStore, SurvivesKillsDuringImport) {
  TemporaryFolder folder;
  for (int round = 0; round < 6; ++round) {
    auto child = fork();
    if (child == 0) {
      auto store = open_store({.data_dir = folder.path});
      for (int i = 1; store; ++i) {
        auto id = "2401." + std::to_string(10000 + i % 80000);
        if (!(*store)->papers().put({made_paper(id, "Sparse " + std::to_string(i), i)})) _exit(1);
      }
      _exit(1);
    }
    usleep(static_cast<useconds_t>(40'000 + round * 17'000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    auto store = open_store({.data_dir = folder.path});
    ASSERT_TRUE(store) << store.error().what();
    auto sound = (*store)->upkeep().check();
    EXPECT_TRUE(sound) << sound.error().what();
  }
}

TEST(SqliteStore, BacksUpAndRestores) {
  TemporaryFolder from, to;
  auto store = *open_store({.data_dir = from.path});
  ASSERT_TRUE(store->papers().put({made_paper("2401.00001", "Sparse")}));
  auto copy = from.path + "/copy.db";
  ASSERT_TRUE(store->upkeep().backup(copy));
  EXPECT_FALSE(store->upkeep().backup(copy));
  ASSERT_TRUE(restore_store(copy, {.data_dir = to.path}, false));
  EXPECT_FALSE(restore_store(copy, {.data_dir = to.path}, false));
  EXPECT_EQ((*open_store({.data_dir = to.path}))->search().find({.query = "sparse"})->hits.size(), 1u);
}

TEST(SqliteStore, RestoresNothingButABackup) {
  TemporaryFolder folder;
  {
    ASSERT_TRUE((*open_store({.data_dir = folder.path}))->papers().put({made_paper("2401.00001", "Sparse")}));
  }
  auto foreign = folder.path + "/foreign.db";
  ASSERT_TRUE(Db::open(foreign, Db::Mode::create)->run("CREATE TABLE t(a); PRAGMA user_version=3"));
  auto newer = folder.path + "/newer.db";
  ASSERT_TRUE((*open_store({.data_dir = folder.path}))->upkeep().backup(newer));
  ASSERT_TRUE(Db::open(newer, Db::Mode::create)->run("PRAGMA user_version=99"));
  auto text = folder.path + "/notes.txt", nothing = folder.path + "/empty";
  std::ofstream(text) << std::string(5000, 'x');
  std::ofstream(nothing).flush();
  for (const auto& [name, kind] : std::vector<std::pair<std::string, ErrorKind>>{{foreign, ErrorKind::bad_input},
                                                                                 {text, ErrorKind::bad_input},
                                                                                 {nothing, ErrorKind::bad_input},
                                                                                 {folder.path, ErrorKind::bad_input},
                                                                                 {newer, ErrorKind::not_allowed},
                                                                                 {"absent", ErrorKind::not_found}}) {
    auto done = restore_store(name, {.data_dir = folder.path}, true);
    ASSERT_FALSE(done) << name;
    EXPECT_EQ(done.error().kind(), kind) << done.error().what();
    EXPECT_NE(done.error().what().find(name), std::string::npos) << done.error().what();
  }
  EXPECT_EQ((*open_store({.data_dir = folder.path}))->search().find({.query = "sparse"})->hits.size(), 1u)
      << "as it was";
}

TEST(SqliteStore, BacksUpIntoAFolderThatExists) {
  TemporaryFolder folder;
  auto store = *open_store({.data_dir = folder.path});
  auto done = store->upkeep().backup(folder.path + "/absent/copy.db");
  ASSERT_FALSE(done);
  EXPECT_NE(done.error().what().find("absent/copy.db: cannot be written"), std::string::npos) << done.error().what();
}

TEST(SqliteStore, SaysThatNothingIsStoredYet) {
  TemporaryFolder folder;
  auto absent = open_store({.data_dir = folder.path, .read_only = true});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind(), ErrorKind::not_found);
  std::ofstream(file(folder)).flush();
  EXPECT_EQ(open_store({.data_dir = folder.path, .read_only = true}).error().kind(), ErrorKind::not_found);
}

TEST(PaperKey, GrowsWithTimeAndDiffersByArchive) {
  EXPECT_LT(paper_key(*PaperId::parse("hep-th/9901001")), paper_key(*PaperId::parse("0704.0001")));
  EXPECT_LT(paper_key(*PaperId::parse("1412.9999")), paper_key(*PaperId::parse("1501.00001")));
  std::set<std::int64_t> keys;
  std::set<std::string> archives;
  for (const auto& c : all_categories())
    if (auto id = PaperId::parse(c.archive + "/9901001")) keys.insert(paper_key(*id)), archives.insert(c.archive);
  EXPECT_EQ(keys.size(), archives.size());
}

}  // namespace
}  // namespace broadsheet::store
