// The configuration written out. Secrets are never shown.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace broadsheet::config {

// A complete file with comments; loading it gives the defaults.
std::string example();
// JSON Schema, draft 2020-12.
std::string json_schema();
// Every key with its kind, default and meaning, as Markdown: docs/configuration.md.
std::string reference();
// TOML; only what differs from the defaults, or everything when `effective`.
std::string show(const Settings& settings, bool effective);
// One [[subscription]] with every key that it sets.
std::string show(const model::Subscription& subscription);

}  // namespace broadsheet::config
