#include "bot/store/sqlite/upkeep.hpp"

#include <sqlite3.h>

#include "bot/base/log.hpp"

namespace broadsheet::store {
namespace {

constexpr const char* kMemory = "memory";

}  // namespace

Result<Upkeep::Progress> SqliteUpkeep::step() {
  std::lock_guard guard(engine_.mutex);
  if (!engine_.manner.writes) return Progress{};
  auto done = !engine_.index.ready()    ? engine_.index_some()
              : !engine_.index.merged() ? engine_.index.merge_some()
                                        : engine_.words.learn();
  if (!done) return done.error();
  return Progress{.finished = engine_.index.ready() && engine_.index.merged() && engine_.words.learned(),
                  .searchable_since = engine_.index.since()};
}

Status SqliteUpkeep::check_quick(const std::stop_token& stop) {
  if (engine_.db.name() == kMemory) return {};
  // A reader beside the one writer: it neither writes nor checkpoints (reliability 1, the WAL-reset bug).
  auto reader = Db::open(engine_.db.name(), Db::Mode::read_only);
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
    std::lock_guard guard(engine_.mutex);
    if (!belongs_to_index(table)) {
      engine_.found_damage();
      return damaged(engine_.db.name(), table + ": " + *damage);
    }
    of_index = table;
  }
  if (of_index.empty()) {
    auto whole = IndexBuild::is_whole(*reader);
    if (stop.stop_requested()) return {};
    if (!whole) return whole.error();
    if (*whole) return {};
  }
  std::lock_guard guard(engine_.mutex);
  if (!engine_.manner.writes || (of_index.empty() && !engine_.index.ready())) return {};
  return engine_.start_index();
}

Status SqliteUpkeep::check() {
  std::lock_guard guard(engine_.mutex);
  auto statement = engine_.db.prepare("PRAGMA integrity_check(1)");
  if (!statement) return statement.error();
  int code = statement->step();
  if (code != SQLITE_ROW) return engine_.db.error(code);
  if (statement->text(0) != "ok") return damaged(engine_.db.name(), statement->text(0));
  return engine_.manner.writes ? engine_.db.run("INSERT INTO search(search, rank) VALUES('integrity-check', 1)")
                               : Status();
}

Status SqliteUpkeep::optimise() {
  std::lock_guard guard(engine_.mutex);
  if (auto done = engine_.index.merge_later(); !done) return done;
  for (engine_.words.learn_anew(); !engine_.words.learned();)
    if (auto done = engine_.words.learn(); !done) return done;
  return engine_.db.run("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace broadsheet::store
