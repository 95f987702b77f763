// The store under hostile conditions, as a user sees them: what the program says and how it ends.
#include <gtest/gtest.h>
#include <sched.h>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/run_program.hpp"

namespace broadsheet::e2e {
namespace {

namespace fs = std::filesystem;

const std::string kSample = std::string(BROADSHEET_SOURCE) + "/config/sample/2026-01-13.jsonl";
constexpr std::chrono::seconds kGuard{60};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Filled : Folder {
  std::string database = path() + "/data/broadsheet.db";
  Filled() { EXPECT_EQ(run_program(*this, {"import", kSample}).status, 0); }
};

// One sentence, which names the remedy, and nothing on standard output.
void refuses(const Folder& folder, const std::vector<std::string>& arguments, int status, const std::string& remedy) {
  auto ran = run_program(folder, arguments);
  EXPECT_EQ(ran.status, status) << arguments[0] << ": " << ran.err;
  EXPECT_TRUE(ran.err.starts_with("broadsheet: ")) << arguments[0] << ": " << ran.err;
  EXPECT_TRUE(has(ran.err, remedy)) << arguments[0] << ": " << ran.err;
}

void overwrite(const std::string& file, std::streamoff at, std::size_t bytes) {
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(at);
  out << std::string(bytes, '\0');
}

void away_from_arxiv(const Folder& folder, std::uint16_t port) {
  std::string config = "[service]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\n[arxiv]\n";
  for (const char* key : {"feed_url", "api_url", "oai_url", "site_url"})
    config += std::string(key) + " = \"http://127.0.0.1:1\"\n";
  folder.write("broadsheet.toml", config);
}

// Runs SQL as some other program would; answers the first number.
std::int64_t sql(const std::string& database, const std::string& text) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(database.c_str(), &db), SQLITE_OK);
  std::int64_t out = 0;
  auto first = [](void* to, int, char** values, char**) {
    *static_cast<std::int64_t*>(to) = values[0] == nullptr ? 0 : std::stoll(values[0]);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, text.c_str(), first, &out, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
  return out;
}

// Asks until the page says it.
bool page_says(std::uint16_t port, const std::string& target, const std::string& text) {
  for (auto end = std::chrono::steady_clock::now() + kGuard; std::chrono::steady_clock::now() < end;) {
    if (has(get(port, target).body, text)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

TEST(Storage, ThatIsNotThereYetSaysWhatFillsIt) {
  Folder folder;
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"search", "graph"},
                                                                     {"paper", "2401.12345"},
                                                                     {"similar", "2401.12345"},
                                                                     {"export"},
                                                                     {"backup", "copy.db"},
                                                                     {"outbox", "list"},
                                                                     {"subscriptions", "list"}})
    refuses(folder, arguments, 1, "`broadsheet import FILE` or `broadsheet serve`");
  EXPECT_FALSE(fs::exists(folder.path() + "/data")) << "looking makes nothing";
}

TEST(Storage, ThatIsDamagedSaysToRestoreABackup) {
  constexpr std::size_t kPage = 4096;
  for (std::streamoff page : {0, 1, 4}) {
    Filled folder;
    overwrite(folder.database, page * static_cast<std::streamoff>(kPage), 3 * kPage);
    refuses(folder, {"import", kSample}, 1, "broadsheet restore --force FILE");
  }
  for (std::uintmax_t length : {50, 40'000}) {
    Filled folder;
    fs::resize_file(folder.database, length);
    refuses(folder, {"search", "video"}, 1, "broadsheet restore --force FILE");
    refuses(folder, {"import", kSample}, 1, "broadsheet restore --force FILE");
    refuses(folder, {"serve"}, 1, "broadsheet restore --force FILE");
  }
}

TEST(Storage, ComesBackFromABackupAfterDamage) {
  Filled folder;
  EXPECT_EQ(run_program(folder, {"backup", "copy.db"}).status, 0);
  overwrite(folder.database, 0, 20'000);
  refuses(folder, {"search", "video"}, 1, "restore");
  EXPECT_EQ(run_program(folder, {"restore", "--force", "copy.db"}).status, 0);
  EXPECT_TRUE(has(run_program(folder, {"search", "video"}).out, "TideFlow"));
}

TEST(Storage, KeepsWhatItHasWhenABackupIsNone) {
  Filled folder;
  folder.write("notes.txt", std::string(3000, 'n'));
  EXPECT_EQ(run_program(folder, {"backup", "copy.db"}).status, 0);
  refuses(folder, {"backup", "copy.db"}, 1, "Choose a new name");
  refuses(folder, {"backup", "absent/copy.db"}, 1, "absent/copy.db: cannot be written");
  refuses(folder, {"restore", "copy.db"}, 1, "Say --force");
  refuses(folder, {"restore", "--force", "notes.txt"}, 4, "notes.txt: is no backup");
  refuses(folder, {"restore", "--force", "absent.db"}, 1, "absent.db: there is no such file");
  overwrite(folder.path() + "/copy.db", 8192, 30'000);
  refuses(folder, {"restore", "--force", "copy.db"}, 1, "Use an older one");
  EXPECT_TRUE(has(run_program(folder, {"search", "video"}).out, "TideFlow"));
}

TEST(Storage, ThatAnotherProgramHoldsIsNotWaitedForLong) {
  Filled folder;
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(folder.database.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  refuses(folder, {"import", kSample}, 1, "another program is using the database");
  EXPECT_TRUE(has(run_program(folder, {"search", "video"}).out, "TideFlow")) << "reading goes on";
  sqlite3_close(other);
  EXPECT_EQ(run_program(folder, {"import", kSample}).status, 0);
}

TEST(Storage, HasOneOwnerAndManyReaders) {
  Filled folder;
  away_from_arxiv(folder, free_port());
  Child service(folder, {"serve"});
  ASSERT_TRUE(service.says("broadsheet serves", kGuard)) << service.err();
  for (const auto& arguments : std::vector<std::vector<std::string>>{
           {"import", kSample}, {"serve"}, {"migrate"}, {"restore", "--force", "broadsheet.toml"}})
    refuses(folder, arguments, 1, "Stop it first");
  refuses(folder, {"digest", "cs.CV"}, 1, "--offline");
  EXPECT_TRUE(has(run_program(folder, {"search", "video"}).out, "TideFlow"));
  EXPECT_EQ(run_program(folder, {"backup", "copy.db"}).status, 0);
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

TEST(Storage, OfAServiceThatWasKilledIsLookedThrough) {
  Filled folder;
  auto port = free_port();
  away_from_arxiv(folder, port);
  {
    Child killed(folder, {"serve"});
    ASSERT_TRUE(killed.says("broadsheet serves", kGuard)) << killed.err();
    killed.signal(SIGKILL);
    killed.wait();
  }
  auto page =
      sql(folder.database, "PRAGMA wal_checkpoint(TRUNCATE); SELECT rootpage FROM sqlite_master WHERE name='papers'");
  overwrite(folder.database, (page - 1) * 4096, 4096);
  Child service(folder, {"serve"});
  ASSERT_TRUE(service.says("broadsheet serves", kGuard)) << service.err();
  EXPECT_TRUE(page_says(port, "/readyz", "broadsheet restore --force FILE"));
  EXPECT_EQ(get(port, "/readyz").status, 503);
}

TEST(Storage, WithoutASearchIndexIsIndexedWhileItServes) {
  Filled folder;
  // Struck from the schema: its tokenizer, which a drop would ask for, is in the program.
  sql(folder.database,
      "PRAGMA writable_schema=ON; DELETE FROM sqlite_master WHERE name GLOB 'search*'; PRAGMA writable_schema=RESET; "
      "VACUUM");
  auto port = free_port();
  away_from_arxiv(folder, port);
  Child service(folder, {"serve"});
  ASSERT_TRUE(service.says("broadsheet serves", kGuard)) << service.err();
  EXPECT_TRUE(page_says(port, "/api/v1/search?q=video", "TideFlow"));
}

TEST(Storage, InAFolderThatIsNoneSaysSo) {
  Folder folder;
  folder.write("plain", "x");
  folder.write("broadsheet.toml", "[service]\ndata_dir = \"plain\"\n");
  refuses(folder, {"import", kSample}, 1, "plain: cannot be used as data folder");
}

// In a process of its own: mounts are its own too.
int on_a_full_disk(const Folder& folder) {
  constexpr int kSkipped = 77;
  auto data = folder.path() + "/data";
  fs::create_directories(data);
  if (unshare(CLONE_NEWNS) != 0 || mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return kSkipped;
  if (mount("tmpfs", data.c_str(), "tmpfs", 0, "size=1m") != 0) return kSkipped;
  std::ofstream(data + "/filler") << std::string(850'000, 'x');
  refuses(folder, {"import", kSample}, 1, "the disk is full. Free some space; nothing stored is lost.");
  fs::remove(data + "/filler");
  auto ran = run_program(folder, {"import", kSample});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "read 24")) << ran.out;
  return testing::Test::HasFailure() ? 1 : 0;
}

TEST(Storage, OnAFullDiskLosesNothingAndGoesOnWhenThereIsRoom) {
  Folder folder;
  auto child = fork();
  if (child == 0) _exit(on_a_full_disk(folder));
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "needs the right to mount a small disk";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace broadsheet::e2e
