// Structured coroutines on one I/O thread (design: architecture 6). Everything here is used on that thread only; the
// one exception is Offload, whose functions run on its own threads, values in and values out.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"

namespace broadsheet::async {

namespace asio = boost::asio;
template <class T>
using awaitable = asio::awaitable<T>;

// `auto [ec, n] = co_await socket.async_read_some(buffer, nothrow);`
inline constexpr auto nothrow = asio::as_tuple(asio::use_awaitable);

// Throws operation_aborted if this coroutine was cancelled. To be called after a failed `nothrow` operation, or the
// cancelled coroutine would run on to its next wait (architecture R13).
awaitable<void> check_cancelled();

// A timer in the clock's time: of a clock that moves by itself, or of one that somebody moves.
class Timer {
 public:
  Timer(const asio::any_io_executor& executor, Clock& clock) : clock_(clock), timer_(executor) {}
  // Counted from now; whoever waits is let go.
  void expires_after(std::chrono::nanoseconds d);
  void cancel();
  // Until the time is over or cancel() was called. Cancellable.
  awaitable<void> wait();
  // `done(over)`: `over` is false after cancel(). The timer must live until then.
  void then(std::function<void(bool over)> done);

 private:
  Clock& clock_;
  asio::steady_timer timer_;
  std::unique_ptr<Clock::Sleeper> sleeper_;
  bool woken_ = false;  // by the clock
};

// Waits `d` of the clock's time.
awaitable<void> sleep_for(Clock& clock, std::chrono::milliseconds d);

// A flag that coroutines can wait for. Waiting is cancellable.
class Event {
 public:
  explicit Event(const asio::any_io_executor& executor) : timer_(executor, asio::steady_timer::time_point::max()) {}
  void set() {
    set_ = true;
    timer_.cancel();
  }
  void clear() { set_ = false; }
  bool is_set() const { return set_; }
  awaitable<void> wait();

 private:
  asio::steady_timer timer_;
  bool set_ = false;
};

namespace detail {

template <class T>
struct Caught {
  Result<T> result;
  std::exception_ptr thrown;
};

// A timer that cancels what runs against it. Shared with the timer's handler, which may run after the race.
struct Race : std::enable_shared_from_this<Race> {
  Race(const asio::any_io_executor& executor, Clock& clock) : timer(executor, clock) {}
  void start(std::chrono::nanoseconds d);
  Timer timer;
  asio::cancellation_signal signal;
  bool expired = false;
};

// Brings an exception of the raced operation out as a value.
template <class T>
awaitable<Caught<T>> caught(awaitable<Result<T>> operation) {
  Caught<T> out;
  try {
    out.result = co_await std::move(operation);
  } catch (...) {
    out.thrown = std::current_exception();
  }
  co_return out;
}

}  // namespace detail

// The operation's result, or a transient Error after `d`: then the operation is cancelled and waited for.
template <class T>
awaitable<Result<T>> with_timeout(Clock& clock, std::chrono::milliseconds d, awaitable<Result<T>> operation) {
  auto executor = co_await asio::this_coro::executor;
  auto state = co_await asio::this_coro::cancellation_state;
  auto race = std::make_shared<detail::Race>(executor, clock);
  race->start(d);
  // Whoever cancels us cancels the operation.
  if (auto slot = state.slot(); slot.is_connected())
    slot.assign([race](asio::cancellation_type type) { race->signal.emit(type); });
  auto done = co_await asio::co_spawn(executor, detail::caught(std::move(operation)),
                                      asio::bind_cancellation_slot(race->signal.slot(), asio::use_awaitable));
  race->timer.cancel();
  if (race->expired && (done.thrown || !done.result))
    co_return Error(ErrorKind::transient, "timed out after " + std::to_string(d.count()) + " ms");
  if (done.thrown) std::rethrow_exception(done.thrown);
  co_return std::move(done.result);
}

// Owns the coroutines spawned into it. A child's unexpected exception is logged and ends that child only; cancellation
// is silence. Must be empty when destroyed: cancel(), then join().
class TaskGroup {
 public:
  explicit TaskGroup(const asio::any_io_executor& executor);
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  // `name` is for the log. Arguments of the task must be values or outlive the group (architecture R14).
  void spawn(std::string name, awaitable<void> task);
  // Asks all children to stop. On the I/O thread only.
  void cancel();
  // Returns when no child is left. Cancelled while waiting, it cancels the children and waits for them first.
  awaitable<void> join();
  std::size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the children's completion handlers
};

// Threads for what blocks or computes. Destruction waits for what is running and drops what has not begun; it must
// happen while the io_context still exists. When the awaiting coroutine is cancelled, the function finishes unheard.
class Offload {
 public:
  // Without threads the work is done on the I/O thread, in the order in which it was asked for: for rehearsals that go
  // the same way every time.
  explicit Offload(std::size_t threads) {
    if (threads > 0) pool_.emplace(threads);
  }
  ~Offload() { finish(); }
  Offload(const Offload&) = delete;
  Offload& operator=(const Offload&) = delete;

  // Waits for what is running, drops what has not begun, takes nothing more: for an owner whose other parts are used by
  // functions that nobody awaits any longer.
  void finish() {
    if (!pool_) return;
    pool_->stop();
    pool_->join();
  }

  // Runs `fn()` on a pool thread; its value or exception arrives here. Give it values: who awaits may be gone first.
  template <class Fn>
  awaitable<std::invoke_result_t<Fn>> run(Fn fn) {
    using T = std::invoke_result_t<Fn>;
    auto executor = co_await asio::this_coro::executor;
    if (!pool_) {
      co_await asio::post(executor, asio::use_awaitable);  // others have their turn, as they would have
      co_await check_cancelled();
      co_return fn();
    }
    auto job = std::make_shared<Job<T>>(executor);
    asio::post(*pool_, [executor, job, work = std::move(fn)]() mutable {
      job->perform(work);
      auto* raw = job.get();  // the loop's copy must be the last one: a timer dies on its own thread
      asio::post(executor, [kept = std::move(job), raw] { raw->finished.set(); });
    });
    co_await job->finished.wait();
    if (job->thrown) std::rethrow_exception(job->thrown);
    if constexpr (!std::is_void_v<T>) co_return std::move(*job->value);
  }

 private:
  template <class T>
  struct Job {
    explicit Job(const asio::any_io_executor& executor) : finished(executor) {}
    template <class Fn>
    void perform(Fn& fn) {
      try {
        if constexpr (std::is_void_v<T>)
          fn();
        else
          value = fn();
      } catch (...) {
        thrown = std::current_exception();
      }
    }
    Event finished;
    std::optional<std::conditional_t<std::is_void_v<T>, bool, T>> value;
    std::exception_ptr thrown;
  };
  std::optional<asio::thread_pool> pool_;
};

// Mutual exclusion between coroutines of one thread, across waits.
class AsyncMutex {
 public:
  explicit AsyncMutex(const asio::any_io_executor& executor) : freed_(executor) {}

  class [[nodiscard]] Guard {
   public:
    Guard() = default;
    explicit Guard(AsyncMutex& mutex) : mutex_(&mutex) {}
    Guard(Guard&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Guard& operator=(Guard&& other) noexcept {
      std::swap(mutex_, other.mutex_);
      return *this;
    }
    ~Guard() {
      if (mutex_ != nullptr) mutex_->unlock();
    }

   private:
    AsyncMutex* mutex_ = nullptr;
  };
  awaitable<Guard> lock();

 private:
  void unlock();
  Event freed_;
  bool locked_ = false;
};

}  // namespace broadsheet::async
