#include "digest/write/themes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

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

// Many papers count, and more so when their titles name the subject.
double value_of(const Subject& subject, const std::set<std::size_t>& members, std::size_t papers) {
  constexpr double kSmall = 0.4;  // in a long listing two papers are a coincidence
  constexpr std::size_t kPapersPerGroup = 30;
  auto named =
      std::count_if(members.begin(), members.end(), [&subject](std::size_t p) { return subject.in_title.contains(p); });
  auto count = static_cast<double>(members.size());
  double value = std::sqrt(count) * (0.5 + static_cast<double>(named) / count);
  return members.size() < std::max<std::size_t>(2, papers / kPapersPerGroup) ? kSmall * value : value;
}

}  // namespace

std::vector<ThemeGroup> find_themes(const std::vector<Paper>& papers, std::size_t most) {
  constexpr std::size_t kFew = 20;   // papers; a share of fewer says nothing
  constexpr std::size_t kBroad = 4;  // a subject of more than every fourth paper is the listing's, not a theme
  Subjects subjects;
  for (std::size_t p = 0; p < papers.size(); ++p) add(subjects, papers[p], p);
  std::erase_if(subjects, [&papers](const auto& entry) {
    const auto& s = entry.second;
    return !s.names_a_group() || (papers.size() > kFew && s.members.size() * kBroad > papers.size());
  });
  std::set<std::size_t> grouped;
  std::vector<ThemeGroup> out;
  while (out.size() < most) {
    const Subject* best = nullptr;
    std::set<std::size_t> best_members;
    double best_value = 0;
    for (const auto& [key, subject] : subjects) {
      auto members = subject.members;
      std::erase_if(members, [&grouped](std::size_t p) { return grouped.contains(p); });
      // What is left of a subject must still be most of it, or its name would mislead.
      if (members.size() < 2 || members.size() * 2 < subject.members.size()) continue;
      double value = value_of(subject, members, papers.size());
      if (value <= best_value) continue;
      best_value = value;
      best = &subject;
      best_members = std::move(members);
    }
    if (best == nullptr) break;
    out.push_back({best_label(best->labels), {best_members.begin(), best_members.end()}});
    grouped.insert(best_members.begin(), best_members.end());
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.papers.size() > b.papers.size(); });
  return out;
}

}  // namespace broadsheet::write
