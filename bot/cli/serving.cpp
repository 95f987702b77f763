#include "bot/cli/serving.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <thread>

#include "bot/app/platforms.hpp"
#include "bot/app/serving_role.hpp"
#include "bot/base/log.hpp"
#include "bot/store/engines.hpp"

namespace broadsheet::cli {
namespace {

using boost::asio::signal_set;

constexpr std::chrono::seconds kSendingLease{20};  // design: reliability P4

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

struct Turn {
  store::Tenure tenure;
  bool lost = false;
};

boost::asio::awaitable<void> end_with(boost::asio::awaitable<void> role, Turn& turn, std::function<void()> end) {
  co_await std::move(role);
  turn.lost = true;
  end();
}

// Serves as long as the role is ours, and gives it back.
boost::asio::awaitable<void> serve_in_turn(app::Service& service, store::Leases& leases, async::Offload& workers,
                                           Clock& clock, Turn& turn, std::function<void()> end) {
  async::TaskGroup keeping(co_await boost::asio::this_coro::executor);
  keeping.spawn("role", end_with(app::keep_serving(leases, workers, clock, turn.tenure), turn, std::move(end)));
  co_await service.run();
  keeping.cancel();
  co_await keeping.join();
  auto given_back = co_await workers.run([&leases, tenure = turn.tenure] { return leases.release(tenure); });
  if (!given_back) log::warning("service.role_not_given_back", {{"why", given_back.error().what()}});
}

// Until a signal, or until `turn` is lost.
Status serve_now(const config::Settings& settings, Clock& clock, store::Store& store, const Serving& serving,
                 std::optional<Turn>& turn) {
  auto options = serving.service;
  if (turn) {
    options.sending.worker = turn->tenure.holder;
    options.sending.lease = kSendingLease;
  }
  app::Machine machine(clock, threads(settings), app::client_options(settings));
  app::Service service(settings, store, machine.outside(), std::move(options));
  signal_set stop(machine.io(), SIGINT, SIGTERM), reload(machine.io(), SIGHUP);
  auto address = service.start();
  if (!address) return std::move(address).error();
  serving.bound(*address);
  auto end = [&] {
    reload.cancel();
    stop.cancel();
    service.stop();
  };
  stop.async_wait([&](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    log::info("service.stopping", {{"signal", signal}});
    end();
  });
  boost::asio::co_spawn(machine.io(), reload_when_told(reload, machine.workers(), service, serving.read_again),
                        [](const std::exception_ptr& thrown) {
                          if (thrown) std::rethrow_exception(thrown);
                        });
  machine.run(turn ? serve_in_turn(service, store.leases(), machine.workers(), clock, *turn, end) : service.run());
  return {};
}

}  // namespace

Status serve(const config::Settings& settings, Clock& clock, store::Store& store, const Serving& serving) {
  std::optional<Turn> turn;
  if (store::is_shared(settings.storage.url)) {
    auto role = app::stand_by(store.leases(), clock, app::process_name(app::unguessable()));
    if (!role) return role.error();
    if (!*role) return {};
    turn = Turn{std::move(**role)};
  }
  auto served = serve_now(settings, clock, store, serving, turn);
  if (!served || !turn || !turn->lost) return served;
  return Error(ErrorKind::busy, "Another process serves now. Start this one again to stand by.");
}

}  // namespace broadsheet::cli
