// A machine and a state for one-shot commands that use an adapter without the service.
#pragma once

#include <memory>

#include "adapters/platform.hpp"
#include "bot/app/outside.hpp"
#include "bot/app/platforms.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

class Standalone {
 public:
  // Without a store nothing is known and nothing is kept.
  explicit Standalone(Clock& clock, store::Store* store = nullptr,
                      const http::ClientOptions& options = client_options());

  boost::asio::any_io_executor executor() { return machine_.io().get_executor(); }
  adapters::State& state() { return *state_; }
  Doors doors() { return doors_of(machine_.outside(), *state_); }
  // Runs the loop until the task ends; what it throws is thrown here.
  void run(boost::asio::awaitable<void> task) { machine_.run(std::move(task)); }

 private:
  std::unique_ptr<adapters::State> state_;
  Machine machine_;  // last: its threads may still work on the state
};

}  // namespace broadsheet::app
