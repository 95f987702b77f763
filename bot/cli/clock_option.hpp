// `--clock TIME[xRATE]`: rehearsing a week in a minute.
#pragma once

#include <memory>
#include <string>

#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"
#include "config/settings.hpp"

namespace broadsheet::cli {

// The system clock for an empty text. A made-up clock is refused while any base address of a source in use is a real
// one.
Result<std::unique_ptr<Clock>> make_clock(const std::string& text, const config::Settings& settings);

// True if every arXiv address of the configuration is a loopback address.
bool only_loopback_sources(const config::Settings& settings);

}  // namespace broadsheet::cli
