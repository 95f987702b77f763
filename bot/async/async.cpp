#include "bot/async/async.hpp"

#include <boost/system/system_error.hpp>
#include <cassert>
#include <list>

#include "bot/base/log.hpp"

namespace broadsheet::async {

awaitable<void> check_cancelled() {
  auto state = co_await asio::this_coro::cancellation_state;
  if (state.cancelled() != asio::cancellation_type::none)
    throw boost::system::system_error(asio::error::operation_aborted);
}

void Timer::expires_after(std::chrono::nanoseconds d) {
  auto time = std::chrono::duration_cast<SteadyMoment::duration>(d);
  woken_ = false;
  sleeper_.reset();
  if (d.count() > 0)
    sleeper_ = clock_.sleeper(clock_.steady_now() + time, [this] {
      woken_ = true;
      timer_.expires_at(SteadyMoment::min());  // also for those who begin to wait later
    });
  if (sleeper_)
    timer_.expires_at(SteadyMoment::max());
  else
    timer_.expires_after(std::chrono::duration_cast<SteadyMoment::duration>(clock_.real(time)));
}

void Timer::cancel() {
  sleeper_.reset();
  timer_.cancel();
}

awaitable<void> Timer::wait() {
  co_await timer_.async_wait(nothrow);
  co_await check_cancelled();
}

void Timer::then(std::function<void(bool over)> done) {
  timer_.async_wait([this, done = std::move(done)](const boost::system::error_code& ec) { done(!ec || woken_); });
}

awaitable<void> sleep_for(Clock& clock, std::chrono::milliseconds d) {
  Timer timer(co_await asio::this_coro::executor, clock);
  timer.expires_after(d);
  co_await timer.wait();
}

awaitable<void> Event::wait() {
  while (!set_) {
    co_await timer_.async_wait(nothrow);
    co_await check_cancelled();
  }
}

void detail::Race::start(std::chrono::nanoseconds d) {
  timer.expires_after(d);
  timer.then([self = shared_from_this()](bool over) {
    if (!over) return;
    self->expired = true;
    self->signal.emit(asio::cancellation_type::terminal);
  });
}

struct TaskGroup::State {
  explicit State(const asio::any_io_executor& e) : executor(e), empty(e) { empty.set(); }
  asio::any_io_executor executor;
  std::list<asio::cancellation_signal> children;
  Event empty;
  bool cancelled = false;  // until joined: what a child still spawns has to stop as well
};

TaskGroup::TaskGroup(const asio::any_io_executor& executor) : state_(std::make_shared<State>(executor)) {}

TaskGroup::~TaskGroup() {
  assert(state_->children.empty() && "TaskGroup destroyed before it was joined");
}

namespace {

void tell(const std::string& name, const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& e) {
    if (e.code() != asio::error::operation_aborted) log::error("task.failed", {{"task", name}, {"what", e.what()}});
  } catch (const std::exception& e) {
    log::error("task.failed", {{"task", name}, {"what", e.what()}});
  }
}

}  // namespace

void TaskGroup::spawn(std::string name, awaitable<void> task) {
  auto state = state_;
  state->empty.clear();
  auto child = state->children.emplace(state->children.end());
  auto finished = [state, child, name = std::move(name)](const std::exception_ptr& thrown) {
    if (thrown) tell(name, thrown);
    state->children.erase(child);
    if (state->children.empty()) state->empty.set();
  };
  asio::co_spawn(state->executor, std::move(task), asio::bind_cancellation_slot(child->slot(), std::move(finished)));
  if (state->cancelled) child->emit(asio::cancellation_type::terminal);
}

void TaskGroup::cancel() {
  state_->cancelled = true;
  for (auto child = state_->children.begin(); child != state_->children.end();) {
    auto current = child++;  // a child may end, and leave the list, inside emit
    current->emit(asio::cancellation_type::terminal);
  }
}

awaitable<void> TaskGroup::join() {
  auto state = state_;
  std::exception_ptr thrown;
  try {
    co_await state->empty.wait();
  } catch (...) {
    thrown = std::current_exception();
  }
  if (!thrown) {
    state->cancelled = false;
    co_return;
  }
  // Cancelled while waiting: the children go first, then the cancellation travels on.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  cancel();
  co_await state->empty.wait();
  state->cancelled = false;
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  std::rethrow_exception(thrown);
}

std::size_t TaskGroup::size() const {
  return state_->children.size();
}

awaitable<AsyncMutex::Guard> AsyncMutex::lock() {
  while (locked_) {
    freed_.clear();
    co_await freed_.wait();
  }
  locked_ = true;
  co_return Guard(*this);
}

void AsyncMutex::unlock() {
  locked_ = false;
  freed_.set();
}

}  // namespace broadsheet::async
