// Disks that are full or closed, files that were cut or scribbled over (reliability F35 to F39).
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <stop_token>

#include "bot/store/sqlite/db.hpp"
#include "bot/store/sqlite/open.hpp"
#include "conformance.hpp"
#include "folder.hpp"

namespace broadsheet::store {
namespace {

constexpr int kSkipped = 77;

// Runs `work` in a process of its own, whose limits, rights and mounts are its own too.
int in_child(const std::function<int()>& work) {
  auto child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Paper numbered(int n) {
  return made_paper("2501." + std::to_string(10000 + n), "Kelp forest " + std::to_string(n));
}

// Fills until the store refuses; the number of papers that it said it had stored, or nothing if the answer was wrong.
std::optional<int> filled(Store& store, ErrorKind wanted) {
  for (int n = 0; n < 20'000; ++n) {
    auto put = store.papers().put({numbered(n)});
    if (put) continue;
    if (put.error().kind() != wanted || put.error().what().size() < 20) return std::nullopt;
    return n;
  }
  return std::nullopt;
}

bool has_first(Store& store, int papers) {
  for (int n = 0; n < papers; ++n)
    if (auto p = store.papers().get(numbered(n).id); !p || !*p) return false;
  return store.upkeep().check().has_value();
}

TEST(FullDisk, IsToldAndHealsWhenSpaceReturns) {
  TemporaryFolder folder;
  int code = in_child([&folder] {
    if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return kSkipped;
    if (mount("tmpfs", folder.path.c_str(), "tmpfs", 0, "size=3m") != 0) return kSkipped;
    auto filler = folder.path + "/filler";
    std::ofstream(filler) << std::string(1'500'000, 'x');
    auto store = open_store({.data_dir = folder.path});
    if (!store) return 1;
    auto stored = filled(**store, ErrorKind::no_space);
    if (!stored || *stored == 0) return 2;
    if (!(*store)->papers().get(numbered(0).id)) return 3;
    std::filesystem::remove(filler);
    if (!(*store)->papers().put({numbered(*stored)})) return 4;
    if (!has_first(**store, *stored + 1)) return 5;
    store->reset();
    auto again = open_store({.data_dir = folder.path});
    return again && has_first(**again, *stored + 1) ? 0 : 6;
  });
  if (code == kSkipped) GTEST_SKIP() << "needs the right to mount a small disk";
  EXPECT_EQ(code, 0);
}

TEST(FullDisk, OfAFileSizeLimitLosesNothingAcknowledged) {
  TemporaryFolder folder;
  int code = in_child([&folder] {
    auto store = open_store({.data_dir = folder.path});
    if (!store) return 1;
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit{1'000'000, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto stored = filled(**store, ErrorKind::unavailable);
    if (!stored || *stored == 0) return 2;
    limit.rlim_cur = RLIM_INFINITY;
    setrlimit(RLIMIT_FSIZE, &limit);
    return has_first(**store, *stored) && (*store)->papers().put({numbered(*stored)}) ? 0 : 3;
  });
  EXPECT_EQ(code, 0);
}

TEST(ClosedFolder, IsRefusedWithItsRemedy) {
  TemporaryFolder folder;
  ASSERT_TRUE(open_store({.data_dir = folder.path}));
  chmod(folder.path.c_str(), 0555);
  int code = in_child([&folder] {
    constexpr uid_t kNobody = 65534;
    if (geteuid() == 0 && setuid(kNobody) != 0) return kSkipped;
    auto store = open_store({.data_dir = folder.path});
    if (store) return 1;
    if (store.error().kind() != ErrorKind::not_allowed) return 2;
    return store.error().what().find("Check") == std::string::npos ? 3 : 0;
  });
  chmod(folder.path.c_str(), 0755);
  if (code == kSkipped) GTEST_SKIP() << "root here, and cannot become anybody else";
  EXPECT_EQ(code, 0);
}

// Overwrites the first page of a table's tree.
void scribble(const std::string& file, const std::string& table) {
  std::int64_t page = 0;
  std::int64_t size = 0;
  {
    auto db = *Db::open(file, Db::Mode::create);
    ASSERT_TRUE(db.run("PRAGMA wal_checkpoint(TRUNCATE)"));
    page = *db.number("SELECT rootpage FROM sqlite_master WHERE name='" + table + "'");
    size = *db.number("PRAGMA page_size");
  }
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp((page - 1) * size);
  out << std::string(static_cast<std::size_t>(size), '\xA5');
}

struct Filled {
  TemporaryFolder folder;
  std::string file = database_file(folder.path);
  static constexpr int kPapers = 300;
  Filled() {
    auto store = *open_store({.data_dir = folder.path});
    std::vector<Paper> papers;
    for (int n = 0; n < kPapers; ++n) papers.push_back(numbered(n));
    EXPECT_TRUE(store->papers().put(papers));
  }
};

TEST(DamagedPage, OfPapersIsFoundAndSaysWhatToDo) {
  Filled filled;
  scribble(filled.file, "papers");
  {
    auto store = open_store({.data_dir = filled.folder.path, .repair_later = true});
    ASSERT_TRUE(store) << store.error().what();
    auto sound = (*store)->upkeep().check_quick({});
    ASSERT_FALSE(sound);
    EXPECT_EQ(sound.error().kind(), ErrorKind::corrupt);
    EXPECT_NE(sound.error().what().find("broadsheet restore"), std::string::npos) << sound.error().what();
    auto paper = (*store)->papers().get(numbered(1).id);
    ASSERT_FALSE(paper) << "a wrong answer";
    EXPECT_EQ(paper.error().kind(), ErrorKind::corrupt);
  }
  auto again = open_store({.data_dir = filled.folder.path, .repair_later = true});
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->upkeep().suspect()) << "a damaged store must be looked at again";
}

TEST(DamagedPage, OfTheIndexIsMendedByItself) {
  for (const char* table : {"search_data", "search_idx", "search_config"}) {
    Filled filled;
    scribble(filled.file, table);
    auto store = open_store({.data_dir = filled.folder.path, .repair_later = true});
    ASSERT_TRUE(store) << table << ": " << store.error().what();
    auto sound = (*store)->upkeep().check_quick({});
    ASSERT_TRUE(sound) << table << ": " << sound.error().what();
    for (auto state = (*store)->upkeep().step(); state && !state->finished;) state = (*store)->upkeep().step();
    auto answer = (*store)->search().find({.query = "kelp", .limit = 1000});
    ASSERT_TRUE(answer) << table << ": " << answer.error().what();
    EXPECT_EQ(answer->hits.size(), std::size_t{Filled::kPapers}) << table;
    auto whole = (*store)->upkeep().check();
    EXPECT_TRUE(whole) << table << ": " << whole.error().what();
  }
}

TEST(DamagedPage, OfTheIndexDoesNotStopAnImport) {
  for (const char* table : {"search_data", "search_idx"}) {
    Filled filled;
    scribble(filled.file, table);
    auto store = open_store({.data_dir = filled.folder.path, .repair_later = true});
    ASSERT_TRUE(store) << store.error().what();
    std::vector<Paper> more;
    for (int n = 0; n < 50; ++n) more.push_back(numbered(Filled::kPapers + n));
    auto put = (*store)->papers().put(more);
    ASSERT_TRUE(put) << table << ": " << put.error().what();
    EXPECT_EQ(put->added, more.size());
    for (auto state = (*store)->upkeep().step(); state && !state->finished;) state = (*store)->upkeep().step();
    EXPECT_EQ((*store)->search().find({.query = "kelp", .limit = 1000})->hits.size(), Filled::kPapers + more.size())
        << table;
  }
}

TEST(DamagedPage, OfPapersStopsAnImport) {
  Filled filled;
  scribble(filled.file, "papers");
  auto store = open_store({.data_dir = filled.folder.path, .repair_later = true});
  ASSERT_TRUE(store) << store.error().what();
  auto put = (*store)->papers().put({numbered(Filled::kPapers)});
  ASSERT_FALSE(put);
  EXPECT_NE(put.error().what().find("broadsheet restore"), std::string::npos) << put.error().what();
}

TEST(DamagedPage, LookingForItCanBeStopped) {
  Filled filled;
  scribble(filled.file, "papers");
  auto store = *open_store({.data_dir = filled.folder.path, .repair_later = true});
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(store->upkeep().check_quick(stop.get_token()));
}

TEST(StaleIndex, IsBuiltAnewAfterTheCheck) {
  Filled filled;
  ASSERT_TRUE(
      Db::open(filled.file, Db::Mode::create)
          ->run("INSERT INTO search(search, rowid, title, authors_text, abstract, facets) SELECT 'delete', key, title, "
                "char(1) || authors_text, abstract, '' FROM papers LIMIT 100"));
  auto store = *open_store({.data_dir = filled.folder.path, .repair_later = true});
  ASSERT_TRUE(store->upkeep().check_quick({}));
  for (auto state = store->upkeep().step(); state && !state->finished;) state = store->upkeep().step();
  EXPECT_EQ(store->search().find({.query = "kelp", .limit = 1000})->hits.size(), std::size_t{Filled::kPapers});
}

// A store as a crash leaves it: database and log, no -shm; `papers` transactions in the log.
struct Crashed {
  TemporaryFolder folder;
  std::string log;
  static constexpr int kPapers = 40;
  Crashed() {
    TemporaryFolder live;
    auto store = *open_store({.data_dir = live.path});
    for (int n = 0; n < kPapers; ++n) EXPECT_TRUE(store->papers().put({numbered(n)}));
    std::filesystem::copy(database_file(live.path), database_file(folder.path));
    std::ifstream in(database_file(live.path) + "-wal", std::ios::binary);
    log.assign(std::istreambuf_iterator<char>(in), {});
  }
  // Opens the store with this log beside it; how many papers are there, which must be the first so many.
  int papers_with(const std::string& wal) const {
    TemporaryFolder copy;
    std::filesystem::copy(database_file(folder.path), database_file(copy.path));
    std::ofstream(database_file(copy.path) + "-wal", std::ios::binary) << wal;
    auto store = open_store({.data_dir = copy.path});
    if (!store) return -1;
    auto n = static_cast<int>((*store)->papers().count().value());
    return has_first(**store, n) ? n : -2;
  }
};

TEST(CutLog, GivesTheLastWholeTransaction) {
  Crashed crashed;
  ASSERT_EQ(crashed.papers_with(crashed.log), Crashed::kPapers) << "without -shm nothing is lost";
  std::uint64_t random = 42;
  for (int i = 0; i < 25; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    auto length = static_cast<std::size_t>((random >> 33) % crashed.log.size());
    auto n = crashed.papers_with(crashed.log.substr(0, length));
    EXPECT_GE(n, 0) << "cut at " << length;
    EXPECT_LE(n, Crashed::kPapers);
  }
}

TEST(CutLog, WithAFlippedBitGivesTheLastSoundTransaction) {
  Crashed crashed;
  std::uint64_t random = 7;
  for (int i = 0; i < 25; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    auto flipped = crashed.log;
    flipped[static_cast<std::size_t>((random >> 33) % flipped.size())] ^= 0x10;
    EXPECT_GE(crashed.papers_with(flipped), 0);
  }
}

}  // namespace
}  // namespace broadsheet::store
