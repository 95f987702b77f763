#include "bot/cli/cli.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <iostream>

#include "bot/app/platforms.hpp"
#include "bot/base/log.hpp"
#include "bot/cli/output.hpp"
#include "bot/cli/session.hpp"
#include "bot/cli/usage.hpp"

namespace broadsheet::cli {
namespace {

void add_globals(CLI::App& app, Session& session) {
  app.add_option("--config", session.config_file,
                 "Configuration file (default: broadsheet.toml here, then /etc/broadsheet/broadsheet.toml)")
      ->type_name("FILE");
  app.add_option("--log-level", session.log_level, "debug, info, warning, error or off")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->type_name("LEVEL");
  app.add_option("--log-format", session.log_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
}

void configure_log(const Session& session) {
  auto level = log::Level::warning;
  if (session.log_level == "debug") level = log::Level::debug;
  if (session.log_level == "info") level = log::Level::info;
  if (session.log_level == "error") level = log::Level::error;
  if (session.log_level == "off") level = log::Level::off;
  log::configure(level, session.log_format == "json" ? log::Format::json : log::Format::text);
}

int finished(Session& session) {
  if (auto arrived = end_of_output(); !arrived && session.exit_code == kDone)
    session.fail(kFailed, arrived.error().what());
  return session.exit_code;
}

int parse_and_run(int argc, char** argv) {
  app::platform_modules();  // targets can be read from here on
  Session session;
  CLI::App app("Broadsheet: the day's arXiv papers, chosen and explained, where your team talks.", "broadsheet");
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->column_width(34);
  app.set_help_all_flag("--help-all", "Help for every command");
  add_globals(app, session);
  app.parse_complete_callback([&session] { configure_log(session); });

  add_demo_command(app, session);
  add_serve_command(app, session);
  add_digest_command(app, session);
  add_lookup_commands(app, session);
  add_import_command(app, session);
  add_export_command(app, session);
  add_text_commands(app, session);
  add_config_commands(app, session);
  add_storage_commands(app, session);
  add_outbox_commands(app, session);
  add_slack_commands(app, session);
  add_matrix_commands(app, session);
  add_subscription_commands(app, session);
  add_telegram_commands(app, session);
  add_doctor_command(app, session);
  add_version_command(app, session);
  add_help_command(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) {  // help or the version was asked for
      app.exit(e);
      return finished(session);
    }
    std::cerr << usage_error(app, e);
    return kUsage;
  }
  return finished(session);
}

}  // namespace

int run(int argc, char** argv) {
  // A reader that goes away (`broadsheet … | head`) is not an error worth a signal.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return parse_and_run(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "broadsheet: something failed on our side: " << e.what() << "\n";
    return kFailed;
  }
}

}  // namespace broadsheet::cli
