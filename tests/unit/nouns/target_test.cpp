#include "bot/model/target.hpp"

#include <gtest/gtest.h>

namespace broadsheet::model {
namespace {

TEST(Target, ComesBackAsWritten) {
  for (const char* text : {"slack:T0123/C0456", "matrix:!room:example.org", "telegram:-1001234567890",
                           "telegram:-1001234567890/7", "telegram:@a_channel", "preview:default"}) {
    auto target = Target::parse(text);
    ASSERT_TRUE(target) << text << ": " << target.error().what();
    EXPECT_EQ(target->str(), text);
  }
  EXPECT_EQ(Target::parse("telegram:-100/7")->topic, "7");
  EXPECT_EQ(Target::parse("slack:T1/C2")->workspace, "T1");
}

TEST(Target, RefusesOtherForms) {
  for (const char* text : {"", "slack", "slack:", "slack:T1", "slack:T1/", "slack:/C1", "slack:T1/C1/x", "irc:#a",
                           "matrix:room:server", "matrix:!", "matrix:!a b:c", "telegram:", "telegram:12a", "telegram:0",
                           "telegram:12/", "telegram:12/x", "telegram:--1", "preview:", "preview:a/b"})
    EXPECT_FALSE(Target::parse(text)) << text;
  EXPECT_FALSE(Target::parse("matrix:!" + std::string(300, 'a')));
}

TEST(Person, IsNamedAsThePlatformNamesThem) {
  for (const char* text : {"slack:T0123/U0456", "matrix:@op:example.org", "telegram:1000"})
    EXPECT_TRUE(is_person(text)) << text;
  for (const char* text : {"", "ada", "slack:U0456", "slack:T0123/C0456", "matrix:op:example.org", "matrix:@op",
                           "telegram:@ada", "telegram:", "preview:x", "irc:ada"})
    EXPECT_FALSE(is_person(text)) << text;
  EXPECT_NE(person_forms().find("slack:TEAM/USER"), std::string::npos);
}

}  // namespace
}  // namespace broadsheet::model
