// The loop that follows arXiv against a fake arXiv on a fast clock: every fault of contracts arXiv 1.7 and 2.5, stops
// in the middle, a wall clock that jumps. What is frozen is always right, nothing stays missing, no rule is broken.
#include "bot/loops/listing_loop.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <set>

#include "bot/loops/source_memory.hpp"
#include "bot/net/client.hpp"
#include "digest/sources/arxiv/arxiv_source.hpp"
#include "tests/fakes/fake_arxiv.hpp"

namespace broadsheet::loops {
namespace {

using namespace std::chrono_literals;
using fakes::ArxivFault;
using fakes::ArxivSource;

Day day_of(const char* text) {
  return *parse_day(text);
}

// A wall clock that jumps when told.
class JumpingClock final : public Clock {
 public:
  explicit JumpingClock(const Clock& clock) : clock_(clock) {}
  Moment now() const override { return clock_.now() + std::chrono::milliseconds(jumped_); }
  SteadyMoment steady_now() const override { return clock_.steady_now(); }
  std::chrono::nanoseconds real(std::chrono::nanoseconds d) const override { return clock_.real(d); }
  void jump(std::chrono::milliseconds by) { jumped_ += by.count(); }

 private:
  const Clock& clock_;
  std::int64_t jumped_ = 0;
};

constexpr double kRate = 3600;

// What a process has, over a store that survives it.
struct Process {
  Process(Clock& wall, Clock& deadlines, const std::string& base, store::Store& kept,
          const std::vector<Category>& categories)
      : clock(wall),
        store(kept),
        client(io.get_executor(), workers, deadlines, {}),
        arxiv(io.get_executor(), client, workers, wall,
              {.gate = {.contact = "ops@example.org"},
               .addresses = {base, base + "/api/query", base + "/oai", base},
               .patience = 60min},
              arxiv::Calendar::built_in(),
              [this](Category category, Day day) {
                auto work = [&store = store, category = std::move(category), day] {
                  return store.listings().get(category, day);
                };
                return workers.run(std::move(work));
              }),
        loop(io.get_executor(), arxiv, store, workers, clock, metrics,
             [this](Category category, Day day) -> boost::asio::awaitable<void> {
               stored.emplace_back(category.str() + "/" + to_string(day));
               co_return;
             }) {
    loop.want(categories);
    tasks.spawn("listings", loop.run());
  }
  ~Process() { stop(); }
  // As SIGTERM does.
  void stop() {
    tasks.cancel();
    io.restart();
    io.run();
    EXPECT_EQ(tasks.size(), 0U);
    workers.finish();
    store_memory(arxiv, store);
  }
  // Whether it knows of a silence that the feeds asked for.
  bool keeps_silence() const {
    for (const auto& one : arxiv.memory())
      if (one.name == "arxiv.silence.feed" && !one.value.empty())
        return std::stoll(one.value) > clock.now().time_since_epoch().count();
    return false;
  }
  // Runs until `enough` says so; false after `guard`.
  bool until(const std::function<bool()>& enough, std::chrono::seconds guard = 30s) {
    auto end = std::chrono::steady_clock::now() + guard;
    io.restart();
    while (!enough()) {
      if (std::chrono::steady_clock::now() > end) return false;
      io.run_for(2ms);
    }
    return true;
  }
  ListingState state(std::size_t n = 0) const { return loop.states().at(n); }

  Clock& clock;
  store::Store& store;
  boost::asio::io_context io{1};
  async::Offload workers{2};
  http::Client client;
  arxiv::ArxivSource arxiv;
  Metrics metrics;
  std::vector<std::string> stored;
  ListingLoop loop;
  async::TaskGroup tasks{io.get_executor()};
};

struct FollowingArxiv : testing::Test {
  Category cv = *Category::parse("cs.CV"), ro = *Category::parse("cs.RO");
  std::vector<fakes::Batch> batches =
      fakes::invented_batches(day_of("2026-01-05"), day_of("2026-01-16"), {cv, ro}, arxiv::Calendar::built_in());
  ScaledClock arxivs{*parse_iso("2026-01-13T05:05:00Z"), kRate};  // Tuesday, five minutes after midnight Eastern
  JumpingClock clock{arxivs};                                     // ours
  SystemClock deadlines;                                          // a slow machine is no fault of arXiv
  std::unique_ptr<store::Store> store = *store::open_memory();

  // The listing as it was announced.
  Listing announced(const Category& category, const char* day) const {
    Listing out{.category = category, .day = day_of(day)};
    for (const auto& batch : batches) {
      if (batch.day != out.day) continue;
      for (auto type : {AnnounceType::new_paper, AnnounceType::cross})
        for (const auto& paper : batch.papers)
          if (matches(paper.categories, category) &&
              (paper.primary() == category.str()) == (type == AnnounceType::new_paper))
            out.entries.push_back({paper.id, 1, type});
    }
    return out;
  }
  void keep(const Category& category, const char* day, bool frozen = true) {
    auto listing = announced(category, day);
    listing.frozen = frozen;
    listing.from.source = "test";
    ASSERT_TRUE(store->listings().put(listing));
  }
  std::optional<Listing> kept(const Category& category, const char* day) const {
    auto listing = store->listings().get(category, day_of(day));
    return listing ? *listing : std::nullopt;
  }
  bool frozen(const Category& category, const char* day) const {
    auto listing = kept(category, day);
    return listing && listing->frozen;
  }
  void expect_right(const Category& category, const char* day) const {
    auto listing = kept(category, day);
    ASSERT_TRUE(listing) << category.str() << " " << day;
    std::set<PaperId> is, ought;
    for (const auto& entry : listing->entries) is.insert(entry.id);
    for (const auto& entry : announced(category, day).entries) ought.insert(entry.id);
    EXPECT_EQ(is, ought) << category.str() << " " << day << " from " << listing->from.source;
  }
};

struct Broken {
  ArxivFault fault;
  ArxivSource source;
};

struct EveryFault : FollowingArxiv, testing::WithParamInterface<Broken> {};

// The fault lasts for the first look and the second; the third finds arXiv well again, but for what asked for more.
TEST_P(EveryFault, DelaysTheListingAtMost) {
  auto [fault, source] = GetParam();
  fakes::FakeArxiv fake(arxivs, batches, {});
  keep(cv, "2026-01-12");
  keep(ro, "2026-01-12");
  fake.fault(source, fault, *parse_iso("2026-01-13T00:00:00Z"), *parse_iso("2026-01-13T05:25:00Z"));
  bool silent = fault == ArxivFault::silence;  // only a deadline on the fast clock ends that soon
  Process process(clock, silent ? static_cast<Clock&>(clock) : deadlines, fake.base(), *store, {cv, ro});
  if (fault == ArxivFault::denied && source == ArxivSource::all) {
    ASSERT_TRUE(process.until([&] { return clock.now() > *parse_iso("2026-01-13T06:00:00Z"); }));
    EXPECT_EQ(process.state().kind, ListingState::Kind::down);
    EXPECT_NE(process.state().detail.find("403"), std::string::npos) << process.state().detail;
    EXPECT_FALSE(kept(cv, "2026-01-13"));
  } else {
    ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-13") && frozen(ro, "2026-01-13"); }))
        << process.state().detail;
    expect_right(cv, "2026-01-13");
    expect_right(ro, "2026-01-13");
  }
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
}

std::vector<Broken> every_fault() {
  std::vector<Broken> out;
  for (const char* name : {"rate-429", "rate-text", "retry-after-30", "unavailable", "denied", "empty", "zero-bytes",
                           "reset", "silence", "truncated", "html"})
    for (auto source : {ArxivSource::feed, ArxivSource::site, ArxivSource::all})
      out.push_back({*fakes::parse_arxiv_fault(name), source});
  return out;
}

std::string name_of(const testing::TestParamInfo<Broken>& info) {
  constexpr std::array kSources = {"Feed", "Site", "Oai", "Api", "All"};
  return "Fault" + std::to_string(static_cast<int>(info.param.fault)) +
         kSources.at(static_cast<std::size_t>(info.param.source));
}

INSTANTIATE_TEST_SUITE_P(Of, EveryFault, testing::ValuesIn(every_fault()), name_of);

TEST_F(FollowingArxiv, FetchesTheBatchesOfDaysThatWereMissedFromTheArchive) {
  fakes::FakeArxiv fake(arxivs, batches, {});
  keep(cv, "2026-01-08");
  Process process(clock, deadlines, fake.base(), *store, {cv});
  ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-13"); }));
  for (const char* day : {"2026-01-09", "2026-01-12", "2026-01-13"}) {
    expect_right(cv, day);
    EXPECT_TRUE(frozen(cv, day)) << day;
  }
  EXPECT_FALSE(kept(cv, "2026-01-07")) << "before it was followed";
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
}

TEST_F(FollowingArxiv, AsksAgainForAMissedDayWhenTheArchiveWasAway) {
  fakes::FakeArxiv fake(arxivs, batches, {});
  keep(cv, "2026-01-08");
  keep(cv, "2026-01-12");  // the hole is behind a complete day
  for (auto source : {ArxivSource::site, ArxivSource::oai, ArxivSource::api})
    fake.fault(source, ArxivFault::unavailable, *parse_iso("2026-01-13T00:00:00Z"), *parse_iso("2026-01-13T05:20:00Z"));
  Process process(clock, deadlines, fake.base(), *store, {cv});
  ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-13"); })) << "the feed is enough for today";
  EXPECT_FALSE(kept(cv, "2026-01-09"));
  ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-09"); }));
  EXPECT_LT(clock.now(), *parse_iso("2026-01-13T12:00:00Z")) << "not only when the next day begins";
  expect_right(cv, "2026-01-09");
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
}

TEST_F(FollowingArxiv, TakesADayWithoutAnnouncementForEmptyInsteadOfGuessing) {
  std::erase_if(batches,
                [](const fakes::Batch& b) { return b.day == day_of("2026-01-12"); });  // a holiday nobody listed
  fakes::FakeArxiv fake(arxivs, batches, {});
  keep(cv, "2026-01-09");
  Process process(clock, deadlines, fake.base(), *store, {cv});
  ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-13"); }));
  expect_right(cv, "2026-01-13");
  ASSERT_TRUE(frozen(cv, "2026-01-12"));
  EXPECT_TRUE(kept(cv, "2026-01-12")->entries.empty());
  EXPECT_FALSE(fake.requests().contains("api"));
}

TEST_F(FollowingArxiv, KnowsThatASmallCategoryHasNothingToday) {
  fakes::FakeArxiv fake(arxivs, batches, {});
  Process process(clock, deadlines, fake.base(), *store, {*Category::parse("math.HO")});
  ASSERT_TRUE(process.until([&] { return process.state().kind == ListingState::Kind::ready; }))
      << process.state().detail;
  EXPECT_TRUE(frozen(*Category::parse("math.HO"), "2026-01-13"));
}

TEST_F(FollowingArxiv, FilesNoBatchUnderAnotherDayWhenTheWallClockGoesBack) {
  fakes::FakeArxiv fake(arxivs, batches, {});
  keep(cv, "2026-01-08");
  keep(cv, "2026-01-09");
  fake.fault(ArxivSource::site, ArxivFault::unavailable, Moment{}, *parse_iso("2027-01-01T00:00:00Z"));
  clock.jump(-24h);  // ours only: arXiv goes on with Tuesday
  Process process(clock, deadlines, fake.base(), *store, {cv});
  ASSERT_TRUE(process.until([&] { return process.state().kind != ListingState::Kind::unknown; }));
  EXPECT_FALSE(frozen(cv, "2026-01-12")) << "Tuesday's papers under Monday";
  clock.jump(+24h);
  fake.heal();
  ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-13") && frozen(cv, "2026-01-12"); }))
      << process.state().detail;
  expect_right(cv, "2026-01-12");
  expect_right(cv, "2026-01-13");
}

TEST_F(FollowingArxiv, SurvivesAWallClockThatGoesForward) {
  fakes::FakeArxiv fake(arxivs, batches, {});
  keep(cv, "2026-01-12");
  clock.jump(+24h);  // Wednesday, for us
  Process process(clock, deadlines, fake.base(), *store, {cv});
  ASSERT_TRUE(process.until([&] { return process.state().kind == ListingState::Kind::not_yet; }))
      << process.state().detail;
  EXPECT_FALSE(kept(cv, "2026-01-14"));
  expect_right(cv, "2026-01-13");  // as a past day
  clock.jump(-24h);
  ASSERT_TRUE(process.until([&] { return process.state().kind == ListingState::Kind::ready; }));
  expect_right(cv, "2026-01-13");
}

TEST_F(FollowingArxiv, GuessesOnceAndTakesTheListingWhenItComes) {
  fakes::FakeArxiv fake(arxivs, batches, {});
  for (auto source : {ArxivSource::feed, ArxivSource::site})
    fake.fault(source, ArxivFault::html, *parse_iso("2026-01-13T00:00:00Z"), *parse_iso("2026-01-13T08:00:00Z"));
  Process process(clock, deadlines, fake.base(), *store, {cv});
  ASSERT_TRUE(process.until([&] { return clock.now() > *parse_iso("2026-01-13T07:50:00Z"); }));
  ASSERT_TRUE(kept(cv, "2026-01-13"));
  EXPECT_FALSE(frozen(cv, "2026-01-13"));
  expect_right(cv, "2026-01-13");
  EXPECT_EQ(process.state().kind, ListingState::Kind::unchecked);
  EXPECT_EQ(fake.requests()["oai"], 1U);
  EXPECT_EQ(fake.requests()["api"], 0U);
  ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-13"); }));
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
}

TEST_F(FollowingArxiv, NeverPutsAPartInThePlaceOfMore) {
  keep(cv, "2026-01-13", false);
  ScaledClock late{*parse_iso("2026-01-13T12:00:00Z"), kRate};  // past the hour at which less is taken
  std::vector<fakes::Line> lines;
  for (const auto& paper : batches.at(6).papers)
    if (paper.primary() == cv.str()) lines.push_back({AnnounceType::new_paper, &paper});
  auto whole = fakes::listing_document(fakes::ListingKind::newest, day_of("2026-01-13"), lines, 0, 2000);
  auto last = whole.rfind("<dt>");
  whole.erase(last, whole.rfind("</dd>") + 5 - last);
  fakes::FakeHttp page([&whole](const fakes::Seen& seen) {
    fakes::Reply out;
    if (seen.target.starts_with("/list/"))
      out.body = whole;
    else
      out.status = 404;
    return out;
  });
  Process process(late, deadlines, page.base(), *store, {cv});
  ASSERT_TRUE(process.until([&] { return process.state().kind == ListingState::Kind::incomplete; }));
  EXPECT_NE(process.state().detail.find("6, 5 arrived"), std::string::npos) << process.state().detail;
  EXPECT_EQ(kept(cv, "2026-01-13")->entries.size(), 7U);
}

// Stopped at any moment, begun again on what was stored: politeness is kept and nothing is missing (reliability F02).
TEST_F(FollowingArxiv, CanBeStoppedAtAnyMoment) {
  fakes::FakeArxiv fake(arxivs, batches, {});
  keep(cv, "2026-01-07");
  keep(ro, "2026-01-07");
  fake.fault(ArxivSource::feed, ArxivFault::rate_429, *parse_iso("2026-01-13T00:00:00Z"),
             *parse_iso("2026-01-13T05:15:00Z"));
  std::uint64_t asked = 0;
  auto count = [&] {
    std::uint64_t out = 0;
    for (const auto& [source, n] : fake.requests()) out += n;
    return out;
  };
  for (int stop = 0; stop < 25; ++stop) {
    Process process(clock, deadlines, fake.base(), *store, {cv, ro});
    process.until([&] { return count() > asked + static_cast<std::uint64_t>(stop % 3); }, 1s);
    process.io.run_for(std::chrono::microseconds(stop * 150));
    process.stop();
    if (!process.keeps_silence()) fake.excuse(ArxivSource::feed);  // the answer was on its way
    asked = count();
  }
  Process process(clock, deadlines, fake.base(), *store, {cv, ro});
  ASSERT_TRUE(process.until([&] { return frozen(cv, "2026-01-13") && frozen(ro, "2026-01-13"); }));
  for (const auto& category : {cv, ro})
    for (const char* day : {"2026-01-08", "2026-01-09", "2026-01-12", "2026-01-13"}) expect_right(category, day);
  EXPECT_EQ(fake.violations(), std::vector<std::string>());
}

}  // namespace
}  // namespace broadsheet::loops
