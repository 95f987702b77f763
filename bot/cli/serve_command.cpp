// `serve`: the service.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "bot/app/service.hpp"
#include "bot/base/clock.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

void run_serve(Session& session) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto store = session.open_store(false);
  if (!store) return;
  SystemClock clock;
  app::Service service(*settings, clock, *store, {});
  auto address = service.start();
  if (!address) return session.fail(address.error());
  std::cerr << "broadsheet serves " << *address << std::endl;
  session.exit_code = service.run();
}

}  // namespace

void add_serve_command(CLI::App& app, Session& session) {
  app.add_subcommand("serve", "The pages, feeds and JSON interface over the store, until it is stopped")
      ->callback([&session] { run_serve(session); });
}

}  // namespace broadsheet::cli
