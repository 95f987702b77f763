// The fake arXiv means what it writes, and notices what breaks the rules.
#include "tests/fakes/fake_arxiv.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "bot/net/client.hpp"
#include "digest/sources/arxiv/remote.hpp"

namespace broadsheet::fakes {
namespace {

using namespace std::chrono_literals;

Day day_of(const char* text) {
  return *parse_day(text);
}

struct FakeArxivTest : testing::Test {
  Category cv = *Category::parse("cs.CV"), ro = *Category::parse("cs.RO");
  boost::asio::io_context io{1};
  ScaledClock clock{*parse_iso("2026-01-13T06:00:00Z"), 60};
  async::Offload workers{1};
  http::Client client{io.get_executor(), workers, clock, {}};
  FakeArxiv fake{clock,
                 invented_batches(day_of("2026-01-12"), day_of("2026-01-14"), {cv, ro}, arxiv::Calendar::built_in()),
                 {.oai_page = 4}};
  arxiv::Gate gate{io.get_executor(), client, clock, {.contact = "ops@example.org"}};
  arxiv::Remote remote{
      gate, clock, workers, {fake.base(), fake.base() + "/api/query", fake.base() + "/oai", fake.base()}};

  template <class T>
  Result<T> run(boost::asio::awaitable<Result<T>> task) {
    Result<T> out;
    boost::asio::co_spawn(io, std::move(task), [&out](const std::exception_ptr& thrown, Result<T> result) {
      if (thrown) std::rethrow_exception(thrown);
      out = std::move(result);
    });
    io.restart();
    io.run();
    return out;
  }
};

TEST_F(FakeArxivTest, ServesTheSameBatchInEveryForm) {
  auto feed = run(remote.feed(cv, ""));
  ASSERT_TRUE(feed) << feed.error().what();
  ASSERT_EQ(feed->page.entries.size(), 7U);  // six of its own and one cross-list
  EXPECT_EQ(feed->page.entries.back().type, AnnounceType::cross);
  EXPECT_TRUE(feed->page.problems.empty());
  auto page = run(remote.listing_page(cv, std::nullopt));
  ASSERT_TRUE(page) << page.error().what();
  EXPECT_EQ(page->day, day_of("2026-01-13"));
  EXPECT_TRUE(page->complete);
  ASSERT_EQ(page->entries.size(), 7U);
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(page->entries[i].id, feed->page.entries[i].id);
    EXPECT_EQ(page->papers[i].title, feed->page.papers[i].title);
    EXPECT_EQ(page->papers[i].abstract, feed->page.papers[i].abstract);
    EXPECT_EQ(page->papers[i].categories, feed->page.papers[i].categories);
  }
  auto window = arxiv::Calendar::built_in().submissions(day_of("2026-01-13"));
  auto harvested = run(remote.harvest(cv, day_of("2026-01-12"), window));  // two pages of four
  ASSERT_TRUE(harvested) << harvested.error().what();
  EXPECT_EQ(harvested->size(), 7U);
  auto submitted = run(remote.submitted(cv, window));
  ASSERT_TRUE(submitted) << submitted.error().what();
  EXPECT_EQ(submitted->size(), 7U);
  auto one = run(remote.paper({feed->page.entries[0].id, 0}));
  ASSERT_TRUE(one) << one.error().what();
  EXPECT_EQ(one->title, feed->page.papers[0].title);
  auto past = run(remote.listing_page(ro, day_of("2026-01-12")));
  ASSERT_TRUE(past) << past.error().what();
  EXPECT_EQ(past->day, day_of("2026-01-12"));
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
}

TEST_F(FakeArxivTest, AnswersAnUnchangedFeedWith304AndAWrongCategoryWithAReason) {
  auto first = run(remote.feed(cv, ""));
  ASSERT_TRUE(first);
  auto again = run(remote.feed(cv, first->etag));
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->unchanged);
  auto none = run(remote.paper({*PaperId::parse("2601.99999"), 0}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind(), ErrorKind::not_found);
}

TEST_F(FakeArxivTest, ServesTheBatchBeforeWhereTheFeedIsStale) {
  fake.stale(cv, day_of("2026-01-13"));
  auto before = run(remote.listing_page(cv, day_of("2026-01-12")));
  auto feed = run(remote.feed(cv, ""));
  ASSERT_TRUE(feed && before);
  EXPECT_EQ(feed->page.entries.front().id, before->entries.front().id);
  EXPECT_GT(*feed->page.built, *parse_iso("2026-01-13T05:00:00Z"));  // and it looks fresh
}

TEST_F(FakeArxivTest, BreaksAsTold) {
  auto from = clock.now(), to = clock.now() + 1h;
  struct Row {
    ArxivFault fault;
    ErrorKind kind;
  };
  for (const auto& row :
       {Row{ArxivFault::rate_429, ErrorKind::rate_limited}, Row{ArxivFault::rate_text, ErrorKind::rate_limited},
        Row{ArxivFault::unavailable, ErrorKind::unavailable}, Row{ArxivFault::zero_bytes, ErrorKind::transient},
        Row{ArxivFault::truncated, ErrorKind::bad_input}, Row{ArxivFault::html, ErrorKind::bad_input},
        Row{ArxivFault::reset, ErrorKind::unavailable}}) {
    arxiv::Gate own{io.get_executor(), client, clock, {.contact = "ops@example.org"}};
    arxiv::Remote asking{own, clock, workers, {fake.base(), "", "", fake.base()}};
    fake.fault(ArxivSource::feed, row.fault, from, to);
    auto feed = run(asking.feed(cv, ""));
    fake.heal();
    ASSERT_FALSE(feed) << static_cast<int>(row.fault);
    EXPECT_EQ(feed.error().kind(), row.kind) << static_cast<int>(row.fault) << ": " << feed.error().what();
  }
  fake.fault(ArxivSource::api, ArxivFault::unordered, from, to);
  auto unordered = run(remote.submitted(cv, arxiv::Calendar::built_in().submissions(day_of("2026-01-13"))));
  EXPECT_FALSE(unordered);
}

TEST_F(FakeArxivTest, NoticesHasteAndAnonymity) {
  arxiv::Gate nameless{io.get_executor(), client, clock, {.min_interval = 1ms}};
  arxiv::Remote hasty{nameless, clock, workers, {fake.base(), "", "", fake.base()}};
  ASSERT_TRUE(run(hasty.feed(cv, "")));
  ASSERT_TRUE(run(hasty.feed(ro, "")));
  auto seen = fake.violations();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_NE(seen[0].find("does not say who asks"), std::string::npos) << seen[0];
  EXPECT_NE(seen[1].find("ms after the last answer"), std::string::npos) << seen[1];
}

TEST_F(FakeArxivTest, NoticesARequestDuringTheSilenceItAskedFor) {
  fake.fault(ArxivSource::feed, ArxivFault::rate_429, clock.now(), clock.now() + 1min);
  ASSERT_FALSE(run(remote.feed(cv, "")));
  arxiv::Gate forgetful{io.get_executor(), client, clock, {.contact = "ops@example.org"}};
  arxiv::Remote other{forgetful, clock, workers, {fake.base(), "", "", fake.base()}};
  ASSERT_FALSE(run(other.feed(cv, "")));
  auto seen = fake.violations();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_NE(seen[0].find("silence"), std::string::npos) << seen[0];
}

}  // namespace
}  // namespace broadsheet::fakes
