// `subscriptions export` and `import`: subscriptions in the form that the configuration has, so that a file can be
// moved to another machine or pasted into broadsheet.toml.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "bot/store/subscriptions.hpp"
#include "config/settings.hpp"

namespace broadsheet::places {

// Every [[subscription]] that people made, with all options decided; those of the configuration are there already.
std::string export_subscriptions(const std::vector<model::Subscription>& all, const model::Options& service);

// Adds or changes; same target and categories: the same subscription. One that the configuration fixes stays as it is.
// A sentence that says what was done. Errors: bad_input with every problem, a line each; nothing is changed then.
Result<std::string> import_subscriptions(store::Subscriptions& store, std::string_view text, const std::string& file,
                                         Moment now);

}  // namespace broadsheet::places
