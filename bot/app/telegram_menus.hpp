// Telegram's command menus, made from the command table (spec: commands 2, Discovery), and what an operator runs.
#pragma once

#include <vector>

#include "adapters/telegram/setup.hpp"
#include "bot/base/clock.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

// One menu per scope: managers see what they may change, others what they may read; for everybody's language, as the
// texts are in one.
std::vector<telegram::Menu> telegram_menus();

// `telegram setup`: registers the menus, sets or removes the webhook. One row per step.
std::vector<adapters::Check> set_up_telegram(const config::Settings& settings, Clock& clock);

}  // namespace broadsheet::app
