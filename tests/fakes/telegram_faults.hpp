// Which fault a call meets. Internal to the fake.
#pragma once

#include <list>
#include <optional>

#include "tests/fakes/fake_telegram.hpp"
#include "tests/fakes/telegram_world.hpp"

namespace broadsheet::fakes {

class TelegramFaults {
 public:
  void add(TelegramFault fault) { faults_.push_back(std::move(fault)); }
  void clear() { faults_.clear(); }
  // The first that matches; counted down.
  std::optional<TelegramFault> take(const std::string& method, std::int64_t chat);

  // The answer of a fault that is a row of contracts Telegram 8; nullopt for the others.
  static std::optional<TelegramAnswer> row(const TelegramFault& fault);
  static bool exists(const std::string& name);

 private:
  std::list<TelegramFault> faults_;
};

}  // namespace broadsheet::fakes
