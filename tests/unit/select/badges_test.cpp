#include <gtest/gtest.h>

#include <algorithm>

#include "digest/select/signals.hpp"
#include "digest/select/venue.hpp"

namespace broadsheet::select {
namespace {

Paper paper(std::string title, std::string abstract, std::string comment = {}) {
  Paper p;
  p.title = std::move(title);
  p.abstract = std::move(abstract);
  p.comment = std::move(comment);
  p.categories = {"cs.CV"};
  return p;
}

std::string kinds(const Paper& p) {
  std::string out;
  for (const auto& badge : badges(p)) out += (out.empty() ? "" : " ") + std::string(to_string(badge.kind));
  return out;
}

std::string venue(std::string comment) {
  return venue_of(paper("Kelp", "Kelp grows.", std::move(comment)));
}

TEST(Venue, IsNamedWhereThePaperWasTaken) {
  EXPECT_EQ(venue("Accepted to CVPR 2026"), "CVPR 2026");
  EXPECT_EQ(venue("ICCV 2025"), "ICCV 2025");
  EXPECT_EQ(venue("12 pages, 3 figures, ICASSP2026"), "ICASSP 2026");
  EXPECT_EQ(venue("To appear in KDD'26"), "KDD 2026");
  EXPECT_EQ(venue("ACL 2026 findings"), "Findings of ACL 2026");
  EXPECT_EQ(venue("9 pages. Accepted for publication in Kelp Letters, 3 figures"), "Kelp Letters");
  EXPECT_EQ(venue("Accepted for publication"), "accepted");
  EXPECT_EQ(venue("accepted in May 2025 for publication"), "accepted");
  EXPECT_EQ(venue("Accepted for presentation at the Kelp Days 2026"), "Kelp Days 2026");
  EXPECT_EQ(venue("Accepted as a regular paper in the Kelp Letters"), "Kelp Letters");
  EXPECT_EQ(venue("Accepted as an oral presentation at AAAI 2026"), "AAAI 2026");
  EXPECT_EQ(venue("12 pages"), "");
  EXPECT_EQ(venue("conference paper, 4 pages"), "");
  EXPECT_EQ(venue("code of the ACLed data"), "");
}

TEST(Venue, OfAWorkshopOrAChallengeIsNotItsConference) {
  for (const char* comment :
       {"Accepted at the CVPR 2026 Workshop on Kelp", "KelpNLP @ CVPR 2026", "Accepted to Kelp@CVPR 2026",
        "Best paper at the 2nd Workshop on Kelp at CVPR 2026", "Winner of the CVPR 2026 kelp challenge"}) {
    EXPECT_FALSE(is_taken(venue(comment))) << comment << ": " << venue(comment);
    EXPECT_TRUE(venue(comment).ends_with(" at CVPR 2026")) << comment << ": " << venue(comment);
  }
}

TEST(Venue, ThatHasNotDecidedIsSoNamed) {
  EXPECT_EQ(venue("Submitted to ICML 2026"), "submitted to ICML 2026");
  EXPECT_EQ(venue("Under review at TMLR"), "submitted to TMLR");
  EXPECT_EQ(venue("submitted to MNRAS, 9 pages"), "submitted to MNRAS");
  EXPECT_EQ(venue("Under review"), "");
  EXPECT_FALSE(is_taken("submitted to ICML 2026"));
}

TEST(Badges, ASurveyIsOfWritingsNotOfTheSkyOrOfPeople) {
  EXPECT_EQ(kinds(paper("A Survey of Kelp", "Kelp is large.")), "survey");
  EXPECT_EQ(kinds(paper("Kelp Imaging: A Systematic Review", "Kelp is large.")), "survey");
  EXPECT_EQ(kinds(paper("Seeing kelp", "This survey orders the work on kelp.")), "survey");
  EXPECT_EQ(kinds(paper("Code Review with Kelp", "We review pull requests.")), "");
  EXPECT_EQ(kinds(paper("Kelp Use: A Look", "We ask 40 participants. This survey shows that kelp is liked.")), "");
  auto sky = paper("The Kelp Nebula Survey: A Survey of Stars", "This survey has 40 fields.");
  sky.categories = {"astro-ph.GA"};
  EXPECT_EQ(kinds(sky), "");
}

TEST(Badges, ADatasetIsBroughtNotUsed) {
  EXPECT_EQ(kinds(paper("KelpNet", "We introduce Kelp9M, a large multi-view dataset of kelp.")), "dataset");
  EXPECT_EQ(kinds(paper("KelpNet: A Dataset of Kelp", "Kelp is large.")), "dataset");
  EXPECT_EQ(kinds(paper("KelpNet", "We test on a new data set of 40 reefs.")), "dataset");
  EXPECT_EQ(kinds(paper("KelpNet", "We introduce a method for dataset selection.")), "");
  EXPECT_EQ(kinds(paper("KelpNet", "We present dataset distillation.")), "");
  EXPECT_EQ(kinds(paper("KelpNet", "It needs large curated datasets.")), "");
  EXPECT_EQ(kinds(paper("KelpNet", "The method constructs training datasets step by step.")), "");
  EXPECT_EQ(kinds(paper("KelpNet", "We collected a dataset of reefs.")), "dataset");
  EXPECT_EQ(kinds(paper("KelpNet", "We present two datasets of reefs.")), "dataset");
  EXPECT_EQ(kinds(paper("KelpNet", "We propose KelpNet, tested on three benchmark datasets.")), "");
  EXPECT_EQ(kinds(paper("KelpNet", "We will release the dataset.")), "");
  EXPECT_EQ(kinds(paper("KelpBench: Sorting Kelp", "We present KelpBench, the first benchmark of kelp.")), "benchmark");
  EXPECT_EQ(kinds(paper("KelpNet", "KelpNet leads on the ReefBench benchmark.")), "");
}

TEST(Badges, CodeIsLinkedNotPromised) {
  EXPECT_EQ(kinds(paper("Kelp", "Code is available at https://github.com/example/kelp.")), "code");
  EXPECT_EQ(kinds(paper("Kelp", "Kelp grows.", "Project page: https://kelp.github.io Code: https://github.com/a/b")),
            "project-page code");
  EXPECT_EQ(kinds(paper("Kelp", "Code will be released at https://github.com/example/kelp.")), "");
  EXPECT_EQ(kinds(paper("Kelp", "A list of papers is at https://github.com/example/awesome-kelp.")), "");
  EXPECT_EQ(kinds(paper("Kelp", "The model is at https://huggingface.co/example/kelp.")), "");
  EXPECT_EQ(kinds(paper("Kelp", "Data tables are at https://github.com/example/kelp.")), "");
  EXPECT_EQ(kinds(paper("Kelp", "The code is publicly available.")), "");
}

// Each kind of text that a scan back or ahead at every place would take hours for.
TEST(Badges, EndlessSentencesAreRead) {
  for (const std::string piece : {"http://a.io/b ", "by 5% ", "accepted in a in a ", "we introduce the first ",
                                  "CVPR @ ", "survey of ", "3x ", "code ", ", ", "new dataset "}) {
    std::string endless;
    while (endless.size() < 200'000) endless += piece;
    auto p = paper(endless, endless, endless);
    p.journal_ref = endless;
    EXPECT_LE(badges(p).size(), 12U) << piece;
    (void)measured_difference(p);
  }
}

TEST(Badges, ADefectIsNoGain) {
  auto difference = [](const char* abstract) { return measured_difference(paper("Kelp", abstract)); };
  EXPECT_EQ(difference("Accuracy drops by 12%."), "");
  EXPECT_EQ(difference("We measure a difference of up to 10,000×."), "");
  EXPECT_EQ(difference("It is subject to an error of 5% or more."), "");
  EXPECT_EQ(difference("Accuracy drops by 12%. KelpNet improves it by 9%."), "9%");
}

}  // namespace
}  // namespace broadsheet::select
