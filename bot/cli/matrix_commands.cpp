// `matrix registration`, `matrix login`.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "bot/app/matrix_account.hpp"
#include "bot/app/standalone.hpp"
#include "bot/cli/output.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

void run_registration(Session& session, const std::string& file) {
  const auto* settings = session.settings("matrix");
  if (settings == nullptr) return;
  // Without a public address the homeserver is taken to stand on the same machine.
  auto yaml = matrix::registration(settings->matrix, settings->site());
  if (!yaml) return session.fail(kUsage, yaml.error().what());
  write_output(session, file, *yaml, kSecret);
}

boost::asio::awaitable<void> log_in(const config::Matrix& settings, matrix::Doors doors, Status& done) {
  done = co_await matrix::login(settings, std::move(doors),
                                [](const std::string& line) { std::cout << line << std::endl; });
}

void run_login(Session& session) {
  const auto* settings = session.settings("matrix");
  if (settings == nullptr) return;
  if (!settings->matrix.access_token.empty())
    return session.fail(kUsage, "matrix.access_token is set, so there is nothing to log in for; take it out first");
  auto store = session.open_store(false);
  if (!store) return;
  SystemClock clock;
  app::Standalone alone(clock, store.get(), app::client_options(*settings));
  auto doors = app::matrix_doors(*settings, alone.doors());
  if (!doors) return session.fail_to_start(doors.error());
  Status done;
  alone.run(log_in(settings->matrix, std::move(*doors), done));
  if (!done) session.fail_to_start(done.error());
}

}  // namespace

void add_matrix_commands(CLI::App& app, Session& session) {
  auto* matrix = app.add_subcommand("matrix", "Setting up Matrix");
  matrix->require_subcommand(1);
  auto* registration =
      matrix->add_subcommand("registration", "The registration file for the homeserver (matrix.mode = \"appservice\")");
  auto file = std::make_shared<std::string>();
  registration
      ->add_option("--out", *file, "File to write, readable by you alone, instead of standard output: it holds secrets")
      ->type_name("FILE");
  registration->callback([&session, file] { run_registration(session, *file); });
  matrix
      ->add_subcommand("login",
                       "Log in once and keep the session: by matrix.password, else by allowing it in a browser")
      ->callback([&session] { run_login(session); });
}

}  // namespace broadsheet::cli
