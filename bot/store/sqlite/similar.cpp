// The nearest papers to one: those that share the words that tell it most apart.
#include <algorithm>
#include <cmath>
#include <map>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "bot/store/sqlite/search.hpp"

namespace broadsheet::store {
namespace {

constexpr std::size_t kSimilarTerms = 8;
constexpr std::size_t kTermsWeighed = 240;
constexpr std::size_t kSimilarCandidates = 5000;

}  // namespace

Result<std::vector<Search::Telling>> Search::telling_words(const Paper& paper) {
  auto all = words_.papers();
  if (!all) return all.error();
  std::map<std::string, std::size_t> times;
  for (const auto& stem : stems(paper.title + " " + paper.abstract)) ++times[stem];
  for (const auto& stem : stems(paper.title)) times[stem] += 2;
  std::vector<Telling> out;
  std::size_t weighed = 0;
  for (const auto& word : tokens(paper.title + " " + paper.abstract)) {
    if (weighed >= kTermsWeighed) break;
    Telling one{0, word, word};
    text::stem(one.stem);
    auto counted = times.extract(one.stem);
    if (counted.empty() || text::code_points(word) < 3) continue;
    ++weighed;
    auto f = words_.of(one.stem);
    if (!f) return f.error();
    // A word of one paper connects nothing, a word of every tenth paper says nothing.
    if (*f < 2 || (*all > 50 && *f > *all / 10)) continue;
    auto rare = weight(one.stem);
    if (!rare) return rare.error();
    one.weight = *rare * std::log1p(static_cast<double>(counted.mapped()));
    out.push_back(std::move(one));
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.weight != b.weight ? a.weight > b.weight : a.stem < b.stem; });
  if (out.size() > kSimilarTerms) out.resize(kSimilarTerms);
  return out;
}

Result<std::vector<SimilarHit>> Search::similar(const Paper& paper, std::size_t limit) {
  auto telling = telling_words(paper);
  if (!telling) return telling.error();
  std::vector<SimilarHit> out;
  if (telling->empty()) return out;
  IndexQuery query{.ranked = {{}}};
  for (const auto& one : *telling) query.ranked.front().push_back({one.stem, Columns::text});
  if (auto done = weigh(query); !done) return done.error();
  auto candidates = rank(query, kSimilarCandidates);
  if (!candidates) return candidates.error();
  best_first(candidates->found);
  for (const auto& c : candidates->found) {
    if (out.size() >= limit) break;
    auto found = papers_.select("WHERE p.key=?", {c.key});
    if (!found) return found.error();
    if (found->empty() || found->front().id == paper.id) continue;
    SimilarHit hit{std::move(found->front()), c.score, {}};
    auto have = stems(hit.paper.title + " " + hit.paper.abstract);
    for (const auto& one : *telling)
      if (std::find(have.begin(), have.end(), one.stem) != have.end()) hit.shared.push_back(one.word);
    out.push_back(std::move(hit));
  }
  return out;
}

}  // namespace broadsheet::store
