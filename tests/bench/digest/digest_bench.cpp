// digest_bench FILE CATEGORY DAY: a listing in a file to a finished digest: parse, store, select, write, store, F1;
// medians on one core, each round with a store of its own on disk. Goal: 500 papers in a second.
#include <sched.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>

#include "bot/loops/stored_listing.hpp"
#include "digest/build/build.hpp"
#include "digest/build/file_listing.hpp"
#include "digest/present/f1.hpp"

using namespace broadsheet;

namespace {

constexpr int kRounds = 7;
constexpr std::size_t kSteps = 5;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

struct Round {
  std::array<double, kSteps> ms{};  // parse, store papers, select and write, store digest, F1
  double cpu = 0;
  std::size_t papers = 0, bytes = 0;
};

bool run(const std::string& file, const Category& category, Day day, const std::string& folder, Round& round) {
  auto store = store::open_store({.data_dir = folder});
  if (!store) return false;
  std::size_t step = 0;
  auto cpu = cpu_ms();
  auto last = std::chrono::steady_clock::now();
  auto lap = [&] {
    auto now = std::chrono::steady_clock::now();
    round.ms.at(step++) = std::chrono::duration<double, std::milli>(now - last).count();
    last = now;
  };
  auto read = read_file_listings(file, {category}, day, Moment{});
  lap();
  if (!read || !loops::store_batch(**store, read->batches.front())) return false;
  lap();
  BuildOptions options;
  options.categories = {category};
  options.day = day;
  auto digest = build_digest(read->batches, options, Moment{});
  lap();
  if (!(*store)->digests().put(digest)) return false;
  lap();
  round.bytes = present::to_f1(digest).size();
  lap();
  round.cpu = cpu_ms() - cpu;
  round.papers = read->batches.front().papers.size();
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  auto category = argc == 4 ? Category::parse(argv[2]) : std::nullopt;
  auto day = argc == 4 ? parse_day(argv[3]) : std::nullopt;
  if (!category || !day) return 2;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  sched_setaffinity(0, sizeof one, &one);
  std::array<std::vector<double>, kSteps + 2> times;
  Round round;
  for (int i = 0; i < kRounds; ++i) {
    std::string folder = std::filesystem::temp_directory_path() / "broadsheet-bench-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr || !run(argv[1], *category, *day, folder, round)) return 1;
    std::filesystem::remove_all(folder);
    double all = 0;
    for (std::size_t k = 0; k < kSteps; ++k) times.at(k).push_back(round.ms.at(k)), all += round.ms.at(k);
    times.at(kSteps).push_back(all);
    times.back().push_back(round.cpu);
  }
  std::printf(
      "%zu papers: parse %.0f, store %.0f, select and write %.0f, store digest %.0f, F1 %.0f (%zu bytes); in all %.0f "
      "ms, of them %.0f of the processor\n",
      round.papers, median(times[0]), median(times[1]), median(times[2]), median(times[3]), median(times[4]),
      round.bytes, median(times[5]), median(times[6]));
}
