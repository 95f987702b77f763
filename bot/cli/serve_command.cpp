// `serve`: the service.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "bot/app/service.hpp"
#include "bot/cli/clock_option.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

void run_serve(Session& session, const std::string& clock_text) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto clock = make_clock(clock_text, *settings);
  if (!clock) return session.fail(kUsage, clock.error().what());
  if (!clock_text.empty() && !only_loopback_sources(*settings))
    return session.fail(kUsage, "--clock rehearses against fakes: point arxiv.*_url at loopback addresses first");
  auto store = session.open_store(false);
  if (!store) return;
  app::Service service(*settings, **clock, *store, {});
  auto address = service.start();
  if (!address) return session.fail(address.error());
  std::cerr << "broadsheet serves " << *address << std::endl;
  session.exit_code = service.run();
}

}  // namespace

void add_serve_command(CLI::App& app, Session& session) {
  auto* command =
      app.add_subcommand("serve", "The service: fetches each day's listing, writes the digests, serves the pages");
  auto clock = std::make_shared<std::string>();
  command->add_option("--clock", *clock, "Start the clock at TIME, running at RATE (against fakes only)")
      ->type_name("TIME[xRATE]");
  command->callback([&session, clock] { run_serve(session, *clock); });
}

}  // namespace broadsheet::cli
