// What the store does for itself: the search index, what it knows of words, and looking for damage.
#include <sqlite3.h>

#include <algorithm>

#include "bot/base/log.hpp"
#include "bot/store/sqlite/sqlite_store.hpp"

namespace broadsheet::store {
namespace {

constexpr const char* kMemory = "memory";

bool belongs_to_index(const std::string& table) {
  return table.starts_with("search_");
}

Result<std::vector<std::string>> stored_tables(Db& db) {
  auto tables = db.prepare("SELECT name FROM sqlite_master WHERE type='table' AND rootpage>0 ORDER BY name");
  if (!tables) return tables.error();
  std::vector<std::string> out;
  int code = tables->step();
  for (; code == SQLITE_ROW; code = tables->step()) out.emplace_back(tables->text(0));
  if (code != SQLITE_DONE) return db.error(code);
  return out;
}

// The first thing that is wrong with a table, or nothing.
Result<std::string> damage_of(Db& db, const std::string& table) {
  auto check = db.prepare("SELECT quick_check FROM pragma_quick_check(?)");
  if (!check) return check.error();
  check->bind(1, table);
  int code = check->step();
  if ((code & 0xff) == SQLITE_CORRUPT) return db.error(code).what();
  if (code != SQLITE_ROW) return db.error(code);
  return check->text(0) == "ok" ? std::string() : std::string(check->text(0));
}

}  // namespace

Status SqliteStore::open_index(bool suspect) {
  auto there = index_.exists();
  if (!there) return there.error();
  bool begin = !*there;
  if (auto loaded = begin ? Status() : index_.load(); !loaded) return loaded;
  if (!begin && suspect && index_.ready() && !manner_.repair_later) {
    auto whole = IndexBuild::is_whole(db_);
    begin = !whole || !*whole;
  }
  if (begin) return start_index();
  papers_.index_from(index_.from());
  return manner_.repair_later ? Status() : finish_index();
}

// The first papers at once: with few there is nothing to wait for.
Status SqliteStore::start_index() {
  statements_.clear();
  if (auto begun = index_.restart(); !begun) return begun;
  papers_.index_from(index_.from());
  return manner_.repair_later ? index_some() : finish_index();
}

// Damage that nothing but the index has: then the index, derived data, is built anew (reliability F38).
Status SqliteStore::heal_index() {
  auto tables = stored_tables(db_);
  if (!tables) return tables.error();
  for (const auto& table : *tables) {
    if (belongs_to_index(table)) continue;
    auto damage = damage_of(db_, table);
    if (!damage) return damage.error();
    if (damage->empty()) continue;
    damaged_ = true;
    return damaged(db_.name(), table + ": " + *damage);
  }
  return start_index();
}

Status SqliteStore::index_some() {
  auto done = index_.step();
  papers_.index_from(index_.from());
  return done;
}

Status SqliteStore::finish_index() {
  while (!index_.ready())
    if (auto done = index_some(); !done) return done;
  return {};
}

Result<Store::Upkeep> SqliteStore::upkeep() {
  std::lock_guard guard(mutex_);
  if (!manner_.writes) return Upkeep{};
  auto done = !index_.ready() ? index_some() : !index_.merged() ? index_.merge_some() : words_.learn();
  if (!done) return done.error();
  return Upkeep{.finished = index_.ready() && index_.merged() && words_.learned(), .searchable_since = index_.since()};
}

Status SqliteStore::check_quick(const std::stop_token& stop) {
  if (db_.name() == kMemory) return {};
  // A reader beside the one writer: it neither writes nor checkpoints (reliability 1, the WAL-reset bug).
  auto reader = Db::open(db_.name(), Db::Mode::read_only);
  if (!reader) return reader.error();
  constexpr int kOperations = 10'000;
  sqlite3_progress_handler(
      reader->raw(), kOperations,
      [](void* s) { return static_cast<const std::stop_token*>(s)->stop_requested() ? 1 : 0; },
      const_cast<std::stop_token*>(&stop));
  auto tables = stored_tables(*reader);
  if (!tables) return tables.error();
  std::string of_index;
  for (const auto& table : *tables) {
    auto damage = damage_of(*reader, table);
    if (stop.stop_requested()) return {};
    if (!damage) return damage.error();
    if (damage->empty()) continue;
    log::error("store.damaged", {{"table", table}, {"what", *damage}});
    std::lock_guard guard(mutex_);
    if (!belongs_to_index(table)) {
      damaged_ = true;
      return damaged(db_.name(), table + ": " + *damage);
    }
    of_index = table;
  }
  if (of_index.empty()) {
    auto whole = IndexBuild::is_whole(*reader);
    if (stop.stop_requested()) return {};
    if (!whole) return whole.error();
    if (*whole) return {};
  }
  std::lock_guard guard(mutex_);
  if (!manner_.writes || (of_index.empty() && !index_.ready())) return {};
  return start_index();
}

}  // namespace broadsheet::store
