// `serve`: the service.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "bot/app/soundness.hpp"
#include "bot/cli/clock_option.hpp"
#include "bot/cli/serving.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

Result<config::Settings> read_again(const std::string& file) {
  auto outcome = app::load_examined(file);
  if (outcome.settings && !outcome.has(config::Weight::secret)) return std::move(*outcome.settings);
  std::string problems;
  for (const auto& problem : outcome.problems) problems += (problems.empty() ? "" : "; ") + config::to_string(problem);
  return Error(ErrorKind::bad_input, problems);
}

void run_serve(Session& session, const std::string& clock_text) {
  const auto* settings = session.service_settings();
  if (settings == nullptr) return;
  auto clock = make_clock(clock_text);
  if (!clock) return session.fail(kUsage, clock.error().what());
  if (auto real = clock_text.empty() ? std::string() : real_address(*settings); !real.empty())
    return session.fail(kUsage, "--clock is for rehearsals against fakes on this machine, and " + real +
                                    " is not one; give every base address in use as http://127.0.0.1:PORT");
  auto store = session.open_store(false, true);
  if (!store) return;
  Serving serving;
  serving.read_again = [file = session.config_file] { return read_again(file); };
  serving.bound = [](const std::string& address) { std::cerr << "broadsheet serves " << address << std::endl; };
  if (auto done = serve(*settings, **clock, *store, serving); !done) session.fail_to_start(done.error());
}

}  // namespace

void add_serve_command(CLI::App& app, Session& session) {
  auto* command = app.add_subcommand(
      "serve", "The service: follows arXiv, builds the day's digests, serves pages, feeds and the JSON interface");
  auto clock = std::make_shared<std::string>();
  command->add_option("--clock", *clock, "Start the service's clock at TIME, running at RATE; against fakes only")
      ->type_name("TIME[xRATE]");
  command->callback([&session, clock] { run_serve(session, *clock); });
}

}  // namespace broadsheet::cli
