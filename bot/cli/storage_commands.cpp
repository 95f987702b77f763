// `backup`, `restore`, `migrate`.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "bot/app/store_options.hpp"
#include "bot/cli/session.hpp"
#include "bot/store/engines.hpp"
#include "bot/store/transfer.hpp"

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

// "sqlite:DIR" or an address of PostgreSQL; the other settings are the configuration's.
Result<store::OpenOptions> side(store::OpenOptions options, const std::string& given) {
  constexpr std::string_view kSqlite = "sqlite:";
  options.auto_migrate = true;
  if (store::is_shared(given)) {
    options.url = given;
    return options;
  }
  if (!given.starts_with(kSqlite) || given.size() == kSqlite.size())
    return Error(ErrorKind::bad_input, "write --from and --to as sqlite:DIR or postgresql://USER@HOST/DATABASE");
  options.url = "sqlite";
  options.data_dir = given.substr(kSqlite.size());
  return options;
}

void run_transfer(Session& session, const std::string& from, const std::string& to) {
  const auto* settings = session.settings();
  if (settings == nullptr) return;
  auto options = app::store_options(*settings);
  auto source = side(options, from), target = side(options, to);
  if (!source) return session.fail(kUsage, source.error().what());
  if (!target) return session.fail(kUsage, target.error().what());
  auto told = [](const std::string& table, std::size_t rows) {
    std::cout << table << ": " << rows << " rows are the same\n" << std::flush;
  };
  if (auto done = store::transfer_store(*source, *target, told); !done) return session.fail(done.error());
  std::cout << "The store has been moved. Name it in storage.url.\n";
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

  auto* migrate = app.add_subcommand("migrate", "Bring the store's schema up to date, or move it to another engine");
  auto from = std::make_shared<std::string>(), to = std::make_shared<std::string>();
  auto* moved_from =
      migrate->add_option("--from", *from, "What to move: sqlite:DIR or postgresql://…")->type_name("STORE");
  auto* moved_to = migrate->add_option("--to", *to, "An empty store to move it to")->type_name("STORE");
  moved_from->needs(moved_to);
  moved_to->needs(moved_from);
  migrate->callback([&session, from, to] { from->empty() ? run_migrate(session) : run_transfer(session, *from, *to); });
}

}  // namespace broadsheet::cli
