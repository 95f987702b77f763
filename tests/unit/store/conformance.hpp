// What every engine must do. Instantiate with a factory: INSTANTIATE_TYPED_TEST_SUITE_P(Name, StoreConformance,
// Factory).
#pragma once

#include <gtest/gtest.h>

#include <stdexcept>

#include "bot/base/text.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {

inline Paper made_paper(const std::string& id, const std::string& title, int version = 1) {
  Paper p;
  p.id = *PaperId::parse(id);
  p.version = version;
  p.title = p.title_raw = title;
  p.abstract = p.abstract_raw = "An abstract about " + title + ".";
  p.authors = {{.name = "Ada Quill", .affiliations = {"Invented Institute"}},
               {.name = "The Team", .collaboration = true}};
  p.authors_raw = "Ada Quill, The Team";
  p.categories = {"cs.LG", "math.NA"};
  p.published = parse_iso("2024-01-02T03:04:05Z");
  p.updated = p.published;
  p.listed = parse_day("2024-01-04");
  p.source = "test";
  return p;
}

template <class Factory>
class StoreConformance : public testing::Test {
 protected:
  Factory factory;
  std::unique_ptr<Store> store = factory.open();
  std::vector<std::string> found(const std::string& query) {
    std::vector<std::string> out;
    auto answer = store->search().find({.query = query});
    if (!answer) return {answer.error().what()};
    for (const auto& hit : answer->hits) out.push_back(hit.paper.id.str());
    return out;
  }
};
TYPED_TEST_SUITE_P(StoreConformance);

TYPED_TEST_P(StoreConformance, GivesBackWhatWasPut) {
  auto paper = made_paper("2401.00001", "Sparse Attention");
  auto counts = this->store->papers().put({paper});
  ASSERT_TRUE(counts) << counts.error().what();
  EXPECT_EQ(counts->added, 1u);
  EXPECT_EQ(**this->store->papers().get(paper.id), paper);
  EXPECT_EQ(this->store->papers().put({paper})->unchanged, 1u);
  EXPECT_FALSE(this->store->papers().get(*PaperId::parse("2401.00002"))->has_value());
}

TYPED_TEST_P(StoreConformance, MergesVersionsInAnyOrder) {
  auto one = made_paper("2401.00001", "Old words", 1), two = made_paper("2401.00001", "New words", 2);
  two.listed.reset();
  ASSERT_TRUE(this->store->papers().put({two, one}));
  auto known = **this->store->papers().get(one.id);
  EXPECT_EQ(known.version, 2);
  EXPECT_EQ(known.title, "New words");
  EXPECT_EQ(known.listed, one.listed);
  EXPECT_EQ(this->store->papers().versions(one.id)->size(), 2u);
  EXPECT_TRUE(this->found("old").empty());
  EXPECT_EQ(this->found("new").size(), 1u);
}

TYPED_TEST_P(StoreConformance, TellsWhenPapersChanged) {
  auto at_first = this->store->papers().revision();
  ASSERT_TRUE(this->store->papers().put({made_paper("2601.00001", "A title")}));
  auto added = this->store->papers().revision();
  EXPECT_NE(added, at_first);
  ASSERT_TRUE(this->store->papers().put({made_paper("2601.00001", "A title")}));
  EXPECT_EQ(this->store->papers().revision(), added) << "nothing was news";
  ASSERT_TRUE(this->store->papers().put({made_paper("2601.00001", "A better title", 2)}));
  EXPECT_NE(this->store->papers().revision(), added);
}

TYPED_TEST_P(StoreConformance, SearchesAndFilters) {
  ASSERT_TRUE(this->store->papers().put({made_paper("2402.00001", "Sparse Attention"),
                                         made_paper("hep-th/9901001", "Sparse Strings"),
                                         made_paper("2401.00007", "Dense Retrieval")}));
  using Ids = std::vector<std::string>;
  EXPECT_EQ(this->found("sparse"), (Ids{"2402.00001", "hep-th/9901001"}));
  EXPECT_EQ(this->found("sparse -strings"), Ids{"2402.00001"});
  EXPECT_EQ(this->found("retri*"), Ids{"2401.00007"});
  EXPECT_EQ(this->found("arXiv:2401.00007"), Ids{"2401.00007"});
  EXPECT_EQ(this->found("cat:cs.NA dense"), Ids{"2401.00007"});
  EXPECT_EQ(this->found("-sparse"), Ids{"2401.00007"});
  EXPECT_EQ(this->store->papers().listed(*parse_day("2024-01-04"), Category::parse("cs.LG"))->size(), 3u);
}

TYPED_TEST_P(StoreConformance, AnswersHostileQueriesWithoutSqlErrors) {
  ASSERT_TRUE(this->store->papers().put({made_paper("2402.00001", "Sparse Attention")}));
  for (const std::string& query :
       {std::string("\""), std::string("*"), std::string("NEAR(a b)"), std::string("^a"), std::string("-"),
        std::string("a\" OR \"b"), std::string("'; DROP TABLE papers;--"), std::string(10000, 'x'), std::string("a"),
        std::string("the of"), std::string("日本語 العربية"), std::string("\xff\xfe"), std::string("a\0b", 3),
        std::string("{title}: x"), std::string("AND NOT"), std::string("ti:\"\" sparse")}) {
    auto answer = this->store->search().find({.query = query});
    if (!answer) EXPECT_EQ(answer.error().kind(), ErrorKind::bad_input) << query.substr(0, 30) << answer.error().what();
  }
}

TYPED_TEST_P(StoreConformance, NeverChangesAFrozenListing) {
  Listing listing{.category = *Category::parse("cs.LG"), .day = *parse_day("2024-01-04"), .frozen = true};
  listing.entries = {{*PaperId::parse("2401.00001"), 1, AnnounceType::cross}};
  ASSERT_TRUE(this->store->listings().put(listing));
  EXPECT_TRUE(this->store->listings().put(listing));
  auto other = listing;
  other.entries.clear();
  EXPECT_EQ(this->store->listings().put(other).error().kind(), ErrorKind::not_allowed);
  EXPECT_EQ(**this->store->listings().get(listing.category, listing.day), listing);
  EXPECT_FALSE(this->store->listings().last(listing.category, listing.day)->has_value());
}

TYPED_TEST_P(StoreConformance, KeepsSmallValuesOnly) {
  ASSERT_TRUE(this->store->values().put("etag", "\"x\""));
  EXPECT_EQ(**this->store->values().get("etag"), "\"x\"");
  EXPECT_FALSE(this->store->values().put("big", std::string(70000, 'x')));
}

TYPED_TEST_P(StoreConformance, NamesTheWordsThatConnectSimilarPapers) {
  ASSERT_TRUE(
      this->store->papers().put({made_paper("2402.00001", "Quokka burrows"), made_paper("2402.00002", "Quokka diets"),
                                 made_paper("2402.00003", "Plain other"), made_paper("2402.00004", "Third thing")}));
  auto near = this->store->search().similar(*PaperId::parse("2402.00001"), 1);
  ASSERT_TRUE(near) << near.error().what();
  ASSERT_EQ(near->size(), 1u);
  EXPECT_EQ(near->front().paper.id.str(), "2402.00002");
  EXPECT_EQ(near->front().shared.front(), "quokka");
}

TYPED_TEST_P(StoreConformance, WritesThroughSeveralRepositoriesOrThroughNone) {
  auto write = [](Repositories& parts) -> Status {
    if (auto put = parts.papers().put({made_paper("2401.00001", "Sparse")}); !put) return put.error();
    if (auto put = parts.values().put("seen", "1"); !put) return put;
    return parts.listings().put({.category = *Category::parse("cs.LG"), .day = *parse_day("2024-01-04")});
  };
  auto refused = this->store->transact([&write](Repositories& parts) -> Status {
    if (auto done = write(parts); !done) return done;
    EXPECT_TRUE(parts.papers().get(*PaperId::parse("2401.00001"))->has_value()) << "one sees what one wrote";
    return Error(ErrorKind::refused, "no");
  });
  EXPECT_EQ(refused.error().kind(), ErrorKind::refused);
  EXPECT_THROW((void)this->store->transact([&write](Repositories& parts) -> Status {
    (void)write(parts);
    throw std::runtime_error("no");
  }),
               std::runtime_error);
  EXPECT_EQ(this->store->papers().count().value(), 0u);
  EXPECT_FALSE(this->store->values().get("seen")->has_value());
  EXPECT_TRUE(this->found("sparse").empty());
  auto done = this->store->transact(write);
  ASSERT_TRUE(done) << done.error().what();
  EXPECT_EQ(this->found("sparse").size(), 1u);
  EXPECT_TRUE(this->store->listings().get(*Category::parse("cs.LG"), *parse_day("2024-01-04"))->has_value());
}

// A part that fails takes back what it wrote itself; the others may go on.
TYPED_TEST_P(StoreConformance, KeepsWhatCameBeforeAPartThatFailed) {
  Listing listing{.category = *Category::parse("cs.LG"), .day = *parse_day("2024-01-04"), .frozen = true};
  ASSERT_TRUE(this->store->listings().put(listing));
  auto done = this->store->transact([&listing](Repositories& parts) -> Status {
    if (auto put = parts.papers().put({made_paper("2401.00001", "Sparse")}); !put) return put.error();
    auto other = listing;
    other.entries = {{*PaperId::parse("2401.00001"), 1, AnnounceType::cross}};
    EXPECT_FALSE(parts.listings().put(other));
    return {};
  });
  ASSERT_TRUE(done) << done.error().what();
  EXPECT_EQ(this->store->papers().count().value(), 1u);
  EXPECT_TRUE((*this->store->listings().get(listing.category, listing.day))->entries.empty());
}

REGISTER_TYPED_TEST_SUITE_P(StoreConformance, WritesThroughSeveralRepositoriesOrThroughNone,
                            KeepsWhatCameBeforeAPartThatFailed, GivesBackWhatWasPut, MergesVersionsInAnyOrder,
                            TellsWhenPapersChanged, SearchesAndFilters, AnswersHostileQueriesWithoutSqlErrors,
                            NeverChangesAFrozenListing, KeepsSmallValuesOnly, NamesTheWordsThatConnectSimilarPapers);

}  // namespace broadsheet::store
