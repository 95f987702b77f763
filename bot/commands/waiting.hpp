// Waiting for something that others do.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>

#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::commands {

// False when it has not happened in that time. Cancellation travels as an exception.
boost::asio::awaitable<bool> happens_within(Clock& clock, std::chrono::seconds time, async::Event& event);

}  // namespace broadsheet::commands
