#include "digest/write/summary.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "bot/base/text.hpp"
#include "digest/write/emerging.hpp"
#include "digest/write/sentences.hpp"
#include "digest/write/themes.hpp"

namespace broadsheet::write {
namespace {

constexpr std::size_t kThemes = 5;
constexpr std::size_t kNotable = 3;
constexpr std::size_t kToRead = 3;

std::string list_words(const std::vector<std::string>& parts) {
  if (parts.size() < 2) return parts.empty() ? std::string() : parts[0];
  std::vector<std::string> head(parts.begin(), parts.end() - 1);
  return text::join(head, ", ") + " and " + parts.back();
}

std::string counted(std::size_t n, const std::string& thing) {
  return std::to_string(n) + " " + thing + (n == 1 ? "" : "s");
}

// The papers that were in the running: neither replaced nor withdrawn.
std::vector<Paper> running(const std::vector<Paper>& papers, const Selection& selection) {
  std::set<PaperId> out;
  for (const auto& e : selection.entries)
    if (e.fate != Fate::other_type && e.fate != Fate::withdrawn) out.insert(e.announced.id);
  std::vector<Paper> kept;
  for (const auto& paper : papers)
    if (out.contains(paper.id)) kept.push_back(paper);
  return kept;
}

class SummaryWriter {
 public:
  SummaryWriter(const std::vector<Card>& cards, const std::vector<Paper>& papers, const Selection& selection)
      : cards_(cards), papers_(running(papers, selection)), counts_(count(selection)) {
    for (std::size_t i = 0; i < cards.size(); ++i) rank_[cards[i].paper.id] = i;
  }

  ExecutiveSummary write() {
    if (cards_.empty()) return std::move(out_);
    themes();
    overview();
    notable();
    emerging();
    read_in_full();
    return std::move(out_);
  }

 private:
  const Card* card(const PaperId& id) const {
    auto it = rank_.find(id);
    return it == rank_.end() ? nullptr : &cards_[it->second];
  }

  void themes() {
    for (const auto& group : find_themes(papers_, kThemes)) {
      Theme theme;
      theme.label = group.label;
      theme.total = group.papers.size();
      for (auto p : group.papers)
        if (rank_.contains(papers_[p].id)) theme.papers.push_back(papers_[p].id);
      std::sort(theme.papers.begin(), theme.papers.end(),
                [this](const auto& a, const auto& b) { return rank_[a] < rank_[b]; });
      theme.gist = gist(group, theme);
      out_.themes.push_back(std::move(theme));
    }
  }

  // Names up to three papers of the theme, shown ones first.
  Statement gist(const ThemeGroup& group, const Theme& theme) {
    std::vector<PaperId> named = theme.papers;
    for (auto p : group.papers)
      if (std::find(named.begin(), named.end(), papers_[p].id) == named.end()) named.push_back(papers_[p].id);
    if (named.size() > 3) named.resize(3);
    std::vector<std::string> names;
    for (const auto& id : named) names.push_back(name_of(id));
    bool more = theme.total > named.size();
    return {counted(theme.total, "paper") + (more ? ", among them " : ": ") + list_words(names) + ".", named};
  }

  std::string name_of(const PaperId& id) const {
    for (const auto& paper : papers_)
      if (paper.id == id) return short_name(paper);
    return id.str();
  }

  // One number is "announced" wherever it stands: with the replaced and withdrawn papers.
  std::string apart() const {
    auto all = counts_.announced;
    if (all == 1) return "One paper was announced.";
    auto head = counted(all, "paper") + " were announced";
    if (papers_.size() == all) return head + ", each on a subject of its own.";
    if (papers_.size() == 1) return head + "; one of them is news.";
    return head + "; the " + std::to_string(papers_.size()) + " that are news have a subject of their own each.";
  }
  std::string gathered() const {
    auto all = counts_.announced;
    if (papers_.size() == all) return "The " + counted(all, "paper") + " of the day";
    return "Of the " + counted(all, "paper") + " announced, the " + std::to_string(papers_.size()) + " that are news";
  }

  void overview() {
    std::vector<std::string> labels;
    std::vector<PaperId> rests;
    for (const auto& theme : out_.themes) {
      if (labels.size() == 3) break;
      labels.push_back(theme.label + " (" + std::to_string(theme.total) + ")");
      rests.insert(rests.end(), theme.gist.rests_on.begin(), theme.gist.rests_on.end());
    }
    if (labels.empty()) {
      out_.overview.push_back({apart(), {cards_[0].paper.id}});
    } else {
      out_.overview.push_back({gathered() + " gather most around " + list_words(labels) + ".", rests});
    }
    std::vector<PaperId> with_code;
    std::vector<PaperId> with_venue;
    for (const auto& c : cards_)
      for (const auto& badge : c.badges) {
        if (badge.kind == BadgeKind::code) with_code.push_back(c.paper.id);
        if (badge.kind == BadgeKind::venue && !badge.text.starts_with("submitted")) with_venue.push_back(c.paper.id);
      }
    std::vector<std::string> facts;
    if (!with_code.empty())
      facts.push_back(std::to_string(with_code.size()) + (with_code.size() == 1 ? " links code" : " link code"));
    if (!with_venue.empty())
      facts.push_back(std::to_string(with_venue.size()) +
                      (with_venue.size() == 1 ? " names the venue that took it" : " name the venue that took them"));
    if (facts.empty()) return;
    auto all = with_code;
    all.insert(all.end(), with_venue.begin(), with_venue.end());
    out_.overview.push_back(
        {"Of the " + counted(cards_.size(), "paper") + " chosen here, " + list_words(facts) + ".", all});
  }

  // Papers whose best finding carries a number.
  void notable() {
    for (const auto& c : cards_) {
      if (out_.notable.size() == kNotable) return;
      std::string finding;
      for (const auto& f : c.findings)
        if (has_measure(f) && (finding.empty() || f.size() < finding.size()) && word_count(f) <= 45) finding = f;
      if (finding.empty()) continue;
      out_.notable.push_back({short_name(c.paper) + ": " + finding, {c.paper.id}});
      used_.insert(c.paper.id);
    }
  }

  void emerging() {
    constexpr std::size_t kEmerging = 3;
    for (const auto& one : find_emerging(papers_, kEmerging)) {
      std::vector<PaperId> ids;
      for (auto p : one.papers) ids.push_back(papers_[p].id);
      std::stable_partition(ids.begin(), ids.end(), [this](const auto& id) { return rank_.contains(id); });
      if (ids.size() > 3) ids.resize(3);
      std::vector<std::string> names;
      for (const auto& id : ids) names.push_back(name_of(id));
      bool more = one.papers.size() > ids.size();
      out_.emerging.push_back({"“" + one.label + "”: " + counted(one.papers.size(), "paper") + " where " +
                                   usual_words(one.usual) + (more ? ", among them " : ": ") + list_words(names) + ".",
                               ids});
    }
  }

  static std::string usual_words(double usual) {
    auto n = std::lround(usual);
    return n == 0 ? "hardly any is usual" : n == 1 ? "one is usual" : std::to_string(n) + " are usual";
  }

  // For whom and why; each kind of reason once, before any is said twice.
  void read_in_full() {
    std::set<std::string> said;
    for (int pass = 0; pass < 2; ++pass)
      for (const auto& c : cards_) {
        if (out_.read_in_full.size() == kToRead) return;
        if (used_.contains(c.paper.id)) continue;
        auto why = reading_reason(c);
        if (why.empty() || (pass == 0 && !said.insert(why).second)) continue;
        auto subject = subject_of(c.paper.id);
        auto whom = subject.empty() ? std::string() : "for readers on " + subject + ", ";
        out_.read_in_full.push_back({short_name(c.paper) + ": " + whom + why + ".", {c.paper.id}});
        used_.insert(c.paper.id);
      }
  }

  std::string subject_of(const PaperId& id) const {
    for (const auto& theme : out_.themes)
      if (std::find(theme.papers.begin(), theme.papers.end(), id) != theme.papers.end()) return theme.label;
    return {};
  }

  static std::string reading_reason(const Card& c) {
    auto badge = [&c](BadgeKind kind) {
      return std::find_if(c.badges.begin(), c.badges.end(), [kind](const Badge& b) { return b.kind == kind; });
    };
    auto has = [&](BadgeKind kind) { return badge(kind) != c.badges.end(); };
    if (has(BadgeKind::survey)) return "a survey to find one's way in the field";
    if (has(BadgeKind::benchmark)) return "a benchmark whose set-up decides what its numbers mean";
    if (has(BadgeKind::dataset)) return "it brings data that others can build on";
    for (const auto& section : c.sections)
      if (section.role == Role::limitation) return "the authors say where it stops working";
    if (auto venue = badge(BadgeKind::venue); venue != c.badges.end() && !venue->text.starts_with("submitted"))
      return "peer-reviewed (" + venue->text + ")";
    if (has(BadgeKind::code)) return "its code is linked, so the claims can be tried";
    for (const auto& reason : c.why)
      if (reason.kind == ReasonKind::interest) return "it matches your interests";
    return {};
  }

  const std::vector<Card>& cards_;
  std::vector<Paper> papers_;
  Counts counts_;
  std::map<PaperId, std::size_t> rank_;
  std::set<PaperId> used_;
  ExecutiveSummary out_;
};

}  // namespace

std::string short_name(const Paper& paper) {
  auto colon = paper.title.find(": ");
  if (colon != std::string::npos && colon > 1) {
    std::string head(text::trim(std::string_view(paper.title).substr(0, colon)));
    if (word_count(head) <= 3) return head;
  }
  return "“" + paper.title + "”";
}

ExecutiveSummary write_summary(const std::vector<Card>& cards, const std::vector<Paper>& papers,
                               const Selection& selection) {
  return SummaryWriter(cards, papers, selection).write();
}

}  // namespace broadsheet::write
