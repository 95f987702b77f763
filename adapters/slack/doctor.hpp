// What `doctor` looks at: tokens, scopes, addresses; each row names the fix (contracts: Slack 7, 12).
#pragma once

#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/slack/api.hpp"
#include "adapters/slack/installations.hpp"
#include "config/settings.hpp"

namespace broadsheet::slack {

awaitable<std::vector<adapters::Check>> examine(Api& api, Installations& installations, const config::Slack& settings,
                                                std::string public_url);

}  // namespace broadsheet::slack
