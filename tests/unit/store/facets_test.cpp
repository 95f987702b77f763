#include "bot/store/facets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace broadsheet::store {
namespace {

bool meet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const auto& one) { return std::find(b.begin(), b.end(), one) != b.end(); });
}

TEST(FacetsOfDays, CoverADayExactlyWhenItIsInTheSpan) {
  std::mt19937 random(20251219);
  auto days = [&](int most) { return std::chrono::days(static_cast<int>(random() % static_cast<unsigned>(most))); };
  for (int i = 0; i < 3000; ++i) {
    Day first = kFirstDay + days(40'000), last = first + days(i % 2 == 0 ? 400 : 9000);
    Paper paper;
    paper.listed = first + days(i % 2 == 0 ? 500 : 10'000) - std::chrono::days(50);
    auto day = day_of(paper);
    EXPECT_EQ(meet(facets_of(paper), facets_of_days(first, last)), day >= first && day <= last)
        << to_string(first) << " " << to_string(last) << " " << to_string(day);
  }
}

TEST(FacetsOfDays, AreFew) {
  EXPECT_LE(facets_of_days(kFirstDay, kLastDay).size(), 13U);
  EXPECT_TRUE(facets_of_days(kLastDay, kFirstDay).empty());
  EXPECT_EQ(facets_of_days(*parse_day("2024-02-01"), *parse_day("2024-02-29")), std::vector<std::string>{"m:202402"});
  for (int n = 0; n < 4000; ++n)
    EXPECT_LE(
        facets_of_days(kFirstDay + std::chrono::days(13'000 - n), kFirstDay + std::chrono::days(13'000 + 3 * n)).size(),
        110U);
}

TEST(FacetsOf, ADayOutsideTheCalendarAreThoseOfItsEnd) {
  Paper paper;
  paper.published = *parse_iso("1901-01-01T00:00:00Z");
  EXPECT_EQ(day_of(paper), kFirstDay);
}

TEST(CategoryNames, AreCategoriesArchivesGroupsAndShortNames) {
  EXPECT_EQ(category_names("CS.cl"), "cs.CL");
  EXPECT_EQ(category_names("nlp"), "cs.CL");
  EXPECT_EQ(category_names("cv,CS"), "cs.CV,cs");
  EXPECT_EQ(category_names("astro-ph"), "astro-ph");
  EXPECT_EQ(category_names("physics"), "physics");
  EXPECT_EQ(category_names("cs.XQ"), "");
  EXPECT_EQ(category_names("cs.CL,"), "");
  EXPECT_EQ(category_names(""), "");
}

bool of(const char* category, const char* name) {
  Paper paper;
  paper.categories = {category};
  return meet(facets_of(paper), facets_wanted({.field = Field::category, .text = category_names(name)}));
}

TEST(CategoryFacets, TakeAliasesAndWholeArchives) {
  EXPECT_TRUE(of("cs.NA", "math.NA"));
  EXPECT_TRUE(of("math.NA", "cs.NA"));
  EXPECT_TRUE(of("astro-ph.CO", "astro-ph"));
  EXPECT_TRUE(of("astro-ph", "astro-ph"));
  EXPECT_TRUE(of("hep-th", "physics"));
  EXPECT_TRUE(of("physics.optics", "physics"));
  EXPECT_TRUE(of("cs.CL", "cmp-lg")) << "what took over a closed archive";
  EXPECT_TRUE(of("cmp-lg", "cmp-lg"));
  EXPECT_FALSE(of("cs.CL", "cs.CV"));
  EXPECT_FALSE(of("math.AP", "cs"));
  EXPECT_FALSE(of("astro-ph.CO", "astro-ph.GA"));
}

}  // namespace
}  // namespace broadsheet::store
