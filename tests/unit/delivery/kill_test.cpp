// kill -9 (design: reliability F05-F10): a child sends to a platform that lives in a file and is killed at random
// instants, again and again, until everything stands there. Nothing may be lost and nothing may stand there twice.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "bot/base/hash.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/store/store.hpp"
#include "tests/unit/delivery/toy_platform.hpp"
#include "tests/unit/store/folder.hpp"

namespace broadsheet::delivery {
namespace {

using namespace std::chrono_literals;

constexpr double kRate = 100;
constexpr int kChats = 40, kParts = 20;
constexpr std::size_t kRows = kChats * kParts;

// What it executed is a line of a file: it outlives whoever asked.
class FilePlatform final : public ToyPlatform {
 public:
  FilePlatform(Clock& clock, const std::string& file) : ToyPlatform(clock) {
    std::ifstream in(file);
    std::string target, key, body;
    while (in >> target >> key >> body)
      visible.push_back({*model::Target::parse(target), model::DeliveryKey(key), body, "", {}});
    fd_ = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
    latency = 200ms;
    shared = {{"bot", 10, 5}};
  }
  ~FilePlatform() override { ::close(fd_); }
  FilePlatform(const FilePlatform&) = delete;
  FilePlatform& operator=(const FilePlatform&) = delete;

 private:
  model::RemoteId execute(const adapters::SendRequest& request) override {
    auto before = visible.size();
    auto id = ToyPlatform::execute(request);
    if (visible.size() > before) {
      auto line = request.target.str() + " " + request.key.str() + " " + request.message.body + "\n";
      if (::write(fd_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) std::abort();
    }
    return id;
  }
  int fd_;
};

struct Crash : testing::Test {
  store::TemporaryFolder folder;
  std::string executed = folder.path + "/executed";
  SteadyMoment begun = std::chrono::steady_clock::now();

  Moment time_now() const {
    auto since = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun) * kRate;
    return *parse_iso("2026-01-13T01:00:00Z") + std::chrono::duration_cast<std::chrono::milliseconds>(since);
  }

  void enqueue() const {
    auto store = *store::open_store({.data_dir = folder.path});
    std::vector<model::NewRow> rows;
    for (int part = 0; part < kParts; ++part)
      for (int n = 1; n <= kChats; ++n) {
        model::NewRow row;
        row.target = *model::Target::parse("telegram:" + std::to_string(n));
        row.group = "digest";
        row.part = part;
        row.key = model::DeliveryKey(short_sha256(row.target.str() + "/" + std::to_string(part)));
        row.message = {part == 0 ? model::PartKind::summary : model::PartKind::card, part > 0,
                       std::string(1, static_cast<char>('a' + part)), "preview"};
        row.due = time_now();
        row.expires = row.due + 24h * 30;
        rows.push_back(row);
      }
    ASSERT_TRUE(store->outbox().enqueue("slot", rows, time_now()));
  }

  // The child's whole life: 0 when all is sent.
  int serve(std::chrono::hours same_key_is_safe) const {
    ScaledClock clock(time_now(), kRate);
    boost::asio::io_context io(1);
    auto store = store::open_store({.data_dir = folder.path});
    if (!store) return 2;
    async::Offload workers(1);
    Metrics metrics;
    FilePlatform platform(clock, executed);
    platform.can.same_key_is_safe = same_key_is_safe;
    Dispatcher dispatcher(
        io.get_executor(), (*store)->outbox(), platform, workers, clock, metrics, [] { return 0.5; },
        [](const Incident&) {}, {});
    bool ended = false;
    boost::asio::co_spawn(io, dispatcher.run(), [&ended](const std::exception_ptr&) { ended = true; });
    while (!ended) {
      io.run_for(2ms);
      auto counts = *(*store)->outbox().counts();
      if (counts[model::RowState::delivered] == kRows) dispatcher.stop();
    }
    return 0;
  }

  // Whether the child ended by itself within that time, or before it executed something.
  bool watch(pid_t child, std::chrono::microseconds life, bool from_first_send) const {
    auto size = [this] {
      std::error_code none;
      auto bytes = std::filesystem::file_size(executed, none);
      return none ? 0 : bytes;
    };
    auto before = size();
    auto end = std::chrono::steady_clock::now() + (from_first_send ? 10s : life);
    while (std::chrono::steady_clock::now() < end) {
      if (::waitpid(child, nullptr, WNOHANG) != 0) return true;
      if (std::exchange(from_first_send, from_first_send && size() == before) && !from_first_send)
        end = std::chrono::steady_clock::now() + life;
      ::usleep(200);
    }
    return false;
  }

  // Kills sixty children, one half while they start and the other while they send, and lets the next one live; answers
  // how many were killed.
  int run(std::chrono::hours same_key_is_safe) {
    std::mt19937 random(20260113);
    for (int killed = 0; killed < 400; ++killed) {
      auto child = ::fork();
      if (child == 0) ::_exit(serve(same_key_is_safe));
      bool sending = killed % 2 == 1;
      std::chrono::microseconds life(std::uniform_int_distribution<int>(100, sending ? 10'000 : 30'000)(random));
      if (killed >= 60) life = 10s;
      if (watch(child, life, sending)) return killed;
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
    return -1;
  }

  void expect_each_once_in_order() const {
    std::ifstream in(executed);
    std::map<std::string, std::string> stands;  // by target
    std::set<std::string> keys;
    std::size_t lines = 0;
    std::string target, key, body;
    for (; in >> target >> key >> body; ++lines) keys.insert(key), stands[target] += body;
    EXPECT_EQ(lines, kRows);
    EXPECT_EQ(keys.size(), kRows);
    auto store = *store::open_store({.data_dir = folder.path});
    EXPECT_GT(store->outbox().list({.unknown_only = true, .limit = kRows})->size(), 5U);  // kills hit sends in flight
    for (const auto& [place, bodies] : stands) EXPECT_EQ(bodies, "abcdefghijklmnopqrst") << place;
  }
};

TEST_F(Crash, LosesAndDoublesNothingWhereItCanReadBack) {
  enqueue();
  EXPECT_GE(run(0h), 50);
  expect_each_once_in_order();
}

TEST_F(Crash, LosesAndDoublesNothingWhereKeysFold) {
  enqueue();
  EXPECT_GE(run(20h), 50);
  expect_each_once_in_order();
}

}  // namespace
}  // namespace broadsheet::delivery
