#include "bot/app/telegram_menus.hpp"

#include "adapters/telegram/telegram.hpp"
#include "bot/app/platforms.hpp"
#include "bot/app/standalone.hpp"
#include "bot/commands/spec.hpp"

namespace broadsheet::app {
namespace {

telegram::Menu menu_for(const char* scope, model::Role role) {
  telegram::Menu out;
  out.scope = scope;
  for (auto& entry : commands::menu(role))
    out.commands.push_back({std::move(entry.command), std::move(entry.description)});
  return out;
}

}  // namespace

std::vector<telegram::Menu> telegram_menus() {
  using model::Role;
  return {menu_for("default", Role::member), menu_for("all_private_chats", Role::manager),
          menu_for("all_group_chats", Role::member), menu_for("all_chat_administrators", Role::manager)};
}

std::vector<adapters::Check> set_up_telegram(const config::Settings& settings, Clock& clock) {
  Standalone alone(clock);
  telegram::TelegramOptions options;
  options.public_url = settings.service.public_url;
  auto doors = alone.doors();
  telegram::Telegram bot(settings.telegram, doors.transport, clock, doors.state, options);
  std::vector<adapters::Check> out;
  alone.run([](telegram::Telegram& platform, std::vector<adapters::Check>& rows) -> adapters::awaitable<void> {
    rows = co_await platform.setup(telegram_menus());
  }(bot, out));
  return out;
}

}  // namespace broadsheet::app
