#include "bot/loops/builds.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "bot/loops/coverage.hpp"
#include "tests/unit/build/own_writer.hpp"

namespace broadsheet::loops {
namespace {

using namespace std::chrono_literals;

struct Building : testing::Test {
  boost::asio::io_context io{1};
  std::unique_ptr<store::Store> store = *store::open_memory();
  ManualClock clock{*parse_iso("2026-01-13T06:00:00Z")};
  async::Offload workers{0};
  Metrics metrics;
  Builds builds{*store, workers, clock, metrics};
  std::vector<Result<Digest>> results;

  void list(const std::string& note, bool frozen) {
    Paper paper;
    paper.id = *PaperId::parse("2601.00001");
    paper.version = 1;
    paper.title = paper.title_raw = "Maps of Kites";
    paper.abstract = paper.abstract_raw = "We draw maps of kites.";
    paper.categories = {"cs.CV"};
    ASSERT_TRUE(store->papers().put({paper}));
    Listing listing{.category = *Category::parse("cs.CV"), .day = *parse_day("2026-01-13"), .frozen = frozen};
    listing.entries = {{paper.id, 1, AnnounceType::new_paper}};
    listing.from = {.source = "test", .fetched = clock.now(), .note = note};
    ASSERT_TRUE(store->listings().put(listing));
  }
  void ask() {
    BuildOptions wanted;
    wanted.categories = {*Category::parse("cs.CV")};
    wanted.day = *parse_day("2026-01-13");
    boost::asio::co_spawn(io, builds.get(std::move(wanted)), [this](const std::exception_ptr&, Result<Digest> result) {
      results.push_back(std::move(result));
    });
  }
  void run() {
    io.restart();
    io.run();
  }
  std::size_t written() { return store->digests().list(std::nullopt, std::nullopt, 10)->size(); }
};

TEST_F(Building, SaysWhichListingIsMissing) {
  ask();
  run();
  ASSERT_FALSE(results.at(0));
  EXPECT_EQ(results[0].error().kind(), ErrorKind::not_found);
  EXPECT_NE(results[0].error().what().find("cs.CV"), std::string::npos);
}

TEST_F(Building, GivesBackWhatIsStoredWhileTheListingIsTheSame) {
  list("", true);
  ask();
  ask();
  run();
  clock.advance(1h);
  ask();
  run();
  ASSERT_EQ(results.size(), 3U);
  for (const auto& result : results) {
    ASSERT_TRUE(result) << result.error().what();
    EXPECT_EQ(result->written, *parse_iso("2026-01-13T06:00:00Z"));
  }
}

TEST_F(Building, WhatAnotherWriterWroteStandsBesideTheExtracts) {
  list("", true);
  ask();
  run();
  test::OwnWriter writer(clock);
  Builds own(*store, workers, clock, metrics, &writer);
  auto ask_own = [&] {
    BuildOptions wanted;
    wanted.categories = {*Category::parse("cs.CV")};
    wanted.day = *parse_day("2026-01-13");
    boost::asio::co_spawn(io, own.get(wanted), [this](const std::exception_ptr&, Result<Digest> result) {
      results.push_back(std::move(result));
    });
    run();
  };
  writer.fails["2601.00001"] = ErrorKind::unavailable;
  ask_own();
  writer.fails.clear();
  ask_own();
  ask_own();
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0]->writer, "extractive/1");
  EXPECT_EQ(results[1]->cards.at(0).degraded, "the model cannot be reached");
  EXPECT_EQ(results[2]->cards.at(0).origin, Origin::model_from_abstract) << "an extract that stood in is not for ever";
  EXPECT_EQ(writer.cards_asked, 2) << "the finished digest is given back";
  EXPECT_EQ(written(), 2U);
}

TEST_F(Building, WhoJoinsGetsADigestOfTheListingThatWasStoredBeforeItAsked) {
  list("could not be checked", false);
  ask();
  // One handler at a time: from the draft to its keeping, and not on to whoever waits.
  for (int i = 0; i < 1000 && written() == 0; ++i) io.poll_one();
  ASSERT_EQ(written(), 1U) << "it is done, but nobody was told yet";
  clock.advance(1h);
  list("", true);
  ask();
  run();
  ASSERT_EQ(results.size(), 2U);
  for (const auto& result : results) ASSERT_TRUE(result) << result.error().what();
  EXPECT_EQ(results[0]->listings.at(0).from.note, "could not be checked");
  EXPECT_EQ(results[1]->listings.at(0).from.note, "");
}

TEST_F(Building, SaysWhichDaysOfARangeItHoldsAndWhichItLacks) {
  list("", true);
  BuildOptions wanted;
  wanted.categories = {*Category::parse("cs.CV")};
  wanted.day = *parse_day("2026-01-13");
  wanted.earlier = {*parse_day("2026-01-09"), *parse_day("2026-01-12")};
  boost::asio::co_spawn(io, builds.get(wanted), [this](const std::exception_ptr&, Result<Digest> result) {
    results.push_back(std::move(result));
  });
  run();
  ASSERT_TRUE(results.at(0));
  EXPECT_EQ(results[0]->note,
            "It covers the listings of 1 day: Tue 13 Jan. Not in it, because the listing could not be had: Fri 9 Jan, "
            "Mon 12 Jan.");
  EXPECT_EQ(results[0]->counts().announced, 1U);
}

TEST(Coverage, NamesDaysCategoriesAndLongRanges) {
  auto cv = *Category::parse("cs.CV"), ro = *Category::parse("cs.RO");
  auto day = *parse_day("2026-01-12");
  EXPECT_EQ(
      coverage_text({{day, {cv, ro}, {}}, {day + std::chrono::days(1), {cv}, {ro}}}),
      "It covers the listings of 2 days: Mon 12 Jan, Tue 13 Jan. Not in it, because the listing could not be had: "
      "cs.RO of Tue 13 Jan.");
  std::vector<CoveredDay> many;
  for (int i = 0; i < 20; ++i) many.push_back({day + std::chrono::days(i), {}, {cv}});
  many.push_back({day + std::chrono::days(20), {cv}, {}});
  EXPECT_EQ(coverage_text(many),
            "It covers the listings of 1 day: Sun 1 Feb. Not in it, because the listing could not be had: 20 days, Mon "
            "12 Jan to Sat 31 Jan.");
}

}  // namespace
}  // namespace broadsheet::loops
