// `telegram setup`: what Telegram has to be told once.
#include <CLI/CLI.hpp>

#include "bot/app/telegram_menus.hpp"
#include "bot/cli/checks.hpp"

namespace broadsheet::cli {
namespace {

void run_setup(Session& session) {
  const auto* settings = session.settings("telegram");
  if (settings == nullptr) return;
  if (settings->telegram.token.empty())
    return session.fail(kUsage,
                        "no Telegram token is configured; ask @BotFather for one (/newbot), put it into the "
                        "environment and write token = \"env:TELEGRAM_TOKEN\" under [telegram]");
  SystemClock clock;
  print_checks(
      session,
      [&](const auto& tell) {
        for (const auto& step : app::set_up_telegram(*settings, clock)) tell(step);
      },
      "Telegram is set up. Next: `broadsheet serve`, then write /start to the bot.");
}

}  // namespace

void add_telegram_commands(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand("telegram", "Set up the Telegram bot");
  command->require_subcommand(1);
  command->add_subcommand("setup", "Register the command menus and set or remove the webhook, as configured")
      ->callback([&session] { run_setup(session); });
}

}  // namespace broadsheet::cli
