#include "bot/store/sqlite/sqlite_store.hpp"

#include <filesystem>

namespace broadsheet::store {

// The lock is held throughout: no other thread comes in between.
Status SqliteStore::transact(const std::function<Status(Repositories&)>& work) {
  std::lock_guard guard(engine_.mutex);
  Transaction tx(engine_.db);
  if (auto begun = tx.begin(); !begun) return begun;
  if (auto done = work(*this); !done) return done;
  return tx.commit();
}

namespace {

Error nothing_stored(const std::string& folder) {
  return {ErrorKind::not_found,
          folder + ": nothing is stored here yet. `broadsheet import FILE` or `broadsheet serve` brings papers in."};
}

Result<std::unique_ptr<Store>> started(Db db, FolderLock lock, Manner manner) {
  auto store = std::make_unique<SqliteStore>(std::move(db), std::move(lock), manner);
  if (auto begun = store->start(); !begun) return begun.error();
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const OpenOptions& options) {
  FolderLock lock;
  if (!options.read_only) {
    std::error_code ec;
    std::filesystem::create_directories(options.data_dir, ec);
    auto taken = FolderLock::take(options.data_dir);
    if (!taken) return taken.error();
    lock = *std::move(taken);
    auto file = database_file(options.data_dir);
    make_private(file);
    belong_to_folder(file);
  }
  if (options.read_only && !std::filesystem::exists(database_file(options.data_dir)))
    return nothing_stored(options.data_dir);
  auto db = Db::open(database_file(options.data_dir), options.read_only ? Db::Mode::read_only : Db::Mode::create);
  if (!db) return db.error();
  if (options.read_only)
    if (auto version = db->number("PRAGMA user_version"); version && *version == 0)
      return nothing_stored(options.data_dir);
  if (auto done = migrate(*db, options.auto_migrate && !options.read_only); !done) return done.error();
  return started(*std::move(db), std::move(lock), {.writes = !options.read_only, .repair_later = options.repair_later});
}

Result<std::unique_ptr<Store>> open_memory() {
  auto db = Db::open("memory", Db::Mode::memory);
  if (!db) return db.error();
  if (auto done = migrate(*db, true); !done) return done.error();
  return started(*std::move(db), FolderLock(), {});
}

}  // namespace broadsheet::store
