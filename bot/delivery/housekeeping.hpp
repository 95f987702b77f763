// Keeps the store of delivery bounded and its figures on /metrics.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/base/metrics.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::delivery {

// Until cancelled: figures every five minutes; every hour finished messages older than thirty days and event ids whose
// time is over are forgotten (design: reliability P11).
boost::asio::awaitable<void> keep_house(store::Store& store, async::Offload& workers, Clock& clock, Metrics& metrics);

}  // namespace broadsheet::delivery
