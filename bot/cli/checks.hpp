// Rows of `doctor` and of the platforms' set-up commands.
#pragma once

#include <functional>

#include "adapters/platform.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {

// Prints each row that `run` tells, the fix under those that fail, and one line in the end; a failed row is exit status
// 1.
void print_checks(Session& session, const std::function<void(const std::function<void(const adapters::Check&)>&)>& run,
                  const std::string& all_well);

}  // namespace broadsheet::cli
