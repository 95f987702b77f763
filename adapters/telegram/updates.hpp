// Updates as events (contracts: Telegram 2.1 and 5): commands, button presses, changes of our standing. Everything
// unknown is skipped: new kinds appear with every release.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"
#include "bot/model/event.hpp"

namespace broadsheet::telegram {

struct BotName {
  std::int64_t id = 0;
  std::string username;  // without @
};

struct Received {
  std::int64_t id = 0;                // update_id
  std::optional<model::Event> event;  // nothing for us in it otherwise
  std::string callback;               // id of the callback query that waits for an answer
};

// Errors: not JSON, or no update_id.
Result<Received> read_update(std::string_view json, const BotName& bot, Moment now);

}  // namespace broadsheet::telegram
