// The shipped sample through pipeline, model writer and endpoint, with a fake model behind it: whatever that does, the
// digest comes out, and what failed is the extract byte for byte.
#include <gtest/gtest.h>

#include <set>

#include "digest/build/build.hpp"
#include "digest/build/file_listing.hpp"
#include "digest/build/pipeline.hpp"
#include "digest/model_writer/model_writer.hpp"
#include "tests/unit/endpoint/rig.hpp"

namespace broadsheet {
namespace {

using fakes::model_answer;
using fakes::model_error;

constexpr std::size_t kCards = 3;

struct AWholeDigest : test::EndpointRig {
  std::size_t top = kCards;
  std::string language = "en";

  Digest extracts(const std::string& writer) const {
    BuildOptions wanted;
    wanted.categories = {*Category::parse("cs.CV")};
    wanted.top = top;
    wanted.language = language;
    wanted.writer = writer;
    auto file = std::string(BROADSHEET_FIXTURES) + "/../../config/sample/2026-01-13.jsonl";
    auto read = read_file_listings(file, wanted.categories, std::nullopt, test::some_moment());
    if (!read) throw std::runtime_error(read.error().what());
    wanted.day = read->day;
    return build_digest(read->batches, wanted, test::some_moment());
  }
  Digest write() {
    model_writer::ModelWriter writer(endpoint(), metrics);
    Pipeline pipeline(workers, clock, &writer, &notes);
    Digest out;
    auto task = [&]() -> boost::asio::awaitable<void> { out = co_await pipeline.write(extracts(writer.name())); };
    loop.run(task(), std::chrono::seconds(60));
    return out;
  }
  static std::size_t by_model(const Digest& digest) {
    std::size_t out = 0;
    for (const auto& card : digest.cards)
      if (card.origin == Origin::model_from_abstract && card.degraded.empty()) ++out;
    return out;
  }
};

TEST_F(AWholeDigest, IsTheModelsAndPlacesEveryPaper) {
  auto digest = write();
  for (const auto& card : digest.cards) EXPECT_EQ(card.degraded, "") << card.paper.title;
  EXPECT_EQ(by_model(digest), kCards);
  EXPECT_EQ(digest.summary.origin, Origin::model_from_abstract);
  std::set<PaperId> placed;
  for (const auto& theme : digest.summary.themes) placed.insert(theme.papers.begin(), theme.papers.end());
  for (const auto& card : digest.cards) EXPECT_TRUE(placed.contains(card.paper.id)) << card.paper.title;
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
  EXPECT_EQ(fake.calls(), kCards + 1);
}

TEST_F(AWholeDigest, AsksNothingTwice) {
  auto first = write();
  restart();
  auto second = write();
  EXPECT_EQ(fake.calls(), kCards + 1);
  EXPECT_EQ(first.cards, second.cards);
  EXPECT_EQ(first.summary, second.summary);
  restart();
  options.model = "another-model";
  (void)write();
  EXPECT_EQ(fake.calls(), 2 * (kCards + 1));
}

TEST_F(AWholeDigest, IsTheExtractsWhateverTheEndpointDoes) {
  auto plain = extracts("");
  auto garbage = model_answer("{}");
  garbage.fault = fakes::Fault::garbage;
  for (const auto& fault : {model_error(503, "down"), model_error(401, "key"), model_error(400, "no"), garbage,
                            model_answer("I can't help with that."), model_answer("{\"tldr\":", "length"),
                            model_answer(R"({"tldr":5,"problem":[],"method":null,"result":"x","limits":7})"),
                            model_answer(R"({"tldr":{"evidence":[1],"text":"See https://evil.example.org now."}})"),
                            model_error(429, "no money", "insufficient_quota")}) {
    fake.always(fault);
    restart();
    auto digest = write();
    ASSERT_EQ(digest.cards.size(), plain.cards.size());
    for (std::size_t i = 0; i < kCards; ++i) {
      EXPECT_NE(digest.cards[i].degraded, "");
      digest.cards[i].degraded.clear();
      EXPECT_EQ(digest.cards[i], plain.cards[i]);
    }
    EXPECT_EQ(digest.summary, plain.summary);
  }
  fake.always(std::nullopt);
  restart();
  EXPECT_EQ(by_model(write()), kCards) << "failures are not kept";
}

TEST_F(AWholeDigest, IsTheModelsInTheEndAfterOneFault) {
  auto cut = model_answer("{}");
  cut.fault = fakes::Fault::cut_in_body;
  auto wait = model_error(429, "slow down");
  wait.headers.emplace_back("retry-after-ms", "100");
  for (const auto& fault : {model_error(500, "x"), cut, wait}) {
    fake.next(fault);
    restart();
    values.values.clear();
    EXPECT_EQ(by_model(write()), kCards);
  }
}

TEST_F(AWholeDigest, KeepsToTheDaysTokens) {
  top = 10;
  options.daily_tokens = 2500;
  auto digest = write();
  EXPECT_GE(by_model(digest), 1U);
  EXPECT_LT(by_model(digest), 10U);
  EXPECT_EQ(digest.cards.back().degraded, "the day's token budget is used up");
  EXPECT_LT(fake.tokens(), 2500 + 1500) << "one call is less than 1500 tokens";
}

}  // namespace
}  // namespace broadsheet
