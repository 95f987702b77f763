#include "adapters/common/fit.hpp"

#include <gtest/gtest.h>

#include <string>

#include "digest/doc/builder.hpp"
#include "digest/doc/plain.hpp"

namespace broadsheet::adapters {
namespace {

using doc::Document;
using doc::plain;
using doc::strong;

std::string shown(const Document& d) {
  auto out = doc::to_plain(d);
  auto mark = out.find("Shortened to fit.");
  return mark == std::string::npos ? out : out.substr(0, mark);
}

// Bytes beside the note that something was cut.
auto at_most(std::size_t bytes) {
  return [bytes](const Document& d) { return shown(d).size() <= bytes; };
}

Document card() {
  return {{doc::Heading{3, {plain("Walking robots")}}, doc::Paragraph{{plain("It walks. It runs. It rests.")}, 0},
           doc::Paragraph{{plain("How: with two legs.")}, 2}, doc::Note{{plain("Why: first of its kind.")}, 3},
           doc::Paragraph{{plain("Result: further than before.")}, 2}}};
}

TEST(Fit, LeavesAloneWhatFits) {
  EXPECT_EQ(fit(card(), at_most(1000)), card());
}

TEST(Fit, DropsTheHighestRankFirstAndTheLastWithinARank) {
  auto whole = doc::to_plain(card()).size();
  auto one = doc::to_plain(fit(card(), at_most(whole - 1)));
  EXPECT_EQ(one.find("Why"), std::string::npos);
  EXPECT_NE(one.find("How"), std::string::npos);
  EXPECT_NE(one.find("Result"), std::string::npos);
  EXPECT_NE(one.find("Shortened"), std::string::npos);
  auto two = doc::to_plain(fit(card(), at_most(shown(fit(card(), at_most(whole - 1))).size() - 1)));
  EXPECT_NE(two.find("How"), std::string::npos);
  EXPECT_EQ(two.find("Result"), std::string::npos);
}

TEST(Fit, CutsWholeSentencesFromTheEndAndNeverInsideOne) {
  auto text = doc::to_plain(fit(card(), at_most(40)));
  EXPECT_NE(text.find("It walks. It runs."), std::string::npos) << text;
  EXPECT_EQ(text.find("It rests"), std::string::npos);
}

TEST(Fit, AbbreviationsEndNoSentence) {
  Document d{{doc::Paragraph{{plain("We follow Ada et al. 2020 and others. Then we stop here for good.")}, 0}}};
  auto text = doc::to_plain(fit(d, at_most(50)));
  EXPECT_NE(text.find("and others."), std::string::npos) << text;
  EXPECT_EQ(text.find("Then"), std::string::npos);
}

TEST(Fit, ALinkStaysWholeInItsSentence) {
  auto id = VersionedId{*PaperId::parse("2401.12345"), 1};
  Document d{{doc::Paragraph{{plain("One. See "), doc::link_to_paper(id, "the. Paper"), plain(" now. Two.")}, 0}}};
  auto cut = fit(d, at_most(26));
  const auto& text = std::get<doc::Paragraph>(cut.blocks.at(0)).text;
  EXPECT_EQ(doc::to_plain(text), "One. See the. Paper now.");
  EXPECT_TRUE(std::holds_alternative<doc::Link>(text.at(2)));
}

TEST(Fit, CutsItemsOfAListAndTakesTheLabelWithTheLastOne) {
  doc::ListBlock list{{{plain("first item")}, {plain("second item")}, {plain("third item")}}, true, 0};
  Document d{{doc::Heading{1, {plain("Day")}}, doc::Paragraph{{strong("Findings")}, 0}, list}};
  auto text = doc::to_plain(fit(d, at_most(62)));
  EXPECT_NE(text.find("first"), std::string::npos) << text;
  EXPECT_EQ(text.find("third"), std::string::npos);
  EXPECT_EQ(doc::to_plain(fit(d, at_most(20))).find("Findings"), std::string::npos);
}

TEST(Fit, ADroppedListTakesItsLabelAlong) {
  doc::ListBlock list{{{plain("a finding that is rather long")}}, false, 1};
  Document d{{doc::Heading{1, {plain("Day")}}, doc::Paragraph{{strong("Findings")}, 1}, list}};
  EXPECT_EQ(doc::to_plain(fit(d, at_most(30))).find("Findings"), std::string::npos);
}

TEST(Fit, DropsInsideCardsAndRemovesEmptiedOnes) {
  Document d{
      {doc::CardBlock{{}, {doc::Heading{3, {plain("Title")}}, doc::Paragraph{{plain("Long words here.")}, 2}}, 0},
       doc::Collapsible{"More", {doc::Quote{{plain("Abstract.")}, 3}}, 1}}};
  auto cut = fit(d, at_most(25));
  ASSERT_EQ(cut.blocks.size(), 2U);
  EXPECT_EQ(doc::to_plain(cut).find("More"), std::string::npos);
}

TEST(Fit, TheLastResortIsTheHeadingCutAtAWordAndStillLinked) {
  auto id = VersionedId{*PaperId::parse("2401.12345"), 1};
  Document d{{doc::Heading{3, {doc::link_to_paper(id, "A very long title about robots that walk")}}}};
  auto cut = fit(d, [](const Document& x) { return doc::to_plain(x).size() <= 55 + 40; });
  EXPECT_EQ(cut, d);
  cut =
      fit(d, [](const Document& x) { return doc::to_plain(std::get<doc::Heading>(x.blocks.at(0)).text).size() <= 30; });
  const auto& heading = std::get<doc::Heading>(cut.blocks.at(0));
  const auto& link = std::get<doc::Link>(heading.text.at(0));
  EXPECT_EQ(link.text, "A very long title about…");
  EXPECT_EQ(link.url, abs_url(id));
}

TEST(Fit, EndsEvenWhenNothingFits) {
  EXPECT_LE(fit(card(), [](const Document&) { return false; }).blocks.size(), 2U);
  EXPECT_LE(fit({}, [](const Document&) { return false; }).blocks.size(), 1U);
}

Part part(std::string_view text) {
  return {model::PartKind::card, {{doc::Paragraph{{plain(text)}, 0}}}, {}};
}

TEST(Pack, GroupsConsecutivePartsInOrderWhileTheyFit) {
  auto groups = pack({part("aa"), part("bb"), part("cccc"), part("d")}, [](const std::vector<Part>& group) {
    std::size_t sum = 0;
    for (const auto& p : group) sum += doc::to_plain(p.document).size() - 1;
    return sum <= 5;
  });
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].size(), 2U);
  EXPECT_EQ(groups[1].size(), 2U);
}

TEST(Pack, KeepsAPartThatFitsNowhereAlone) {
  auto groups = pack({part("a"), part("b")}, [](const std::vector<Part>&) { return false; });
  EXPECT_EQ(groups.size(), 2U);
  EXPECT_TRUE(pack({}, [](const std::vector<Part>&) { return true; }).empty());
}

Document titles(std::size_t count) {
  Document out{{doc::Heading{1, {plain("The day")}}, doc::Paragraph{{strong("New")}, 0}}};
  doc::ListBlock list;
  list.numbered = true;
  for (std::size_t i = 1; i <= count; ++i) list.items.push_back({plain("Title " + std::to_string(i) + " of the day")});
  out.blocks.emplace_back(list);
  out.blocks.emplace_back(doc::Note{{plain("announced " + std::to_string(count))}, 0});
  return out;
}

TEST(ComeApart, LosesNoItemOfALongListAndGoesOnCounting) {
  Part part{model::PartKind::summary, titles(200), {}};
  auto pieces = come_apart(part, at_most(600));
  ASSERT_GT(pieces.size(), 5U);
  std::string all;
  for (const auto& piece : pieces) {
    EXPECT_LE(doc::to_plain(piece.document).size(), 600U);
    EXPECT_EQ(piece.kind, &piece == &pieces.front() ? model::PartKind::summary : model::PartKind::card);
    all += doc::to_plain(piece.document);
  }
  EXPECT_EQ(all.find("Shortened"), std::string::npos);
  for (int i : {1, 77, 200}) {
    auto line = std::to_string(i) + ". Title " + std::to_string(i) + " of the day";
    EXPECT_NE(all.find(line), std::string::npos) << line;
  }
  EXPECT_NE(all.find("announced 200"), std::string::npos);
}

TEST(ComeApart, KeepsALabelWithItsList) {
  Document d{{doc::Paragraph{{plain(std::string(60, 'x'))}, 0}, doc::Paragraph{{strong("Themes")}, 0},
              doc::ListBlock{{{plain(std::string(40, 'y'))}}, false, 0}}};
  auto pieces = come_apart({model::PartKind::summary, d, {}}, at_most(75));
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(doc::to_plain(pieces[0].document).find("Themes"), std::string::npos);
  EXPECT_NE(doc::to_plain(pieces[1].document).find("Themes"), std::string::npos);
}

TEST(ComeApart, ShortensOnlyWhatIsLongerThanAMessageByItself) {
  Document d{{doc::Heading{1, {plain("The day")}}, doc::Paragraph{{plain("First. Second. Third.")}, 0},
              doc::Paragraph{{plain(std::string(30, 'a') + ". " + std::string(300, 'b'))}, 0},
              doc::Note{{plain("count")}, 0}}};
  auto pieces = come_apart({model::PartKind::summary, d, {}}, at_most(80));
  std::string all;
  for (const auto& piece : pieces) all += doc::to_plain(piece.document);
  EXPECT_NE(all.find("Third."), std::string::npos);
  EXPECT_NE(all.find("count"), std::string::npos);
  EXPECT_NE(all.find("Shortened"), std::string::npos);
}

TEST(ComeApart, FitsACardIntoOneMessage) {
  EXPECT_EQ(come_apart({model::PartKind::card, card(), {}}, at_most(40)).size(), 1U);
}

}  // namespace
}  // namespace broadsheet::adapters
