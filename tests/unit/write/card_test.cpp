#include "digest/write/card.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "digest/latex/finish.hpp"
#include "digest/select/select.hpp"
#include "digest/write/analyse.hpp"
#include "digest/write/extract.hpp"
#include "digest/write/sentences.hpp"

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
    // But for the capital of a sentence that lost its beginning.
    EXPECT_NE(std::string(kAbstract).find(section.text.substr(1)), std::string::npos) << section.text;
  ASSERT_FALSE(card.badges.empty());
  EXPECT_EQ(card.badges[0].url, "https://github.com/example-kelp/net");
}

}  // namespace
}  // namespace broadsheet::write
