#include "bot/cli/serving.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <thread>

#include "bot/app/platforms.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::cli {
namespace {

using boost::asio::signal_set;

std::size_t threads(const config::Settings& settings) {
  if (settings.service.threads > 0) return static_cast<std::size_t>(settings.service.threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

// Until the set is cancelled.
boost::asio::awaitable<void> reload_when_told(signal_set& told, async::Offload& workers, app::Service& service,
                                              const ReadSettings& read_again) {
  while (true) {
    auto [ec, signal] = co_await told.async_wait(async::nothrow);
    if (ec) co_return;
    if (!read_again) continue;
    auto fresh = co_await workers.run([&read_again] { return read_again(); });
    if (fresh)
      co_await service.reload(std::move(*fresh));
    else
      log::error("config.kept", {{"why", fresh.error().what()}});
  }
}

}  // namespace

Status serve(const config::Settings& settings, Clock& clock, store::Store& store, const Serving& serving) {
  app::Machine machine(clock, threads(settings), app::client_options(settings));
  app::Service service(settings, store, machine.outside(), serving.service);
  signal_set stop(machine.io(), SIGINT, SIGTERM), reload(machine.io(), SIGHUP);
  auto address = service.start();
  if (!address) return std::move(address).error();
  serving.bound(*address);
  stop.async_wait([&](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    log::info("service.stopping", {{"signal", signal}});
    reload.cancel();
    service.stop();
  });
  boost::asio::co_spawn(machine.io(), reload_when_told(reload, machine.workers(), service, serving.read_again),
                        [](const std::exception_ptr& thrown) {
                          if (thrown) std::rethrow_exception(thrown);
                        });
  machine.run(service.run());
  return {};
}

}  // namespace broadsheet::cli
