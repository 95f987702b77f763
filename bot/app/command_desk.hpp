// Runs the events that platforms brought: each once, also after a restart; answers go back the way they came (design:
// architecture 5b). Used on the I/O thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>

#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "bot/commands/router.hpp"
#include "bot/net/async.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

class CommandDesk {
 public:
  struct Parts {
    store::Store& store;
    async::Offload& workers;
    Clock& clock;
    commands::Router& router;
    commands::Services& services;
    std::function<adapters::Platform*(adapters::PlatformKind)> platform;
    Zone zone = Zone::utc();
  };
  CommandDesk(const boost::asio::any_io_executor& executor, Parts parts);

  // What was accepted before a restart and not done; then stays until cancelled.
  boost::asio::awaitable<void> run();
  // A new event, already stored.
  void take(const adapters::CommandEvent& event);

 private:
  boost::asio::awaitable<void> perform(adapters::CommandEvent event);
  boost::asio::awaitable<void> answer(adapters::Platform& platform, const adapters::CommandEvent& event);
  boost::asio::awaitable<std::string> say(adapters::Platform& platform, const adapters::CommandEvent& event,
                                          const std::vector<adapters::Part>& parts, adapters::Visibility visibility,
                                          std::string key);

  Parts parts_;
  async::TaskGroup tasks_;
  async::Event never_;
};

}  // namespace broadsheet::app
