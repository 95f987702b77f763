#include "digest/write/summary.hpp"

#include <gtest/gtest.h>

#include <set>

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
