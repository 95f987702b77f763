// search_bench FOLDER [rebuild]: look-ups, ranked searches and known items in a data folder that `broadsheet import`
// filled; the last part builds a lost index in a copy. "first" is a query that nobody asked before, "warm" the best of
// three repetitions.
#include <sqlite3.h>

#include <filesystem>
#include <functional>
#include <random>
#include <set>
#include <string>

#include "bot/base/text.hpp"
#include "bot/store/query.hpp"
#include "bot/store/sqlite/db.hpp"
#include "bot/store/sqlite/index_build.hpp"
#include "bot/store/sqlite/open.hpp"
#include "bot/store/store.hpp"
#include "measure.hpp"

using namespace broadsheet;
using namespace broadsheet::store;
using namespace broadsheet::bench;

namespace {

constexpr std::size_t kQueries = 400;
constexpr std::size_t kHot = 60;

struct Known {
  std::string query;
  PaperId paper;  // whose title gave the words; empty for hot words
};

struct Title {
  PaperId id;
  std::vector<std::string> words, all;
};

std::vector<Title> titles_of(Store& store) {
  static const std::set<std::string> kStop{"with",  "from",    "that",   "this",  "into", "over", "under", "based",
                                           "using", "towards", "toward", "their", "when", "what", "your"};
  std::vector<Title> out;
  require(store.papers().each([&](const Paper& p) {
    auto words = tokens(p.title), all = words;
    std::erase_if(words, [](const auto& w) { return w.size() < 4 || kStop.contains(w); });
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    if (words.size() >= 3) out.push_back({p.id, std::move(words), std::move(all)});
    return true;
  }));
  return out;
}

// Some words of the title of a random paper.
std::vector<Known> known_items(const std::vector<Title>& titles, std::size_t words, std::mt19937& random) {
  std::vector<Known> out;
  for (std::size_t i = 0; i < kQueries; ++i) {
    auto title = titles[random() % titles.size()];
    std::shuffle(title.words.begin(), title.words.end(), random);
    Known one{.query = {}, .paper = title.id};
    for (std::size_t k = 0; k < words; ++k) one.query += title.words[k] + " ";
    out.push_back(std::move(one));
  }
  return out;
}

// The words that stand in the most papers, stop words among them, alone and together.
std::vector<Known> hot(Db& db, std::size_t words, double most, std::mt19937& random) {
  require(db.run("CREATE VIRTUAL TABLE IF NOT EXISTS temp.hot_terms USING fts5vocab('main', 'search', 'row')"));
  auto papers = static_cast<double>(*IndexBuild::indexed(db));
  auto top = *db.prepare(
      "SELECT term FROM temp.hot_terms WHERE length(term) > 1 AND NOT instr(term, ':') AND doc < ? ORDER BY doc DESC "
      "LIMIT 60");
  static_assert(kHot == 60);
  std::vector<std::string> terms;
  for (top.bind(1, static_cast<std::int64_t>(papers * most)); top.step() == SQLITE_ROW;)
    terms.emplace_back(top.text(0));
  std::vector<Known> out;
  for (std::size_t i = 0; i < (words == 1 ? terms.size() : kQueries / 2); ++i) {
    Known one;
    if (words == 1)
      one.query = terms[i];
    else
      for (std::size_t k = 0; k < words; ++k) one.query += terms[random() % terms.size()] + " ";
    out.push_back(std::move(one));
  }
  return out;
}

struct Times {
  std::vector<double> first, warm;
  std::size_t recalled = 0, partly = 0;
  std::string slowest;
};

Times measure(Store& store, const std::vector<Known>& queries) {
  Times out;
  SearchAnswer answer;
  for (const auto& q : queries) {
    out.first.push_back(millis([&] { answer = *store.search().find({.query = q.query}); }));
    if (out.first.back() >= at(out.first, 1)) out.slowest = q.query;
    out.partly += answer.complete ? 0 : 1;
    out.recalled += static_cast<std::size_t>(
        std::any_of(answer.hits.begin(), answer.hits.end(), [&](const auto& hit) { return hit.paper.id == q.paper; }));
  }
  for (const auto& q : queries) {
    auto ask = [&] { return millis([&] { require(store.search().find({.query = q.query})); }); };
    out.warm.push_back(std::min({ask(), ask(), ask()}));
  }
  return out;
}

void searches(Store& store, const std::vector<Known>& queries, const char* name) {
  auto t = measure(store, queries);
  auto of_all = [&](std::size_t n) { return static_cast<double>(n) / static_cast<double>(queries.size()); };
  std::printf("%-9s warm p50 %.2f p99 %.2f, first p50 %.2f p99 %.2f max %.2f ms (%s); not all ranked %.2f", name,
              at(t.warm, 0.5), at(t.warm, 0.99), at(t.first, 0.5), at(t.first, 0.99), at(t.first, 1), t.slowest.c_str(),
              of_all(t.partly));
  if (!queries.front().paper.empty()) std::printf("; recall@10 %.3f", of_all(t.recalled));
  std::printf("\n");
}

// The same queries with something else around or behind them.
std::vector<Known> changed(std::vector<Known> queries, const std::function<std::string(const std::string&)>& change) {
  for (auto& q : queries) q = {.query = change(std::string(text::trim(q.query))), .paper = {}};
  return queries;
}

// Two words of a title that follow each other.
std::vector<Known> phrases(const std::vector<Title>& titles, std::mt19937& random) {
  std::vector<Known> out;
  while (out.size() < kQueries) {
    const auto& title = titles[random() % titles.size()];
    if (title.all.size() < 2) continue;
    auto from = random() % (title.all.size() - 1);
    out.push_back({.query = "\"" + title.all[from] + " " + title.all[from + 1] + "\"", .paper = {}});
  }
  return out;
}

void look_ups(Store& store, const std::vector<Title>& titles, std::mt19937& random) {
  std::vector<double> times;
  for (int i = 0; i < 20'000; ++i) {
    const auto& id = titles[random() % titles.size()].id;
    times.push_back(millis([&] { require(store.papers().get(id)); }));
  }
  std::printf("id look-up p50 %.4f p99 %.4f ms\n", at(times, 0.5), at(times, 0.99));
}

// A lost index, built in steps between which look-ups come in.
void rebuild(Store& whole) {
  std::string folder = std::filesystem::temp_directory_path() / "broadsheet-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) std::exit(1);
  require(whole.upkeep().backup(database_file(folder)));
  require(Db::open(database_file(folder), Db::Mode::create)->run("DROP TABLE search"));
  std::unique_ptr<Store> store;
  auto open = millis([&] { store = *open_store({.data_dir = folder, .repair_later = true}); });
  std::vector<double> steps;
  double all = millis([&] {
    for (bool building = true; building;)
      steps.push_back(millis([&] { building = !store->upkeep().step()->finished; }));
  });
  std::printf("rebuild: open %.1f ms, %.0f papers/s, step p50 %.1f p99 %.1f ms\n", open,
              static_cast<double>(*store->papers().count()) * 1000 / all, at(steps, 0.5), at(steps, 0.99));
  store.reset();
  std::filesystem::remove_all(folder);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  auto opened = open_store({.data_dir = argv[1], .read_only = true});
  require(opened);
  auto& store = **opened;
  auto plain = *Db::open(database_file(argv[1]), Db::Mode::read_only);
  std::mt19937 random(20251219);
  auto titles = titles_of(store);
  look_ups(store, titles, random);
  auto one = known_items(titles, 1, random), two = known_items(titles, 2, random),
       three = known_items(titles, 3, random);
  searches(store, one, "1 word");
  searches(store, two, "2 words");
  searches(store, three, "3 words");
  searches(store, changed(one, [](const auto& q) { return q + " cat:math"; }), "1 cat");
  searches(store, changed(two, [](const auto& q) { return q + " cat:cs.LG from:2025-03-15 to:2026-02-10"; }),
           "2 filters");
  searches(store, changed(three, [](const auto& q) { return q + " from:2025-03-15"; }), "3 from");
  searches(store, changed(two, [](const auto& q) { return q + " -learning"; }), "2 not");
  searches(store,
           changed(one,
                   [](const auto& q) {
                     return "cat:" + std::string(q.size() % 2 == 0 ? "cs.CV" : "math.AP") + " from:2025-11-03";
                   }),
           "filters");
  searches(store, phrases(titles, random), "phrase");
  searches(store, changed(one, [](const auto& q) { return q.substr(0, 4) + "*"; }), "prefix");
  searches(store, changed(two, [](const auto& q) { return q.substr(0, q.find(' ') + 5) + "*"; }), "1+prefix");
  constexpr double kContent = 0.24;  // words of more papers than this are stop words
  for (auto [most, name] : {std::pair(kContent, "hot"), std::pair(2.0, "any")})
    for (std::size_t words : {1, 2, 3})
      searches(store, hot(plain, words, most, random), (std::to_string(words) + " " + name).c_str());
  if (argc > 2) rebuild(store);
}
