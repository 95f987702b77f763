#include "digest/select/select.hpp"

#include <algorithm>
#include <map>

#include "bot/base/text.hpp"
#include "bot/base/words.hpp"
#include "digest/select/interests.hpp"
#include "digest/select/match.hpp"
#include "digest/select/signals.hpp"
#include "digest/select/terms.hpp"
#include "digest/select/venue.hpp"

namespace broadsheet::select {
namespace {

// What each signal is worth beside centrality, which runs from 0 to kCentral, and interest. All signals of a paper
// together are worth no more than kSignals: they decide between papers that are alike in content, and never against it.
constexpr double kCode = 0.04, kVenue = 0.05, kSurvey = 0.04, kBenchmark = 0.04, kDataset = 0.03, kReport = 0.02,
                 kNumbers = 0.04, kCross = 0.01, kSignals = 0.08;
constexpr double kCentral = 0.5;
// A paper that the reader asked for comes before every one that was not asked for, and among those the better match.
constexpr double kAsked = 1.2, kInterest = 1.0, kCentralBesideInterest = 0.05;
// Others by their likeness to those that match, so that a day with few of them is filled with what is near.
constexpr double kRelated = 1.5, kAlike = 0.1;
constexpr double kDisliked = 3;      // outweighs all likes where it is the subject
constexpr double kSecondary = 0.12;  // a paper of other categories, listed here as well
constexpr double kAside = 0.2;       // share of what kSecondary and kDiversity cost where the reader says what counts
constexpr double kFollowed = 1.0;
constexpr std::size_t kOutstandingShare = 20;  // one paper in so many is central enough to say so
constexpr double kDiversity = 0.45;            // how much likeness to a chosen paper costs
constexpr double kSameTitle = 0.85;            // share of title words that makes a near-duplicate
constexpr double kSameText = 0.9;

struct Candidate {
  SelectionEntry entry;
  const Paper* paper = nullptr;
  Vector vector;
  std::size_t place = 0;  // in the listing that is measured
  bool kept = false;      // never cut
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
        add(c, ReasonKind::venue, badge.text, is_taken(badge.text) ? kVenue : kVenue / 4);
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
  Interests interests;
  Matcher matcher;
  std::set<std::string> categories;  // that were asked for
  Vector asked;                      // the mean direction of the papers that were asked for
  double scale = 0;                  // makes the most central paper worth kCentral
  double outstanding = 0;            // centrality that sets a paper apart
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

// What the record says of itself, before anything else is added.
void add_signals(Candidate& c) {
  add_badge_reasons(c);
  if (auto difference = measured_difference(*c.paper); !difference.empty())
    add(c, ReasonKind::strong_result, "measures a difference of " + difference, kNumbers);
  if (text::lower_ascii(c.paper->comment).find("technical report") != std::string::npos)
    add(c, ReasonKind::report, "a technical report", kReport);
  constexpr std::size_t kWide = 4;  // three categories are the rule in some archives
  if (c.paper->categories.size() >= kWide)
    add(c, ReasonKind::cross_listed, "listed in " + std::to_string(c.paper->categories.size()) + " categories", kCross);
  if (c.entry.score <= kSignals) return;
  for (auto& reason : c.entry.reasons) reason.weight *= kSignals / c.entry.score;
  c.entry.score = kSignals;
}

void add_rules(Candidate& c, const Rules& rules) {
  for (const auto& author : c.paper->authors)
    for (const auto& followed : rules.followed())
      if (text::fold(author.name) == text::fold(followed)) {
        add(c, ReasonKind::followed, "by " + author.name + ", whom you follow", kFollowed);
        c.kept = true;
      }
  if (auto rule = rules.always(*c.paper); !rule.empty()) {
    add(c, ReasonKind::always_show, "your rule “" + rule + "”", kFollowed);
    c.kept = true;
  }
}

// The first few, as a reader takes them in.
std::string first_of(std::vector<std::string> texts) {
  constexpr std::size_t kMost = 3;
  if (texts.size() > kMost) texts.resize(kMost);
  return text::join(texts, ", ");
}

void add_interest(Candidate& c, const Measure& by) {
  const auto& match = by.matcher.of(c.place);
  auto likeness = dot(c.vector, by.asked);
  if (!match.met.empty())
    add(c, ReasonKind::interest, "matches your interests: " + first_of(match.met), kAsked + kInterest * match.liked);
  else if (!match.touched.empty())
    add(c, ReasonKind::interest, "touches your interests: " + first_of(match.touched), kInterest * match.liked);
  else if (likeness >= kAlike)
    c.entry.reasons.push_back({ReasonKind::interest,
                               "close to papers of your interests: " + shared_words(by.space, c, by.asked, 1),
                               kRelated * likeness});
  c.entry.score += kRelated * likeness;
  c.entry.score -= kDisliked * match.disliked;
}

// Of a category that was asked for, or of one in an archive that was.
bool is_primary(const Paper& paper, const std::set<std::string>& asked) {
  auto primary = paper.primary();
  return asked.contains(primary) || asked.contains(primary.substr(0, primary.find('.')));
}

void score(Candidate& c, const Measure& by, const Rules& rules) {
  add_signals(c);
  add_interest(c, by);
  add_rules(c, rules);
  add_topic(c, by);
  if (c.entry.announced.type == AnnounceType::cross || !is_primary(*c.paper, by.categories))
    c.entry.score -= kSecondary * (by.interests.likes.empty() ? 1 : kAside);
  std::stable_sort(c.entry.reasons.begin(), c.entry.reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.weight > b.weight; });
}

// The fate that a paper has before anything is compared; nothing if it stays in the running.
std::optional<std::pair<Fate, std::string>> early_fate(const Announced& announced, const Paper* paper,
                                                       const Options& options, const Rules& rules) {
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
  if (auto rule = rules.never(*paper); !rule.empty()) return std::pair(Fate::filtered, "your rule “" + rule + "”");
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
void choose(std::vector<Candidate>& ranked, std::size_t top, double diversity, std::vector<SelectionEntry>& out) {
  std::vector<double> likeness(ranked.size(), 0);
  std::vector<bool> taken(ranked.size(), false);
  for (std::size_t n = 0; n < top; ++n) {
    std::size_t best = ranked.size();
    double best_value = 0;
    for (std::size_t i = 0; i < ranked.size(); ++i) {
      if (taken[i] || ranked[i].entry.fate == Fate::duplicate) continue;
      double value = ranked[i].entry.score - diversity * likeness[i] + (ranked[i].kept ? 1000 : 0);
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

// Where nothing matches as asked, of those that match in part.
Vector asked_direction(const std::vector<Candidate>& running, const Measure& by) {
  bool any =
      std::any_of(running.begin(), running.end(), [&by](const auto& c) { return !by.matcher.of(c.place).met.empty(); });
  std::map<std::uint32_t, double> sum;
  for (const auto& c : running) {
    const auto& match = by.matcher.of(c.place);
    if (match.disliked > 0 || (any && match.met.empty())) continue;
    for (const auto& [number, weight] : c.vector) sum[number] += match.liked * weight;
  }
  Vector out;
  for (const auto& [number, weight] : sum)
    if (weight > 0) out.emplace_back(number, weight);
  normalise(out);
  return out;
}

// Fills the candidates' vectors as well.
Measure measure(std::vector<Candidate>& running, const std::vector<Paper>& listing, const std::string& text) {
  auto interests = parse_interests(text);
  Matcher matcher(interests, listing);
  Measure by{TermSpace(listing), std::move(interests), std::move(matcher), {}};
  std::vector<double> centrality;
  for (auto& c : running) {
    c.vector = by.space.of(*c.paper);
    centrality.push_back(dot(c.vector, by.space.centre()));
  }
  by.asked = asked_direction(running, by);
  std::sort(centrality.rbegin(), centrality.rend());
  if (centrality.empty() || centrality[0] <= 0) return by;
  by.scale = (by.interests.likes.empty() ? kCentral : kCentralBesideInterest) / centrality[0];
  by.outstanding = by.scale * centrality[centrality.size() / kOutstandingShare];
  return by;
}

// The profile as it was understood, and what of it the day does not hold: silence about a wish would look as if it had
// been met.
std::string note_on(const Measure& by, const Rules& rules) {
  std::vector<std::string> said;
  for (const auto& part : {in_words(by.interests), rules.in_words()})
    if (!part.empty()) said.push_back(part);
  auto out = said.empty() ? "" : "Chosen " + text::join(said, "; ") + ".";
  if (!rules.note().empty()) out += (out.empty() ? "" : " ") + rules.note();
  const auto& unmet = by.matcher.unmet();
  if (unmet.empty() || by.space.centre().empty()) return out;
  std::vector<std::string> quoted;
  quoted.reserve(unmet.size());
  for (const auto& wish : unmet) quoted.push_back("“" + wish + "”");
  return out + " Nothing in this listing matches " + text::join(quoted, ", ") + ".";
}

}  // namespace

Choice select(const std::vector<ListingBatch>& batches, const Options& options) {
  auto texts = split_rules(options.interests);
  Rules rules(texts, options.read_query);
  auto papers = index(batches);
  std::vector<Candidate> running;
  std::vector<SelectionEntry> out_of_it;
  std::vector<Paper> listing;
  for (const auto& announced : merged(batches)) {
    auto it = papers.find(announced.id);
    const Paper* paper = it == papers.end() ? nullptr : it->second;
    Candidate candidate;
    candidate.entry.announced = announced;
    if (auto fate = early_fate(announced, paper, options, rules)) {
      candidate.entry.fate = fate->first;
      candidate.entry.detail = fate->second;
      out_of_it.push_back(std::move(candidate.entry));
      continue;
    }
    candidate.paper = paper;
    candidate.place = listing.size();
    listing.push_back(*paper);
    running.push_back(std::move(candidate));
  }
  auto by = measure(running, listing, texts.rest);
  for (const auto& batch : batches) by.categories.insert(batch.listing.category.str());
  for (auto& c : running) score(c, by, rules);
  std::sort(running.begin(), running.end(), is_better);
  mark_duplicates(running);
  Choice choice{{}, note_on(by, rules)};
  auto& entries = choice.selection.entries;
  choose(running, options.top, kDiversity * (by.interests.likes.empty() ? 1 : kAside), entries);
  entries.insert(entries.end(), out_of_it.begin(), out_of_it.end());
  return choice;
}

}  // namespace broadsheet::select
