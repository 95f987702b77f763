// delivery_bench [ROUNDS]: the outbox beside a bare SQLite loop with the same rows and the same durability (design:
// performance G9), alternating. The ratios count, not the times.
#include <sqlite3.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>

#include "bot/base/hash.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/store/sqlite/db.hpp"
#include "bot/store/store.hpp"
#include "tests/unit/delivery/toy_platform.hpp"
#include "tests/unit/store/folder.hpp"

using namespace broadsheet;
using namespace std::chrono_literals;
using model::PlatformName;
using store::TemporaryFolder;

namespace {

constexpr std::size_t kSingles = 1000, kBatched = 20000, kBatch = 64;
const std::string kBody(1200, 'x');

double seconds(auto&& work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void require(const auto& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().what().c_str());
  std::exit(1);
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

void enqueue(store::Outbox& outbox, std::size_t chats, int parts, Moment now) {
  std::vector<model::NewRow> rows;
  for (std::size_t chat = 1; chat <= chats; ++chat) {
    for (int part = 0; part < parts; ++part) {
      model::NewRow row;
      row.target = *model::Target::parse("telegram:" + std::to_string(chat));
      row.group = "digest";
      row.part = part;
      row.key = model::DeliveryKey(short_sha256(std::to_string(chat) + "/" + std::to_string(part)));
      row.message = {model::PartKind::card, part > 0, kBody + std::to_string(part), "preview"};
      row.due = now;
      row.expires = now + 24h;
      rows.push_back(std::move(row));
    }
    if (rows.size() < 1000 && chat < chats) continue;
    require(outbox.enqueue("", rows, now));
    rows.clear();
  }
}

// Counts what it executes instead of keeping it.
class Counting final : public delivery::ToyPlatform {
 public:
  using ToyPlatform::ToyPlatform;
  std::size_t executed = 0;

 private:
  model::RemoteId execute(const adapters::SendRequest&) override { return model::RemoteId(std::to_string(++executed)); }
};

// Claim and mark of `n` rows, `batch` at a time, in a plain table.
double bare(std::size_t n, std::size_t batch) {
  TemporaryFolder folder;
  auto db = *store::Db::open(folder.path + "/bare.db", store::Db::Mode::create);
  require(
      db.run("CREATE TABLE t(id INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT, state INT, due INT, t0 INT, remote "
             "TEXT); CREATE INDEX i ON t(due, id) WHERE state=0; BEGIN"));
  for (std::size_t i = 1; i <= n; ++i) {
    auto insert = *db.prepare("INSERT INTO t VALUES(?,?,?,0,0,0,'')");
    auto key = short_sha256(std::to_string(i));
    insert.bind(1, static_cast<std::int64_t>(i)).bind(2, key).bind(3, kBody).step();
  }
  require(db.run("COMMIT"));
  auto claim = *db.prepare("UPDATE t SET state=1, t0=7 WHERE id=? RETURNING body");
  auto mark = *db.prepare("UPDATE t SET state=3, remote='77' WHERE id=?");
  return seconds([&] {
    for (std::size_t i = 0; i < n; i += batch)
      for (auto* statement : {&claim, &mark}) {
        require(db.run("BEGIN IMMEDIATE"));
        for (std::size_t k = i + 1; k <= std::min(n, i + batch); ++k) {
          statement->bind(1, static_cast<std::int64_t>(k));
          while (statement->step() == SQLITE_ROW) continue;
          statement->reset();
        }
        require(db.run("COMMIT"));
      }
  });
}

struct Run {
  double seconds = 0;
};

// The dispatcher over a store on disk and a platform that answers at once.
Run dispatched(std::size_t chats, int parts, std::vector<adapters::Pace> shared, adapters::Pace chat) {
  TemporaryFolder folder;
  SystemClock clock;
  auto store = *store::open_store({.data_dir = folder.path});
  enqueue(store->outbox(), chats, parts, clock.now());
  boost::asio::io_context io(1);
  async::Offload workers(2);
  Metrics metrics;
  Counting platform(clock);
  platform.shared = std::move(shared);
  platform.chat = std::move(chat);
  delivery::Dispatcher dispatcher(
      io.get_executor(), store->outbox(), platform, workers, clock, metrics, [] { return 0.5; },
      [](const delivery::Incident&) {}, {});
  boost::asio::co_spawn(io, dispatcher.run(), [](const std::exception_ptr&) {});
  Run out;
  auto all = chats * static_cast<std::size_t>(parts);
  out.seconds = seconds([&] {
    while (platform.executed < all || dispatcher.open() > 0) io.run_one_for(10ms);
  });
  dispatcher.stop();
  io.run();
  return out;
}

void compare(const char* name, std::size_t n, std::size_t batch, std::size_t chats, double goal, int rounds) {
  std::vector<double> theirs, ours;
  for (int round = 0; round < rounds; ++round) {
    theirs.push_back(static_cast<double>(n) / bare(n, batch));
    adapters::Pace free{"bot", 1e7, 1e6};
    auto run = dispatched(chats, static_cast<int>(n / chats), {free}, free);
    ours.push_back(static_cast<double>(n) / run.seconds);
  }
  std::printf("%-12s %8.0f msg/s, bare loop %8.0f msg/s, ratio %.2f (goal %.1f)\n", name, median(ours), median(theirs),
              median(ours) / median(theirs), goal);
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  compare("one by one", kSingles, 1, 1, 0.5, rounds);
  compare("batches", kBatched, kBatch, kBatched, 0.3, rounds);
}
