#include "digest/write/summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "bot/base/text.hpp"
#include "digest/select/select.hpp"
#include "digest/write/extract.hpp"
#include "digest/write/themes.hpp"

namespace broadsheet::write {
namespace {

Paper paper(int n, std::string title, std::string abstract) {
  Paper p;
  p.id = PaperId::parse("2601." + std::to_string(10000 + n)).value();
  p.title = std::move(title);
  p.abstract = std::move(abstract);
  p.categories = {"cs.CV"};
  return p;
}

ListingBatch day() {
  ListingBatch batch;
  batch.listing.category = Category::parse("cs.CV").value();
  int n = 0;
  for (const std::string place : {"kelp", "reef", "dune", "fjord"}) {
    ++n;
    batch.papers.push_back(
        paper(n, "Video diffusion for " + place + " scenes",
              "Scenes of a " + place + " are hard to film. We propose a video diffusion model of the " + place +
                  " with a slow clock. Results show that it cuts the error by 1" + std::to_string(n) + "%."));
    ++n;
    batch.papers.push_back(paper(n, "Stereo matching under " + place + " light",
                                 "Light at the " + place + " is poor. We introduce stereo matching with a learned " +
                                     place + " prior. Experiments show 2" + std::to_string(n) +
                                     "% fewer outliers than before. Code is at https://github.com/example/" + place +
                                     "."));
  }
  for (const auto& p : batch.papers) batch.listing.entries.push_back({p.id, 1, AnnounceType::new_paper});
  return batch;
}

TEST(Themes, AreSharedPhrases) {
  auto groups = find_themes(day().papers, 5);
  std::set<std::string> labels;
  std::set<std::size_t> seen;
  for (const auto& g : groups) {
    labels.insert(g.label);
    EXPECT_GE(g.papers.size(), 2U);
    for (auto p : g.papers) EXPECT_TRUE(seen.insert(p).second) << "a paper in two themes";
  }
  EXPECT_TRUE(labels.contains("video diffusion"));
  EXPECT_TRUE(labels.contains("stereo matching"));
}

TEST(Themes, OfNothingAreNone) {
  EXPECT_TRUE(find_themes({}, 5).empty());
  EXPECT_TRUE(find_themes({paper(1, "", "")}, 5).empty());
}

TEST(Themes, HoldMostOfALongListing) {
  std::vector<Paper> papers;
  int n = 0;
  for (const std::string subject :
       {"gaussian splatting", "neural radiance fields", "question answering", "federated learning", "robot grasping",
        "visuomotor policies", "chest X-rays", "tumor segmentation"})
    for (const std::string place : {"Oslo", "Bergen", "Bodø", "Narvik"}) {
      ++n;
      papers.push_back(paper(n, place + ": better " + subject, "We improve " + subject + " for " + place + "."));
    }
  for (const std::string own : {"Violin bows", "Cheese rinds", "Tax law", "Glacier songs", "Sand ripples", "Bee dances",
                                "Rust on ships", "Tea leaves", "Old maps", "Wax seals"})
    papers.push_back(paper(++n, own, own + " are old."));
  std::size_t held = 0;
  for (const auto& group : find_themes(papers, 8)) held += group.papers.size();
  EXPECT_GE(held * 10, papers.size() * 6);
  EXPECT_LE(held, papers.size() - 10) << "what has a subject of its own is in no theme";
}

TEST(Themes, AManipulatedPictureIsNoRobot) {
  std::vector<Paper> papers;
  for (int n = 1; n <= 4; ++n)
    papers.push_back(
        paper(n, "Robot manipulation of cups " + std::to_string(n), "We study robot manipulation of cups."));
  papers.push_back(paper(9, "Finding facial manipulation", "Manipulation of faces spreads. We find manipulation."));
  for (const auto& group : find_themes(papers, 5))
    for (auto p : group.papers) EXPECT_NE(papers[p].title, "Finding facial manipulation") << group.label;
}

TEST(Summary, RestsOnNamedPapersOfTheDay) {
  auto batch = day();
  auto selection = select::select({batch}, {.top = 4}).selection;
  auto written = extract(selection, batch.papers);
  ASSERT_EQ(written.cards.size(), 4U);
  std::set<PaperId> known;
  for (const auto& p : batch.papers) known.insert(p.id);
  const auto& s = written.summary;
  EXPECT_FALSE(s.overview.empty());
  EXPECT_FALSE(s.themes.empty());
  EXPECT_FALSE(s.notable.empty());
  for (const auto* part : {&s.overview, &s.notable, &s.emerging, &s.read_in_full})
    for (const auto& statement : *part) {
      EXPECT_FALSE(statement.rests_on.empty()) << statement.text;
      for (const auto& id : statement.rests_on) EXPECT_TRUE(known.contains(id));
    }
}

TEST(Summary, DoesNotRecommendWhatItAlreadyHighlights) {
  auto batch = day();
  auto written = extract(select::select({batch}, {.top = 8}).selection, batch.papers);
  std::set<PaperId> notable;
  for (const auto& s : written.summary.notable) notable.insert(s.rests_on.begin(), s.rests_on.end());
  EXPECT_FALSE(written.summary.read_in_full.empty());
  for (const auto& s : written.summary.read_in_full)
    for (const auto& id : s.rests_on) EXPECT_FALSE(notable.contains(id));
}

TEST(Summary, NamesWhatIsUnusualTodayWithItsPapers) {
  auto batch = day();
  int n = 0;
  for (auto& p : batch.papers) {
    p.authors = {{.name = "Author " + std::to_string(++n), .affiliations = {}, .collaboration = false}};
    if (n <= 4) p.title += " with tidal priors";
  }
  auto written = extract(select::select({batch}, {.top = 2}).selection, batch.papers);
  ASSERT_FALSE(written.summary.emerging.empty());
  for (const auto& s : written.summary.emerging) {
    EXPECT_NE(s.text.find("”: 4 papers where hardly any is usual, among them "), std::string::npos) << s.text;
    EXPECT_EQ(s.rests_on.size(), 3U);
  }
}

// Four subjects of five papers and four papers of their own.
ListingBatch full_day() {
  ListingBatch batch = day();
  int n = 100;
  for (const std::string subject : {"Kelp forecasting", "Reef cartography"})
    for (const std::string place : {"Oslo", "Bergen", "Bodø", "Narvik", "Tromsø"}) {
      ++n;
      batch.papers.push_back(paper(n, subject + " near " + place,
                                   "The water near " + place + " is cold. We present " + text::lower_ascii(subject) +
                                       " for the coast of " + place + " with buoy number " + std::to_string(n) + "."));
    }
  for (const std::string own : {"Violin bows", "Cheese rinds", "Tax law", "Glacier songs"})
    batch.papers.push_back(paper(++n, own, own + " are old. We study " + own + " in detail for the first time."));
  batch.listing.entries.clear();
  for (const auto& p : batch.papers) batch.listing.entries.push_back({p.id, 1, AnnounceType::new_paper});
  return batch;
}

TEST(Summary, PlacesEveryShownPaperInOneTheme) {
  auto batch = full_day();
  auto selection = select::select({batch}, {.top = 20}).selection;
  auto written = extract(selection, batch.papers);
  std::map<PaperId, int> times;
  for (const auto& theme : written.summary.themes)
    for (const auto& id : theme.papers) ++times[id];
  for (const auto& card : written.cards) EXPECT_EQ(times[card.paper.id], 1) << card.paper.title;
  std::size_t all = 0;
  for (const auto& theme : written.summary.themes) {
    all += theme.total;
    EXPECT_LE(theme.papers.size(), theme.total);
  }
  EXPECT_LE(all, batch.papers.size());
}

TEST(Summary, NamesThePapersOfAThemeByRank) {
  auto batch = full_day();
  auto written = extract(select::select({batch}, {.top = 20}).selection, batch.papers);
  std::map<PaperId, std::size_t> rank;
  for (std::size_t i = 0; i < written.cards.size(); ++i) rank[written.cards[i].paper.id] = i;
  for (const auto& theme : written.summary.themes)
    EXPECT_TRUE(std::is_sorted(theme.papers.begin(), theme.papers.end(), [&rank](const auto& a, const auto& b) {
      return rank[a] < rank[b];
    })) << theme.label;
}

TEST(Summary, HasTheSameWordsForEveryOrderOfTheListing) {
  auto batch = full_day();
  auto first = extract(select::select({batch}, {.top = 9}).selection, batch.papers);
  for (int i = 0; i < 5; ++i) {
    std::rotate(batch.papers.begin(), batch.papers.begin() + 5, batch.papers.end());
    if (i % 2 == 0) std::reverse(batch.papers.begin(), batch.papers.end());
    batch.listing.entries.clear();
    for (const auto& p : batch.papers) batch.listing.entries.push_back({p.id, 1, AnnounceType::new_paper});
    auto again = extract(select::select({batch}, {.top = 9}).selection, batch.papers);
    EXPECT_EQ(again.summary, first.summary);
    EXPECT_EQ(again.cards, first.cards);
  }
}

TEST(Summary, SaysWhatThePapersOfAThemeDoInTheirOwnWords) {
  auto batch = full_day();
  auto written = extract(select::select({batch}, {.top = 20}).selection, batch.papers);
  std::size_t told = 0;
  for (const auto& theme : written.summary.themes) {
    if (theme.label == kOtherSubjects) continue;
    auto sentence = std::any_of(batch.papers.begin(), batch.papers.end(), [&theme](const Paper& p) {
      auto at = theme.gist.text.find(": We ");
      return at != std::string::npos && p.abstract.find(theme.gist.text.substr(at + 2, 30)) != std::string::npos;
    });
    EXPECT_TRUE(sentence) << theme.gist.text;
    ++told;
  }
  EXPECT_GE(told, 3U);
}

TEST(Summary, GivesReasonsToReadThatDiffer) {
  auto batch = full_day();
  auto written = extract(select::select({batch}, {.top = 20}).selection, batch.papers);
  std::set<std::string> said;
  for (const auto* part : {&written.summary.notable, &written.summary.read_in_full})
    for (const auto& statement : *part)
      EXPECT_TRUE(said.insert(statement.text.substr(statement.text.rfind(": ") + 2)).second) << statement.text;
}

TEST(Why, NamesTheThemeAndWhatThePaperAloneIsAbout) {
  auto batch = full_day();
  batch.papers[0].title = "Video diffusion for kelp scenes with tidal priors";
  auto written = extract(select::select({batch}, {.top = 20}).selection, batch.papers);
  for (const auto& card : written.cards) {
    if (card.paper.id != batch.papers[0].id) continue;
    auto topic =
        std::find_if(card.why.begin(), card.why.end(), [](const auto& r) { return r.kind == ReasonKind::topic; });
    ASSERT_NE(topic, card.why.end());
    EXPECT_EQ(topic->text, "one of 4 on video diffusion today, the only one on “tidal priors”");
  }
}

TEST(Summary, OfAnEmptyDayIsEmpty) {
  auto written = extract({}, {});
  EXPECT_TRUE(written.cards.empty());
  EXPECT_TRUE(written.summary.overview.empty());
}

TEST(Summary, IsTheSameForTheSameInput) {
  auto batch = day();
  auto selection = select::select({batch}, {.top = 5}).selection;
  auto a = extract(selection, batch.papers);
  auto b = extract(selection, batch.papers);
  EXPECT_EQ(a.cards, b.cards);
  EXPECT_EQ(a.summary, b.summary);
}

}  // namespace
}  // namespace broadsheet::write
