// `matrix registration`, `matrix login`.
#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

#include "bot/app/matrix_account.hpp"
#include "bot/cli/session.hpp"
#include "bot/delivery/sink.hpp"

namespace broadsheet::cli {
namespace {

void run_registration(Session& session) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  // Without a public address the homeserver is taken to stand on the same machine.
  const auto& service = settings->service;
  auto address = service.public_url.empty() ? "http://" + service.listen : service.public_url;
  auto yaml = matrix::registration(settings->matrix, address);
  if (!yaml) return session.fail(kUsage, yaml.error().what());
  std::cout << *yaml;
}

void run_login(Session& session) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  if (!settings->matrix.access_token.empty())
    return session.fail(kUsage, "matrix.access_token is set, so there is nothing to log in for; take it out first");
  auto store = session.open_store(false);
  if (!store) return;
  boost::asio::io_context io{1};
  async::Offload workers{1};
  SystemClock clock;
  delivery::StoredState state(*store, workers);
  app::MatrixAccount account(*settings, io.get_executor(), workers, clock, state);
  std::optional<Status> done;
  auto say = [](const std::string& line) { std::cout << line << std::endl; };
  boost::asio::co_spawn(io, account.login(say), [&done](const std::exception_ptr& thrown, Status status) {
    if (thrown) std::rethrow_exception(thrown);
    done = std::move(status);
  });
  io.run();
  if (done && !*done) session.fail(done->error());
}

}  // namespace

void add_matrix_commands(CLI::App& app, Session& session) {
  auto* matrix = app.add_subcommand("matrix", "Setting up Matrix");
  matrix->require_subcommand(1);
  matrix->add_subcommand("registration", "The registration file for the homeserver (matrix.mode = \"appservice\")")
      ->callback([&session] { run_registration(session); });
  matrix
      ->add_subcommand("login",
                       "Log in once and keep the session: by matrix.password, else by allowing it in a browser")
      ->callback([&session] { run_login(session); });
}

}  // namespace broadsheet::cli
