#include "bot/cli/checks.hpp"

#include <iostream>

namespace broadsheet::cli {
namespace {

void print_row(const adapters::Check& row) {
  constexpr std::size_t kColumn = 26;
  auto name = row.what + std::string(row.what.size() < kColumn ? kColumn - row.what.size() : 1, ' ');
  std::cout << (row.ok ? "ok     " : "FAILS  ") << name << row.found << "\n";
  if (!row.ok) std::cout << "       " << std::string(kColumn, ' ') << "→ " << row.fix << "\n";
  std::cout << std::flush;
}

}  // namespace

void print_checks(Session& session, const std::function<void(const std::function<void(const adapters::Check&)>&)>& run,
                  const std::string& all_well) {
  std::size_t failed = 0;
  run([&failed](const adapters::Check& row) {
    print_row(row);
    failed += row.ok ? 0 : 1;
  });
  std::cout << (failed == 0 ? all_well : std::to_string(failed) + (failed == 1 ? " check fails." : " checks fail."))
            << "\n";
  if (failed != 0) session.exit_code = kFailed;
}

}  // namespace broadsheet::cli
