// Wakes a loop that rests: it waits for the bell, but not for ever. Used on the I/O thread.
#pragma once

#include <utility>

#include "bot/async/async.hpp"

namespace broadsheet::async {

class Bell {
 public:
  Bell(const asio::any_io_executor& executor, Clock& clock) : timer_(executor, clock) {}

  // Whoever waits is woken; else the next wait ends at once.
  void ring() {
    rung_ = true;
    timer_.cancel();
  }
  // What rang until now is forgotten.
  void silence() { rung_ = false; }
  // At most `d` of the clock's time; true if it rang, which is forgotten then. Cancellable. One coroutine waits.
  awaitable<bool> wait(std::chrono::nanoseconds d) {
    if (!rung_) {
      timer_.expires_after(d);
      co_await timer_.wait();
    }
    co_return std::exchange(rung_, false);
  }

 private:
  Timer timer_;
  bool rung_ = false;
};

}  // namespace broadsheet::async
