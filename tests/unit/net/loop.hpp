// Running coroutines in tests: one loop, with a guard against hanging.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>

#include "bot/async/async.hpp"

namespace broadsheet::test {

inline Moment some_moment() {
  return *parse_iso("2025-12-19T01:00:00Z");
}

// Gives everybody else their turn until it holds; real sockets answer when they do, and Loop::run has a guard.
template <class Holds>
boost::asio::awaitable<void> becomes(Holds holds) {
  while (!holds()) co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
}

struct Loop {
  boost::asio::io_context context{1};

  // Runs the loop until the task ends; its exception arrives here. Fails the test after `guard`.
  void run(boost::asio::awaitable<void> task, std::chrono::seconds guard = std::chrono::seconds(20)) {
    std::exception_ptr thrown;
    bool done = false;
    boost::asio::co_spawn(context, std::move(task), [&](const std::exception_ptr& e) {
      thrown = e;
      done = true;
    });
    auto end = std::chrono::steady_clock::now() + guard;
    context.restart();
    while (!done && std::chrono::steady_clock::now() < end) {
      context.run_for(std::chrono::milliseconds(50));
      if (context.stopped()) break;
    }
    if (!done) ADD_FAILURE() << "the task did not end";
    if (thrown) std::rethrow_exception(thrown);
  }
  // The same in the time of a clock that moves on whenever nothing is left to do. For tasks without threads or sockets.
  void run(boost::asio::awaitable<void> task, ManualClock& clock) {
    std::exception_ptr thrown;
    bool done = false;
    boost::asio::co_spawn(context, std::move(task), [&](const std::exception_ptr& e) {
      thrown = e;
      done = true;
    });
    settle(clock, [&done] { return done; });
    if (!done) ADD_FAILURE() << "the task waits for something that never comes";
    if (thrown) std::rethrow_exception(thrown);
  }
  // Runs the task in that clock's time until it holds, then cancels it, as a stopping service does.
  template <class Holds>
  void run_until(boost::asio::awaitable<void> task, ManualClock& clock, Holds holds) {
    boost::asio::cancellation_signal stop;
    bool done = false;
    boost::asio::co_spawn(context, std::move(task),
                          boost::asio::bind_cancellation_slot(
                              stop.slot(), [&](const std::exception_ptr& /*cancelled*/) { done = true; }));
    settle(clock, [&] { return done || holds(); });
    EXPECT_TRUE(holds()) << "the task waits for something that never comes";
    stop.emit(boost::asio::cancellation_type::terminal);
    settle(clock, [&] { return done; });
    EXPECT_TRUE(done) << "the task does not stop";
  }
  // Until it holds, or nobody waits for a moment.
  template <class Holds>
  void settle(ManualClock& clock, Holds holds) {
    do {
      context.restart();
      while (!holds() && context.poll_one() > 0) {
      }
    } while (!holds() && clock.advance_to_next());
  }
  // Lets what is left (closing connections) end.
  void drain() {
    context.restart();
    context.run_for(std::chrono::milliseconds(200));
  }
};

}  // namespace broadsheet::test
