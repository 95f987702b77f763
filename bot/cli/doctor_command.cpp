// `doctor`: a table of checks with the fix under each row that fails.
#include <CLI/CLI.hpp>

#include "bot/app/doctor.hpp"
#include "bot/app/soundness.hpp"
#include "bot/cli/checks.hpp"

namespace broadsheet::cli {
namespace {

void run_doctor(Session& session) {
  if (session.settings() == nullptr) return;
  auto loaded = app::load_examined(session.config_file);
  if (!loaded.settings) {
    session.service_settings();  // says why
    return;
  }
  SystemClock clock;
  print_checks(session, [&](const auto& tell) { app::examine(loaded, clock, tell); }, "All is well.");
}

}  // namespace

void add_doctor_command(CLI::App& app, Session& session) {
  app.add_subcommand("doctor", "Check storage, clock, sources and platforms; names the fix for each row that fails")
      ->callback([&session] { run_doctor(session); });
}

}  // namespace broadsheet::cli
