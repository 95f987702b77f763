// What an operator runs once (`telegram setup`) and looks at (`doctor`).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/telegram/api.hpp"

namespace broadsheet::telegram {

// Commands of one menu (contracts: Telegram 5).
struct Menu {
  std::string scope = "default";
  std::string language;  // two letters; empty: everybody else
  std::vector<Command> commands;
};

struct Place {
  std::string mode;         // "poll" or "webhook"
  std::string webhook_url;  // of the webhook mode
  std::string secret;
  std::vector<model::Target> targets;  // that subscriptions name
};

// One row per menu.
awaitable<std::vector<adapters::Check>> register_menus(Api& api, std::vector<Menu> menus);
// The webhook set, or removed: never both ways in (spec: commands 8).
awaitable<adapters::Check> set_way_in(Api& api, Place place);
awaitable<std::vector<adapters::Check>> examine(Api& api, Place place);

// Who the bot is, or why the server does not know it.
adapters::Check bot_row(const Answer<Me>& me);

// https://t.me/<bot>?start=<payload>; empty if the payload is not 1-64 of A-Za-z0-9_-.
std::string start_link(std::string_view username, std::string_view payload);

}  // namespace broadsheet::telegram
