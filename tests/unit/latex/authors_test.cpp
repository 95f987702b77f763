#include "digest/latex/authors.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"

namespace broadsheet::latex {
namespace {

// "Ada Brook <School of Tides> | Kelp Team {team}"
std::string shown(const std::vector<Author>& authors) {
  std::string out;
  for (const auto& author : authors) {
    out += (out.empty() ? "" : " | ") + author.name + (author.collaboration ? " {team}" : "");
    for (const auto& affiliation : author.affiliations) out += " <" + affiliation + ">";
  }
  return out;
}

struct Case {
  const char* raw;
  const char* shown;
};

void expect(std::initializer_list<Case> cases) {
  for (const auto& c : cases) EXPECT_EQ(shown(parse_authors(c.raw)), c.shown) << c.raw;
}

TEST(AuthorGrammar, KnowsWhoSpeaksForACollaboration) {
  expect({
      {"Tomas Fenn (on behalf of the Kelp Collaboration)", "Tomas Fenn | Kelp Collaboration {team}"},
      {"Tomas Fenn on behalf of the Kelp and Reef Collaborations", "Tomas Fenn | Kelp and Reef Collaborations {team}"},
      {"Tomas Fenn, for the Kelp Collaboration", "Tomas Fenn | Kelp Collaboration {team}"},
      {"Ada Brook (on behalf of KELP), Tomas Fenn (on behalf of KELP)", "Ada Brook | Tomas Fenn | KELP {team}"},
      {"Ada Brook (Institute for Tides)", "Ada Brook <Institute for Tides>"},
  });
}

TEST(AuthorGrammar, TakesWhoStandsBeforeAColonForATeam) {
  expect({
      {"The Kelp Collaboration: A. Brook, T. Fenn", "The Kelp Collaboration {team} | A. Brook | T. Fenn"},
      {"OpenTides, :, Ada Brook", "OpenTides {team} | Ada Brook"},
      {"Authors: Ada Brook, Tomas Fenn", "Ada Brook | Tomas Fenn"},
  });
}

TEST(AuthorGrammar, KeepsATeamWholeWhoseNameHoldsAnd) {
  expect({
      {"Ada Brook, the Research and Development Team", "Ada Brook | the Research and Development Team {team}"},
      {"Machine Learning and Systems Group and Ada Brook", "Machine Learning and Systems Group {team} | Ada Brook"},
      {"Ada Brook and the Kelp Team", "Ada Brook | the Kelp Team {team}"},
      {"Ada Brook and Kelp Team", "Ada Brook | Kelp Team {team}"},
      {"Kelp Collaboration and Reef Collaboration", "Kelp Collaboration {team} | Reef Collaboration {team}"},
      {"The Quality, Safety and Efficacy Team", "The Quality, Safety and Efficacy Team {team}"},
      {"Team Tidal, Ada Brook", "Team Tidal {team} | Ada Brook"},
  });
}

TEST(AuthorGrammar, EndsAnUnclosedBracketAtTheNextPerson) {
  expect({
      {"Ada Brook (LJLL (UMR\\_7598), Ilse Marrow, Tomas Fenn",
       "Ada Brook <LJLL (UMR_7598)> | Ilse Marrow | Tomas Fenn"},
      {"Ada Brook (LMA, CNRS, Ilse Marrow (ICJ), T. Fenn", "Ada Brook <LMA, CNRS> | Ilse Marrow <ICJ> | T. Fenn"},
      {"Ada Brook (Institute of Tides, Harbour", "Ada Brook <Institute of Tides, Harbour>"},
      {"Ada Brook), Tomas Fenn", "Ada Brook | Tomas Fenn"},
      {"Ada Brook, (School of Tides)", "Ada Brook <School of Tides>"},
  });
}

TEST(AuthorGrammar, FollowsAndDropsFootnoteMarks) {
  expect({
      {"Ada Brook$^{1,2}$, Tomas Fenn$^{*}$ and Ilse Marrow$^\\dagger$", "Ada Brook | Tomas Fenn | Ilse Marrow"},
      {"Ada Brook*, Tomas Fenn†, Ilse Marrow¹, Bo Quill1,2", "Ada Brook | Tomas Fenn | Ilse Marrow | Bo Quill"},
      {"Ada Brook\\textsuperscript{1}\\thanks{Paid by X} \\and Tomas Fenn", "Ada Brook | Tomas Fenn"},
      {"Ada Brook (1), Tomas Fenn (2), (1) First School, Harbour, (2) Second School",
       "Ada Brook <First School, Harbour> | Tomas Fenn <Second School>"},
      {"J\\'er\\^ome Fenn", "Jérôme Fenn"},
      {"S5 Collaboration, GLM-4.5 Team", "S5 Collaboration {team} | GLM-4.5 Team {team}"},
  });
}

TEST(AuthorGrammar, ReadsOtherHabits) {
  expect({
      {"<a href=\"http://arxiv.org/find/cs/1/au:+Brook_A/0/1/0/all/0/1\">Ada Brook</a>, <a href=\"x\">T. Fenn</a>",
       "Ada Brook | T. Fenn"},
      {"Brook, Ada; Fenn, Tomas", "Ada Brook | Tomas Fenn"},
      {"Ada Brook; Tomas Fenn", "Ada Brook | Tomas Fenn"},
      {"Ada Brook, PhD, Tomas Fenn, Jr.", "Ada Brook | Tomas Fenn Jr."},
      {"Ada Brook, with an appendix by Tomas Fenn", "Ada Brook | Tomas Fenn"},
      {"Ada Brook et al.", "Ada Brook"},
  });
}

TEST(AuthorGrammar, CountsAuthorsThatAreNotNamed) {
  Paper paper;
  paper.authors_raw = "Kelp Team, Ada Brook, et al. (25 additional authors not shown)";
  paper.authors = parse_authors(paper.authors_raw);
  EXPECT_EQ(join_names(paper), "Kelp Team, Ada Brook and 25 more");
  EXPECT_EQ(unlisted_authors("Ada Brook and 3 others"), 3U);
  EXPECT_EQ(unlisted_authors("Ada Brook, et al."), 0U);
  EXPECT_FALSE(unlisted_authors("Ada Brook, Tomas Stothers"));
}

TEST(AuthorGrammar, TidiesNamesThatComeOneByOne) {
  std::vector<Author> given(4);
  given[0].name = "OpenTides";
  given[1].name = ":";
  given[2] = {"Ada Brook", {"School of Tides", "on behalf of the Kelp Collaboration"}, false};
  given[3].name = "for the Reef Collaboration";
  EXPECT_EQ(shown(tidy_authors(given)),
            "OpenTides {team} | Ada Brook <School of Tides> | Reef Collaboration {team} | Kelp Collaboration {team}");
}

TEST(AuthorGrammar, IsLinearOnHostileLists) {
  for (const std::string piece :
       {"(", ")", "[", ",", " and ", "$^{", "(1) ", "((1)", "<a ", " for ", "et al ", "A (B, "}) {
    std::string bomb;
    while (bomb.size() < 30000) bomb += piece;
    for (const auto& author : parse_authors(bomb)) EXPECT_TRUE(text::is_valid_utf8(author.name)) << piece;
  }
}

}  // namespace
}  // namespace broadsheet::latex
