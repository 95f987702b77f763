#include "digest/write/phrases.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "digest/write/emerging.hpp"
#include "digest/write/themes.hpp"
#include "digest/write/usual.hpp"

namespace broadsheet::write {
namespace {

std::set<std::string> labels(std::string_view text) {
  std::set<std::string> out;
  for (const auto& p : phrases_in(text)) out.insert(p.label);
  return out;
}

Paper paper(int n, std::string title, std::string abstract) {
  Paper p;
  p.id = PaperId::parse("2601." + std::to_string(10000 + n)).value();
  p.title = std::move(title);
  p.abstract = std::move(abstract);
  p.authors = {{.name = "Author " + std::to_string(n), .affiliations = {}, .collaboration = false}};
  p.categories = {"cs.CV"};
  return p;
}

TEST(Phrases, AreNounPhrasesThatStandTogether) {
  EXPECT_TRUE(labels("We present gaussian splatting with diffusion models").contains("Gaussian splatting"));
  EXPECT_TRUE(labels("We present gaussian splatting with diffusion models").contains("diffusion models"));
  EXPECT_TRUE(labels("Kelp: forests").empty()) << "a colon parts them";
  EXPECT_TRUE(labels("bridging forests").empty()) << "a verb form";
  EXPECT_TRUE(labels("kelp medical").empty()) << "no noun at the end";
  EXPECT_TRUE(labels("deep learning and neural networks").empty()) << "says nothing";
  EXPECT_TRUE(labels("").empty());
}

TEST(Phrases, OfOneMeaningHaveOneKey) {
  EXPECT_EQ(phrases_in("VLMs")[0].key, phrases_in("vision-language models")[0].key);
  EXPECT_EQ(phrases_in("3DGS")[0].key, phrases_in("Gaussian Splatting")[0].key);
  EXPECT_EQ(phrases_in("point clouds")[0].key, phrases_in("Point Cloud")[0].key);
}

TEST(Phrases, KnowWhenTheyAreCutOutOfLongerOnes) {
  auto whole = [](std::string_view text, const std::string& label) {
    for (const auto& p : phrases_in(text))
      if (p.label == label) return p.whole;
    return false;
  };
  EXPECT_TRUE(whole("reef mapping from kelp", "reef mapping"));
  EXPECT_FALSE(whole("coral reef mapping", "coral reef"));
}

TEST(Phrases, AreShownInThePluralWherePeopleSaySo) {
  EXPECT_EQ(best_label({{"world model", 3}, {"world models", 1}}), "world models");
  EXPECT_EQ(best_label({{"reef mapping", 9}, {"reef mappings", 1}}), "reef mapping");
}

TEST(Usual, KnowsFieldsApart) {
  auto p = paper(1, "", "");
  EXPECT_EQ(field_of(p), 0U);
  p.categories = {"hep-th"};
  EXPECT_EQ(field_of(p), kFields - 1);
  EXPECT_GT(usual_share("object detection", 0), 100);
  EXPECT_LT(usual_share("object detection", kFields - 1), 20);
  EXPECT_GT(usual_share("kelp forest", 0), 0) << "rare, not impossible";
}

// Thirty papers on subjects of their own.
std::vector<Paper> quiet_day() {
  std::vector<Paper> out;
  for (int n = 1; n <= 30; ++n) {
    std::string own = std::string("qu") + static_cast<char>('a' + n % 26) + static_cast<char>('a' + n / 26);
    out.push_back(paper(n, "Notes on " + own, "We describe " + own + "."));
  }
  return out;
}

TEST(Emerging, IsWhatStandsInMorePapersThanUsual) {
  auto papers = quiet_day();
  EXPECT_TRUE(find_emerging(papers, 3).empty());
  for (std::size_t p : {3U, 9U, 20U}) papers[p].title += " for kelp forests";
  auto found = find_emerging(papers, 3);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].label, "kelp forests");
  EXPECT_EQ(found[0].papers, (std::vector<std::size_t>{3, 9, 20}));
  EXPECT_LT(found[0].usual, 0.5);
}

TEST(Emerging, IsNotWhatIsCommonAnyway) {
  auto papers = quiet_day();
  for (std::size_t p : {3U, 9U, 20U}) papers[p].title += " for object detection";
  EXPECT_TRUE(find_emerging(papers, 3).empty());
}

TEST(Emerging, IsNotOneGroupWithThreePapers) {
  auto papers = quiet_day();
  for (std::size_t p : {3U, 9U, 20U}) {
    papers[p].title += " for kelp forests";
    papers[p].authors = papers[3].authors;
  }
  EXPECT_TRUE(find_emerging(papers, 3).empty());
}

TEST(Themes, LeaveOutWhatIsOnlyAPieceOfAPhrase) {
  std::vector<Paper> papers;
  for (int n = 1; n <= 3; ++n) papers.push_back(paper(n, "On coral reef mapping", "We do coral reef mapping."));
  auto groups = find_themes(papers, 5);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_NE(groups[0].label, "coral reef");
  EXPECT_EQ(groups[0].papers.size(), 3U);
}

}  // namespace
}  // namespace broadsheet::write
