#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "digest/write/analyse.hpp"
#include "digest/write/card.hpp"
#include "digest/write/findings.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/roles.hpp"
#include "digest/write/sentences.hpp"
#include "digest/write/tldr.hpp"

namespace broadsheet::write {
namespace {

const std::vector<std::string> kTides = {
    "Tide gauges along long coasts are sparse and often break.",
    "However, existing forecasts need a dense network of gauges.",
    "In this paper, we propose TideFlow, a graph network that forecasts tides from a handful of gauges.",
    "TideFlow passes messages along the coast line and is trained with a masked loss.",
    "Experiments on three coasts show that TideFlow outperforms harmonic analysis and cuts the error by 31%.",
    "A limitation of our method is that it does not yet handle storm surges.",
    "Code is available at https://github.com/example/tideflow."};

Paper tide_paper() {
  Paper p;
  p.id = PaperId::parse("2601.00001").value();
  p.version = 1;
  p.title = "TideFlow: Forecasting Tides from Few Gauges";
  for (const auto& s : kTides) p.abstract += (p.abstract.empty() ? "" : " ") + s;
  p.comment = "12 pages, accepted at CVPR 2026";
  return p;
}

TEST(Sentences, EndAtFullStopsOnly) {
  auto s = split_sentences(
      "We test e.g. kelp, i.e. algae. The error (cf. Fig. 3) is 0.35 by R. Example et al. in all. Why? Yes!");
  EXPECT_EQ(s,
            (std::vector<std::string>{"We test e.g. kelp, i.e. algae.",
                                      "The error (cf. Fig. 3) is 0.35 by R. Example et al. in all.", "Why?", "Yes!"}));
}

TEST(Sentences, NothingGivesNone) {
  EXPECT_TRUE(split_sentences("").empty());
  EXPECT_TRUE(split_sentences(" \n ").empty());
}

TEST(Sentences, MeasureIsAnAmountAndNotAName) {
  EXPECT_TRUE(has_measure("cuts the error by 31%."));
  EXPECT_TRUE(has_measure("is 3.5x faster"));
  EXPECT_TRUE(has_measure("an F1 of 0.91 overall"));
  EXPECT_FALSE(has_measure("GenTest 2 is a 3D model of 12 layers"));
}

TEST(Roles, OfAPlainAbstract) {
  auto r = label(kTides);
  ASSERT_EQ(r.size(), kTides.size());
  EXPECT_EQ(r[0].role, Role::background);
  EXPECT_EQ(r[1].role, Role::background);
  EXPECT_EQ(r[3].role, Role::method);
  EXPECT_EQ(r[4].role, Role::result);
  EXPECT_EQ(r[5].role, Role::limitation);
  EXPECT_EQ(r[6].role, Role::resource);
  for (const auto& s : r) {
    EXPECT_GT(s.p, 0.19);
    EXPECT_LE(s.p, 1.0);
    EXPECT_NE(s.base, Role::limitation);
    EXPECT_NE(s.base, Role::resource);
  }
}

TEST(Roles, LimitsOfOthersAreNotLimitsOfThisPaper) {
  auto r = label({"Existing methods are limited to short clips.", "We propose a longer memory.", "It works."});
  for (const auto& s : r) EXPECT_NE(s.role, Role::limitation);
}

TEST(Roles, BearEndlessAndEmptyText) {
  EXPECT_TRUE(label({}).empty());
  EXPECT_EQ(label(std::vector<std::string>(1000, "We.")).size(), 1000U);
  EXPECT_EQ(label({std::string(100'000, 'a'), ""}).size(), 2U);
}

TEST(Tldr, IsTheContributionWithoutItsLeadIn) {
  auto t = tldr("TideFlow: Forecasting Tides from Few Gauges", label(kTides));
  EXPECT_EQ(t.text, "We propose TideFlow, a graph network that forecasts tides from a handful of gauges.");
  EXPECT_FALSE(t.verbatim);
}

TEST(Tldr, DoesNotRepeatTheTitle) {
  auto t = tldr("Counting kelp forests from orbit",
                label({"We propose counting kelp forests from orbit.",
                       "We propose a radar index that separates floating canopies from foam and needs no labels."}));
  EXPECT_EQ(t.text, "We propose a radar index that separates floating canopies from foam and needs no labels.");
  EXPECT_TRUE(t.verbatim);
}

TEST(Tldr, StandsAlone) {
  auto t =
      tldr("Fog and foghorns", label({"However, this also brings a new risk of foghorns that sound in clear air.",
                                      "We describe a foghorn that listens for echoes of ships before it sounds."}));
  EXPECT_EQ(t.text, "We describe a foghorn that listens for echoes of ships before it sounds.");
}

TEST(Opening, GoesWhereItCarriesNothing) {
  EXPECT_EQ(standing_alone("To this end, we build it."), "We build it.");
  EXPECT_EQ(standing_alone("Finally, in this paper, we map kelp."), "We map kelp.");
  EXPECT_EQ(standing_alone("To address these challenges, KelpNet listens twice."), "KelpNet listens twice.");
  EXPECT_EQ(standing_alone("Based on this pipeline, we map kelp."), "We map kelp.");
  EXPECT_EQ(standing_alone("In this survey, we map kelp."), "We map kelp.");
  EXPECT_EQ(standing_alone("Methods: In this study, we map kelp."), "We map kelp.");
  EXPECT_EQ(standing_alone("More specifically, 3% of dives fail."), "3% of dives fail.");
}

TEST(Opening, StaysWhereItSaysSomething) {
  for (const char* s : {"If labels are missing, we fail.", "Without labels, we fail.", "However, it fails at night.",
                        "To address kelp, we dive.", "Finally, and most of all, we dive.", "Finally, yes.",
                        "Moreover the error falls.", "Finally, ", ""})
    EXPECT_EQ(standing_alone(s), s);
}

TEST(Opening, LeavesNamesThatBeginSmall) {
  EXPECT_EQ(standing_alone("Notably, k-means finds the reefs."), "k-means finds the reefs.");
  EXPECT_EQ(standing_alone("Notably, wav2vec hears the whales."), "wav2vec hears the whales.");
  EXPECT_EQ(standing_alone("Notably, self-training finds the reefs."), "Self-training finds the reefs.");
}

TEST(Card, FindingsAndSectionsStandAlone) {
  auto paper = tide_paper();
  paper.abstract =
      "Tides are hard to forecast. We propose TideFlow, a graph network that forecasts tides from a handful of gauges. "
      "Specifically, it passes messages along the coast line. Moreover, experiments on three coasts show that TideFlow "
      "outperforms harmonic analysis and cuts the error by 31%.";
  auto card = write_card(paper, AnnounceType::new_paper, {});
  ASSERT_EQ(card.findings.size(), 1U);
  EXPECT_TRUE(card.findings[0].starts_with("Experiments on three coasts")) << card.findings[0];
  ASSERT_FALSE(card.sections.empty());
  EXPECT_EQ(card.sections[0].text, "Passes messages along the coast line.");
}

TEST(Findings, AreResultsAndNotBackground) {
  EXPECT_EQ(findings(label(kTides)), std::vector<std::size_t>{4});
}

TEST(Card, SaysNothingTwiceAndInventsNothing) {
  auto card = write_card(tide_paper(), AnnounceType::new_paper, {});
  EXPECT_EQ(card.origin, Origin::extracted);
  std::string all;
  for (const auto& s : card.sections) all += s.text + "\n";
  EXPECT_EQ(all.find("we propose TideFlow"), std::string::npos) << "the TL;DR again";
  EXPECT_EQ(all.find(kTides[4]), std::string::npos) << "a finding again";
  ASSERT_FALSE(card.sections.empty());
  EXPECT_EQ(card.sections.back().role, Role::limitation);
  EXPECT_EQ(card.sections.back().text, kTides[5]);
}

TEST(Card, WithoutAStatedLimitHasNone) {
  auto paper = tide_paper();
  paper.abstract.erase(paper.abstract.find("A limitation"));
  for (const auto& s : write_card(paper, AnnounceType::new_paper, {}).sections) EXPECT_NE(s.role, Role::limitation);
}

TEST(Card, OfAShortOrMissingAbstractSaysSo) {
  auto paper = tide_paper();
  paper.abstract = "We count waves.";
  EXPECT_EQ(write_card(paper, AnnounceType::new_paper, {}).origin, Origin::abstract_only);
  paper.abstract.clear();
  EXPECT_FALSE(write_card(paper, AnnounceType::new_paper, {}).degraded.empty());
}

TEST(Card, BadgesAreFactsOfTheRecord) {
  auto badges = write_card(tide_paper(), AnnounceType::new_paper, {}).badges;
  auto text_of = [&badges](BadgeKind kind) {
    for (const auto& b : badges)
      if (b.kind == kind) return b.text + b.url;
    return std::string();
  };
  EXPECT_EQ(text_of(BadgeKind::code), "codehttps://github.com/example/tideflow");
  EXPECT_EQ(text_of(BadgeKind::venue), "CVPR 2026");
  EXPECT_EQ(text_of(BadgeKind::pages), "12 pages");
}

TEST(Card, LinksOnlyToKnownHosts) {
  auto paper = tide_paper();
  paper.abstract =
      "Code: https://github.com.evil.example/x and https://evil.example/github.com and javascript:github.com";
  for (const auto& b : write_card(paper, AnnounceType::new_paper, {}).badges) EXPECT_NE(b.kind, BadgeKind::code);
}

TEST(Analyse, KeepsGivenSentencesAndNamesTheFiveRoles) {
  nlohmann::json in = {{"title", "TideFlow"}, {"sentences", kTides}};
  auto out = analyse_line(in.dump(), [](std::string_view) { return std::vector<std::string>{"x"}; });
  ASSERT_TRUE(out.has_value());
  auto j = nlohmann::json::parse(*out);
  ASSERT_EQ(j["sentences"].size(), kTides.size());
  for (std::size_t i = 0; i < kTides.size(); ++i) {
    EXPECT_EQ(j["sentences"][i]["text"], kTides[i]);
    EXPECT_NE(j["sentences"][i]["role"], "limitation");
    EXPECT_NE(j["sentences"][i]["role"], "resource");
  }
  EXPECT_EQ(j["findings_compat"], nlohmann::json({"x"}));
  EXPECT_EQ(j["tldr_verbatim"], false);
}

TEST(Analyse, RefusesWhatIsNoInput) {
  auto none = [](std::string_view) { return std::vector<std::string>{}; };
  for (auto bad : {"", "[]", "{}", R"({"sentences": [1]})", R"({"abstract": 3})"})
    EXPECT_FALSE(analyse_line(bad, none).has_value()) << bad;
}

}  // namespace
}  // namespace broadsheet::write
