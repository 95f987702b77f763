#include "digest/latex/withdrawal.hpp"

#include <gtest/gtest.h>

#include "digest/latex/finish.hpp"

namespace broadsheet::latex {
namespace {

TEST(Withdrawal, IsSaidInManyWords) {
  for (const char* comment : {
           "Withdrawn",
           "withdrawn. Full text at the publisher",
           "12 pages, withdrawn",
           "12 pages (withdrawn)",
           "Withdrawn due to a gap in the proof",
           "Withdrawn - error in Section 3",
           "WITHDRAWN",
           "This preprint has been withdrawn as its contents are in arXiv:2506.00001",
           "The paper is withdrawn: the result was known",
           "11 pages. The paper has been withdrawn due to an error",
           "21 pages, latex The paper has been withdrawn because of Lemma 3",
           "This version withdrawn by arXiv administrators because of its license",
           "arXiv admin note: submission has been withdrawn by arXiv administrators due to overlap",
           "This submission has been removed by arXiv administrators",
           "We withdraw this paper because of an error",
           "I hereby withdraw the article",
           "I am withdrawing to properly address these issues",
           "We have decided to withdraw this manuscript and resubmit it to your journal",
           "The authors have withdrawn their manuscript while they repeat the experiments",
           "The authors request withdrawal of this submission",
           "Thus withdrawal is appropriate",
           "This article contains product issues and needs to be withdrawn and re-approved",
           "The baselines are wrong, therefore the paper needs to be retracted",
           "Withdrawal to make major changes",
           "Manuscript submitted to Tides. Withdrawn due to the publisher's policy",
           "v1: 10 pages; v2: withdrawn",
           "This paper has been withdraw due to a better result",
           "Error in the main theorem, paper withdrawn",
           "This paper has been withdrawn from the arXiv",
           "Please withdraw this paper.",
           "Contains an error and is withdrawn",
       })
    EXPECT_TRUE(says_withdrawn(comment, 0)) << comment;
}

TEST(Withdrawal, OfSomethingElseLeavesThePaper) {
  for (const char* comment : {
           "Withdrawn submission to TIDE 2025, now at KELP 2025",
           "Withdrawn from TIDE 2024",
           "TIDE 2025 withdrawn submission",
           "Submitted to KELP, withdrawn",
           "Submitted to KELP (withdrawn)",
           "Withdraw by KELP and prepare for TIDE",
           "This paper was withdrawn from the KELP 2025 proceedings for lack of presentation",
           "Accepted to a Workshop @ KELP 2025 (withdrawn before presentation due to lack of funding)",
           "Previously submitted to a conference (TIDES 2025) and formally withdrawn",
           "Our submission to KELP was withdrawn; this version is for TIDE",
           "We withdrew this paper from KELP 2025",
           "The second assertion has been withdrawn due to a gap",
           "Theorem 2 is withdrawn in this version",
           "no claims of v2.0 retracted",
           "supersedes arXiv:2510.00001, whose measures are withdrawn",
           "A previous version was withdrawn; this is the corrected one",
           "v1 was withdrawn, v2 corrects the error",
           "Version 1 was withdrawn. Version 2 corrects it",
           "Comment on a paper that has been withdrawn",
           "Corrected version of the withdrawn paper arXiv:0901.1234",
           "This paper is not withdrawn",
           "An analysis of why papers are withdrawn from arXiv",
           "We study withdrawn papers",
           "Deformation retracts, 12 pages",
           "Section 3 has been removed",
           "An earlier version has been removed from there",
           "The journal submission has been withdrawn",
       })
    EXPECT_FALSE(says_withdrawn(comment, 0)) << comment;
}

TEST(Withdrawal, OfAVersionDependsOnWhichOneIsThere) {
  EXPECT_TRUE(says_withdrawn("v3 was withdrawn", 3));
  EXPECT_FALSE(says_withdrawn("v3 was withdrawn", 4));
}

TEST(Withdrawal, IsReadFromAnAbstractOnlyIfThatIsANotice) {
  EXPECT_TRUE(is_withdrawal_notice("This paper has been withdrawn by the author due to a sign error."));
  EXPECT_FALSE(is_withdrawal_notice("We study how journals act. A paper is withdrawn when it is wrong."));
}

TEST(Withdrawal, MarksThePaper) {
  Paper paper;
  paper.title_raw = "A title";
  paper.comment = "11 pages. The paper has been withdrawn";
  finish(paper);
  EXPECT_TRUE(paper.withdrawn);
}

}  // namespace
}  // namespace broadsheet::latex
