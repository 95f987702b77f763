#include "bot/app/standalone.hpp"

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

Standalone::Standalone(Clock& clock, store::Store* store, const http::ClientOptions& options)
    : machine_(clock, 1, options) {
  if (store != nullptr)
    state_ = std::make_unique<delivery::StoredState>(*store, machine_.workers());
  else
    state_ = std::make_unique<NothingStored>();
}

}  // namespace broadsheet::app
