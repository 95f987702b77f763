// import_bench PROGRAM FILE...: `broadsheet import FILE...` beside a bare loop that inserts the same rows into the same
// tables and index, by turns; the ratio counts, not the times. The import reads, cleans, merges and checks, and ends
// with a merged index; the bare loop has the rows in memory and stops after the last one.
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "bot/base/text.hpp"
#include "bot/store/facets.hpp"
#include "bot/store/sqlite/db.hpp"
#include "bot/store/sqlite/open.hpp"
#include "bot/store/sqlite/tokenizer.hpp"
#include "bot/store/store.hpp"
#include "measure.hpp"

using namespace broadsheet;
using namespace broadsheet::store;
using namespace broadsheet::bench;

namespace {

constexpr int kRounds = 7;
constexpr std::size_t kBatch = 2000;  // rows a transaction, as the import has it
constexpr int kRow = 100;             // SQLITE_ROW
constexpr int kColumns = 20;
constexpr const char* kNames =
    "key, version, published, updated, listed, withdrawn, id, title, abstract, title_raw, authors_raw, abstract_raw, "
    "authors, categories, comment, doi, journal_ref, license, source, authors_text";

struct Row {
  std::array<std::optional<std::int64_t>, 6> numbers;
  std::array<std::string, kColumns - 6> texts;
  std::string names, facets;  // as the index gets them
};

struct Run {
  double wall = 0, cpu = 0;  // ms
  long rss = 0;              // KiB
};

double cpu_millis(const rusage& used) {
  auto of = [](const timeval& t) { return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) / 1e3; };
  return of(used.ru_utime) + of(used.ru_stime);
}

Run run_import(const std::string& program, const std::string& folder, const std::vector<std::string>& files) {
  std::filesystem::create_directories(folder);
  auto config = folder + "/bench.toml";
  std::ofstream(config) << "[service]\ndata_dir = \"" << folder << "\"\n";
  std::vector<std::string> words{program, "--config", config, "import"};
  words.insert(words.end(), files.begin(), files.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  Run out;
  rusage used{};
  out.wall = millis([&] {
    pid_t child = 0;
    int status = 1;
    if (posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments.data(), environ) != 0 ||
        wait4(child, &status, 0, &used) != child || status != 0)
      std::exit(1);
  });
  out.cpu = cpu_millis(used);
  out.rss = used.ru_maxrss;
  return out;
}

std::vector<Row> rows_of(const std::string& folder) {
  auto db = *Db::open(database_file(folder), Db::Mode::read_only);
  auto all = *db.prepare(std::string("SELECT ") + kNames + " FROM papers ORDER BY key");
  std::vector<Row> out;
  while (all.step() == kRow) {
    Row row;
    for (int i = 0; i < 6; ++i)
      if (!all.is_null(i)) row.numbers.at(static_cast<std::size_t>(i)) = all.integer(i);
    for (int i = 6; i < kColumns; ++i) row.texts.at(static_cast<std::size_t>(i - 6)) = all.text(i);
    row.names = as_names(row.texts.back());
    out.push_back(std::move(row));
  }
  auto store = *open_store({.data_dir = folder, .read_only = true});
  std::size_t n = 0;
  require(store->papers().each([&](const Paper& p) {
    out[n++].facets = as_facets(text::join(facets_of(p), " "));
    return true;
  }));
  return out;
}

void insert_all(Db& db, const std::vector<Row>& rows) {
  auto paper =
      *db.prepare(std::string("INSERT INTO papers(") + kNames + ") VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  auto index = *db.prepare("INSERT INTO search(rowid, title, authors_text, abstract, facets) VALUES(?,?,?,?,?)");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    if (i % kBatch == 0) require(db.run(i == 0 ? "BEGIN" : "COMMIT; BEGIN"));
    for (int k = 0; k < kColumns; ++k)
      if (k < 6)
        paper.bind(k + 1, row.numbers.at(static_cast<std::size_t>(k)));
      else
        paper.bind(k + 1, row.texts.at(static_cast<std::size_t>(k - 6)));
    paper.step();
    paper.reset();
    index.bind(1, row.numbers[0]).bind(2, row.texts[1]).bind(3, row.names).bind(4, row.texts[2]).bind(5, row.facets);
    index.step();
    index.reset();
  }
  require(db.run("COMMIT"));
}

Run run_bare(const std::string& folder, const std::vector<Row>& rows) {
  require(open_store({.data_dir = folder}));
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  Run out;
  out.wall = millis([&] {
    auto db = *Db::open(database_file(folder), Db::Mode::create);
    insert_all(db, rows);
  });
  getrusage(RUSAGE_SELF, &after);
  out.cpu = cpu_millis(after) - cpu_millis(before);
  return out;
}

double median(const std::vector<Run>& runs, double Run::* what) {
  std::vector<double> values;
  for (const auto& run : runs) values.push_back(run.*what);
  return at(values, 0.5);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::vector<std::string> files(argv + 2, argv + argc);
  std::string folder = std::filesystem::temp_directory_path() / "broadsheet-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  // The only run whose memory counts: later ones are forked from a process that holds all rows.
  auto rss = run_import(argv[1], folder + "/rows", files).rss;
  auto rows = rows_of(folder + "/rows");
  std::filesystem::remove_all(folder + "/rows");
  std::vector<Run> ours, bare;
  for (int round = 0; round < kRounds; ++round) {
    ours.push_back(run_import(argv[1], folder + "/ours", files));
    std::filesystem::remove_all(folder + "/ours");
    bare.push_back(run_bare(folder + "/bare", rows));
    std::filesystem::remove_all(folder + "/bare");
    std::printf("  round %d: import %.1f s (cpu %.1f), bare loop %.1f s (cpu %.1f)\n", round + 1,
                ours.back().wall / 1000, ours.back().cpu / 1000, bare.back().wall / 1000, bare.back().cpu / 1000);
  }
  auto papers = static_cast<double>(rows.size());
  auto rate = [&](const std::vector<Run>& runs) { return papers * 1000 / median(runs, &Run::wall); };
  std::printf("%zu papers: import %.0f/s, bare loop %.0f/s, ratio %.2f (cpu %.2f), import RSS %.0f MB\n", rows.size(),
              rate(ours), rate(bare), rate(ours) / rate(bare), median(bare, &Run::cpu) / median(ours, &Run::cpu),
              static_cast<double>(rss) / 1024);
  std::filesystem::remove_all(folder);
}
