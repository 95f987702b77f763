// interest_bench FOLDER [pool|first]: precision at 10 of the selection for one-topic interests, with plain BM25 beside
// it, over the listing days FOLDER/DAY.jsonl.zst named in tests/fixtures/select/interest_labels.tsv (interest, day, ids
// of the papers judged to be about it). Instead, `pool` prints what both put first, for judging, and `first` what we
// do.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <set>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "digest/select/select.hpp"
#include "digest/sources/readers/file.hpp"

using namespace broadsheet;

namespace {

constexpr std::size_t kFirst = 10;

struct Judged {
  std::string interest, day;
  std::set<std::string> about;
};

std::vector<Judged> read_labels(const std::string& path) {
  std::vector<Judged> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    auto fields = text::split(line, '\t');
    if (fields.size() < 2 || line.starts_with('#')) continue;
    Judged judged{std::string(fields[0]), std::string(fields[1]), {}};
    if (fields.size() > 2)
      for (auto id : text::split(fields[2], ' ')) judged.about.emplace(id);
    out.push_back(std::move(judged));
  }
  return out;
}

struct ListingDay {
  std::vector<Paper> papers;
  std::vector<ListingBatch> batches;  // by primary category
};

ListingDay read_day(const std::string& path) {
  ListingDay day;
  sources::ReadSink sink;
  std::set<PaperId> seen;
  sink.paper = [&day, &seen](Paper paper) {
    if (seen.insert(paper.id).second) day.papers.push_back(std::move(paper));
  };
  if (!sources::read_path(path, sink)) return {};
  std::map<std::string, ListingBatch> batches;
  for (const auto& paper : day.papers) {
    auto category = Category::parse(paper.primary());
    auto& batch = batches[category ? category->str() : "cs.AI"];
    batch.listing.category = category ? *category : *Category::parse("cs.AI");
    batch.listing.entries.push_back({paper.id, 1, AnnounceType::new_paper});
    batch.papers.push_back(paper);
  }
  for (auto& [category, batch] : batches) day.batches.push_back(std::move(batch));
  return day;
}

std::vector<std::string> ours(const ListingDay& day, const std::string& interest) {
  std::vector<std::string> out;
  auto choice = select::select(day.batches, {.top = kFirst, .interests = interest});
  for (const auto& entry : choice.selection.entries)
    if (entry.fate == Fate::shown) out.push_back(entry.announced.id.str());
  return out;
}

std::vector<std::string> bm25(const ListingDay& day, const std::string& interest) {
  constexpr double kK1 = 1.2, kB = 0.75;
  std::vector<std::vector<std::string>> papers;
  double mean = 0;
  for (const auto& paper : day.papers) {
    papers.push_back(text::index_words(paper.title + " " + paper.abstract));
    mean += static_cast<double>(papers.back().size()) / static_cast<double>(day.papers.size());
  }
  std::vector<std::pair<double, std::string>> ranked;
  for (const auto& paper : day.papers) ranked.emplace_back(0, paper.id.str());
  for (const auto& word : text::index_words(interest)) {
    std::vector<double> times;
    double with = 0;
    for (const auto& paper : papers) {
      times.push_back(static_cast<double>(std::count(paper.begin(), paper.end(), word)));
      with += times.back() > 0 ? 1 : 0;
    }
    auto rarity = std::log(1 + (static_cast<double>(papers.size()) - with + 0.5) / (with + 0.5));
    for (std::size_t i = 0; i < papers.size(); ++i)
      ranked[i].first -= rarity * times[i] * (kK1 + 1) /
                         (times[i] + kK1 * (1 - kB + kB * static_cast<double>(papers[i].size()) / mean));
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(kFirst, ranked.size()); ++i) out.push_back(ranked[i].second);
  return out;
}

double precision(const std::vector<std::string>& first, const std::set<std::string>& about) {
  auto right = std::count_if(first.begin(), first.end(), [&about](const auto& id) { return about.contains(id); });
  return static_cast<double>(right) / static_cast<double>(kFirst);
}

// What we put first, "+" where it was judged to be about the interest.
void print_first(const ListingDay& day, const Judged& judged) {
  std::printf("# %s\t%s\n", judged.interest.c_str(), judged.day.c_str());
  for (const auto& id : ours(day, judged.interest))
    for (const auto& paper : day.papers)
      if (paper.id.str() == id)
        std::printf("%c %s\t%s\n", judged.about.contains(id) ? '+' : '-', id.c_str(), paper.title.c_str());
}

void print_pool(const ListingDay& day, const Judged& judged) {
  std::set<std::string> pool;
  for (const auto& id : ours(day, judged.interest)) pool.insert(id);
  for (const auto& id : bm25(day, judged.interest)) pool.insert(id);
  std::printf("# %s\t%s\n", judged.interest.c_str(), judged.day.c_str());
  for (const auto& paper : day.papers)
    if (pool.contains(paper.id.str())) std::printf("%s\t%s\n", paper.id.str().c_str(), paper.title.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::map<std::string, ListingDay> days;
  double ours_sum = 0;
  double bm25_sum = 0;
  double reachable = 0;
  auto labels = read_labels(BROADSHEET_FIXTURES "/select/interest_labels.tsv");
  for (const auto& judged : labels) {
    auto [it, fresh] = days.try_emplace(judged.day);
    if (fresh) it->second = read_day(std::string(argv[1]) + "/" + judged.day + ".jsonl.zst");
    if (it->second.papers.empty()) return 1;
    if (argc > 2) {
      std::string_view(argv[2]) == "first" ? print_first(it->second, judged) : print_pool(it->second, judged);
      continue;
    }
    auto a = precision(ours(it->second, judged.interest), judged.about);
    auto b = precision(bm25(it->second, judged.interest), judged.about);
    std::printf("%-45s %s  ours %.1f  BM25 %.1f  known %zu\n", judged.interest.c_str(), judged.day.c_str(), a, b,
                judged.about.size());
    ours_sum += a, bm25_sum += b;
    reachable += static_cast<double>(std::min(kFirst, judged.about.size())) / static_cast<double>(kFirst);
  }
  auto n = static_cast<double>(labels.size());
  if (argc == 2)
    std::printf("precision at 10 over %zu: ours %.3f, BM25 %.3f, reachable with what is known %.3f\n", labels.size(),
                ours_sum / n, bm25_sum / n, reachable / n);
}
