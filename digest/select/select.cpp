#include "digest/select/select.hpp"

#include <algorithm>
#include <map>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "digest/select/signals.hpp"
#include "digest/select/terms.hpp"

namespace broadsheet::select {
namespace {

// What each signal is worth beside centrality and interest, which run from 0 to 1.
constexpr double kCode = 0.08, kVenue = 0.20, kSurvey = 0.14, kBenchmark = 0.14, kDataset = 0.10, kReport = 0.06,
                 kNumbers = 0.12, kCross = 0.03, kFollowed = 1.0, kInterest = 1.5;
constexpr double kCentral = 0.5;
constexpr std::size_t kOutstandingShare = 20;  // one paper in so many is central enough to say so
constexpr double kDiversity = 0.45;            // how much likeness to a chosen paper costs
constexpr double kSameTitle = 0.85;            // share of title words that makes a near-duplicate
constexpr double kSameText = 0.9;

struct Candidate {
  SelectionEntry entry;
  const Paper* paper = nullptr;
  Vector vector;
  bool kept = false;  // never cut
};

// Every announced id once: new before cross before replacement.
std::vector<Announced> merged(const std::vector<ListingBatch>& batches) {
  std::vector<Announced> out;
  std::map<PaperId, std::size_t> at;
  for (const auto& batch : batches)
    for (const auto& entry : batch.listing.entries) {
      auto [it, fresh] = at.emplace(entry.id, out.size());
      if (fresh)
        out.push_back(entry);
      else if (entry.type < out[it->second].type)
        out[it->second].type = entry.type;
    }
  return out;
}

std::map<PaperId, const Paper*> index(const std::vector<ListingBatch>& batches) {
  std::map<PaperId, const Paper*> out;
  for (const auto& batch : batches)
    for (const auto& paper : batch.papers) out.emplace(paper.id, &paper);
  return out;
}

struct Profile {
  Vector likes, dislikes;
};

Profile profile(const TermSpace& space, const std::string& interests) {
  std::string likes;
  std::string dislikes;
  std::string clause;
  for (char c : interests + ".") {
    if (c != '.' && c != ',' && c != ';' && c != '\n') {
      clause += c;
      continue;
    }
    auto trimmed = text::trim(clause);
    auto folded = text::lower_ascii(trimmed);
    (folded.starts_with("not ") || folded.starts_with("no ") ? dislikes : likes) += " " + std::string(trimmed);
    clause.clear();
  }
  return {space.of(likes), space.of(dislikes)};
}

// The three strongest terms of both, as the paper writes them, that at least `least` papers of the day use.
std::string shared_words(const TermSpace& space, const Candidate& c, const Vector& b, std::size_t least) {
  const auto& a = c.vector;
  std::vector<std::pair<double, std::string>> found;
  for (const auto& [number, weight] : a) {
    auto it = std::lower_bound(b.begin(), b.end(), number, [](const auto& x, auto n) { return x.first < n; });
    if (it != b.end() && it->first == number && space.papers_with(number) >= least)
      found.emplace_back(-weight * it->second, space.word(number));
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < found.size() && i < 3; ++i) out.push_back(as_written(*c.paper, found[i].second));
  return text::join(out, ", ");
}

void add(Candidate& c, ReasonKind kind, std::string text, double weight) {
  c.entry.reasons.push_back({kind, std::move(text), weight});
  c.entry.score += weight;
}

void add_badge_reasons(Candidate& c) {
  for (const auto& badge : badges(*c.paper)) switch (badge.kind) {
      case BadgeKind::code:
        add(c, ReasonKind::code, "code is linked", kCode);
        break;
      case BadgeKind::venue:
        add(c, ReasonKind::venue, badge.text, badge.text.starts_with("submitted") ? kVenue / 4 : kVenue);
        break;
      case BadgeKind::survey:
        add(c, ReasonKind::survey, "a survey", kSurvey);
        break;
      case BadgeKind::benchmark:
        add(c, ReasonKind::benchmark, "a benchmark", kBenchmark);
        break;
      case BadgeKind::dataset:
        add(c, ReasonKind::dataset, "a dataset", kDataset);
        break;
      default:
        break;
    }
}

// What all candidates are measured by.
struct Measure {
  TermSpace space;
  Profile wanted;
  double scale = 0;        // makes the most central paper worth kCentral
  double outstanding = 0;  // centrality that sets a paper apart
};

void add_topic(Candidate& c, const Measure& by) {
  constexpr std::size_t kSubject = 3;  // papers that make a subject of the day
  auto weight = by.scale * dot(c.vector, by.space.centre());
  c.entry.score += weight;
  // Nearly every paper is somewhat central; it is a reason only where it sets the paper apart, or where no other is.
  if (weight < by.outstanding && !c.entry.reasons.empty()) return;
  auto subjects = shared_words(by.space, c, by.space.centre(), kSubject);
  c.entry.reasons.push_back(
      {ReasonKind::topic,
       subjects.empty() ? "close to what others write today" : "at the centre of the day: " + subjects, weight});
}

void add_facts(Candidate& c, const Options& options) {
  add_badge_reasons(c);
  if (auto difference = measured_difference(*c.paper); !difference.empty())
    add(c, ReasonKind::strong_result, "measures a difference of " + difference, kNumbers);
  if (text::lower_ascii(c.paper->comment).find("technical report") != std::string::npos)
    add(c, ReasonKind::report, "a technical report", kReport);
  constexpr std::size_t kWide = 4;  // three categories are the rule in some archives
  auto categories = std::min(c.paper->categories.size(), kWide);
  if (categories == kWide)
    add(c, ReasonKind::cross_listed, "listed in " + std::to_string(c.paper->categories.size()) + " categories",
        kCross * static_cast<double>(kWide - 1));
  else if (categories > 2)
    c.entry.score += kCross * static_cast<double>(categories - 1);
  for (const auto& author : c.paper->authors)
    for (const auto& followed : options.followed_authors)
      if (text::fold(author.name) == text::fold(followed)) {
        add(c, ReasonKind::followed, "by " + author.name + ", whom you follow", kFollowed);
        c.kept = true;
      }
  if (options.always_show && options.always_show(*c.paper)) {
    add(c, ReasonKind::always_show, "your rules always show it", kFollowed);
    c.kept = true;
  }
}

void score(Candidate& c, const Measure& by, const Options& options) {
  auto likes = dot(c.vector, by.wanted.likes);
  auto dislikes = dot(c.vector, by.wanted.dislikes);
  if (likes > 0)
    add(c, ReasonKind::interest, "matches your interests: " + shared_words(by.space, c, by.wanted.likes, 1),
        kInterest * likes);
  if (dislikes > 0) c.entry.score -= kInterest * dislikes;
  add_facts(c, options);
  add_topic(c, by);
  std::stable_sort(c.entry.reasons.begin(), c.entry.reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.weight > b.weight; });
}

// The fate that a paper has before anything is compared; nothing if it stays in the running.
std::optional<std::pair<Fate, std::string>> early_fate(const Announced& announced, const Paper* paper,
                                                       const Options& options) {
  bool replaced = announced.type == AnnounceType::replace || announced.type == AnnounceType::replace_cross;
  if (replaced) return std::pair(Fate::other_type, std::string("a replacement"));
  if (announced.type == AnnounceType::cross && !options.include_cross)
    return std::pair(Fate::other_type, std::string("a cross-list"));
  if (paper == nullptr) return std::pair(Fate::cut, std::string("its record did not arrive"));
  if (paper->withdrawn) return std::pair(Fate::withdrawn, std::string("withdrawn by its authors"));
  if (options.seen_before.contains(announced.id))
    return std::pair(Fate::repeated, std::string("was in an earlier digest"));
  if (options.filtered)
    if (auto reason = options.filtered(*paper)) return std::pair(Fate::filtered, *reason);
  return std::nullopt;
}

double title_likeness(const Paper& a, const Paper& b) {
  auto wa = words(a.title);
  auto wb = words(b.title);
  std::set<std::string> sa(wa.begin(), wa.end());
  std::set<std::string> sb(wb.begin(), wb.end());
  std::size_t both = 0;
  for (const auto& word : sa) both += sb.count(word);
  auto all = sa.size() + sb.size() - both;
  return all == 0 ? 0 : static_cast<double>(both) / static_cast<double>(all);
}

bool is_better(const Candidate& a, const Candidate& b) {
  if (a.kept != b.kept) return a.kept;
  if (a.entry.score != b.entry.score) return a.entry.score > b.entry.score;
  return a.entry.announced.id < b.entry.announced.id;
}

// Marks near-duplicates of a better paper.
void mark_duplicates(std::vector<Candidate>& ranked) {
  for (std::size_t i = 1; i < ranked.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (ranked[j].entry.fate == Fate::duplicate || dot(ranked[i].vector, ranked[j].vector) < kSameText) continue;
      if (title_likeness(*ranked[i].paper, *ranked[j].paper) < kSameTitle) continue;
      ranked[i].entry.fate = Fate::duplicate;
      ranked[i].entry.detail = "near-duplicate of " + ranked[j].entry.announced.id.str();
      break;
    }
}

// Takes `top` papers, each time the one with the best score less its likeness to those taken (maximal marginal
// relevance).
void choose(std::vector<Candidate>& ranked, std::size_t top, std::vector<SelectionEntry>& out) {
  std::vector<double> likeness(ranked.size(), 0);
  std::vector<bool> taken(ranked.size(), false);
  for (std::size_t n = 0; n < top; ++n) {
    std::size_t best = ranked.size();
    double best_value = 0;
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      if (taken[i] || ranked[i].entry.fate == Fate::duplicate) continue;
      double value = ranked[i].entry.score - kDiversity * likeness[i] + (ranked[i].kept ? 1000 : 0);
      if (best == ranked.size() || value > best_value) {
        best = i;
        best_value = value;
      }
    }
    if (best == ranked.size()) break;
    taken[best] = true;
    ranked[best].entry.fate = Fate::shown;
    out.push_back(ranked[best].entry);
    for (std::size_t i = 0; i < ranked.size(); ++i)
      if (!taken[i]) likeness[i] = std::max(likeness[i], dot(ranked[i].vector, ranked[best].vector));
  }
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    if (taken[i]) continue;
    bool keep = ranked[i].kept && ranked[i].entry.fate != Fate::duplicate;
    if (ranked[i].entry.fate != Fate::duplicate) ranked[i].entry.fate = keep ? Fate::shown : Fate::cut;
    out.push_back(ranked[i].entry);
  }
}

// Fills the candidates' vectors as well.
Measure measure(std::vector<Candidate>& running, const std::vector<Paper>& listing, const Options& options) {
  Measure by{TermSpace(listing), {}};
  by.wanted = profile(by.space, options.interests);
  std::vector<double> centrality;
  for (auto& c : running) {
    c.vector = by.space.of(*c.paper);
    centrality.push_back(dot(c.vector, by.space.centre()));
  }
  std::sort(centrality.rbegin(), centrality.rend());
  if (centrality.empty() || centrality[0] <= 0) return by;
  by.scale = kCentral / centrality[0];
  by.outstanding = by.scale * centrality[centrality.size() / kOutstandingShare];
  return by;
}

}  // namespace

Selection select(const std::vector<ListingBatch>& batches, const Options& options) {
  auto papers = index(batches);
  std::vector<Candidate> running;
  std::vector<SelectionEntry> out_of_it;
  std::vector<Paper> listing;
  for (const auto& announced : merged(batches)) {
    auto it = papers.find(announced.id);
    const Paper* paper = it == papers.end() ? nullptr : it->second;
    Candidate candidate;
    candidate.entry.announced = announced;
    if (auto fate = early_fate(announced, paper, options)) {
      candidate.entry.fate = fate->first;
      candidate.entry.detail = fate->second;
      out_of_it.push_back(std::move(candidate.entry));
      continue;
    }
    candidate.paper = paper;
    listing.push_back(*paper);
    running.push_back(std::move(candidate));
  }
  auto by = measure(running, listing, options);
  for (auto& c : running) score(c, by, options);
  std::sort(running.begin(), running.end(), is_better);
  mark_duplicates(running);
  Selection selection;
  choose(running, options.top, selection.entries);
  selection.entries.insert(selection.entries.end(), out_of_it.begin(), out_of_it.end());
  return selection;
}

}  // namespace broadsheet::select
