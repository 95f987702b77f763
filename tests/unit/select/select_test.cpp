#include "digest/select/select.hpp"

#include <gtest/gtest.h>

#include <set>

#include "digest/latex/finish.hpp"
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

std::map<std::string, Fate> fates(const Selection& s) {
  std::map<std::string, Fate> out;
  for (const auto& e : s.entries) out[e.announced.id.str()] = e.fate;
  return out;
}

TEST(Selection, GivesEveryAnnouncedPaperAFate) {
  auto day = sample();
  day.batch.listing.entries.push_back(
      {*PaperId::parse("2601.99009"), 1, AnnounceType::new_paper});  // no record arrived
  Options options;
  options.top = 1;
  auto selection = select({day.batch}, options);
  EXPECT_EQ(selection.entries.size(), day.batch.listing.entries.size());
  auto f = fates(selection);
  EXPECT_EQ(f.size(), selection.entries.size());
  EXPECT_EQ(f["2601.99004"], Fate::other_type);
  EXPECT_EQ(f["2601.99005"], Fate::withdrawn);
  EXPECT_EQ(f["2601.99009"], Fate::cut);
  EXPECT_EQ(count(selection).shown, 1U);
}

TEST(Selection, FollowsInterestsAndDislikes) {
  Options options;
  options.top = 1;
  options.interests = "tax law and customs";
  EXPECT_EQ(select({sample().batch}, options).entries[0].announced.id.str(), "2601.99003");
  options.interests = "not sonar";
  EXPECT_EQ(select({sample().batch}, options).entries[0].announced.id.str(), "2601.99003");
}

TEST(Selection, KeepsWhatRulesAlwaysShow) {
  Options options;
  options.top = 1;
  options.always_show = [](const Paper& p) { return p.title == "Tax law in harbours"; };
  EXPECT_EQ(fates(select({sample().batch}, options))["2601.99003"], Fate::shown);
}

TEST(Selection, TellsRepeatsFiltersAndDuplicates) {
  auto day = sample();
  day.add("2601.99006", "Sonar maps of kelp", "Sonar beams map kelp forests in harbours.");
  Options options;
  options.seen_before = {*PaperId::parse("2601.99002")};
  options.filtered = [](const Paper& p) -> std::optional<std::string> {
    if (p.title.find("Tax") == 0) return "not about sonar";
    return std::nullopt;
  };
  auto selection = select({day.batch}, options);
  auto f = fates(selection);
  EXPECT_EQ(f["2601.99002"], Fate::repeated);
  EXPECT_EQ(f["2601.99003"], Fate::filtered);
  EXPECT_EQ(f["2601.99006"], Fate::duplicate);
  for (const auto& e : selection.entries) {
    if (e.fate == Fate::filtered) {
      EXPECT_EQ(e.detail, "not about sonar");
    }
  }
}

TEST(Selection, MergesCategoriesWithoutRepeats) {
  auto a = sample();
  Day b;
  b.batch.listing.category = *Category::parse("cs.RO");
  b.add("2601.99003", "Tax law in harbours", "A history of customs duties and tolls.", AnnounceType::new_paper);
  auto selection = select({a.batch, b.batch}, {});
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

}  // namespace
}  // namespace broadsheet::select
