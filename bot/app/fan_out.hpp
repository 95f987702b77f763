// How long posting takes at least when many places are due at the same moment (design: performance 4), for the people
// who save a schedule.
#pragma once

#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/commands/answers.hpp"
#include "bot/model/subscription.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

// The subscriptions of this platform that are active and due whenever `one` is, `one` with them.
std::vector<model::Subscription> due_with(const model::Subscription& one, const std::vector<model::Subscription>& all,
                                          const model::Options& service);
commands::FanOut fan_out(const adapters::Platform& platform, const std::vector<model::Subscription>& together,
                         const model::Options& service);

// A line for each platform that is on and each moment at which it posts what the configuration wants.
Result<std::vector<std::string>> fan_out_lines(const config::Settings& settings);

}  // namespace broadsheet::app
