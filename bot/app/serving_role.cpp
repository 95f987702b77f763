#include "bot/app/serving_role.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

#include "bot/base/log.hpp"

namespace broadsheet::app {
namespace {

using async::awaitable;
using std::chrono::milliseconds;

constexpr const char* kRole = "serve";
constexpr std::chrono::seconds kRenewal{5}, kLook{1};
// From when the renewal was sent; the rest of the lease is for what is under way.
constexpr std::chrono::seconds kTrust{12};

using Taken = Result<std::optional<store::Tenure>>;

// A store that is away is no reason to give up: whoever serves now may be cut off as well.
awaitable<void> take(store::Leases& leases, async::Offload& workers, Clock& clock, std::string holder, Taken& out) {
  for (bool told = false;; told = true) {
    auto tenure = co_await workers.run([&leases, &holder, now = clock.now()] {
      return leases.take(kRole, holder, now, std::chrono::duration_cast<milliseconds>(kServingLease));
    });
    if (!tenure) log::warning("service.role_unknown", {{"why", tenure.error().what()}});
    if (tenure && *tenure) {
      out = std::move(tenure);
      co_return;
    }
    if (!told) log::info("service.stands_by", {{"as", holder}});
    co_await async::sleep_for(clock, kLook);
  }
}

awaitable<void> take_and_end(awaitable<void> taking, boost::asio::signal_set& stop) {
  co_await std::move(taking);
  stop.cancel();
}

// By a signal, or because the role is ours.
awaitable<void> until_ended(async::TaskGroup& tasks, boost::asio::signal_set& stop) {
  co_await stop.async_wait(async::nothrow);
  tasks.cancel();
  co_await tasks.join();
}

}  // namespace

std::string process_name(std::uint64_t random) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host = {"host"};
  return std::string(host.data()) + "/" + std::to_string(::getpid()) + "/" + std::to_string(random);
}

Taken stand_by(store::Leases& leases, Clock& clock, const std::string& holder) {
  boost::asio::io_context io{1};
  async::Offload workers(1);
  async::TaskGroup tasks(io.get_executor());
  boost::asio::signal_set stop(io, SIGINT, SIGTERM);
  Taken out{std::optional<store::Tenure>()};
  tasks.spawn("role", take_and_end(take(leases, workers, clock, holder, out), stop));
  boost::asio::co_spawn(io, until_ended(tasks, stop), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  io.run();
  workers.finish();
  return out;
}

awaitable<void> keep_serving(store::Leases& leases, async::Offload& workers, Clock& clock, store::Tenure tenure) {
  for (auto trusted_until = clock.steady_now() + kTrust;;) {
    auto asked = clock.steady_now();
    auto renew = [&leases, tenure, now = clock.now()]() -> Result<bool> {
      return leases.renew(tenure, now, std::chrono::duration_cast<milliseconds>(kServingLease));
    };
    auto left = std::chrono::ceil<milliseconds>(trusted_until - asked);
    if (left <= milliseconds(0)) break;
    auto ours = co_await async::with_timeout(clock, left, workers.run(std::move(renew)));
    if (ours && !*ours) break;
    if (ours) trusted_until = asked + kTrust;
    if (!ours) log::warning("service.role_not_renewed", {{"why", ours.error().what()}});
    auto rest = std::chrono::floor<milliseconds>(trusted_until - clock.steady_now());
    auto wait = ours ? milliseconds(kRenewal) : milliseconds(kLook);
    co_await async::sleep_for(clock, std::max(milliseconds(0), std::min(wait, rest)));
  }
  log::error("service.role_lost",
             {{"as", tenure.holder}, {"fix", "nothing: another process serves; start this one again"}});
}

}  // namespace broadsheet::app
