// What `doctor` looks at: storage, clock, sources, platforms; each row says what was found and, when it fails, what to
// do.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

using CheckRow = adapters::Check;

// Runs every check in turn, politely where arXiv is asked; `tell` gets each row as it is known.
void examine(const config::Settings& settings, Clock& clock, const std::function<void(const CheckRow&)>& tell);

}  // namespace broadsheet::app
