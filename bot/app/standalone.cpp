#include "bot/app/standalone.hpp"

#include <boost/asio/co_spawn.hpp>

#include "bot/app/platforms.hpp"
#include "bot/delivery/sink.hpp"

namespace broadsheet::app {
namespace {

class NothingStored final : public adapters::State {
 public:
  adapters::awaitable<Result<std::optional<std::string>>> get(std::string /*name*/) override {
    co_return std::optional<std::string>();
  }
  adapters::awaitable<Status> put(std::string /*name*/, std::string /*value*/) override {
    co_return Error(ErrorKind::unavailable, "there is no store to keep it in");
  }
};

}  // namespace

Standalone::Standalone(Clock& clock, store::Store* store, http::ClientOptions options)
    : clock_(clock),
      client_(io_.get_executor(), workers_, clock, options),
      websockets_(io_.get_executor(), workers_, clock, options) {
  if (store != nullptr)
    state_ = std::make_unique<delivery::StoredState>(*store, workers_);
  else
    state_ = std::make_unique<NothingStored>();
}

Standalone::~Standalone() {
  workers_.finish();
}

void Standalone::run(boost::asio::awaitable<void> task) {
  std::exception_ptr thrown;
  boost::asio::co_spawn(io_, std::move(task), [&](const std::exception_ptr& e) {
    thrown = e;
    client_.close_idle();
  });
  io_.restart();
  io_.run();
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace broadsheet::app
