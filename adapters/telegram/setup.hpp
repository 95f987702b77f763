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
  std::vector<adapters::Target> targets;  // that subscriptions name
};

awaitable<std::vector<adapters::Check>> set_up(Api& api, Place place, std::vector<Menu> menus);
awaitable<std::vector<adapters::Check>> examine(Api& api, Place place);

// https://t.me/<bot>?start=<payload>; empty if the payload is not 1-64 of A-Za-z0-9_-.
std::string start_link(std::string_view username, std::string_view payload);

}  // namespace broadsheet::telegram
