#include "bot/app/outside.hpp"

#include <boost/asio/co_spawn.hpp>
#include <random>

namespace broadsheet::app {

std::uint64_t unguessable() {
  static std::random_device source;
  return (static_cast<std::uint64_t>(source()) << 32U) | source();
}

Machine::Machine(Clock& clock, std::size_t threads, const http::ClientOptions& options)
    : clock_(clock),
      workers_(threads),
      arxiv_(io_.get_executor(), workers_, clock, {}),
      platforms_(io_.get_executor(), workers_, clock, options),
      websockets_(io_.get_executor(), workers_, clock, options) {}

Outside Machine::outside() {
  return {io_.get_executor(), workers_, clock_, arxiv_, platforms_, websockets_, unguessable};
}

void Machine::run(boost::asio::awaitable<void> task) {
  boost::asio::co_spawn(io_, std::move(task), [this](const std::exception_ptr& thrown) {
    arxiv_.close_idle();
    platforms_.close_idle();
    if (thrown) std::rethrow_exception(thrown);
  });
  io_.restart();
  io_.run();
}

}  // namespace broadsheet::app
