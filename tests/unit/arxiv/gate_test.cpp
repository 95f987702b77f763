#include "digest/sources/arxiv/gate.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <deque>
#include <vector>

#include "tests/unit/net/loop.hpp"

namespace broadsheet::arxiv {
namespace {

using namespace std::chrono_literals;

// Answers from a list; notes when each request began.
class Scripted final : public http::Transport {
 public:
  explicit Scripted(Clock& clock) : clock_(clock) {}
  std::deque<http::Outcome> answers;
  std::vector<SteadyMoment> begun;
  std::vector<http::Request> requests;
  int at_once = 0, most_at_once = 0;

  boost::asio::awaitable<http::Outcome> send(http::Request request) override {
    begun.push_back(clock_.steady_now());
    requests.push_back(request);
    most_at_once = std::max(most_at_once, ++at_once);
    co_await async::sleep_for(clock_, 500ms);
    --at_once;
    if (answers.empty()) co_return http::Outcome(http::Response{200, {}, "ok"});
    auto answer = std::move(answers.front());
    answers.pop_front();
    co_return answer;
  }

 private:
  Clock& clock_;
};

struct Fixture : testing::Test {
  test::Loop loop;
  boost::asio::io_context& io = loop.context;
  ManualClock clock{*parse_iso("2026-01-13T01:00:00Z")};
  Scripted transport{clock};
  Gate gate{io.get_executor(), transport, clock, {}};

  void settle() {
    loop.settle(clock, [] { return false; });
  }
  // Runs `n` requests that all start at once; the results in order of completion.
  std::vector<Result<http::Response>> run(int n, SourceKind kind = SourceKind::feed) {
    std::vector<Result<http::Response>> out;
    for (int i = 0; i < n; ++i)
      boost::asio::co_spawn(
          io, gate.get(kind, "http://127.0.0.1/x", "\"tag\""),
          [&out](const std::exception_ptr&, Result<http::Response> r) { out.push_back(std::move(r)); });
    settle();
    return out;
  }
};

using Gating = Fixture;

TEST_F(Gating, NeverExceedsTheRate) {
  EXPECT_EQ(run(5).size(), 5U);
  EXPECT_EQ(transport.most_at_once, 1);
  for (std::size_t i = 1; i < transport.begun.size(); ++i)
    EXPECT_GE(transport.begun[i] - transport.begun[i - 1], 3600ms);
}

TEST_F(Gating, SaysWhoItIs) {
  run(1);
  const auto& headers = transport.requests.at(0).headers;
  EXPECT_EQ(http::header(headers, "Accept"), "application/atom+xml, */*");
  EXPECT_TRUE(http::header(headers, "User-Agent").starts_with("Broadsheet/"));
  EXPECT_EQ(http::header(headers, "If-None-Match"), "\"tag\"");
}

TEST_F(Gating, IsSilentAfterARefusalAndLongerEachTime) {
  auto limited = [] { return http::Outcome(http::Response{429, {}, "Rate exceeded."}); };
  transport.answers = {limited()};
  auto first = run(1);
  ASSERT_FALSE(first[0]);
  EXPECT_EQ(first[0].error().kind(), ErrorKind::rate_limited);
  EXPECT_EQ(first[0].error().retry_after(), 60s);
  auto silent = run(1);
  ASSERT_FALSE(silent[0]);
  EXPECT_EQ(transport.requests.size(), 1U) << "no request while silent";
  EXPECT_TRUE(run(1, SourceKind::oai)[0]) << "other sources go on";
  auto s = gate.silences().at(SourceKind::feed);
  s.until = clock.now();
  gate.restore(SourceKind::feed, s);
  transport.answers = {limited()};
  auto second = run(1);
  ASSERT_FALSE(second[0]);
  EXPECT_EQ(second[0].error().retry_after(), 120s);
}

TEST_F(Gating, KeepsItsDistanceFromWhatAnEarlierProcessMayHaveAsked) {
  auto born = clock.steady_now();
  Gate fresh(io.get_executor(), transport, clock, {});
  boost::asio::co_spawn(io, fresh.get(SourceKind::feed, "http://127.0.0.1/"), boost::asio::detached);
  settle();
  EXPECT_GE(transport.begun.at(0) - born, 3100ms);
}

TEST_F(Gating, IsSilentNoLongerThanItsPauseWhateverTheWallClockDid) {
  Silence asked{.until = clock.now() + 10h, .why = "asked", .times = 1, .pause = 60s};  // the clock went back by 10 h
  gate.restore(SourceKind::feed, asked);
  auto silent = run(1);
  ASSERT_FALSE(silent[0]);
  EXPECT_LE(silent[0].error().retry_after(), 60s);
}

TEST_F(Gating, TellsEachChangeOfSilenceBeforeItAnswers) {
  std::vector<std::size_t> told;
  gate.on_change([&]() -> boost::asio::awaitable<void> {
    told.push_back(gate.silences().size());
    co_return;
  });
  EXPECT_TRUE(run(1)[0]);
  EXPECT_TRUE(told.empty());
  transport.answers = {http::Outcome(http::Response{429, {}, ""})};
  boost::asio::co_spawn(io, gate.get(SourceKind::feed, "http://127.0.0.1/"),
                        [&](const std::exception_ptr&, const Result<http::Response>&) { EXPECT_EQ(told.size(), 1U); });
  settle();
  EXPECT_EQ(told, std::vector<std::size_t>{1});
  auto s = gate.silences().at(SourceKind::feed);
  s.until = clock.now();
  gate.restore(SourceKind::feed, s);
  EXPECT_TRUE(run(1)[0]);
  EXPECT_EQ(told, (std::vector<std::size_t>{1, 0}));
}

TEST_F(Gating, DoesNotHoldAgainstArxivWhatNeverReachedIt) {
  auto failed = [](http::Reached reached) {
    return http::Outcome(http::TransportError(Error(ErrorKind::transient, "broke"), reached));
  };
  for (auto [reached, second] : {std::pair(http::Reached::not_sent, 60s), std::pair(http::Reached::sent, 120s)}) {
    Gate fresh(io.get_executor(), transport, clock, {});
    std::vector<std::chrono::milliseconds> pauses;
    for (int i = 0; i < 2; ++i) {
      transport.answers = {failed(reached)};
      boost::asio::co_spawn(io, fresh.get(SourceKind::api, "http://127.0.0.1/"),
                            [&](const std::exception_ptr&, const Result<http::Response>& r) {
                              pauses.push_back(r.error().retry_after().value_or(0ms));
                            });
      settle();
      auto s = fresh.silences().at(SourceKind::api);
      s.until = clock.now();
      fresh.restore(SourceKind::api, s);
    }
    EXPECT_EQ(pauses, (std::vector<std::chrono::milliseconds>{60s, second}));
  }
}

TEST_F(Gating, TakesALimitThatComesAsText) {
  transport.answers = {http::Outcome(http::Response{200, {}, "Rate exceeded."})};
  auto got = run(1);
  ASSERT_FALSE(got[0]);
  EXPECT_EQ(got[0].error().kind(), ErrorKind::rate_limited);
}

TEST_F(Gating, TellsTheFaultsApart) {
  struct Row {
    int status;
    ErrorKind kind;
    std::chrono::milliseconds pause;
  };
  for (auto row :
       {Row{503, ErrorKind::unavailable, 3s}, Row{403, ErrorKind::refused, 24h}, Row{406, ErrorKind::bad_input, 0s},
        Row{404, ErrorKind::not_found, 0s}, Row{301, ErrorKind::refused, 0s}}) {
    Gate fresh(io.get_executor(), transport, clock, {});
    transport.answers = {http::Outcome(http::Response{row.status, {{"Retry-After", "0"}}, ""})};
    Result<http::Response> got;
    boost::asio::co_spawn(io, fresh.get(SourceKind::api, "http://127.0.0.1/"),
                          [&got](const std::exception_ptr&, Result<http::Response> r) { got = std::move(r); });
    settle();
    ASSERT_FALSE(got) << row.status;
    EXPECT_EQ(got.error().kind(), row.kind) << row.status;
    EXPECT_EQ(got.error().retry_after().value_or(0ms), row.pause) << row.status;
  }
}

TEST(RetryAfter, IsReadInEveryForm) {
  auto now = *parse_iso("2026-01-13T01:00:00Z");
  EXPECT_EQ(retry_after("20", now), 20s);
  EXPECT_EQ(retry_after("0", now), 3s);
  EXPECT_EQ(retry_after("-5", now), 3s);
  EXPECT_EQ(retry_after("99999999999", now), 15min);
  EXPECT_EQ(retry_after("Tue, 13 Jan 2026 01:02:00 GMT", now), 2min);
  EXPECT_FALSE(retry_after("", now));
  for (const char* no : {"soon", "nan", "inf", "1e9", "3.5"}) EXPECT_FALSE(retry_after(no, now)) << no;
  EXPECT_EQ(retry_after("-99999999999999999999999", now), 3s);
  EXPECT_EQ(retry_after("99999999999999999999999", now), 15min);
}

}  // namespace
}  // namespace broadsheet::arxiv
