#include "bot/loops/public_page.hpp"

#include <gtest/gtest.h>

namespace broadsheet::loops {
namespace {

TEST(PublicPage, IsThatOfTheSameDigestOrNone) {
  std::vector<Category> one = {*Category::parse("cs.CV")}, two = {*Category::parse("cs.CV"), *Category::parse("cs.RO")};
  auto day = *parse_day("2026-01-13");
  model::Effective usual, own = usual;
  const std::string base = "https://broadsheet.example.org";
  EXPECT_EQ(public_page(base, {one, day, false, usual}, usual), base + "/d/cs.CV/2026-01-13");
  EXPECT_EQ(public_page("", {one, day, false, usual}, usual), "");
  EXPECT_EQ(public_page(base, {two, day, false, usual}, usual), "");
  EXPECT_EQ(public_page(base, {one, day, true, usual}, usual), "");
  own.filter = "kites";
  EXPECT_EQ(public_page(base, {one, day, false, own}, usual), "");
  own = usual;
  own.top = usual.top + 1;
  EXPECT_EQ(public_page(base, {one, day, false, own}, usual), "");
  own = usual;
  own.interests = "kites";
  EXPECT_EQ(public_page(base, {one, day, false, own}, usual), "");
  EXPECT_NE(public_page(base, {one, day, false, own}, own), "") << "the service's own interests";
}

}  // namespace
}  // namespace broadsheet::loops
