// Everything in a configuration that `serve` will read, tried by the code that `serve` uses, without a request and
// without leaving a trace: files, addresses, the platforms' own conditions, what subscriptions want. One reading for
// `config check`, `doctor`, the start and the reload.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "config/load.hpp"

namespace broadsheet::app {

// Those that the configuration switches on, the built-in one with them.
std::set<model::PlatformName> platforms_on(const config::Settings& settings);
// Adds what is found to the outcome of loading; nothing where no settings could be read.
void examine_settings(config::LoadOutcome& loaded);
// The configuration that --config names, or the search order finds, loaded and examined.
config::LoadOutcome load_examined(const std::string& named);

}  // namespace broadsheet::app
