// `doctor`: a table of checks with the fix under each row that fails.
#include <CLI/CLI.hpp>

#include "bot/app/doctor.hpp"
#include "bot/cli/checks.hpp"

namespace broadsheet::cli {
namespace {

void run_doctor(Session& session) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  SystemClock clock;
  print_checks(session, [&](const auto& tell) { app::examine(*settings, clock, tell); }, "All is well.");
}

}  // namespace

void add_doctor_command(CLI::App& app, Session& session) {
  app.add_subcommand("doctor", "Check storage, clock, sources and platforms; names the fix for each row that fails")
      ->callback([&session] { run_doctor(session); });
}

}  // namespace broadsheet::cli
