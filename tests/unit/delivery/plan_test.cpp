#include "bot/delivery/plan.hpp"

#include <gtest/gtest.h>

#include "digest/present/document.hpp"

namespace broadsheet::delivery {
namespace {

using model::PartKind;

Digest two_cards() {
  Digest out;
  out.key.categories = {*Category::parse("cs.CV")};
  for (const char* id : {"2601.00001", "2601.00002"}) {
    Card card;
    card.paper.id = *PaperId::parse(id);
    card.paper.title = "Maps of Kites";
    card.paper.abstract = "We draw maps of kites.";
    card.tldr.text = "Maps are drawn.";
    out.cards.push_back(card);
  }
  return out;
}

TEST(PartsOfADigest, AreTheOverviewAndAPartACard) {
  auto digest = two_cards();
  auto brief = parts_of(digest, Style::brief);
  ASSERT_EQ(brief.size(), 1U);
  EXPECT_EQ(brief[0].document, present::overview(digest));
  for (auto style : {Style::cards, Style::full}) {
    auto parts = parts_of(digest, style);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].document, brief[0].document);
    for (std::size_t i : {0U, 1U}) {
      EXPECT_EQ(parts[i + 1].kind, PartKind::card);
      EXPECT_EQ(parts[i + 1].paper, digest.cards[i].paper.id);
      EXPECT_EQ(parts[i + 1].number, i + 1) << "as `#2` means it";
      EXPECT_EQ(parts[i + 1].document, present::card(digest.cards[i], style == Style::full, i + 1));
    }
  }
  EXPECT_NE(present::card(digest.cards[0], true), present::card(digest.cards[0], false)) << "full has the abstract";
}

TEST(PartsOfADigest, OfADayThatBringsNothingAreANoticeThatWakesNobody) {
  auto digest = two_cards();
  digest.cards.clear();
  for (auto style : {Style::brief, Style::cards, Style::full, Style::titles}) {
    ASSERT_EQ(parts_of(digest, style).size(), 1U);
    EXPECT_EQ(parts_of(digest, style)[0].kind, PartKind::notice);
  }
}

TEST(PartsOfADigest, OfTitlesAreOneList) {
  auto parts = parts_of(two_cards(), Style::titles);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].kind, PartKind::summary);
}

}  // namespace
}  // namespace broadsheet::delivery
