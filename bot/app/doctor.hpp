// What `doctor` looks at: storage, clock, sources, platforms; each row says what was found and, when it fails, what to
// do.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "config/load.hpp"

namespace broadsheet::app {

using CheckRow = adapters::Check;

// Runs every check in turn, politely where arXiv is asked; `tell` gets each row as it is known. `loaded` has settings
// and has been examined.
void examine(const config::LoadOutcome& loaded, Clock& clock, const std::function<void(const CheckRow&)>& tell);

}  // namespace broadsheet::app
