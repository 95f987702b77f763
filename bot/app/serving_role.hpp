// Of several processes on one store, one serves and the others stand by until its lease ends (docs/scaling.md; design:
// reliability P5). Where one process owns the store there is nothing to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/store/leases.hpp"

namespace broadsheet::app {

// How long others take one that is silent for alive.
inline constexpr std::chrono::seconds kServingLease{15};

// A name that no other process has or had, and that people can tell apart.
std::string process_name(std::uint64_t random);

// Waits on the calling thread until the role is this process's. Nothing: it was told to end (SIGTERM, SIGINT) before.
Result<std::optional<store::Tenure>> stand_by(store::Leases& leases, Clock& clock, const std::string& holder);

// Renews the lease. Returns when the role is lost, or when that may be so: before others may have begun.
async::awaitable<void> keep_serving(store::Leases& leases, async::Offload& workers, Clock& clock, store::Tenure tenure);

}  // namespace broadsheet::app
