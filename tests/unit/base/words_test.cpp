#include "bot/base/words.hpp"

#include <gtest/gtest.h>

#include "bot/base/text.hpp"

namespace broadsheet::text {
namespace {

std::string words(std::string_view s) {
  return join(index_words(s), " ");
}
std::string stemmed(std::string word) {
  stem(word);
  return word;
}

TEST(Fold, WritesLettersWithoutDecompositionAsTheyAreTyped) {
  EXPECT_EQ(fold("Łukasz Øystein Straße Đorđević"), "lukasz oystein strasse dordevic");
  EXPECT_EQ(fold("Æther Œuvre ısı İzmir Þór Ħal"), "aether oeuvre isi izmir thor hal");
  EXPECT_EQ(fold("Erdős Čech naïve Nguyễn"), "erdos cech naive nguyen");
}

TEST(Fold, TakesCompatibilityFormsForWhatTheyShow) {
  EXPECT_EQ(fold("H₂O AdS₅ x² ﬁeld ℝ ℓ 𝒪 Ａ"), "h2o ads5 x2 field r l o a");
}

TEST(IndexWords, AreRunsOfLettersAndDigits) {
  EXPECT_EQ(words("GPT-4.1: H₂O, AdS₅ × S⁵; don't"), "gpt 4 1 h2o ads5 s5 don t");
  EXPECT_EQ(words("日本語 العربية 한국어"), "日本語 العربية 한국어");
  EXPECT_EQ(words("½ of ⑴"), "½ of ⑴");
  EXPECT_EQ(words("a\xff"
                  "b \xf0\x9f"),
            "a b");
  EXPECT_EQ(words("e\u0301t\u0301e\u0301 \u0301"), "ete");
}

TEST(WordReader, KnowsWhereAWordStood) {
  WordReader reader("  Łód\u017a, x");
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.word(), "lodz");
  EXPECT_EQ(reader.begin(), 2U);
  EXPECT_EQ(reader.end(), 9U);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.word(), "x");
  EXPECT_FALSE(reader.next());
}

TEST(Stem, MakesInflectionsAlike) {
  for (std::string_view group : {"panorama panoramas",
                                 "network networks",
                                 "study studies studied studying",
                                 "train trains training trained",
                                 "generate generates generating generated",
                                 "use uses using used",
                                 "embed embedding embeddings embedded",
                                 "model models modeling modelling",
                                 "analysis analyses",
                                 "matrix matrices",
                                 "vertex vertices",
                                 "basis bases",
                                 "spectrum spectra",
                                 "llm llms",
                                 "pde pdes",
                                 "gan gans",
                                 "index indexes indices",
                                 "galaxy galaxies",
                                 "class classes",
                                 "box boxes",
                                 "virus viruses",
                                 "lens lenses",
                                 "hypothesis hypotheses",
                                 "compute computing computed",
                                 "mix mixes mixing mixed",
                                 "agree agreed agreeing",
                                 "transformer transformers",
                                 "nucleus nuclei"}) {
    auto forms = split(group, ' ');
    for (auto form : forms) EXPECT_EQ(stemmed(std::string(form)), stemmed(std::string(forms.front()))) << form;
  }
}

TEST(Stem, LeavesApartWhatIsNoInflection) {
  EXPECT_NE(stemmed("universe"), stemmed("university"));
  EXPECT_NE(stemmed("organ"), stemmed("organization"));
  EXPECT_NE(stemmed("relation"), stemmed("relativity"));
  EXPECT_NE(stemmed("even"), stemmed("evening"));
  for (const auto* word : {"string", "bias", "gas", "this", "bus", "ads5", "日本", "is", "s", "", "thing"})
    EXPECT_EQ(stemmed(word), word);
}

TEST(Stem, OfABeginningIsWhatItsWordsWouldHave) {
  for (const auto* begin : {"trainin", "training", "networks", "studie", "computin", "generati"}) {
    auto shorter = stems_of_beginning(begin);
    EXPECT_FALSE(shorter.empty()) << begin;
    for (const auto& stem : shorter) EXPECT_FALSE(stem.starts_with(begin)) << stem;
  }
  EXPECT_EQ(stems_of_beginning("trainin"), std::vector<std::string>{"train"});
  EXPECT_TRUE(stems_of_beginning("xyzw").empty());
}

}  // namespace
}  // namespace broadsheet::text
