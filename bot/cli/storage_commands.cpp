// `backup`, `restore`, `migrate`.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "bot/app/store_options.hpp"
#include "bot/cli/session.hpp"

namespace broadsheet::cli {
namespace {

void run_backup(Session& session, const std::string& file) {
  auto store = session.open_store(true);
  if (!store) return;
  if (auto done = store->upkeep().backup(file); !done) return session.fail(done.error());
  std::cout << "Backed up to " << file << "\n";
}

void run_restore(Session& session, const std::string& file, bool force) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  if (auto done = store::restore_store(file, app::store_options(*settings), force); !done)
    return session.fail(done.error());
  std::cout << "Restored " << file << " into " << settings->service.data_dir << "\n";
}

void run_migrate(Session& session) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto options = app::store_options(*settings);
  options.auto_migrate = true;
  auto opened = store::open_store(options);
  if (!opened) return session.fail(opened.error());
  std::cout << "The store has schema " << (*opened)->upkeep().schema_version() << ".\n";
}

}  // namespace

void add_storage_commands(CLI::App& app, Session& session) {
  auto* backup = app.add_subcommand("backup", "A consistent copy of the store, also while the service runs");
  auto target = std::make_shared<std::string>();
  backup->add_option("file", *target, "File to write")->required()->type_name("FILE");
  backup->callback([&session, target] { run_backup(session, *target); });

  auto* restore = app.add_subcommand("restore", "Put a backup in place of the store");
  auto source = std::make_shared<std::string>();
  auto force = std::make_shared<bool>(false);
  restore->add_option("file", *source, "File that `backup` wrote")->required()->type_name("FILE");
  restore->add_flag("--force", *force, "Overwrite an existing store");
  restore->callback([&session, source, force] { run_restore(session, *source, *force); });

  app.add_subcommand("migrate", "Bring the store's schema up to date")->callback([&session] { run_migrate(session); });
}

}  // namespace broadsheet::cli
