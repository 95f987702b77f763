#include "digest/write/themes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "bot/base/text.hpp"
#include "digest/model/category.hpp"
#include "digest/select/terms.hpp"
#include "digest/select/vocabulary.hpp"
#include "digest/write/phrases.hpp"

namespace broadsheet::write {
namespace {

struct Subject {
  std::set<std::size_t> in_title, members;
  std::map<std::string, std::size_t> labels;

  std::size_t uses = 0, whole = 0;

  void count(const Phrase& phrase) {
    ++labels[phrase.label];
    ++uses;
    whole += phrase.whole ? 1 : 0;
  }
  // Named by a title, shared by several, and not mostly a piece of longer phrases.
  bool names_a_group() const { return !in_title.empty() && members.size() > 1 && whole * 2 >= uses; }
};

using Subjects = std::map<std::string, Subject>;

// A paper is on a subject that its title names, or its abstract twice.
void add(Subjects& subjects, const Paper& paper, std::size_t index) {
  for (auto& phrase : phrases_in(paper.title)) {
    auto& subject = subjects[phrase.key];
    subject.in_title.insert(index);
    subject.members.insert(index);
    subject.count(phrase);
  }
  std::map<std::string, int> times;
  for (auto& phrase : phrases_in(paper.abstract)) {
    auto& subject = subjects[phrase.key];
    subject.count(phrase);
    if (++times[phrase.key] == 2) subject.members.insert(index);
  }
}

// The same by the subjects of digest/select/kin.tsv, which have many names.
void add_broad(Subjects& subjects, const Paper& paper, std::size_t index) {
  auto take = [&](const select::Mention& mention, bool in_title) {
    auto& subject = subjects["~" + std::string(mention.subject)];
    ++subject.labels[std::string(mention.subject)];
    ++subject.uses;
    ++subject.whole;
    if (in_title) subject.in_title.insert(index);
    constexpr std::size_t kOften = 2;
    if (in_title || mention.times >= kOften) subject.members.insert(index);
  };
  for (const auto& mention : select::subjects_in(select::read_words(paper.title))) take(mention, true);
  for (const auto& mention : select::subjects_in(select::read_words(paper.abstract))) take(mention, false);
}

// Many papers count, and more so when their titles name the subject.
double value_of(const Subject& subject, const std::set<std::size_t>& members, std::size_t papers) {
  constexpr double kSmall = 0.4;  // in a long listing two papers are a coincidence
  constexpr std::size_t kPapersPerGroup = 30;
  auto named =
      std::count_if(members.begin(), members.end(), [&subject](std::size_t p) { return subject.in_title.contains(p); });
  auto count = static_cast<double>(members.size());
  double value = std::sqrt(count * std::sqrt(count)) * (0.5 + static_cast<double>(named) / count);
  return members.size() < std::max<std::size_t>(2, papers / kPapersPerGroup) ? kSmall * value : value;
}

// A theme while papers are still joining it.
struct Growing {
  std::string key, label;
  std::set<std::size_t> papers;
};

std::vector<Growing> named_groups(const Subjects& subjects, std::size_t papers, std::size_t most) {
  std::set<std::size_t> grouped;
  std::vector<Growing> out;
  while (out.size() < most) {
    Growing best;
    double best_value = 0;
    for (const auto& [key, subject] : subjects) {
      auto members = subject.members;
      std::erase_if(members, [&grouped](std::size_t p) { return grouped.contains(p); });
      // What is left of a subject must still be most of it, or its name would mislead.
      if (members.size() < 2 || members.size() * 2 < subject.members.size()) continue;
      double value = value_of(subject, members, papers);
      if (value <= best_value) continue;
      best_value = value;
      best = {key, best_label(subject.labels), std::move(members)};
    }
    if (best.papers.empty()) break;
    grouped.insert(best.papers.begin(), best.papers.end());
    out.push_back(std::move(best));
  }
  return out;
}

select::Vector direction_of(const std::set<std::size_t>& papers, const std::vector<select::Vector>& vectors) {
  std::map<std::uint32_t, double> sum;
  for (auto p : papers)
    for (const auto& [term, weight] : vectors[p]) sum[term] += weight;
  select::Vector out(sum.begin(), sum.end());
  select::normalise(out);
  return out;
}

// Where a paper that names no theme belongs all the same: to the one that it is clearly nearest to. A paper that names
// the subject at least once needs less likeness than one that does not.
constexpr double kNearNamed = 0.08, kNear = 0.13, kClearly = 1.15;

void gather_near(std::vector<Growing>& themes, const std::vector<Paper>& papers) {
  if (themes.empty()) return;
  select::TermSpace space(papers);
  std::vector<select::Vector> vectors;
  vectors.reserve(papers.size());
  for (const auto& paper : papers) vectors.push_back(space.of(paper));
  std::vector<select::Vector> directions;
  std::set<std::size_t> grouped;
  for (const auto& theme : themes) {
    directions.push_back(direction_of(theme.papers, vectors));
    grouped.insert(theme.papers.begin(), theme.papers.end());
  }
  for (std::size_t p = 0; p < papers.size(); ++p) {
    if (grouped.contains(p)) continue;
    std::size_t best = 0;
    double first = 0;
    double second = 0;
    for (std::size_t t = 0; t < themes.size(); ++t) {
      auto likeness = select::dot(vectors[p], directions[t]);
      if (likeness > first) {
        second = first;
        first = likeness;
        best = t;
      } else {
        second = std::max(second, likeness);
      }
    }
    if (first < kNearNamed || first < second * kClearly) continue;
    if (first >= kNear || phrase_keys(papers[p]).contains(themes[best].key)) themes[best].papers.insert(p);
  }
}

// Categories that half of science is listed in say nothing of a paper.
bool is_wide(const std::string& category) {
  return category == "cs.LG" || category == "cs.AI" || category == "stat.ML";
}

// What is left goes by the names of the categories that it is listed in, where a listing is not of them anyway.
void gather_by_category(std::vector<Growing>& themes, const std::vector<Paper>& papers) {
  constexpr std::size_t kMost = 5, kPapersPerGroup = 40;
  std::set<std::size_t> grouped;
  for (const auto& theme : themes) grouped.insert(theme.papers.begin(), theme.papers.end());
  std::map<std::string, std::set<std::size_t>> left;
  std::map<std::string, std::size_t> all;
  for (std::size_t p = 0; p < papers.size(); ++p)
    for (const auto& category : papers[p].categories) {
      ++all[category];
      if (!grouped.contains(p) && !is_wide(category)) left[category].insert(p);
    }
  std::erase_if(left, [&](const auto& entry) { return all[entry.first] * 2 > papers.size(); });
  for (std::size_t n = 0; n < kMost; ++n) {
    auto best = std::max_element(left.begin(), left.end(),
                                 [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    if (best == left.end() || best->second.size() < std::max<std::size_t>(2, papers.size() / kPapersPerGroup)) return;
    auto category = Category::parse(best->first);
    auto members = std::move(best->second);
    left.erase(best);
    const auto* info = category ? category_info(*category) : nullptr;
    if (info == nullptr) continue;
    for (auto& [code, others] : left) std::erase_if(others, [&members](std::size_t p) { return members.contains(p); });
    // Where a theme goes by the same name already, they join it.
    auto name = text::lower_ascii(info->name);
    auto same = std::find_if(themes.begin(), themes.end(),
                             [&name](const Growing& theme) { return text::lower_ascii(theme.label) == name; });
    if (same != themes.end())
      same->papers.insert(members.begin(), members.end());
    else
      themes.push_back({info->code, info->name, std::move(members)});
  }
}

}  // namespace

std::vector<ThemeGroup> find_themes(const std::vector<Paper>& papers, std::size_t most) {
  constexpr std::size_t kFew = 20;   // papers; a share of fewer says nothing
  constexpr std::size_t kBroad = 4;  // a subject of more than every fourth paper is the listing's, not a theme
  Subjects subjects;
  for (std::size_t p = 0; p < papers.size(); ++p) {
    add(subjects, papers[p], p);
    add_broad(subjects, papers[p], p);
  }
  std::erase_if(subjects, [&papers](const auto& entry) {
    const auto& s = entry.second;
    return !s.names_a_group() || (papers.size() > kFew && s.members.size() * kBroad > papers.size());
  });
  auto themes = named_groups(subjects, papers.size(), most);
  gather_near(themes, papers);
  if (papers.size() > kFew) gather_by_category(themes, papers);
  std::vector<ThemeGroup> out;
  for (auto& theme : themes) out.push_back({std::move(theme.label), {theme.papers.begin(), theme.papers.end()}});
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.papers.size() > b.papers.size(); });
  return out;
}

}  // namespace broadsheet::write
