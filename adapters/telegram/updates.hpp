// Updates as events (contracts: Telegram 2.1, 5): commands for us, pressed buttons, changes of our standing, moves.
// Everything else, and every kind that a later version brings, is skipped. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "adapters/event.hpp"

namespace broadsheet::telegram {

struct Me {
  std::int64_t id = 0;
  std::string username;
};

std::optional<adapters::Event> event_of(const nlohmann::json& update, const Me& me);
// 0 when there is none.
std::int64_t update_id(const nlohmann::json& update);

}  // namespace broadsheet::telegram
