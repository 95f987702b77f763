#include "digest/build/pipeline.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <tuple>

#include "digest/build/build.hpp"
#include "tests/unit/build/own_writer.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet {
namespace {

using namespace std::chrono_literals;

struct Writing : testing::Test {
  test::Loop loop;
  ManualClock clock{test::some_moment()};
  async::Offload workers{0};
  test::OwnWriter writer{clock};
  test::KeptInMemory kept;
  WritingLimits limits;

  static Paper paper(int number) {
    Paper out;
    out.id = *PaperId::parse("2601.0000" + std::to_string(number));
    out.version = 1;
    static const std::vector<std::pair<std::string, std::string>> kTexts = {
        {"Maps of Kites",
         "Kites are hard to map. We present KiteMap, which draws maps from photographs. It reaches 91%."},
        {"Counting Sheep at Night", "Sheep move in the dark. We count them by sound. Errors fall from 12 to 3 sheep."},
        {"Paper Boats in Rain", "Boats of paper sink. We fold them twice. They float for 40 minutes in heavy rain."}};
    std::tie(out.title, out.abstract) = kTexts.at(static_cast<std::size_t>(number - 1));
    out.title_raw = out.title;
    out.abstract_raw = out.abstract;
    out.categories = {"cs.CV"};
    return out;
  }
  static Digest extracts(const std::string& writer_name, const std::string& language = "en") {
    ListingBatch batch;
    batch.listing.category = *Category::parse("cs.CV");
    batch.listing.day = *parse_day("2026-01-13");
    for (int i = 1; i <= 3; ++i) {
      batch.papers.push_back(paper(i));
      batch.listing.entries.push_back({batch.papers.back().id, 1, AnnounceType::new_paper});
    }
    BuildOptions options;
    options.categories = {batch.listing.category};
    options.day = batch.listing.day;
    options.writer = writer_name;
    options.language = language;
    return build_digest({batch}, options, test::some_moment());
  }
  Digest written(const std::string& language = "en") {
    Pipeline pipeline(workers, clock, &writer, &kept, limits);
    Digest out;
    auto task = [&]() -> boost::asio::awaitable<void> {
      out = co_await pipeline.write(extracts(pipeline.writer_name(), language));
    };
    loop.run(task(), clock);
    return out;
  }
  static const Card& card_of(const Digest& digest, const std::string& id) {
    for (const auto& card : digest.cards)
      if (card.paper.id.str() == id) return card;
    throw std::out_of_range(id);
  }
};

TEST_F(Writing, WithoutAWriterTheExtractsAreTheDigest) {
  Pipeline pipeline(workers, clock);
  Digest out;
  auto task = [&]() -> boost::asio::awaitable<void> { out = co_await pipeline.write(extracts("extractive/1")); };
  loop.run(task(), clock);
  EXPECT_EQ(out, extracts(""));
  EXPECT_EQ(out.key.str(), "cs.CV/2026-01-13/cards/en") << "the key under which old stores hold it";
  EXPECT_EQ(out.writer, "extractive/1");
}

TEST_F(Writing, TakesTheWritersWordsAndNoFactsFromIt) {
  auto digest = written();
  auto plain = extracts("");
  ASSERT_EQ(digest.cards.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(digest.cards[i].tldr.text, "In own words: " + plain.cards[i].paper.title);
    EXPECT_EQ(digest.cards[i].origin, Origin::model_from_abstract);
    EXPECT_EQ(digest.cards[i].paper, plain.cards[i].paper);
    EXPECT_EQ(digest.cards[i].badges, plain.cards[i].badges);
    EXPECT_EQ(digest.cards[i].why, plain.cards[i].why);
  }
  EXPECT_EQ(digest.summary.origin, Origin::model_from_abstract);
  EXPECT_EQ(digest.writer, "own/1");
  EXPECT_EQ(digest.key.str(), "cs.CV/2026-01-13/cards/en/~own/1");
  EXPECT_TRUE(fully_written(digest));
}

TEST_F(Writing, ACardThatFailsIsItsExtractAndSaysSoInOurWords) {
  writer.fails["2601.00002"] = ErrorKind::refused;
  auto digest = written();
  auto plain = extracts("");
  auto expected = card_of(plain, "2601.00002");
  expected.degraded = "the model's answer did not pass the checks";
  EXPECT_EQ(card_of(digest, "2601.00002"), expected);
  EXPECT_EQ(card_of(digest, "2601.00001").origin, Origin::model_from_abstract);
  EXPECT_EQ(card_of(digest, "2601.00001").degraded, "");
  EXPECT_FALSE(fully_written(digest));
}

TEST_F(Writing, ASummaryThatFailsIsTheExtractAndTheDigestSaysSo) {
  writer.fails["summary"] = ErrorKind::unavailable;
  auto digest = written();
  EXPECT_EQ(digest.summary, extracts("").summary);
  EXPECT_EQ(digest.note, "The summary was extracted: the model cannot be reached.");
  EXPECT_FALSE(fully_written(digest));
}

TEST_F(Writing, OfExtractsNoSummaryIsAsked) {
  for (int i = 1; i <= 3; ++i) writer.fails["2601.0000" + std::to_string(i)] = ErrorKind::not_allowed;
  auto digest = written();
  EXPECT_EQ(writer.summaries_asked, 0);
  EXPECT_EQ(digest.summary, extracts("").summary);
  for (const auto& card : digest.cards) EXPECT_EQ(card.degraded, "the day's token budget is used up");
}

TEST_F(Writing, ASlowCardIsCancelledAtTheDeadlineAndTheOthersAreNot) {
  limits.cards = 30s;
  writer.hangs = {"2601.00003"};
  auto digest = written();
  EXPECT_EQ(writer.cancelled, 1);
  EXPECT_EQ(card_of(digest, "2601.00003").origin, Origin::extracted);
  EXPECT_EQ(card_of(digest, "2601.00003").degraded, "the model did not answer in time");
  EXPECT_EQ(card_of(digest, "2601.00001").origin, Origin::model_from_abstract);
}

TEST_F(Writing, ABugInTheWriterCostsOneCard) {
  writer.throws = {"2601.00001"};
  auto digest = written();
  EXPECT_EQ(card_of(digest, "2601.00001").degraded, "the model's answer could not be used");
  EXPECT_EQ(card_of(digest, "2601.00002").origin, Origin::model_from_abstract);
}

TEST_F(Writing, WhoStopsWaitingStopsTheWriter) {
  writer.hangs = {"2601.00001", "2601.00002", "2601.00003"};
  Pipeline pipeline(workers, clock, &writer, &kept, limits);
  boost::asio::cancellation_signal stop;
  bool ended = false;
  boost::asio::co_spawn(
      loop.context, pipeline.write(extracts("own/1")),
      boost::asio::bind_cancellation_slot(
          stop.slot(), [&](const std::exception_ptr& thrown, const Digest&) { ended = thrown != nullptr; }));
  while (writer.cards_asked < 3 && loop.context.run_one() > 0) {
  }
  stop.emit(boost::asio::cancellation_type::terminal);
  while (!ended && loop.context.run_one() > 0) {
  }
  EXPECT_TRUE(ended);
  EXPECT_EQ(writer.cancelled, 3);
}

TEST_F(Writing, WhatIsKeptIsNotAskedForAgain) {
  auto first = written();
  auto second = written();
  EXPECT_EQ(writer.cards_asked, 3);
  EXPECT_EQ(writer.summaries_asked, 1);
  EXPECT_EQ(first, second);
}

TEST_F(Writing, OneCardIsAskedForOnceByAllWhoWantIt) {
  Pipeline pipeline(workers, clock, &writer, &kept, limits);
  auto one = extracts("own/1").cards.front();
  std::vector<Card> cards(4, one);
  std::vector<Card> out;
  writer.slow = true;
  auto task = [&]() -> boost::asio::awaitable<void> { out = co_await pipeline.cards(cards, "en"); };
  loop.run(task(), clock);
  EXPECT_EQ(writer.cards_asked, 1);
  ASSERT_EQ(out.size(), 4U);
  for (const auto& card : out) EXPECT_EQ(card.origin, Origin::model_from_abstract);
}

TEST_F(Writing, FailuresAreNotKept) {
  writer.fails["2601.00002"] = ErrorKind::transient;
  (void)written();
  writer.fails.clear();
  auto digest = written();
  EXPECT_EQ(writer.cards_asked, 4) << "the two that came are kept";
  EXPECT_TRUE(fully_written(digest));
}

TEST_F(Writing, AnotherWriterLanguageVersionOrTextIsAskedAnew) {
  (void)written();
  (void)written("de");
  EXPECT_EQ(writer.cards_asked, 6);
  EXPECT_EQ(writer.language, "de");
  writer.called = "own/2";
  (void)written();
  EXPECT_EQ(writer.cards_asked, 9);
  Card card;
  card.paper = paper(1);
  auto key = card_key(card, "own/2", "en").str();
  card.paper.version = 2;
  EXPECT_NE(card_key(card, "own/2", "en").str(), key);
  card.paper.version = 1;
  card.paper.abstract += " And more.";
  EXPECT_NE(card_key(card, "own/2", "en").str(), key);
}

TEST_F(Writing, ADiskThatIsFullCostsNoDigest) {
  kept.refuses = true;
  EXPECT_TRUE(fully_written(written()));
}

TEST_F(Writing, WhatIsKeptButUnreadableIsAskedForAgain) {
  (void)written();
  for (auto& [key, body] : kept.bodies) body = "{\"paper\":";
  EXPECT_TRUE(fully_written(written()));
  EXPECT_EQ(writer.cards_asked, 6);
}

TEST_F(Writing, ACardIsReadyOnlyIfNobodyHasToBeAsked) {
  Pipeline own(workers, clock, &writer, &kept, limits), plain(workers, clock);
  auto card = extracts("").cards.front();
  EXPECT_EQ(plain.ready(card, "en"), card);
  EXPECT_EQ(own.ready(card, "en"), std::nullopt);
  (void)written();
  ASSERT_TRUE(own.ready(card, "en"));
  EXPECT_EQ(own.ready(card, "en")->origin, Origin::model_from_abstract);
  EXPECT_EQ(own.ready(card, "fr"), std::nullopt);
}

TEST_F(Writing, APaperWithoutAnAbstractIsNotAskedFor) {
  Pipeline pipeline(workers, clock, &writer, &kept, limits);
  Card card;
  card.paper = paper(1);
  card.paper.abstract.clear();
  std::vector<Card> out;
  auto task = [&]() -> boost::asio::awaitable<void> { out = co_await pipeline.cards({card}, "en"); };
  loop.run(task(), clock);
  EXPECT_EQ(writer.cards_asked, 0);
  EXPECT_EQ(out, std::vector<Card>{card});
}

}  // namespace
}  // namespace broadsheet
