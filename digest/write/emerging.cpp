#include "digest/write/emerging.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "digest/write/phrases.hpp"
#include "digest/write/usual.hpp"

namespace broadsheet::write {
namespace {

constexpr std::size_t kFewest = 3;
constexpr std::size_t kTitled = 2;  // what no title carries is a manner of speaking
constexpr double kSurprise = 4.5;   // about one chance in 500; a fifth of all days has such a subject
constexpr double kTimes = 3;        // and the difference must be worth a word

struct Use {
  std::map<std::string, std::size_t> labels;
  std::set<std::size_t> papers, in_title;
  std::size_t uses = 0, whole = 0;
};

double usual(const std::string& key, const std::vector<std::size_t>& papers_of_field) {
  double out = 0;
  for (std::size_t f = 0; f < papers_of_field.size(); ++f)
    out += static_cast<double>(papers_of_field[f]) * usual_share(key, f) / 10'000;
  return out;
}

// How unlikely so many papers are by chance (Poisson, log scale); rounded, because the last bits of a logarithm differ
// between machines.
double surprise(double papers, double expected) {
  return std::round(1e6 * (papers * std::log(papers / expected) - (papers - expected))) / 1e6;
}

// Several papers of one group are one voice.
std::size_t voices(const std::vector<Paper>& papers, const std::set<std::size_t>& members) {
  std::set<std::string> heard;
  std::size_t out = 0;
  for (auto p : members) {
    bool known = std::any_of(papers[p].authors.begin(), papers[p].authors.end(),
                             [&heard](const Author& a) { return heard.contains(a.name); });
    for (const auto& author : papers[p].authors) heard.insert(author.name);
    out += known ? 0 : 1;
  }
  return out;
}

std::map<std::string, Use> uses_in(const std::vector<Paper>& papers) {
  std::map<std::string, Use> out;
  for (std::size_t p = 0; p < papers.size(); ++p)
    for (const auto* part : {&papers[p].title, &papers[p].abstract})
      for (const auto& phrase : phrases_in(*part)) {
        auto& use = out[phrase.key];
        use.papers.insert(p);
        if (part == &papers[p].title) use.in_title.insert(p);
        ++use.labels[phrase.label];
        ++use.uses;
        use.whole += phrase.whole ? 1 : 0;
      }
  return out;
}

}  // namespace

std::vector<Emerging> find_emerging(const std::vector<Paper>& papers, std::size_t most) {
  std::vector<std::size_t> papers_of_field(kFields, 0);
  for (const auto& paper : papers) ++papers_of_field[field_of(paper)];
  std::vector<std::pair<double, Emerging>> found;
  for (const auto& [key, use] : uses_in(papers)) {
    // What is mostly a piece of longer phrases names nothing.
    if (use.papers.size() < kFewest || use.in_title.size() < kTitled || use.whole * 2 < use.uses ||
        voices(papers, use.papers) < kFewest)
      continue;
    auto n = static_cast<double>(use.papers.size());
    auto expected = usual(key, papers_of_field);
    if (n < kTimes * expected) continue;
    auto value = surprise(n, expected);
    if (value < kSurprise) continue;
    found.push_back({value, {best_label(use.labels), {use.papers.begin(), use.papers.end()}, expected}});
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Emerging> out;
  std::set<std::size_t> named;
  for (auto& [value, one] : found) {
    if (out.size() == most) break;
    // Parts of one phrase ("remote sensing", "sensing image") name the same papers.
    auto fresh = std::count_if(one.papers.begin(), one.papers.end(), [&named](auto p) { return !named.contains(p); });
    if (static_cast<std::size_t>(fresh) < kFewest) continue;
    named.insert(one.papers.begin(), one.papers.end());
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace broadsheet::write
