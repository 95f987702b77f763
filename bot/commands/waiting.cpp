#include "bot/commands/waiting.hpp"

namespace broadsheet::commands {

boost::asio::awaitable<bool> happens_within(Clock& clock, std::chrono::seconds time, async::Event& event) {
  auto wait = [](async::Event& awaited) -> boost::asio::awaitable<Result<bool>> {
    co_await awaited.wait();
    co_return true;
  };
  auto happened = co_await async::with_timeout<bool>(clock, time, wait(event));
  co_return happened.has_value();
}

}  // namespace broadsheet::commands
