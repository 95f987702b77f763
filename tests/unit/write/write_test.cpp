#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "digest/latex/finish.hpp"
#include "digest/select/select.hpp"
#include "digest/write/analyse.hpp"
#include "digest/write/card.hpp"
#include "digest/write/sentences.hpp"
#include "digest/write/writer.hpp"

namespace broadsheet::write {
namespace {

Paper paper(const char* id, const char* title, const char* abstract, const char* comment = "") {
  Paper p;
  p.id = *PaperId::parse(id);
  p.version = 1;
  p.title_raw = title;
  p.abstract_raw = abstract;
  p.comment = comment;
  p.categories = {"cs.CV"};
  latex::finish(p);
  return p;
}

const char* const kAbstract =
    "Counting fish by hand is slow, e.g. in murky water (see Fig. 2). In this paper, we propose KelpNet, a counter "
    "that reads "
    "sonar. It is trained on 400 dives by Prof. Brook et al. with a loss of our own. KelpNet lowers the error from "
    "9.1% to "
    "3.4% on two harbours. It does not yet handle shoals. Code is available at https://github.com/example-kelp/net.";

TEST(Sentences, AreNotCutAtAbbreviationsOrNumbers) {
  auto s = split_sentences(kAbstract);
  ASSERT_EQ(s.size(), 6U);
  EXPECT_EQ(s[0], "Counting fish by hand is slow, e.g. in murky water (see Fig. 2).");
  EXPECT_EQ(s[4], "It does not yet handle shoals.");
}

TEST(Sentences, KnowAQuantityFromAName) {
  EXPECT_TRUE(has_number("It lowers the error by 12%."));
  EXPECT_TRUE(has_number("a gain of 3.4 points"));
  for (const char* no : {"GPT-4 is used.", "3D scenes", "in 2024 it was", "256x256 images", "SiT-B/2"})
    EXPECT_FALSE(has_number(no)) << no;
}

TEST(Roles, FollowCuesAndPosition) {
  auto s = label(split_sentences(kAbstract));
  ASSERT_EQ(s.size(), 6U);
  EXPECT_EQ(s[0].role, Role::background);
  EXPECT_EQ(s[1].role, Role::objective);
  EXPECT_EQ(s[2].role, Role::method);
  EXPECT_EQ(s[3].role, Role::result);
  EXPECT_EQ(s[4].role, Role::limitation);
  EXPECT_EQ(s[5].role, Role::resource);
}

TEST(Card, HoldsOnlySentencesOfTheAbstract) {
  auto card = write_card(paper("2601.99001", "KelpNet: Counting Fish", kAbstract), AnnounceType::new_paper, {});
  EXPECT_EQ(card.tldr.text, "We propose KelpNet, a counter that reads sonar.");
  EXPECT_FALSE(card.tldr.verbatim);
  EXPECT_EQ(card.findings, std::vector<std::string>{"KelpNet lowers the error from 9.1% to 3.4% on two harbours."});
  for (const auto& section : card.sections)
    EXPECT_NE(std::string(kAbstract).find(section.text), std::string::npos) << section.text;
  ASSERT_FALSE(card.badges.empty());
  EXPECT_EQ(card.badges[0].url, "https://github.com/example-kelp/net");
}

TEST(Card, InventsNoLimits) {
  auto card = write_card(paper("2601.99001", "A Title", "We propose a filter. It is good. It works by hand."),
                         AnnounceType::new_paper, {});
  for (const auto& section : card.sections) EXPECT_NE(section.role, Role::limitation);
}

TEST(Card, SaysWhatTheVenueIs) {
  auto venue = [](const char* comment) {
    auto card = write_card(paper("2601.99001", "T", "One. Two. Three.", comment), AnnounceType::new_paper, {});
    return card.badges.empty() ? std::string() : card.badges[0].text;
  };
  EXPECT_EQ(venue("Accepted at CVPR 2026"), "CVPR 2026");
  EXPECT_EQ(venue("Submitted to ICRA 2026"), "submitted to ICRA 2026");
  EXPECT_EQ(venue("uses FCVPRX"), "");
}

TEST(Card, LinksOnlyKnownHosts) {
  auto card = write_card(paper("2601.99001", "T", "See https://github.com.evil.example/x and http://gitlab.com/a/b)."),
                         AnnounceType::new_paper, {});
  ASSERT_EQ(card.badges.size(), 1U);
  EXPECT_EQ(card.badges[0].url, "https://gitlab.com/a/b");
}

TEST(Writer, NamesThePapersThatEachStatementRestsOn) {
  std::vector<Paper> papers;
  Listing listing;
  listing.category = *Category::parse("cs.CV");
  const char* titles[] = {"Sonar Mapping of Kelp", "Sonar Mapping under Ice", "Sonar Mapping at Night", "Counting Fish",
                          "Counting Stars"};
  for (int i = 0; i < 5; ++i) {
    auto p = paper(("2601.9900" + std::to_string(i + 1)).c_str(), titles[i], kAbstract);
    listing.entries.push_back({p.id, 1, AnnounceType::new_paper});
    papers.push_back(p);
  }
  auto selection = select::select({{listing, papers}}, {});
  auto written = make_extractive()->write(selection, papers);
  EXPECT_FALSE(written.summary.overview.empty());
  ASSERT_FALSE(written.summary.themes.empty());
  EXPECT_EQ(written.summary.themes[0].label, "sonar mapping");
  EXPECT_EQ(written.summary.themes[0].total, 3U);
  for (const auto* list :
       {&written.summary.overview, &written.summary.notable, &written.summary.emerging, &written.summary.read_in_full})
    for (const auto& s : *list) EXPECT_FALSE(s.rests_on.empty()) << s.text;
}

TEST(Analyse, KeepsGivenSentences) {
  auto out = analyse_line(R"({"title":"T","sentences":["We propose x. Really.","It is 3% better."]})",
                          [](std::string_view) { return std::vector<std::string>{"f"}; });
  ASSERT_TRUE(out) << out.error().what();
  auto json = nlohmann::json::parse(*out);
  ASSERT_EQ(json["sentences"].size(), 2U);
  EXPECT_EQ(json["sentences"][0]["text"], "We propose x. Really.");
  EXPECT_EQ(json["findings_compat"][0], "f");
  EXPECT_FALSE(analyse_line("[]", {}));
  EXPECT_FALSE(analyse_line(R"({"title":"x"})", {}));
}

}  // namespace
}  // namespace broadsheet::write
