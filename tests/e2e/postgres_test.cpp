// The program on PostgreSQL: the same answers as on SQLite, and several instances on one server of which any may die.
#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <thread>

#include "bot/base/hash.hpp"
#include "bot/store/store.hpp"
#include "tests/e2e/run_program.hpp"
#include "tests/unit/store/postgres/server.hpp"

namespace broadsheet::e2e {
namespace {

using namespace std::chrono_literals;
using store::TestServer;

const std::string kSample = std::string(BROADSHEET_SOURCE) + "/config/sample/2026-01-13.jsonl";

class NeedsServer final : public testing::Environment {
  void SetUp() override {
    if (TestServer::instance() == nullptr) GTEST_SKIP() << "no PostgreSQL server";
  }
};
const auto* const kNeedsServer = testing::AddGlobalTestEnvironment(new NeedsServer);

bool becomes(const std::function<bool()>& what, std::chrono::seconds guard = 60s) {
  for (auto end = std::chrono::steady_clock::now() + guard; std::chrono::steady_clock::now() < end;) {
    if (what()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return what();
}

// A folder with a configuration that asks nobody outside.
struct Place : Folder {
  std::uint16_t port = free_port();
  explicit Place(const std::string& url) {
    std::string config =
        "[service]\nlisten = \"127.0.0.1:" + std::to_string(port) + "\"\n[storage]\nurl = \"" + url + "\"\n[arxiv]\n";
    for (const char* key : {"feed_url", "api_url", "oai_url", "site_url"})
      config += std::string(key) + " = \"http://127.0.0.1:1\"\n";
    write("broadsheet.toml", config);
  }
  std::vector<std::string> serve() const { return {"--log-level", "info", "serve"}; }
};

std::string output_of(const Folder& folder, const std::vector<std::string>& arguments) {
  auto ran = run_program(folder, arguments);
  EXPECT_EQ(ran.status, 0) << arguments[0] << ": " << ran.err;
  return ran.out;
}

TEST(CommandLine, AnswersTheSameOnBothEngines) {
  Place postgres(TestServer::instance()->new_database()), sqlite("sqlite");
  const std::vector<std::vector<std::string>> commands{
      {"import", kSample},
      {"search", "graph"},
      {"search", "cat:cs.CV", "--limit", "5"},
      {"export", "--date", "2026-01-13"},
      {"digest", "--source", kSample, "--date", "2026-01-13", "--category", "cs.CV", "--format", "json"}};
  for (const auto& command : commands) {
    auto given = run_program(postgres, command), known = run_program(sqlite, command);
    EXPECT_EQ(given.status, known.status) << command[0] << ": " << given.err;
    EXPECT_EQ(given.out, known.out) << command[0];
  }
}

TEST(CommandLine, LeavesCopiesToTheServersTools) {
  Place place(TestServer::instance()->new_database());
  output_of(place, {"import", kSample});
  auto backup = run_program(place, {"backup", "copy"});
  EXPECT_NE(backup.status, 0);
  EXPECT_NE(backup.err.find("pg_dump"), std::string::npos) << backup.err;
  auto restore = run_program(place, {"restore", "copy"});
  EXPECT_NE(restore.err.find("pg_restore"), std::string::npos) << restore.err;
  EXPECT_NE(output_of(place, {"migrate"}).find("schema 1"), std::string::npos);
}

// Two instances, and what they are given to deliver.
struct Pair {
  std::string url = TestServer::instance()->new_database();
  Place one{url}, two{url};
  Folder mine;
  std::unique_ptr<store::Store> store = *store::open_store({.data_dir = mine.path(), .url = url});
  static constexpr int kNames = 10, kEach = 200;  // what a preview target keeps

  void enqueue() const {
    std::vector<model::NewRow> rows;
    for (int n = 0; n < kNames * kEach; ++n) {
      model::NewRow row;
      row.target = *model::Target::parse("preview:n" + std::to_string(n % kNames));
      auto text = "item-" + std::to_string(n) + "-";
      row.key = model::DeliveryKey(short_sha256(text));
      row.message = {model::PartKind::card, false,
                     R"({"blocks":[{"block":"paragraph","text":[{"text":")" + text + R"("}]}]})", text};
      row.due = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
      row.expires = row.due + 1h;
      rows.push_back(std::move(row));
    }
    ASSERT_TRUE(store->outbox().enqueue("", rows, rows.front().due));
  }
  std::size_t delivered() const { return (*store->outbox().counts())[model::RowState::delivered]; }
};

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

TEST(TwoInstances, TakeOverFromOneThatWasKilled) {
  Pair pair;
  auto first = std::make_unique<Child>(pair.one, pair.one.serve());
  ASSERT_TRUE(first->says("broadsheet serves", 60s)) << first->err();
  Child second(pair.two, pair.two.serve());
  ASSERT_TRUE(second.says("service.stands_by", 60s)) << second.err();
  EXPECT_EQ(get(pair.two.port, "/healthz").status, 0) << "one serves";
  pair.enqueue();
  ASSERT_TRUE(becomes([&] { return pair.delivered() > 20; })) << first->err();
  first->signal(SIGKILL);
  first->wait();
  EXPECT_LT(pair.delivered(), std::size_t{Pair::kNames * Pair::kEach}) << "killed too late to tell";
  auto killed = std::chrono::steady_clock::now();
  ASSERT_TRUE(second.says("broadsheet serves", 60s)) << second.err();
  EXPECT_LT(std::chrono::steady_clock::now() - killed, 40s) << "20 s, and as much for a machine that is busy";
  ASSERT_TRUE(becomes([&] { return pair.delivered() == std::size_t{Pair::kNames * Pair::kEach}; }, 120s))
      << second.err();
  for (int name = 0; name < Pair::kNames; ++name) {
    auto page = get(pair.two.port, "/preview/n" + std::to_string(name)).body;
    for (int n = name; n < Pair::kNames * Pair::kEach; n += Pair::kNames)
      EXPECT_EQ(times(page, "item-" + std::to_string(n) + "-"), 1U) << n;
  }
}

TEST(TwoInstances, HandOverWhenOneIsStopped) {
  Pair pair;
  Child first(pair.one, pair.one.serve());
  ASSERT_TRUE(first.says("broadsheet serves", 60s)) << first.err();
  Child second(pair.two, pair.two.serve());
  ASSERT_TRUE(second.says("service.stands_by", 60s)) << second.err();
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait(), 0) << first.err();
  auto stopped = std::chrono::steady_clock::now();
  ASSERT_TRUE(second.says("broadsheet serves", 60s)) << second.err();
  EXPECT_LT(std::chrono::steady_clock::now() - stopped, 10s) << "without waiting for the lease to end";
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0) << second.err();
}

// One that was only asleep finds that another one serves, and ends.
TEST(TwoInstances, EndTheOneThatSlept) {
  Pair pair;
  Child first(pair.one, pair.one.serve());
  ASSERT_TRUE(first.says("broadsheet serves", 60s)) << first.err();
  Child second(pair.two, pair.two.serve());
  ASSERT_TRUE(second.says("service.stands_by", 60s)) << second.err();
  first.signal(SIGSTOP);
  ASSERT_TRUE(second.says("broadsheet serves", 60s)) << second.err();
  first.signal(SIGCONT);
  EXPECT_EQ(first.wait(), 1) << first.err();
  EXPECT_NE(first.err().find("service.role_lost"), std::string::npos) << first.err();
}

TEST(TwoInstances, WaitForTheirTurnUntilTheyAreStopped) {
  Pair pair;
  Child first(pair.one, pair.one.serve());
  ASSERT_TRUE(first.says("broadsheet serves", 60s)) << first.err();
  Child second(pair.two, pair.two.serve());
  ASSERT_TRUE(second.says("service.stands_by", 60s)) << second.err();
  second.signal(SIGTERM);
  EXPECT_EQ(second.wait(), 0) << second.err();
}

}  // namespace
}  // namespace broadsheet::e2e
