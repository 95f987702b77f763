#include "digest/select/interests.hpp"

#include <gtest/gtest.h>

#include <set>

namespace broadsheet::select {
namespace {

std::string understood(std::string_view text) {
  return in_words(parse_interests(text));
}

TEST(Interests, ARefusalInPlainLanguageIsADislike) {
  for (const char* text : {"not kelp",
                           "no kelp",
                           "I do not care about kelp",
                           "I don't care about kelp",
                           "I don’t care about kelp papers",
                           "never kelp",
                           "without kelp",
                           "except kelp",
                           "please skip kelp",
                           "I hate kelp",
                           "I am not interested in kelp",
                           "I'm tired of kelp",
                           "nothing about kelp",
                           "no more kelp please",
                           "can't stand kelp",
                           "anything but kelp",
                           "kelp does not interest me",
                           "Kelp I don't care about",
                           "-kelp",
                           "We could not care less about kelp",
                           "Uninterested in kelp"}) {
    auto found = parse_interests(text);
    EXPECT_TRUE(found.likes.empty()) << text << ": " << in_words(found);
    EXPECT_EQ(found.dislikes.size(), 1U) << text << ": " << in_words(found);
  }
}

TEST(Interests, ARefusalReachesToTheEndOfItsClauseOrATurn) {
  EXPECT_EQ(understood("robots, not surveys, sonar"), "for robots, sonar; not for surveys");
  EXPECT_EQ(understood("robots but not drones or kites"), "for robots; not for drones, kites");
  EXPECT_EQ(understood("sonar except for whales"), "for sonar; not for whales");
  EXPECT_EQ(understood("I do not care about ships but I love sonar"), "for sonar; not for ships");
  EXPECT_EQ(understood("No surveys. Sonar and kelp"), "for Sonar, kelp; not for surveys");
  EXPECT_EQ(understood("not surveys and I love kelp"), "for kelp; not for surveys");
  EXPECT_EQ(understood("less theory, more sonar"), "for sonar; not for theory");
  EXPECT_EQ(understood("sonar rather than radar"), "for sonar; not for radar");
}

TEST(Interests, ARefusalTakenBackIsALike) {
  for (const char* text : {"not only kelp", "never miss kelp", "do not forget kelp", "nothing except kelp",
                           "nothing but kelp", "don't skip kelp", "not just kelp"})
    EXPECT_EQ(understood(text), "for kelp") << text;
}

TEST(Interests, PhrasesStayTogetherAndFillersGo) {
  EXPECT_EQ(understood("I am interested in papers about technical reports"), "for technical reports");
  EXPECT_EQ(understood("3D, AI & RL"), "for 3D, AI, RL");
  EXPECT_EQ(understood("“learning without forgetting” and kelp"), "for “learning without forgetting”, kelp");
  EXPECT_EQ(understood("no-regret learning"), "for no-regret learning");
  EXPECT_EQ(understood("never-ending learning"), "for never-ending learning");
  EXPECT_EQ(understood("mixture of experts"), "for mixture of experts");
  auto joint = parse_interests("reinforcement learning for robots");
  ASSERT_EQ(joint.likes.size(), 1U);
  EXPECT_EQ(joint.likes[0].phrases.size(), 2U);
}

TEST(Interests, KnowOtherNamesOfTheirSubjects) {
  auto kin = [](std::string_view text) {
    std::set<std::string> out;
    auto found = parse_interests(text);
    for (const auto* wishes : {&found.likes, &found.dislikes})
      for (const auto& wish : *wishes)
        for (const auto& phrase : wish.phrases)
          for (const auto& words : phrase.kin) out.insert(words.back().raw);
    return out;
  };
  EXPECT_TRUE(kin("safety of large language models").contains("jailbreak"));
  EXPECT_TRUE(kin("LLM safety").contains("jailbreak"));
  EXPECT_TRUE(kin("\"LLM safety\"").empty()) << "quoted means only as it stands";
  EXPECT_TRUE(kin("not LLM safety").empty()) << "a refusal is of what it names";
}

TEST(Interests, SayNothingWhereNothingIsSaid) {
  for (const char* text : {"", " ", "…", "not", "I like papers", "\"\"", "no no no", ",;.", "\xff\xfe"})
    EXPECT_EQ(understood(text), "") << text;
}

TEST(Interests, AreBoundedAndKnowNoRepeats) {
  EXPECT_EQ(understood("robots, Robot, robotics"), "for robots");
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "term" + std::to_string(i) + ", ";
  EXPECT_EQ(parse_interests(many).likes.size(), kMostWishes);
  EXPECT_LE(in_words(parse_interests(std::string(1 << 20, 'x'))).size(), kMostInterestBytes + 10);
}

TEST(Interests, SpellingsAndInflectionsShareAKey) {
  EXPECT_EQ(key_of("robotics"), key_of("robots"));
  EXPECT_EQ(key_of("behaviours"), key_of("behavior"));
  EXPECT_EQ(key_of("optimisation"), key_of("optimization"));
  EXPECT_EQ(key_of("modelling"), key_of("models"));
  EXPECT_NE(key_of("universe"), key_of("university"));
}

}  // namespace
}  // namespace broadsheet::select
