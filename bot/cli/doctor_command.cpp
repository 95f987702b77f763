// `doctor`: a table of checks with the fix under each row that fails.
#include <CLI/CLI.hpp>
#include <iostream>

#include "bot/app/doctor.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

void run_doctor(Session& session) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  SystemClock clock;
  std::size_t failed = 0;
  app::examine(*settings, clock, [&failed](const app::CheckRow& row) {
    constexpr std::size_t kColumn = 22;
    auto name = row.what + std::string(row.what.size() < kColumn ? kColumn - row.what.size() : 1, ' ');
    std::cout << (row.ok ? "ok     " : "FAILS  ") << name << row.found << "\n";
    if (!row.ok) {
      ++failed;
      std::cout << "       " << std::string(kColumn, ' ') << "→ " << row.fix << "\n";
    }
    std::cout << std::flush;
  });
  std::cout << (failed == 0 ? std::string("All is well.")
                            : std::to_string(failed) + (failed == 1 ? " check fails." : " checks fail."))
            << "\n";
  if (failed != 0) session.exit_code = kFailed;
}

}  // namespace

void add_doctor_command(CLI::App& app, Session& session) {
  app.add_subcommand("doctor", "Check storage, clock and sources; names the fix for each row that fails")
      ->callback([&session] { run_doctor(session); });
}

}  // namespace broadsheet::cli
