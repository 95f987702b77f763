#include "digest/write/summary.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "bot/base/text.hpp"
#include "digest/select/venue.hpp"
#include "digest/write/emerging.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/roles.hpp"
#include "digest/write/sentences.hpp"
#include "digest/write/themes.hpp"
#include "digest/write/tldr.hpp"

namespace broadsheet::write {
namespace {

// A theme for so many papers, within bounds: few enough to be read, enough to hold most of a day.
constexpr std::size_t kPapersPerTheme = 8, kFewestThemes = 4, kMostThemes = 12;
constexpr std::size_t kTold = 2;                             // papers of a theme whose own sentence is given
constexpr std::size_t kNamed = 3;                            // more of them by name
constexpr std::size_t kShortestTold = 9, kLongestTold = 45;  // words
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

// The papers that were in the running: neither replaced nor withdrawn. By identifier: sums of likeness must not depend
// on the order of the listing.
std::vector<Paper> running(const std::vector<Paper>& papers, const Selection& selection) {
  std::set<PaperId> out;
  for (const auto& e : selection.entries)
    if (e.fate != Fate::other_type && e.fate != Fate::withdrawn) out.insert(e.announced.id);
  std::vector<Paper> kept;
  for (const auto& paper : papers)
    if (out.contains(paper.id)) kept.push_back(paper);
  std::sort(kept.begin(), kept.end(), [](const Paper& a, const Paper& b) { return a.id < b.id; });
  return kept;
}

class SummaryWriter {
 public:
  SummaryWriter(const std::vector<Card>& cards, const std::vector<Paper>& papers, const Selection& selection)
      : cards_(cards), papers_(running(papers, selection)), counts_(count(selection)) {
    for (std::size_t i = 0; i < cards.size(); ++i) rank_[cards[i].paper.id] = i;
    for (std::size_t i = 0; i < selection.entries.size(); ++i) place_[selection.entries[i].announced.id] = i;
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
    auto most = std::clamp(papers_.size() / kPapersPerTheme, kFewestThemes, kMostThemes);
    std::set<PaperId> placed;
    for (const auto& group : find_themes(papers_, most)) {
      auto members = by_rank(group.papers);
      for (const auto& paper : members) placed.insert(paper->id);
      out_.themes.push_back({group.label, gist(members), shown(members), members.size()});
    }
    others(placed);
  }

  std::vector<const Paper*> by_rank(const std::vector<std::size_t>& numbers) const {
    std::vector<const Paper*> out;
    out.reserve(numbers.size());
    for (auto p : numbers) out.push_back(&papers_[p]);
    std::sort(out.begin(), out.end(),
              [this](const Paper* a, const Paper* b) { return place_.at(a->id) < place_.at(b->id); });
    return out;
  }

  std::vector<PaperId> shown(const std::vector<const Paper*>& members) const {
    std::vector<PaperId> out;
    for (const auto* paper : members)
      if (rank_.contains(paper->id)) out.push_back(paper->id);
    return out;
  }

  // No shown paper is left without a place.
  void others(const std::set<PaperId>& placed) {
    std::vector<std::size_t> left;
    for (std::size_t p = 0; p < papers_.size(); ++p)
      if (!placed.contains(papers_[p].id)) left.push_back(p);
    auto members = by_rank(left);
    auto here = shown(members);
    if (here.empty() || out_.themes.empty()) return;
    std::vector<std::string> names;
    auto named = here;
    if (named.size() > kNamed) named.resize(kNamed);
    for (const auto& id : named) names.push_back(name_of(id));
    auto text = counted(left.size(), "paper") + " on subjects of their own, among them " + list_words(names) + ".";
    out_.themes.push_back({std::string(kOtherSubjects), {std::move(text), named}, std::move(here), left.size()});
  }

  // What the first of its papers do, in their own words, and the names of some more.
  Statement gist(const std::vector<const Paper*>& members) {
    std::string text = counted(members.size(), "paper") + ".";
    std::vector<PaperId> named;
    std::vector<std::string> more;
    auto tell = shown(members).empty() ? 1 : kTold;
    for (const auto* paper : members) {
      if (named.size() == tell + kNamed) break;
      auto told = named.size() - more.size() < tell ? told_by(*paper) : std::string();
      if (told.empty() && more.size() == kNamed) continue;
      named.push_back(paper->id);
      if (told.empty())
        more.push_back(short_name(*paper));
      else
        text += " " + short_name(*paper) + ": " + told;
    }
    if (!more.empty()) text += " Also " + list_words(more) + ".";
    return {std::move(text), std::move(named)};
  }

  // A sentence of its own that stands alone and is not too long; empty if it has none.
  std::string told_by(const Paper& paper) {
    const auto* shown_card = card(paper.id);
    auto sentence =
        shown_card != nullptr ? shown_card->tldr.text : tldr(paper.title, label(split_sentences(paper.abstract))).text;
    if (sentence.empty() || word_count(sentence) > kLongestTold || leans(sentence)) return {};
    said_.insert(sentence);
    return sentence;
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
      if (labels.size() == 3 || theme.label == kOtherSubjects) break;
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
        if (badge.kind == BadgeKind::venue && select::is_taken(badge.text)) with_venue.push_back(c.paper.id);
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
        if (!said_.contains(f) && has_measure(f) && (finding.empty() || f.size() < finding.size()) &&
            word_count(f) <= 45)
          finding = f;
      if (finding.empty()) continue;
      out_.notable.push_back({short_name(c.paper) + ": " + finding, {c.paper.id}});
      said_.insert(finding);
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

  // Why the whole paper is worth its time, in its own words where it has them; each kind of reason once.
  void read_in_full() {
    std::set<std::string_view> kinds;
    for (const auto& c : cards_) {
      if (out_.read_in_full.size() == kToRead) return;
      if (used_.contains(c.paper.id)) continue;
      for (const auto& [kind, why] : reading_reasons(c)) {
        if (kinds.contains(kind)) continue;
        kinds.insert(kind);
        auto subject = subject_of(c.paper.id);
        auto whom = subject.empty() || subject == kOtherSubjects ? std::string() : "for readers on " + subject + ", ";
        out_.read_in_full.push_back({short_name(c.paper) + ": " + whom + why, {c.paper.id}});
        used_.insert(c.paper.id);
        break;
      }
    }
  }

  std::string subject_of(const PaperId& id) const {
    for (const auto& theme : out_.themes)
      if (std::find(theme.papers.begin(), theme.papers.end(), id) != theme.papers.end()) return theme.label;
    return {};
  }

  struct ReadingReason {
    std::string_view kind;
    std::string text;
  };

  // The strongest first. A reason that the paper has no words of its own for is none, but for a judgement of others.
  std::vector<ReadingReason> reading_reasons(const Card& c) const {
    std::vector<ReadingReason> out;
    auto add = [&out](std::string_view kind, const std::string& head, const std::string& own) {
      if (!own.empty()) out.push_back({kind, head + ": " + own});
    };
    add("limit", "the authors say where it stops", unsaid(c, {Role::limitation}));
    for (const auto& badge : c.badges) {
      if (badge.kind == BadgeKind::survey) add("survey", "a survey", unsaid(c, {Role::objective, Role::method}));
      if (badge.kind == BadgeKind::benchmark)
        add("benchmark", "a new benchmark", unsaid(c, {Role::resource, Role::method, Role::objective}));
      if (badge.kind == BadgeKind::dataset)
        add("dataset", "new data", unsaid(c, {Role::resource, Role::method, Role::objective}));
    }
    add("question", "what it asks", unsaid(c, {Role::objective}));
    add("method", "how it is done", unsaid(c, {Role::method}));
    add("finding", "what comes out", unsaid(c, {Role::result}));
    for (const auto& badge : c.badges)
      if (badge.kind == BadgeKind::venue && select::is_taken(badge.text))
        out.push_back({"venue", "peer-reviewed (" + badge.text + ")."});
    return out;
  }

  // The card's words for the first of these roles that the summary has not said yet and that can stand in a sentence.
  std::string unsaid(const Card& c, std::initializer_list<Role> roles) const {
    auto fits = [this](const std::string& text) {
      bool begins = !text.empty() && text[0] != '(' && !(text[0] >= 'a' && text[0] <= 'z');
      auto length = word_count(text);
      return begins && !said_.contains(text) && length >= kShortestTold && length <= kLongestTold;
    };
    for (auto role : roles)
      for (const auto& section : c.sections)
        if (section.role == role && fits(section.text)) return section.text;
    if (std::find(roles.begin(), roles.end(), Role::result) != roles.end())
      for (const auto& finding : c.findings)
        if (fits(finding)) return finding;
    return {};
  }

  const std::vector<Card>& cards_;
  std::vector<Paper> papers_;
  Counts counts_;
  std::map<PaperId, std::size_t> rank_;   // of the shown papers
  std::map<PaperId, std::size_t> place_;  // of all, best first
  std::set<PaperId> used_;
  std::set<std::string> said_;  // sentences that stand in the summary
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
