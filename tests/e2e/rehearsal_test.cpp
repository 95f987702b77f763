// A week of `serve` against the fake arXiv, on a fast clock: a late day, a stale feed, an outage, a weekend and a
// holiday. The right days are built, the others are explained, and no rule of politeness is broken.
#include <gtest/gtest.h>

#include <csignal>
#include <thread>

#include "tests/e2e/run_program.hpp"
#include "tests/fakes/fake_arxiv.hpp"

namespace broadsheet::e2e {
namespace {

using namespace std::chrono_literals;
using fakes::ArxivFault;
using fakes::ArxivSource;

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BROADSHEET_SLOW 1
#endif
#endif
#ifdef BROADSHEET_SLOW
constexpr int kRate = 5000;
#else
constexpr int kRate = 8000;
#endif

Day day_of(const char* text) {
  return *parse_day(text);
}

// One service, one fake, one clock for both.
struct Rehearsal {
  explicit Rehearsal(const std::string& start, int rate = kRate)
      : start_(start), rate_(rate), clock(*parse_iso(start), rate), fake(clock, batches(), {}), port(free_port()) {
    folder.write("broadsheet.toml", "[service]\nlisten = \"127.0.0.1:" + std::to_string(port) +
                                        "\"\n[arxiv]\ncategories = [\"cs.CV\", \"cs.RO\"]\ncontact = "
                                        "\"ops@example.org\"\nfeed_url = \"" +
                                        fake.base() + "\"\nsite_url = \"" + fake.base() + "\"\noai_url = \"" +
                                        fake.base() + "/oai\"\napi_url = \"" + fake.base() + "/api/query\"\n");
  }
  static std::vector<fakes::Batch> batches() {
    return fakes::invented_batches(day_of("2026-01-08"), day_of("2026-01-23"),
                                   {*Category::parse("cs.CV"), *Category::parse("cs.RO")}, arxiv::Calendar::built_in());
  }
  std::vector<std::string> serve() const {
    return {"--log-level", "info", "serve", "--clock", to_iso(clock.now()) + "x" + std::to_string(rate_)};
  }
  // Waits until the clock shows the time.
  void until(const char* time) {
    while (clock.now() < *parse_iso(time)) std::this_thread::sleep_for(10ms);
  }
  // The server's patience runs at the rehearsal's rate as well: it is milliseconds, which a busy machine may miss.
  Page digest(const std::string& category, const std::string& day) const {
    Page out;
    for (int tries = 0; out.status == 0 && tries < 50; ++tries)
      out = get(port, "/api/v1/digests/" + category + "/" + day);
    return out;
  }
  bool has(const std::string& category, const std::string& day) const { return digest(category, day).status == 200; }
  // Missed days are built beside the newest one, in any order.
  bool gets(const std::string& category, const std::string& day) const {
    for (auto end = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < end;) {
      if (has(category, day)) return true;
      std::this_thread::sleep_for(20ms);
    }
    return false;
  }
  // The digest holds what was announced that day, and nothing of another day.
  void expect_right(const std::string& category, const std::string& day) const {
    auto page = digest(category, day);
    EXPECT_EQ(page.status, 200) << category << " " << day;
    for (const auto& batch : batches())
      for (const auto& paper : batch.papers) {
        if (paper.primary() != category) continue;
        EXPECT_EQ(page.body.find("\"" + paper.id.str() + "\"") != std::string::npos, to_string(batch.day) == day)
            << category << " " << day << " " << paper.id.str();
      }
  }

  std::uint64_t asked(const std::string& source = {}) const {
    std::uint64_t out = 0;
    for (const auto& [name, n] : fake.requests()) out += source.empty() || name == source ? n : 0;
    return out;
  }
  // Starts the service and kills it in the moment in which arXiv was asked so many times; false when it was not.
  bool kill_at(std::uint64_t requests, const std::string& source = {}) const {
    Child service(folder, serve());
    auto guard = std::chrono::steady_clock::now() + 5s;
    while (asked(source) < requests && std::chrono::steady_clock::now() < guard) std::this_thread::sleep_for(1ms);
    service.signal(SIGKILL);
    service.wait();
    return asked(source) >= requests;
  }

  std::string start_;
  int rate_;
  ScaledClock clock;
  fakes::FakeArxiv fake;
  std::uint16_t port;
  Folder folder;
};

TEST(Rehearsal, AWeekWithAHolidayALateDayAndAStaleFeed) {
#ifdef BROADSHEET_SLOW
  GTEST_SKIP() << "a week at a rate that this build can follow takes too long";
#endif
  Rehearsal r("2026-01-14T22:00:00Z");  // Wednesday evening
  r.fake.late(day_of("2026-01-15"), 3h);
  r.fake.stale(*Category::parse("cs.CV"), day_of("2026-01-16"));
  // From Thursday evening to Friday noon the listing pages are away: the feed alone has to be judged.
  r.fake.fault(ArxivSource::site, ArxivFault::unavailable, *parse_iso("2026-01-15T22:00:00Z"),
               *parse_iso("2026-01-16T18:00:00Z"));
  r.fake.fault(ArxivSource::feed, ArxivFault::rate_429, *parse_iso("2026-01-19T00:00:00Z"),
               *parse_iso("2026-01-19T03:00:00Z"));
  Child service(r.folder, r.serve());
  ASSERT_TRUE(service.says("broadsheet serves", 20s)) << service.err();
  r.until("2026-01-21T04:00:00Z");
  for (const char* day : {"2026-01-14", "2026-01-15", "2026-01-16", "2026-01-19", "2026-01-21"})
    for (const char* category : {"cs.CV", "cs.RO"}) r.expect_right(category, day);
  for (const char* day : {"2026-01-17", "2026-01-18", "2026-01-20"}) EXPECT_FALSE(r.has("cs.CV", day)) << day;
  auto ready = get(r.port, "/readyz");
  EXPECT_EQ(ready.status, 200) << ready.body;
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
  auto said = service.err();
  EXPECT_NE(said.find("state=not_yet detail=\"the feed is older than the batch; the listing page shows Wednesday 14"),
            std::string::npos)
      << said;
  EXPECT_EQ(r.fake.violations(), std::vector<std::string>());
}

TEST(Rehearsal, FetchesTheDaysItMissed) {
  Rehearsal r("2026-01-13T03:00:00Z");
  {
    Child service(r.folder, r.serve());
    ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 20s)) << service.err();
    service.signal(SIGKILL);
    service.wait();
  }
  r.until("2026-01-15T03:00:00Z");  // away for two days
  Child service(r.folder, r.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-15", 20s)) << service.err();
  for (const char* day : {"2026-01-14", "2026-01-15"}) EXPECT_TRUE(r.gets("cs.CV", day)) << day << service.err();
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

// design: reliability, F02. Slow enough that a restart is faster than the distance that arXiv wants.
TEST(Rehearsal, KillsInTheMiddleOfFetchingBreakNoRuleAndLoseNothing) {
  Rehearsal r("2026-01-13T05:05:00Z", 20);
  // The third request is the second category's: the first one's listing is stored by then.
  for (std::uint64_t more : {1, 2, 1, 2, 3, 1, 2}) ASSERT_TRUE(r.kill_at(r.asked() + more)) << more;
  Child service(r.folder, r.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 20s)) << service.err();
  for (const char* category : {"cs.CV", "cs.RO"}) r.expect_right(category, "2026-01-13");
  EXPECT_EQ(r.fake.violations(), std::vector<std::string>());
}

TEST(Rehearsal, AKillDoesNotForgetThatArxivAskedForSilence) {
  Rehearsal r("2026-01-13T05:05:00Z", 20);
  r.fake.fault(ArxivSource::feed, ArxivFault::rate_429, *parse_iso("2026-01-13T00:00:00Z"),
               *parse_iso("2026-01-13T05:30:00Z"));
  ASSERT_TRUE(r.kill_at(1, "site"));  // the feed's 429 was heard before
  Child service(r.folder, r.serve());
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 20s)) << service.err();
  for (const char* category : {"cs.CV", "cs.RO"}) r.expect_right(category, "2026-01-13");
  EXPECT_EQ(r.fake.violations(), std::vector<std::string>());
}

TEST(Rehearsal, SaysWhyNothingCanBeBuilt) {
  Rehearsal r("2026-01-13T03:00:00Z");
  r.fake.fault(ArxivSource::all, ArxivFault::html, *parse_iso("2026-01-13T00:00:00Z"),
               *parse_iso("2026-01-13T12:00:00Z"));
  Child service(r.folder, r.serve());
  ASSERT_TRUE(service.says("state=down", 20s)) << service.err();
  auto ready = get(r.port, "/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("arXiv does not answer since"), std::string::npos) << ready.body;
  ASSERT_TRUE(service.says("digest=cs.RO/2026-01-13", 60s)) << service.err();
  EXPECT_EQ(get(r.port, "/readyz").status, 200);
  service.signal(SIGTERM);
  EXPECT_EQ(service.wait(), 0);
}

}  // namespace
}  // namespace broadsheet::e2e
