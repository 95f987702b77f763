// store_bench FILE [PAPERS]: import rate beside a bare loop, then look-ups and searches beside the built-in ranking,
// all in one process: the ratios count, not the times.
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>

#include "bot/store/query.hpp"
#include "bot/store/sqlite/db.hpp"
#include "bot/store/sqlite/open.hpp"
#include "bot/store/store.hpp"
#include "digest/sources/readers/file.hpp"

using namespace broadsheet;
using namespace broadsheet::store;

namespace {

double millis(auto&& work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// The best of three: what the machine can do, not what else it does.
double best_millis(auto&& work) {
  return std::min({millis(work), millis(work), millis(work)});
}

double at(std::vector<double> v, double q) {
  std::sort(v.begin(), v.end());
  return v.empty() ? 0 : v[static_cast<std::size_t>(q * static_cast<double>(v.size() - 1))];
}

void require(const auto& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().what().c_str());
  std::exit(1);
}

// The same rows into the same tables and index, without merging or checks.
double bare_import(const std::vector<Paper>& papers, const std::string& folder) {
  {
    require(open_sqlite({.data_dir = folder}));
  }
  auto db = *Db::open(database_file(folder), Db::Mode::create);
  auto row = *db.prepare("INSERT INTO papers VALUES(?,?,1,?,?,?,?,?,?,'[]',?,NULL,NULL,NULL,'','','','',0,'bench')");
  auto index = *db.prepare("INSERT INTO search(rowid, title, authors_text, abstract) VALUES(?,?,?,?)");
  return millis([&] {
    for (std::size_t i = 0; i < papers.size(); ++i) {
      const auto& p = papers[i];
      if (i % 2000 == 0) require(db.run(i == 0 ? "BEGIN" : "COMMIT; BEGIN"));
      auto key = static_cast<std::int64_t>(i);
      row.bind(1, key).bind(2, p.id.str()).bind(3, p.title).bind(4, p.authors_raw).bind(5, p.abstract);
      row.bind(6, p.title_raw).bind(7, p.authors_raw).bind(8, p.abstract_raw).bind(9, p.primary()).step();
      row.reset();
      index.bind(1, key).bind(2, p.title).bind(3, p.authors_raw).bind(4, p.abstract).step();
      index.reset();
    }
    require(db.run("COMMIT"));
  });
}

void searches(Store& store, Db& plain, const std::vector<std::string>& queries, const char* name) {
  std::vector<double> ours, theirs;
  auto ranked = *plain.prepare("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 10");
  for (const auto& q : queries) {
    ours.push_back(best_millis([&] { require(store.search({.query = q})); }));
    auto fts = to_fts(*parse_query(q));
    theirs.push_back(best_millis([&] {
      ranked.bind(1, fts);
      while (ranked.step() == SQLITE_ROW) continue;
      ranked.reset();
    }));
  }
  std::printf("%-8s p50 %.2f p99 %.2f ms; by rank p50 %.2f p99 %.2f ms; ratio of medians %.1f\n", name, at(ours, 0.5),
              at(ours, 0.99), at(theirs, 0.5), at(theirs, 0.99), at(theirs, 0.5) / at(ours, 0.5));
}

// A lost index, built in steps between which look-ups come in.
void rebuild(const std::string& folder, const std::vector<Paper>& papers) {
  require(Db::open(database_file(folder), Db::Mode::create)->run("DROP TABLE search"));
  std::unique_ptr<Store> store;
  auto open = millis([&] { store = *open_sqlite({.data_dir = folder, .repair_later = true}); });
  std::vector<double> steps;
  double all = millis([&] {
    for (bool building = true; building;)
      steps.push_back(millis([&] {
        auto state = *store->upkeep();
        building = !state.finished && !state.searchable_since.empty();
      }));
  });
  std::printf("rebuild: open %.1f ms, %.0f papers/s, step p50 %.1f p99 %.1f ms\n", open,
              static_cast<double>(papers.size()) * 1000 / all, at(steps, 0.5), at(steps, 0.99));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::size_t most = argc > 2 ? std::stoul(argv[2]) : 1'000'000;
  std::vector<Paper> papers;
  require(sources::read_path(argv[1], {.paper =
                                           [&](Paper p) {
                                             if (papers.size() < most) papers.push_back(std::move(p));
                                           },
                                       .rejected = [](auto) {},
                                       .digest = [](auto&, auto&, auto) {},
                                       .feed = [](auto) {},
                                       .listing = [](auto) {}}));
  std::string folder = std::filesystem::temp_directory_path() / "broadsheet-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  double bare = bare_import(papers, folder + "/bare");
  auto store = *open_sqlite({.data_dir = folder + "/ours"});
  double ours = millis([&] { require(store->put_papers(papers)); });
  std::printf("import %zu papers: %.0f/s, bare loop %.0f/s, ratio %.2f\n", papers.size(), papers.size() * 1000 / ours,
              papers.size() * 1000 / bare, bare / ours);
  std::printf("optimise: %.0f ms\n", millis([&] { require(store->optimise()); }));
  auto plain = *Db::open(database_file(folder + "/ours"), Db::Mode::read_only);

  std::vector<double> look_ups;
  std::map<std::string, std::size_t> frequency;
  for (const auto& p : papers) {
    look_ups.push_back(millis([&] { require(store->paper(p.id)); }));
    for (auto& word : tokens(p.title)) ++frequency[word];
  }
  std::printf("id: p50 %.4f p99 %.4f ms\n", at(look_ups, 0.5), at(look_ups, 0.99));
  std::vector<std::string> one, two, three, hot;
  std::size_t recalled = 0;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto& p = papers[i * papers.size() / 200];
    auto words = tokens(p.title);
    std::erase_if(words, [](const auto& w) { return w.size() < 4; });
    if (words.size() < 3) continue;
    one.push_back(words[0]);
    two.push_back(words[0] + " " + words[1]);
    three.push_back(two.back() + " " + words[2]);
    auto answer = *store->search({.query = three.back()});
    recalled +=
        std::any_of(answer.hits.begin(), answer.hits.end(), [&](const auto& hit) { return hit.paper.id == p.id; });
  }
  std::vector<std::pair<std::size_t, std::string>> frequent;
  for (const auto& [word, n] : frequency) frequent.emplace_back(n, word);
  std::sort(frequent.rbegin(), frequent.rend());
  for (std::size_t i = 0; i < std::min<std::size_t>(20, frequent.size()); ++i) hot.push_back(frequent[i].second);
  searches(*store, plain, one, "1 word");
  searches(*store, plain, two, "2 words");
  searches(*store, plain, three, "3 words");
  searches(*store, plain, hot, "hot");
  std::printf("recall@10 %.3f over %zu papers\n", static_cast<double>(recalled) / static_cast<double>(three.size()),
              three.size());
  store.reset();
  require(plain.run("SELECT 1"));
  rebuild(folder + "/ours", papers);
  std::filesystem::remove_all(folder);
}
