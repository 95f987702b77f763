#include "bot/async/async.hpp"

#include <boost/system/system_error.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "bot/async/bell.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::async {
namespace {

using namespace std::chrono_literals;
using test::Loop;

awaitable<Result<int>> answer_after(Clock& clock, std::chrono::milliseconds d) {
  co_await sleep_for(clock, d);
  co_return 42;
}

awaitable<Result<int>> throwing() {
  throw std::runtime_error("boom");
  co_return 1;
}

awaitable<void> forever(bool& ended) {
  Event never(co_await asio::this_coro::executor);
  try {
    co_await never.wait();
  } catch (const boost::system::system_error&) {
    ended = true;
    throw;
  }
}

struct InItsOwnTime : testing::Test {
  Loop loop;
  ManualClock clock{test::some_moment()};
  std::chrono::nanoseconds passed() const { return clock.steady_now() - SteadyMoment(); }
};

TEST_F(InItsOwnTime, ATimeoutGivesTheResultWhenInTime) {
  auto body = [&]() -> awaitable<void> {
    auto result = co_await with_timeout(clock, 5s, answer_after(clock, 4999ms));
    EXPECT_TRUE(result) << result.error().what();
    if (result) EXPECT_EQ(*result, 42);
  };
  loop.run(body(), clock);
  EXPECT_EQ(passed(), 4999ms);
  EXPECT_FALSE(clock.next()) << "the timer has gone with its race";
}

TEST_F(InItsOwnTime, ATimeoutGivesATransientErrorAndCancelsTheLoser) {
  auto body = [&]() -> awaitable<void> {
    auto result = co_await with_timeout(clock, 20ms, answer_after(clock, 1h));
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error().kind(), ErrorKind::transient);
  };
  loop.run(body(), clock);
  EXPECT_EQ(passed(), 20ms);
  EXPECT_FALSE(clock.next());
}

TEST_F(InItsOwnTime, ATimeoutPassesExceptionsOnAtOnce) {
  auto body = [&]() -> awaitable<void> { (void)co_await with_timeout(clock, 1h, throwing()); };
  EXPECT_THROW(loop.run(body(), clock), std::runtime_error);
  EXPECT_EQ(passed(), 0s);
}

TEST_F(InItsOwnTime, ASleepLastsAsLongAsItSays) {
  loop.run(sleep_for(clock, 72h), clock);
  EXPECT_EQ(passed(), 72h);
  loop.run(sleep_for(clock, -1s), clock);
  EXPECT_EQ(passed(), 72h);
}

TEST_F(InItsOwnTime, ATimerThatRangBeforeSomebodyWaitsLetsThemThrough) {
  Timer timer(loop.context.get_executor(), clock);
  timer.expires_after(1s);
  clock.advance(2s);
  loop.run(timer.wait(), clock);
  EXPECT_EQ(passed(), 2s);
}

TEST_F(InItsOwnTime, ATimerTellsWhetherItsTimeIsOver) {
  std::vector<bool> told;
  Timer timer(loop.context.get_executor(), clock);
  for (bool cancelled : {false, true}) {
    timer.expires_after(1s);
    timer.then([&](bool over) { told.push_back(over); });
    if (cancelled) timer.cancel();
    loop.settle(clock, [] { return false; });
  }
  EXPECT_EQ(told, (std::vector<bool>{true, false}));
}

TEST_F(InItsOwnTime, ABellWakesWhoRestsAndIsHeardByWhoComesLater) {
  Bell bell(loop.context.get_executor(), clock);
  std::vector<bool> rung;
  auto body = [&]() -> awaitable<void> {
    for (int i = 0; i < 3; ++i) rung.push_back(co_await bell.wait(1min));
  };
  bell.ring();  // before anybody waits: the first rest ends at once
  TaskGroup group(loop.context.get_executor());
  group.spawn("rests", body());
  group.spawn("rings", [](Bell& b, Clock& c) -> awaitable<void> {
    co_await sleep_for(c, 90s);
    b.ring();
  }(bell, clock));
  loop.run(group.join(), clock);
  EXPECT_EQ(rung, (std::vector<bool>{true, false, true}));
  EXPECT_EQ(passed(), 90s);
}

TEST_F(InItsOwnTime, ASilencedBellDidNotRing) {
  Bell bell(loop.context.get_executor(), clock);
  bell.ring();
  bell.silence();
  auto body = [&]() -> awaitable<void> { EXPECT_FALSE(co_await bell.wait(1min)); };
  loop.run(body(), clock);
}

// In real time: what a clock that moves by itself makes of a wait.
TEST(SleepFor, FollowsTheClocksRate) {
  Loop loop;
  ScaledClock clock(test::some_moment(), 3600);
  auto start = std::chrono::steady_clock::now();
  loop.run(sleep_for(clock, 1min));
  auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, 16ms);
  EXPECT_LT(took, 5s);
}

TEST(TaskGroup, CancelsAndJoinsItsChildren) {
  Loop loop;
  TaskGroup group(loop.context.get_executor());
  bool first = false, second = false;
  group.spawn("first", forever(first));
  group.spawn("second", forever(second));
  auto body = [&]() -> awaitable<void> {
    co_await asio::post(loop.context, asio::use_awaitable);
    EXPECT_EQ(group.size(), 2U);
    group.cancel();
    co_await group.join();
  };
  loop.run(body());
  EXPECT_TRUE(first && second);
  EXPECT_EQ(group.size(), 0U);
}

awaitable<void> fails() {
  throw std::runtime_error("a child's bug");
  co_return;
}

TEST(TaskGroup, SurvivesAChildThatThrows) {
  Loop loop;
  TaskGroup group(loop.context.get_executor());
  group.spawn("bug", fails());
  loop.run(group.join());
  EXPECT_EQ(group.size(), 0U);
}

awaitable<void> nursery(bool& child_ended) {
  TaskGroup inner(co_await asio::this_coro::executor);
  inner.spawn("child", forever(child_ended));
  co_await inner.join();
}

TEST(TaskGroup, ACancelledJoinTakesItsChildrenAlong) {
  Loop loop;
  TaskGroup outer(loop.context.get_executor());
  bool ended = false;
  outer.spawn("nursery", nursery(ended));
  auto body = [&]() -> awaitable<void> {
    co_await asio::post(loop.context, asio::use_awaitable);
    outer.cancel();
    co_await outer.join();
  };
  loop.run(body());
  EXPECT_TRUE(ended);
}

// Its own wait ended a moment before the cancellation, and now it starts the next thing.
awaitable<void> starts_another(TaskGroup& group, Event& go, bool& ended) {
  co_await go.wait();
  group.spawn("late", forever(ended));
}

TEST(TaskGroup, StopsWhatAChildStartsAfterTheCancellation) {
  Loop loop;
  TaskGroup group(loop.context.get_executor());
  Event go(loop.context.get_executor());
  bool ended = false;
  auto body = [&]() -> awaitable<void> {
    group.spawn("child", starts_another(group, go, ended));
    go.set();
    co_await asio::post(loop.context, asio::use_awaitable);
    group.cancel();
    if (!ended) group.spawn("later still", forever(ended));
    co_await group.join();
  };
  loop.run(body());
  EXPECT_TRUE(ended);
  // A group that was joined may be used again.
  bool worked = false;
  auto again = [&]() -> awaitable<void> {
    group.spawn("fresh", [](bool& done) -> awaitable<void> {
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
      done = true;
    }(worked));
    co_await group.join();
  };
  loop.run(again());
  EXPECT_TRUE(worked);
}

TEST(Offload, BringsValuesAndExceptionsBackToTheLoop) {
  Loop loop;
  Offload pool(2);
  auto body = [&]() -> awaitable<void> {
    auto loop_thread = std::this_thread::get_id();
    auto worker = co_await pool.run([] { return std::this_thread::get_id(); });
    EXPECT_NE(worker, loop_thread);
    EXPECT_EQ(std::this_thread::get_id(), loop_thread);
    auto text = co_await pool.run([] { return std::make_unique<std::string>("moved"); });
    EXPECT_EQ(*text, "moved");
    co_await pool.run([] { throw std::runtime_error("from a thread"); });
  };
  EXPECT_THROW(loop.run(body()), std::runtime_error);
}

TEST(Offload, DoesNotHoldACancelledCoroutine) {
  Loop loop;
  std::promise<void> finish;
  Offload pool(1);
  TaskGroup group(loop.context.get_executor());
  group.spawn("slow", pool.run([done = finish.get_future().share()] { done.wait(); }));
  auto body = [&]() -> awaitable<void> {
    co_await asio::post(loop.context, asio::use_awaitable);
    group.cancel();
    co_await group.join();
  };
  loop.run(body());
  finish.set_value();  // not before: it ended nobody's wait
}

TEST(Offload, WithoutThreadsWorksOnTheLoopInTheOrderOfAsking) {
  Loop loop;
  Offload none(0);
  std::vector<int> order;
  TaskGroup group(loop.context.get_executor());
  for (int i = 0; i < 3; ++i) group.spawn("work", none.run([&order, i] { order.push_back(i); }));
  EXPECT_TRUE(order.empty()) << "others have their turn first";
  loop.run(group.join());
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
  auto body = [&]() -> awaitable<void> { co_await none.run([] { throw std::runtime_error("from the work"); }); };
  EXPECT_THROW(loop.run(body()), std::runtime_error);
}

TEST(Offload, WithoutThreadsDoesNotBeginForWhoWasCancelled) {
  Loop loop;
  Offload none(0);
  bool begun = false;
  TaskGroup group(loop.context.get_executor());
  group.spawn("work", none.run([&] { begun = true; }));
  group.cancel();
  loop.run(group.join());
  EXPECT_FALSE(begun);
}

awaitable<void> critical(AsyncMutex& mutex, int& inside, int& most) {
  for (int i = 0; i < 5; ++i) {
    auto guard = co_await mutex.lock();
    most = std::max(most, ++inside);
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    --inside;
  }
}

TEST(AsyncMutex, LetsOneInAtATime) {
  Loop loop;
  AsyncMutex mutex(loop.context.get_executor());
  TaskGroup group(loop.context.get_executor());
  int inside = 0, most = 0;
  for (int i = 0; i < 4; ++i) group.spawn("critical", critical(mutex, inside, most));
  loop.run(group.join());
  EXPECT_EQ(most, 1);
}

}  // namespace
}  // namespace broadsheet::async
