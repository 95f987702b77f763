// What stands in the chats after a fan-out, against what was to be sent and what the operator is told.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/store/store.hpp"
#include "tests/fakes/fake_telegram.hpp"

namespace broadsheet::fanout {

struct Verdict {
  // Losses, copies that nothing allows, disorder: empty when all is well. A copy too many is allowed where nothing of
  // ours was known yet to search from, one for each ambiguous send that `outbox list` shows (design: reliability P2).
  std::vector<std::string> problems;
  std::size_t unknown = 0;  // messages with an ambiguous send behind them
  std::size_t doubled = 0;  // copies too many
};
Verdict judge(const fakes::FakeTelegram& telegram, store::Store& store, const std::vector<std::int64_t>& chats,
              int messages);

}  // namespace broadsheet::fanout
