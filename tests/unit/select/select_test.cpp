#include "digest/select/select.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "digest/select/signals.hpp"

namespace broadsheet::select {
namespace {

Paper paper(int n, std::string title, std::string abstract) {
  Paper p;
  p.id = PaperId::parse("2601." + std::to_string(10000 + n)).value();
  p.title = std::move(title);
  p.abstract = std::move(abstract);
  p.categories = {"cs.CV"};
  p.authors = {{.name = "Ada Sample", .affiliations = {}, .collaboration = false}};
  return p;
}

ListingBatch batch(std::vector<Paper> papers, const char* category = "cs.CV") {
  ListingBatch b;
  b.listing.category = Category::parse(category).value();
  for (const auto& p : papers) b.listing.entries.push_back({p.id, 1, AnnounceType::new_paper});
  b.papers = std::move(papers);
  return b;
}

std::vector<Paper> some() {
  return {paper(1, "Sand ripple imaging", "Ripples in sand are imaged by sonar arrays at night."),
          paper(2, "Harbour crane planning", "Cranes lift boxes by planning over schedules of ships."),
          paper(3, "Glacier video codecs", "Codecs for glacier video keep crevasses sharp at low rates."),
          paper(4, "Violin bow tracking", "Bows are tracked from audio and video of violin lessons."),
          paper(5, "Cheese rind microscopy", "Rinds under a microscope tell the age of a cheese.")};
}

const SelectionEntry& entry(const Selection& s, int n) {
  auto id = PaperId::parse("2601." + std::to_string(10000 + n)).value();
  return *std::find_if(s.entries.begin(), s.entries.end(), [&](const auto& e) { return e.announced.id == id; });
}

TEST(Select, AccountsForEveryAnnouncedPaperOnce) {
  auto b = batch(some());
  b.papers.pop_back();  // announced, but without metadata
  auto s = select({b, b}, {.top = 2}).selection;
  ASSERT_EQ(s.entries.size(), 5U);
  auto counts = count(s);
  EXPECT_EQ(counts.shown, 2U);
  EXPECT_EQ(counts.announced, counts.shown + counts.cut + counts.filtered);
  EXPECT_NE(entry(s, 5).fate, Fate::shown);
  EXPECT_FALSE(entry(s, 5).detail.empty());
}

TEST(Select, DoesNotDependOnTheOrderOfTheListing) {
  auto papers = some();
  auto a = select({batch(papers)}, {.top = 3}).selection;
  std::reverse(papers.begin(), papers.end());
  auto b = select({batch(papers)}, {.top = 3}).selection;
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (std::size_t i = 0; i < a.entries.size(); ++i) EXPECT_EQ(a.entries[i].announced.id, b.entries[i].announced.id);
}

TEST(Select, FollowsInterestsAndDislikes) {
  EXPECT_EQ(select({batch(some())}, {.top = 1, .interests = "violin audio"}).selection.entries[0].announced.id,
            PaperId::parse("2601.10004").value());
  auto liked = entry(select({batch(some())}, {.interests = "violin audio"}).selection, 4).score;
  auto disliked = entry(select({batch(some())}, {.interests = "not violin"}).selection, 4).score;
  EXPECT_GT(liked, disliked);
}

TEST(Select, PutsWhatWasAskedForBeforeAllSignals) {
  auto papers = some();
  papers[0].comment = "Accepted at CVPR 2026";
  papers[0].abstract += " Code is at https://github.com/example/ripples. It beats others by 40%.";
  papers[4].categories = {"q-bio.QM"};
  for (const char* text : {"cheese", "microscopy", "microscopes", "rinds of cheese", "cheese rind"})
    EXPECT_EQ(select({batch(papers)}, {.top = 1, .interests = text}).selection.entries[0].announced.id, papers[4].id)
        << text;
}

TEST(Select, MatchesTermsOfTwoLetters) {
  auto papers = some();
  papers[2].title = "3D glacier codecs";
  EXPECT_EQ(select({batch(papers)}, {.top = 1, .interests = "3D"}).selection.entries[0].announced.id, papers[2].id);
}

TEST(Select, TakesAPhraseAsOne) {
  auto papers = some();
  papers[0].title = "A technical review of sonar reports";
  papers[3].title = "Violin technical report";
  EXPECT_EQ(select({batch(papers)}, {.top = 1, .interests = "technical reports"}).selection.entries[0].announced.id,
            papers[3].id);
}

TEST(Select, SaysWhichInterestNothingMatches) {
  EXPECT_EQ(select({batch(some())}, {}).note, "");
  EXPECT_EQ(select({batch(some())}, {.interests = "violins"}).note, "Chosen for violins.");
  auto note = select({batch(some())}, {.interests = "violins, kelp, not cheese"}).note;
  EXPECT_EQ(note, "Chosen for violins, kelp; not for cheese. Nothing in this listing matches “kelp”.");
}

// A paper matches if its title has the query.
Result<PaperFilter> read_title(const std::string& query) {
  if (query == "(") return Error(ErrorKind::bad_input, "a bracket is open");
  return PaperFilter([query](const Paper& p) -> std::optional<std::string> {
    if (p.title.find(query) != std::string::npos) return std::nullopt;
    return "has it not";
  });
}

TEST(Select, NeverCutsWhatIsFollowedOrAlwaysShown) {
  auto papers = some();
  papers[1].authors[0].name = "Bea Example";
  Options options{.top = 1, .interests = "glacier; follow: Bea Example\nAlways: Cheese", .read_query = read_title};
  auto choice = select({batch(papers)}, options);
  EXPECT_EQ(entry(choice.selection, 2).fate, Fate::shown);
  EXPECT_EQ(entry(choice.selection, 5).fate, Fate::shown);
  EXPECT_EQ(entry(choice.selection, 4).fate, Fate::cut);
  EXPECT_EQ(choice.note, "Chosen for glacier; always: Cheese; following Bea Example.");
}

TEST(Select, NeverShowsWhatARuleRefuses) {
  auto s = select({batch(some())}, {.interests = "never: Cheese", .read_query = read_title}).selection;
  EXPECT_EQ(entry(s, 5).fate, Fate::filtered);
  EXPECT_EQ(entry(s, 5).detail, "your rule “never: Cheese”");
}

TEST(Select, TellsOfARuleThatItCannotRead) {
  EXPECT_EQ(select({batch(some())}, {.interests = "always: (", .read_query = read_title}).note,
            "Your rule “always: (” was left out: a bracket is open.");
  EXPECT_NE(select({batch(some())}, {.interests = "never: sand"}).note, "") << "no reader of queries";
}

TEST(Select, TellsFilteredRepeatedWithdrawnAndReplacedApart) {
  auto papers = some();
  papers[2].withdrawn = true;
  auto b = batch(papers);
  b.listing.entries[3].type = AnnounceType::replace;
  Options options;
  options.filtered = [](const Paper& p) -> std::optional<std::string> {
    if (p.title.starts_with("Sand")) return "no sand";
    return std::nullopt;
  };
  options.seen_before = {papers[1].id};
  auto s = select({b}, options).selection;
  EXPECT_EQ(entry(s, 1).fate, Fate::filtered);
  EXPECT_EQ(entry(s, 1).detail, "no sand");
  EXPECT_EQ(entry(s, 2).fate, Fate::repeated);
  EXPECT_EQ(entry(s, 3).fate, Fate::withdrawn);
  EXPECT_EQ(entry(s, 4).fate, Fate::other_type);
  EXPECT_EQ(entry(s, 5).fate, Fate::shown);
}

TEST(Select, ShowsOneOfTwoNearlyEqualPapers) {
  auto papers = some();
  papers.push_back(papers[0]);
  papers.back().id = PaperId::parse("2601.10009").value();
  auto s = select({batch(papers)}, {.top = 10}).selection;
  auto dropped =
      std::count_if(s.entries.begin(), s.entries.end(), [](const auto& e) { return e.fate == Fate::duplicate; });
  EXPECT_EQ(dropped, 1);
  for (const auto& e : s.entries)
    if (e.fate == Fate::duplicate) EXPECT_NE(e.detail.find("2601.1000"), std::string::npos);
}

TEST(Select, LeavesCrossListsOutWhenAsked) {
  auto b = batch(some());
  b.listing.entries[0].type = AnnounceType::cross;
  EXPECT_EQ(entry(select({b}, {.include_cross = false}).selection, 1).fate, Fate::other_type);
  EXPECT_EQ(entry(select({b}, {.include_cross = true}).selection, 1).fate, Fate::shown);
}

TEST(Select, GivesReasonsForSignals) {
  auto papers = some();
  papers[0].abstract += " Code is at https://github.com/example/ripples.";
  papers[1].comment = "accepted at ICRA 2026";
  auto s = select({batch(papers)}, {}).selection;
  auto has = [&s](int n, ReasonKind kind) {
    const auto& r = entry(s, n).reasons;
    return std::any_of(r.begin(), r.end(), [kind](const Reason& x) { return x.kind == kind; });
  };
  EXPECT_TRUE(has(1, ReasonKind::code));
  EXPECT_TRUE(has(2, ReasonKind::venue));
  EXPECT_FALSE(has(5, ReasonKind::code));
}

TEST(Select, ReasonsTellPapersApart) {
  std::vector<Paper> papers;
  for (int n = 1; n <= 60; ++n) {
    auto own = "species" + std::to_string(n);
    std::string more;  // the more words of its own, the less central
    for (int i = 0; i < n; ++i) more += " " + own + "x" + std::to_string(i);
    papers.push_back(paper(n, "Sonar counts of " + own,
                           "Sonar beams count " + own + " below the quay" + more +
                               ". Code is at "
                               "https://github.com/example/" +
                               own + "."));
  }
  auto s = select({batch(papers)}, {.top = 60}).selection;
  std::size_t central = 0;
  for (const auto& e : s.entries)
    for (const auto& r : e.reasons)
      if (r.kind == ReasonKind::topic) {
        ++central;
        EXPECT_NE(r.text.find("sonar"), std::string::npos) << r.text;
        EXPECT_EQ(r.text.find("species"), std::string::npos) << "of one paper only: " << r.text;
      }
  EXPECT_GE(central, 1U);
  EXPECT_LE(central, 60U / 4);
}

TEST(Select, EveryPaperInTheRunningHasAReason) {
  for (const auto& e : select({batch(some())}, {}).selection.entries)
    EXPECT_FALSE(e.reasons.empty()) << e.announced.id.str();
}

TEST(Signals, ADifferenceIsMeasuredAgainstSomethingElse) {
  auto difference = [](const char* abstract) { return measured_difference(paper(1, "Kelp", abstract)); };
  EXPECT_EQ(difference("KelpNet outperforms 3 others by 7.6% in all."), "7.6%");
  EXPECT_EQ(difference("It beats them by up to 12.5 points."), "12.5 points");
  EXPECT_EQ(difference("It is 3x faster."), "3×");
  EXPECT_EQ(difference("We see a 40% reduction of noise."), "40%");
  EXPECT_EQ(difference("It reaches 91% on 2 coasts."), "");
  EXPECT_EQ(difference("Of divers 95% agree; see Fig. 3x."), "");
  EXPECT_EQ(difference("by 5"), "");
  EXPECT_EQ(difference(""), "");
}

}  // namespace
}  // namespace broadsheet::select
