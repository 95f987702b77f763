// `--clock TIME[xRATE]` of serve and demo: rehearsing a week in a minute (spec: interfaces 1).
#pragma once

#include <memory>
#include <string>

#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"
#include "config/settings.hpp"

namespace broadsheet::cli {

// "2026-01-12T23:00:00Z", "2026-01-12T23:00:00Zx600". Empty: the system's clock. Errors: bad_input.
Result<std::shared_ptr<Clock>> make_clock(const std::string& text);

// The first base address in use that is not a fake's on this machine; empty if all are loopback. A service whose time
// is not the world's must not talk to the world.
std::string real_address(const config::Settings& settings);

}  // namespace broadsheet::cli
