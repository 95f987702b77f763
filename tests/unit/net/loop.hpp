// Running coroutines in tests: one loop, with a guard against hanging.
#pragma once

#include <gtest/gtest.h>

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
  // Lets what is left (closing connections) end.
  void drain() {
    context.restart();
    context.run_for(std::chrono::milliseconds(200));
  }
};

}  // namespace broadsheet::test
