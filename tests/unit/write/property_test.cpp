// What must never stand on a card, whatever the abstract is.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "bot/base/text.hpp"
#include "digest/latex/finish.hpp"
#include "digest/write/card.hpp"
#include "digest/write/findings.hpp"
#include "digest/write/opening.hpp"
#include "digest/write/sentences.hpp"
#include "digest/write/shortening.hpp"

namespace broadsheet::write {
namespace {

Card card_of(const std::string& abstract, const std::string& title = "Kelp counting") {
  Paper p;
  p.id = PaperId::parse("2601.00001").value();
  p.version = 1;
  p.title_raw = title;
  p.abstract_raw = abstract;
  p.categories = {"cs.CV"};
  latex::finish(p);
  return write_card(p, AnnounceType::new_paper, {});
}

std::vector<std::string> texts_of(const Card& card) {
  auto out = card.findings;
  if (!card.tldr.text.empty()) out.push_back(card.tldr.text);
  for (const auto& s : card.sections) out.push_back(s.text);
  return out;
}

std::vector<std::string> words_of(const std::string& s) {
  std::vector<std::string> out;
  std::string word;
  for (char c : text::lower_ascii(s) + " ") {
    bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '%' || static_cast<unsigned char>(c) >= 0x80;
    if (part)
      word += c;
    else if (!word.empty())
      out.push_back(std::exchange(word, ""));
  }
  return out;
}

// The words of `part` in their order among those of `whole`: nothing but deletion made it.
bool is_made_by_deletion(const std::string& part, const std::string& whole) {
  auto all = words_of(whole);
  auto at = all.begin();
  for (const auto& word : words_of(part)) {
    at = std::find(at, all.end(), word);
    if (at == all.end()) return false;
    ++at;
  }
  return true;
}

const std::vector<std::string> kPieces = {
    "Counting kelp by hand is slow and costs 1,200 dives a year.",
    "However, existing counters (e.g. sonar, cf. Fig. 2) fail at night.",
    "To bridge this gap, we propose KelpNet, a counter that reads sonar, which needs no labels.",
    "This also lowers the cost.",
    "It reaches 91.5% accuracy, a gain of 3.4 points over Brook et al. (2024).",
    "Furthermore, these results show that sonar is enough if the water is clear.",
    "These findings suggest that kelp recovers in 12 years.",
    "We prove that the error is at most 1/n a.e. on X. They do not move.",
    "We introduce two complementary components.",
    "In this work, to count shoals, we build on this idea and show that 7 of 9 harbours agree.",
    "Specifically, it is trained on 400 dives w.r.t. depth and i.i.d. noise.",
    "A limitation of our method is that it does not yet handle shoals.",
    "Code is available at https://github.com/example/kelp.",
    "Conversely, h. pylori was not found",
    "Results: KelpNet is 3x faster than the baseline (p < 0.01)!",
    "\u5c0f\u6d77\u5e26\u5f88\u591a\u3002 \u041c\u044b \u0441\u0447\u0438\u0442\u0430\u0435\u043c."};

std::string random_abstract(std::mt19937& random) {
  std::string out;
  for (std::size_t n = random() % 12; n > 0; --n) out += kPieces[random() % kPieces.size()] + (random() % 9 ? " " : "");
  return out;
}

TEST(CardProperty, EverySentenceIsOneOfTheAbstractByDeletionAlone) {
  std::mt19937 random(7);
  for (int n = 0; n < 400; ++n) {
    auto abstract = random_abstract(random);
    auto card = card_of(abstract);
    for (const auto& text : texts_of(card)) {
      EXPECT_FALSE(text.empty());
      EXPECT_TRUE(is_made_by_deletion(text, card.paper.abstract)) << text << "\n  of: " << abstract;
    }
    if (card.tldr.verbatim && !card.tldr.text.empty())
      EXPECT_NE(card.paper.abstract.find(card.tldr.text), std::string::npos) << card.tldr.text;
  }
}

TEST(CardProperty, NoFindingAndNoSectionBeginsByPointingBack) {
  std::mt19937 random(8);
  for (int n = 0; n < 400; ++n) {
    auto card = card_of(random_abstract(random));
    for (const auto& finding : card.findings) EXPECT_FALSE(leans(finding)) << finding;
    for (const auto& section : card.sections) EXPECT_FALSE(leans(section.text)) << section.text;
  }
}

TEST(CardProperty, NoSectionIsEmptyAndNoneTwice) {
  std::mt19937 random(9);
  for (int n = 0; n < 200; ++n) {
    auto card = card_of(random_abstract(random));
    for (std::size_t i = 0; i < card.sections.size(); ++i) {
      EXPECT_FALSE(card.sections[i].text.empty());
      for (std::size_t j = 0; j < i; ++j) EXPECT_NE(card.sections[i].role, card.sections[j].role);
    }
  }
}

TEST(CardProperty, ShorteningNeverTakesANumberANegationOrACondition) {
  for (const auto& piece : kPieces)
    for (const auto& form : shortenings(piece)) {
      EXPECT_TRUE(is_made_by_deletion(form.text, piece)) << form.text;
      auto before = words_of(piece);
      auto after = words_of(form.text);
      for (const char* word : {"not", "no", "if", "91", "400", "7", "9", "3x", "most", "suggest"})
        EXPECT_EQ(std::count(before.begin(), before.end(), word), std::count(after.begin(), after.end(), word))
            << word << " of " << piece << " in " << form.text;
    }
}

TEST(CardProperty, SameAbstractSameCard) {
  std::mt19937 random(10);
  for (int n = 0; n < 50; ++n) {
    auto abstract = random_abstract(random);
    EXPECT_EQ(card_of(abstract), card_of(abstract));
  }
}

TEST(CardProperty, RawTexNeverShows) {
  auto card = card_of(
      "We prove that $\\alpha$-kelp is \\emph{always} $\\leq 3\\%$ of the {\\it reef}. We show that \\cite{brook} "
      "holds "
      "for $\\mathcal{O}(n^2)$ dives.");
  for (const auto& text : texts_of(card)) {
    EXPECT_EQ(text.find('\\'), std::string::npos) << text;
    EXPECT_EQ(text.find('$'), std::string::npos) << text;
  }
}

TEST(CardProperty, BearsWhatIsNoAbstract) {
  EXPECT_FALSE(card_of("").degraded.empty());
  for (const char* s :
       {".", "...", "?!", "((((", "We", "However,", "However, however, however,", "This.", ": :", "\x01"})
    (void)card_of(s, "");
  for (const char* unit :
       {"a", "We count. ", "A. ", "however, ", "((A. ", "we propose kelp and ", "\u6d77", "this ", "e.g. "}) {
    std::string long_text;
    while (long_text.size() < 1'000'000) long_text += unit;
    auto card = card_of(long_text);
    EXPECT_LT(card.tldr.text.size(), 5000U) << unit;
  }
}

TEST(CardProperty, TextWithoutFullStopsIsCutAndSaysSo) {
  std::string endless = "We propose KelpNet";
  for (int i = 0; i < 300; ++i) endless += " and count kelp number " + std::to_string(i);
  auto card = card_of(endless);
  EXPECT_FALSE(card.tldr.verbatim);
  EXPECT_TRUE(card.tldr.text.ends_with("\u2026")) << card.tldr.text;
}

TEST(CardProperty, OtherScriptsStayWhole) {
  auto card = card_of(
      "\u041c\u044b \u0441\u0447\u0438\u0442\u0430\u0435\u043c \u043a\u0435\u043b\u043f. \u042d\u0442\u043e "
      "\u0445\u043e\u0440\u043e\u0448\u043e. \u041e\u0448\u0438\u0431\u043a\u0430 3%.");
  for (const auto& text : texts_of(card)) EXPECT_TRUE(text::is_valid_utf8(text));
}

TEST(Sentences, KnowTheAbbreviationsOfAllFields) {
  auto count = [](const char* s) { return split_sentences(s).size(); };
  EXPECT_EQ(count("It holds a.e. on X and a.s. in time. We stop."), 2U);
  EXPECT_EQ(count("Let x be i.i.d. noise w.r.t. Lebesgue measure, cf. Thm. 3 and Eq. (2)."), 1U);
  EXPECT_EQ(count("Modules of type A. Combinatorial descriptions are new."), 2U);
  EXPECT_EQ(count("The view of W. Hicks [Lond. Edinb. Phil. Mag., 1919] holds. So it is."), 2U);
  EXPECT_EQ(count("Found by Brook et al. (2025) in the U.S. It rains."), 2U);
  EXPECT_EQ(count("We present kelpd, a tool for divers. kelpd records dives."), 2U);
  EXPECT_EQ(count("We count the kelp.The error falls."), 2U);
  EXPECT_EQ(count("The rate is 3.5 km s^-1. At 2.7 K it stops."), 2U);
  EXPECT_EQ(count("We use resp. approx. two dives (see Fig. 2. and Sec. 3)."), 1U);
  EXPECT_EQ(count("See github.com/example/kelp.Git for more."), 1U);
}

TEST(Opening, LeaningIsResolvedOrKnown) {
  EXPECT_EQ(standing_alone("However, these results show that kelp grows back."), "Kelp grows back.");
  EXPECT_EQ(standing_alone("These findings suggest that kelp grows."), "Findings suggest that kelp grows.");
  EXPECT_EQ(standing_alone("Here we show that kelp grows."), "We show that kelp grows.");
  EXPECT_EQ(as_point("It also reduces the cost by 3%."), "Also reduces the cost by 3%.");
  EXPECT_EQ(as_point("This leads to a loss of 3%."), "Leads to a loss of 3%.");
  EXPECT_TRUE(leans("This approach is new."));
  EXPECT_TRUE(leans("However, this is new."));
  EXPECT_FALSE(leans("This paper counts kelp."));
  EXPECT_FALSE(leans("Italy counts kelp."));
}

TEST(Findings, LinksAndOutlookNeverBeatTheResult) {
  auto card = card_of(
      "Counting kelp is slow. We propose KelpNet, a counter of kelp that reads sonar. KelpNet outperforms all "
      "baselines by 12% on reefs and "
      "its "
      "data are publicly available. We hope that it will be used widely. Code is available at https://github.com/e/k.");
  ASSERT_EQ(card.findings.size(), 1U);
  EXPECT_TRUE(card.findings[0].starts_with("KelpNet outperforms")) << card.findings[0];
}

TEST(Findings, OfMathematicsAreWhatIsProved) {
  auto card = card_of(
      "We study flows of thin films. We prove that solutions exist globally for small data. We also establish sharp "
      "decay "
      "rates in weighted spaces. Our proof relies on an energy method.",
      "Thin films");
  auto shown = card.findings;
  shown.push_back(card.tldr.text);
  for (const char* proved : {"We prove that solutions exist globally for small data.",
                             "We also establish sharp decay rates in weighted spaces."})
    EXPECT_NE(std::find(shown.begin(), shown.end(), proved), shown.end()) << proved;
  for (const auto& finding : card.findings) EXPECT_EQ(finding.find("Our proof"), std::string::npos);
}

TEST(Limits, OfRivalsAreNotThePapers) {
  auto card = card_of(
      "Kelp is hard to count. We propose KelpNet. KelpNet gains 3%. However, existing methods are limited to clear "
      "water "
      "and performance degrades at night. Prior counters do not yet dive.");
  for (const auto& section : card.sections) EXPECT_NE(section.role, Role::limitation) << section.text;
}

}  // namespace
}  // namespace broadsheet::write
