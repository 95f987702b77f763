#include <gtest/gtest.h>

#include <set>

#include "digest/latex/finish.hpp"
#include "digest/select/select.hpp"
#include "digest/select/terms.hpp"

namespace broadsheet::select {
namespace {

struct Day {
  ListingBatch batch;

  Day() { batch.listing.category = *Category::parse("cs.CV"); }
  Paper& add(const char* id, const char* title, const char* abstract, AnnounceType type = AnnounceType::new_paper) {
    Paper p;
    p.id = *PaperId::parse(id);
    p.title_raw = title;
    p.abstract_raw = abstract;
    latex::finish(p);
    batch.listing.entries.push_back({p.id, 1, type});
    batch.papers.push_back(p);
    return batch.papers.back();
  }
};

Day sample() {
  Day day;
  day.add("2601.99001", "Sonar maps of kelp", "Sonar beams map kelp forests in harbours.");
  day.add("2601.99002", "Sonar maps of ice", "Sonar beams map the underside of ice.");
  day.add("2601.99003", "Tax law in harbours", "A history of customs duties and tolls.", AnnounceType::cross);
  day.add("2601.99004", "Sonar again", "A replaced one.", AnnounceType::replace);
  day.add("2601.99005", "Gone", "A withdrawn one.").withdrawn = true;
  return day;
}

TEST(Selection, MergesCategoriesWithoutRepeats) {
  auto a = sample();
  Day b;
  b.batch.listing.category = *Category::parse("cs.RO");
  b.add("2601.99003", "Tax law in harbours", "A history of customs duties and tolls.", AnnounceType::new_paper);
  auto selection = select({a.batch, b.batch}, {}).selection;
  EXPECT_EQ(selection.entries.size(), 5U);
  for (const auto& e : selection.entries) {
    if (e.announced.id.str() == "2601.99003") {
      EXPECT_EQ(e.announced.type, AnnounceType::new_paper);
    }
  }
}

TEST(Terms, AreFoldedAndCommonWordsAreKnown) {
  EXPECT_EQ(words("State-of-the-Art, 3D!"), (std::vector<std::string>{"state-of-the-art", "3d"}));
  EXPECT_TRUE(is_common("propose"));
  EXPECT_TRUE(is_common("you"));
  EXPECT_FALSE(is_common("sonar"));
  EXPECT_EQ(stem("policies"), "policy");
}

TEST(Terms, AreShownAsTheirPaperWritesThem) {
  Paper p;
  p.title = "Policies of LLMs";
  p.abstract = "Biases of policies in 3D.";
  EXPECT_EQ(as_written(p, "policy"), "policies");
  EXPECT_EQ(as_written(p, "llm"), "LLMs");
  EXPECT_EQ(as_written(p, "biase"), "biases");
  EXPECT_EQ(as_written(p, "3d"), "3D");
  EXPECT_EQ(as_written(p, "unknown"), "unknown");
}

}  // namespace
}  // namespace broadsheet::select
