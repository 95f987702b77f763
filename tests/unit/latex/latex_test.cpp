#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"
#include "digest/latex/authors.hpp"
#include "digest/latex/display.hpp"
#include "digest/latex/finish.hpp"

namespace broadsheet::latex {
namespace {

TEST(Latex, FollowsTheRules) {
  EXPECT_EQ(to_display("Zo\\\"e K\\r{a}s", Mode::author), "Zoë Kås");
  EXPECT_EQ(to_display("\\O rsted", Mode::author), "Ørsted");
  EXPECT_EQ(to_display("{\\em Loud} and \\textbf{clear}", Mode::title), "Loud and clear");
  EXPECT_EQ(to_display("``a'' -- b", Mode::title), "“a” – b");
  EXPECT_EQ(to_display("$\\mathbb{N}^{k}$ and $\\sqrt{ab}$", Mode::title), "ℕᵏ and √ab");
  EXPECT_EQ(to_display("from $3 to $4", Mode::abstract), "from $3 to $4");
  EXPECT_EQ(to_display("\\href{https://example.org/a\\_b}{here}", Mode::abstract), "here (https://example.org/a_b)");
}

TEST(Latex, KeepsParagraphsOnlyInAbstracts) {
  EXPECT_EQ(to_display("one\ntwo\n  three", Mode::abstract), "one two\nthree");
  EXPECT_EQ(to_display("one\ntwo\n\n  three", Mode::title), "one two three");
}

TEST(Latex, DropsWhatCouldDeceive) {
  EXPECT_EQ(to_display("a\xE2\x80\xAE"
                       "b\x01\xE2\x80\x8B"
                       "c",
                       Mode::title),
            "abc");
  EXPECT_EQ(to_display("bad \xFF byte", Mode::title), "bad \xEF\xBF\xBD byte");
}

TEST(Latex, TakesAWholeCharacterAfterABackslash) {
  EXPECT_EQ(to_display("a \\é b", Mode::title), "a é b");
  EXPECT_EQ(to_display("$\\é x$", Mode::title), "é x");
  EXPECT_TRUE(text::is_valid_utf8(to_display("$\\end\\\xef\xbf\xbd\xef\xbf\xbd$", Mode::abstract)));
}

TEST(Latex, SurvivesHostileInput) {
  for (const std::string piece :
       {"{", "}", "$", "\\text{", "`", "^{", "\\frac{", "$\\text{$", "\\def\\x{\\x\\x}", "\\href{", "\\("}) {
    std::string bomb;
    while (bomb.size() < 200000) bomb += piece;
    EXPECT_TRUE(text::is_valid_utf8(to_display(bomb, Mode::abstract))) << piece;
    EXPECT_TRUE(text::is_valid_utf8(to_display("$" + bomb + "$", Mode::abstract))) << piece;
  }
}

TEST(Latex, PassesTheSharedVectors) {
  std::ifstream in(std::string(BROADSHEET_SHARED) + "/contracts/latex-vectors.json");
  if (!in) GTEST_SKIP() << "no shared folder";
  auto document = nlohmann::json::parse(in);
  for (const auto& v : document["vectors"]) {
    auto name = v["mode"].get<std::string>();
    auto mode = name == "title" ? Mode::title : name == "author" ? Mode::author : Mode::abstract;
    EXPECT_EQ(to_display(v["in"].get<std::string>(), mode), v["out"].get<std::string>()) << v["in"];
  }
}

TEST(Authors, AreSplitOutsideParentheses) {
  auto authors = parse_authors("Ada Brook (Institute of Tides, Harbour), Tomas Fenn and Ilse Marrow, Jr.");
  ASSERT_EQ(authors.size(), 3U);
  EXPECT_EQ(authors[0].name, "Ada Brook");
  EXPECT_EQ(authors[0].affiliations, std::vector<std::string>{"Institute of Tides, Harbour"});
  EXPECT_EQ(authors[2].name, "Ilse Marrow Jr.");
}

TEST(Authors, FollowNumberedInstitutes) {
  auto authors = parse_authors("Ada Brook (1), Tomas Fenn (1 and 2) ((1) First School, (2) Second School)");
  ASSERT_EQ(authors.size(), 2U);
  EXPECT_EQ(authors[1].affiliations, (std::vector<std::string>{"First School", "Second School"}));
}

TEST(Authors, KnowCollaborations) {
  auto authors = parse_authors("The Kelp Collaboration: A. Brook, T. Fenn");
  ASSERT_EQ(authors.size(), 3U);
  EXPECT_TRUE(authors[0].collaboration);
  EXPECT_EQ(authors[1].name, "A. Brook");
}

TEST(Finish, NoticesAWithdrawal) {
  Paper paper;
  paper.title_raw = "A title";
  paper.comment = "This paper has been withdrawn by the authors";
  finish(paper);
  EXPECT_TRUE(paper.withdrawn);
}

}  // namespace
}  // namespace broadsheet::latex
