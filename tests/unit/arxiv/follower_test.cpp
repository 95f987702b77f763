// The follower against a scripted arXiv: documents by address, small and invented.
#include "digest/sources/arxiv/follower.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace broadsheet::arxiv {
namespace {

using namespace std::chrono_literals;

Day day_of(const char* text) {
  return *parse_day(text);
}

struct Item {
  const char* id;
  const char* type;
};

std::string feed_of(const std::string& built, const std::vector<Item>& items) {
  std::string out =
      "<?xml version=\"1.0\"?><rss xmlns:arxiv=\"http://arxiv.org/schemas/atom\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" version=\"2.0\"><channel><title>cs.CV updates on arXiv.org</title>"
      "<lastBuildDate>" +
      built + "</lastBuildDate>";
  for (const auto& item : items)
    out += std::string("<item><title>On kites ") + item.id + "</title><link>https://arxiv.org/abs/" + item.id +
           "</link><description>arXiv:" + item.id + "v1 Announce Type: " + item.type +
           " \nAbstract: Kites fly.</description><guid isPermaLink=\"false\">oai:arXiv.org:" + item.id +
           "v1</guid><category>cs.CV</category><arxiv:announce_type>" + item.type +
           "</arxiv:announce_type><dc:creator>Ada Brook</dc:creator></item>";
  return out + "</channel></rss>";
}

std::string page_of(const std::string& heading, const std::vector<Item>& items, std::size_t announced) {
  std::string out = "<html><body><h3>Showing new listings for " + heading +
                    "</h3><dl id='articles'><h3>New submissions (showing " + std::to_string(items.size()) + " of " +
                    std::to_string(announced) + " entries)</h3>";
  for (const auto& item : items)
    out += std::string("<dt><a href=\"/abs/") + item.id + "\" title=\"Abstract\" id=\"" + item.id +
           "\">arXiv:" + item.id +
           "</a></dt><dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:"
           "</span> On kites " +
           item.id +
           "</div><div class='list-authors'><a href='/a'>Ada Brook</a></div><div class='list-subjects'>"
           "<span class=\"primary-subject\">Computer Vision and Pattern Recognition (cs.CV)</span></div>"
           "<p class='mathjax'>Kites fly.</p></div></dd>";
  return out + "</dl></body></html>";
}

constexpr const char* kMonday = "Mon, 12 Jan 2026 05:00:00 +0000";
constexpr const char* kTuesday = "Tue, 13 Jan 2026 05:00:00 +0000";

class ByAddress final : public http::Transport {
 public:
  std::map<std::string, http::Response> answers;  // by a part of the address; others answer 503
  std::vector<http::Request> requests;

  boost::asio::awaitable<http::Outcome> send(http::Request request) override {
    requests.push_back(request);
    for (const auto& [part, answer] : answers)
      if (request.url.find(part) != std::string::npos) {
        auto etag = http::header(request.headers, "If-None-Match");
        if (!etag.empty() && etag == http::header(answer.headers, "ETag")) co_return http::Response{304, {}, {}};
        co_return answer;
      }
    co_return http::Response{503, {}, "down"};
  }
  std::size_t asked(const std::string& part) const {
    return static_cast<std::size_t>(std::count_if(requests.begin(), requests.end(), [&](const http::Request& r) {
      return r.url.find(part) != std::string::npos;
    }));
  }
};

struct Following : testing::Test {
  boost::asio::io_context io{1};
  ManualClock clock{*parse_iso("2026-01-13T06:00:00Z")};
  async::Offload workers{1};
  ByAddress transport;
  Gate gate{io.get_executor(), transport, clock, {.min_interval = 0ms}};
  Remote remote{gate, clock, workers, {}};
  std::optional<Listing> before;  // the stored listing of Monday
  Follower follower{
      remote, clock, Calendar::built_in(),
      [this](Category, Day) -> boost::asio::awaitable<Result<std::optional<Listing>>> { co_return before; }, 30min};
  Category cv = *Category::parse("cs.CV");

  ListingOutcome ask(const char* day = "2026-01-13") {
    ListingOutcome out;
    boost::asio::co_spawn(io, follower.listing(cv, day_of(day)),
                          [&out](const std::exception_ptr& thrown, ListingOutcome o) {
                            if (thrown) std::rethrow_exception(thrown);
                            out = std::move(o);
                          });
    io.restart();
    io.run();
    return out;
  }
  void monday_is_stored() {
    before = Listing{.category = cv, .day = day_of("2026-01-12"), .frozen = true};
    before->entries = {{*PaperId::parse("2601.00100"), 1, AnnounceType::new_paper}};
  }
};

TEST_F(Following, FreezesAFeedWithUnseenNewPapers) {
  monday_is_stored();
  transport.answers["/rss/cs.CV"] = {200, {}, feed_of(kTuesday, {{"2601.00200", "new"}, {"2601.00150", "cross"}})};
  auto outcome = ask();
  auto* ready = std::get_if<ListingReady>(&outcome);
  ASSERT_NE(ready, nullptr);
  EXPECT_TRUE(ready->batch.listing.frozen);
  EXPECT_EQ(ready->batch.listing.entries.size(), 2U);
  EXPECT_EQ(ready->batch.papers[0].listed, day_of("2026-01-13"));
  EXPECT_FALSE(ready->batch.papers[1].listed);  // a cross-list's own listing day is not known from here
  EXPECT_EQ(transport.asked("/list/"), 0U);
}

TEST_F(Following, TakesYesterdaysPapersForStaleWhateverTheDateSays) {
  monday_is_stored();
  transport.answers["/rss/cs.CV"] = {200, {{"ETag", "\"a\""}}, feed_of(kTuesday, {{"2601.00100", "new"}})};
  transport.answers["/list/cs.CV/new"] = {200, {}, page_of("Monday, 12 January 2026", {{"2601.00100", "new"}}, 1)};
  auto outcome = ask();
  auto* late = std::get_if<NotYet>(&outcome);
  ASSERT_NE(late, nullptr);
  EXPECT_NE(late->why.find("batch before"), std::string::npos) << late->why;
  EXPECT_NE(late->why.find("Monday 12 January 2026"), std::string::npos) << late->why;
  // Asked again, the unchanged feed stays stale, and the page has the batch first.
  transport.answers["/list/cs.CV/new"] = {200, {}, page_of("Tuesday, 13 January 2026", {{"2601.00200", "new"}}, 1)};
  outcome = ask();
  ASSERT_TRUE(std::holds_alternative<ListingReady>(outcome));
  EXPECT_EQ(http::header(transport.requests[2].headers, "If-None-Match"), "\"a\"");
  EXPECT_EQ(std::get<ListingReady>(outcome).batch.listing.entries.front().version, 1);
}

TEST_F(Following, LetsThePageDecideAtTheFirstStart) {
  transport.answers["/rss/cs.CV"] = {200, {}, feed_of(kTuesday, {{"2601.00200", "new"}})};
  transport.answers["/list/cs.CV/new"] = {200, {}, page_of("Tuesday, 13 January 2026", {{"2601.00200", "new"}}, 1)};
  auto outcome = ask();
  ASSERT_TRUE(std::holds_alternative<ListingReady>(outcome));
  EXPECT_TRUE(std::get<ListingReady>(outcome).batch.listing.frozen);
  EXPECT_EQ(std::get<ListingReady>(outcome).batch.listing.from.note, "");
}

TEST_F(Following, SaysSoWhenItCouldNotCheck) {
  transport.answers["/rss/cs.CV"] = {200, {}, feed_of(kTuesday, {{"2601.00200", "new"}})};
  auto outcome = ask();
  auto* ready = std::get_if<ListingReady>(&outcome);
  ASSERT_NE(ready, nullptr);
  EXPECT_FALSE(ready->batch.listing.frozen);
  EXPECT_NE(ready->batch.listing.from.note.find("could not be checked"), std::string::npos);
}

TEST_F(Following, NeverTakesAFeedFromBeforeTheAnnouncement) {
  transport.answers["/rss/cs.CV"] = {200, {}, feed_of(kMonday, {{"2601.00200", "new"}})};
  EXPECT_TRUE(std::holds_alternative<NotYet>(ask()));
}

TEST_F(Following, TellsAHalfListingFromAWholeOne) {
  transport.answers["/rss/cs.CV"] = {200, {}, feed_of(kTuesday, {})};
  transport.answers["/list/cs.CV/new"] = {200, {}, page_of("Tuesday, 13 January 2026", {{"2601.00200", "new"}}, 3)};
  auto outcome = ask();
  auto* half = std::get_if<Incomplete>(&outcome);
  ASSERT_NE(half, nullptr);
  EXPECT_EQ(half->announced, 3U);
  EXPECT_EQ(half->arrived, 1U);
  EXPECT_FALSE(half->so_far.listing.frozen);
}

TEST_F(Following, WaitsForTheListingBeforeItGuesses) {
  transport.answers["/api/query"] = {200, {}, "<feed xmlns=\"http://www.w3.org/2005/Atom\"/>"};
  EXPECT_TRUE(std::holds_alternative<SourceDown>(ask()));
  EXPECT_EQ(transport.asked("/api/query"), 0U);
}

TEST_F(Following, IsDownOnlyWhenEverySourceFailed) {
  auto first = ask();
  clock.advance(1h);  // patience is over
  auto outcome = ask();
  auto* down = std::get_if<SourceDown>(&outcome);
  ASSERT_NE(down, nullptr);
  for (const char* source : {"the feed", "the listing page", "OAI-PMH", "the query API"})
    EXPECT_NE(down->error.what().find(source), std::string::npos) << down->error.what();
  EXPECT_EQ(down->since, std::get<SourceDown>(first).since);
}

TEST_F(Following, KnowsQuietDaysWithoutAsking) {
  auto saturday = ask("2026-01-17");
  EXPECT_EQ(std::get<NoAnnouncement>(saturday).reason, QuietReason::weekend);
  EXPECT_EQ(std::get<NoAnnouncement>(ask("2026-01-20")).reason, QuietReason::holiday);
  EXPECT_TRUE(std::holds_alternative<NotYet>(ask("2026-01-14")));
  EXPECT_TRUE(transport.requests.empty());
}

TEST_F(Following, ReadsAPastDayFromTheArchive) {
  transport.answers["/catchup/cs.CV/2026-01-12"] = {
      200, {}, page_of("Monday, 12 January 2026", {{"2601.00100", "new"}}, 1)};
  auto outcome = ask("2026-01-12");
  ASSERT_TRUE(std::holds_alternative<ListingReady>(outcome));
  EXPECT_TRUE(std::get<ListingReady>(outcome).batch.listing.frozen);
}

Moment day_moment(const char* text) {
  return *parse_iso(text);
}

sources::FeedPage feed_page(const std::vector<std::string>& ids) {
  sources::FeedPage out;
  for (const auto& id : ids) out.entries.push_back({*PaperId::parse(id), 1, AnnounceType::new_paper});
  return out;
}

// A batch after 2601.00100 of the day before, announced at 1:00 and followed at 2:00 of the next day.
FreshnessQuestion usual() {
  FreshnessQuestion out;
  out.announced = day_moment("2026-01-13T01:00:00Z");
  out.next_announced = day_moment("2026-01-14T01:00:00Z");
  out.previous = Listing{};
  out.previous->entries = feed_page({"2601.00100"}).entries;
  return out;
}

sources::FeedPage built(const char* at, const std::vector<std::string>& ids = {"2601.00200"}) {
  auto out = feed_page(ids);
  out.built = day_moment(at);
  return out;
}

TEST(FreshnessRule, TakesAFeedMadeBetweenItsAnnouncementAndTheNext) {
  EXPECT_EQ(judge(built("2026-01-13T00:59:59Z"), usual()).freshness, Freshness::stale);
  EXPECT_EQ(judge(built("2026-01-13T01:00:00Z"), usual()).freshness, Freshness::current);
  EXPECT_EQ(judge(built("2026-01-14T00:59:59Z"), usual()).freshness, Freshness::current);
  EXPECT_EQ(judge(built("2026-01-14T01:00:00Z"), usual()).freshness, Freshness::doubtful);
  auto unknown = usual();
  unknown.next_announced = unknown.announced;
  EXPECT_EQ(judge(built("2026-01-13T05:00:00Z"), unknown).freshness, Freshness::current);
}

TEST(FreshnessRule, SaysThatPapersMayBeMissingOnlyWhereTheyMay) {
  EXPECT_FALSE(judge(built("2026-01-13T00:00:00Z"), usual()).cut);
  EXPECT_FALSE(judge(built("2026-01-13T02:00:00Z", {"2601.00100"}), usual()).cut);
  EXPECT_FALSE(judge(built("2026-01-14T02:00:00Z"), usual()).cut);
  EXPECT_FALSE(judge(feed_page({}), usual()).cut);
  EXPECT_FALSE(judge(feed_page({"2601.00200"}), FreshnessQuestion{}).cut);
  EXPECT_FALSE(judge(feed_page({"2601.00100", "2601.00200"}), usual()).cut);
  EXPECT_FALSE(judge(feed_page({"2601.00050"}), usual()).cut);
  EXPECT_FALSE(judge(feed_page({"2601.00200"}), usual()).cut);
  auto behind = usual();
  behind.highest_elsewhere = *PaperId::parse("2601.00701");
  EXPECT_FALSE(judge(feed_page({"2601.00200"}), behind).cut);
}

TEST(FreshnessRule, DoubtsAFeedAtItsLimit) {
  std::vector<std::string> ids;
  for (int n = 0; n < 2000; ++n) ids.push_back("2601.0" + std::to_string(1000 + n));
  auto full = judge(feed_page(ids), usual());
  EXPECT_EQ(full.freshness, Freshness::doubtful);
  EXPECT_TRUE(full.cut);
  ids.pop_back();
  EXPECT_EQ(judge(feed_page(ids), usual()).freshness, Freshness::current);
}

TEST(FreshnessRule, ComparesWithOtherCategoriesOverTheTurnOfAMonth) {
  auto elsewhere = [](const char* id) {
    auto out = usual();
    out.highest_elsewhere = *PaperId::parse(id);
    return out;
  };
  EXPECT_EQ(judge(feed_page({"2601.20000"}), elsewhere("2602.00500")).freshness, Freshness::current);
  EXPECT_EQ(judge(feed_page({"2601.20000"}), elsewhere("2602.00501")).freshness, Freshness::doubtful);
  // An old id has no number to compare.
  EXPECT_EQ(judge(feed_page({"2601.00200"}), elsewhere("hep-th/9901001")).freshness, Freshness::current);
}

TEST(FreshnessRule, DoubtsWhatIsOdd) {
  FreshnessQuestion question;
  EXPECT_EQ(judge(feed_page({"2601.00200"}), question).freshness, Freshness::doubtful);  // nothing to compare with
  question.previous = Listing{};
  question.previous->entries = feed_page({"2601.00100"}).entries;
  EXPECT_EQ(judge(feed_page({"2601.00200"}), question).freshness, Freshness::current);
  EXPECT_EQ(judge(feed_page({"2601.00100"}), question).freshness, Freshness::stale);
  EXPECT_EQ(judge(feed_page({"2601.00100", "2601.00200"}), question).freshness, Freshness::doubtful);
  EXPECT_EQ(judge(feed_page({"2601.00050"}), question).freshness, Freshness::doubtful);
  EXPECT_EQ(judge(feed_page({}), question).freshness, Freshness::doubtful);
  question.highest_elsewhere = *PaperId::parse("2601.00701");
  EXPECT_EQ(judge(feed_page({"2601.00200"}), question).freshness, Freshness::doubtful);
  question.highest_elsewhere = *PaperId::parse("2601.00700");
  EXPECT_EQ(judge(feed_page({"2601.00200"}), question).freshness, Freshness::current);
  auto unreadable = feed_page({"2601.00200"});
  unreadable.problems = {"an item"};
  EXPECT_TRUE(judge(unreadable, question).cut);
}

}  // namespace
}  // namespace broadsheet::arxiv
