// write_bench FILE [PAPERS]: choosing and writing one listing of that many papers (500), median of some runs.
// Goals: 500 papers in half a second, 200 µs an abstract, one core.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "digest/latex/finish.hpp"
#include "digest/select/select.hpp"
#include "digest/sources/readers/file.hpp"
#include "digest/write/card.hpp"
#include "digest/write/extract.hpp"

using namespace broadsheet;

namespace {

double median_ms(auto&& work) {
  std::vector<double> times;
  for (int i = 0; i < 7; ++i) {
    auto start = std::chrono::steady_clock::now();
    work();
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::size_t wanted = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 500;
  ListingBatch batch;
  batch.listing.category = *Category::parse("cs.CV");
  auto status = sources::read_path(argv[1], {.paper =
                                                 [&](Paper p) {
                                                   if (batch.papers.size() >= wanted) return;
                                                   latex::finish(p);
                                                   batch.listing.entries.push_back({p.id, p.version, {}});
                                                   batch.papers.push_back(std::move(p));
                                                 },
                                             .rejected = {},
                                             .digest = {},
                                             .feed = {},
                                             .listing = {}});
  if (!status || batch.papers.empty()) return 1;
  Selection selection;
  auto choose = median_ms([&] { selection = select::select({batch}, {}).selection; });
  auto write = median_ms([&] { (void)write::extract(selection, batch.papers); });
  auto cards = median_ms([&] {
    for (const auto& p : batch.papers) (void)write::write_card(p, AnnounceType::new_paper, {});
  });
  std::printf("papers %zu  select %.1f ms  write %.1f ms  card %.0f us\n", batch.papers.size(), choose, write,
              1000 * cards / static_cast<double>(batch.papers.size()));
}
