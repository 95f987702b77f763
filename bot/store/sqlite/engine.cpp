#include "bot/store/sqlite/engine.hpp"

#include <sqlite3.h>

#include "bot/base/log.hpp"

namespace broadsheet::store {

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

// The row is there while a writer is at work.
Engine::~Engine() {
  if (marked_ && !damaged_) (void)db.run("DELETE FROM named_values WHERE name='store.open'");
}

Status Engine::start() {
  std::lock_guard guard(mutex);
  auto marked = db.number("SELECT count(*) FROM named_values WHERE name='store.open'");
  if (!marked) return marked.error();
  unclean_ = *marked != 0;
  if (auto attached = search.attach(); !attached) return attached;
  if (auto known = words.load(); !known) return known;
  if (!manner.writes) return index.load();
  if (unclean_) log::warning("store.unclean_start", {{"database", db.name()}});
  if (auto ready = open_index(unclean_); !ready) return ready;
  // Whoever owns the folder is alone: those who worked and led before have ended.
  auto done = db.run(
      "INSERT INTO named_values VALUES('store.open', x'31') ON CONFLICT DO NOTHING; UPDATE workers SET until=0; "
      "UPDATE leases SET until=0");
  marked_ = done.has_value();
  return done;
}

Status Engine::open_index(bool suspect) {
  auto there = index.exists();
  if (!there) return there.error();
  bool begin = !*there;
  if (auto loaded = begin ? Status() : index.load(); !loaded) return loaded;
  if (!begin && suspect && index.ready() && !manner.repair_later) {
    auto whole = IndexBuild::is_whole(db);
    begin = !whole || !*whole;
  }
  if (begin) return start_index();
  rows.index_from(index.from());
  return manner.repair_later ? Status() : finish_index();
}

// The first papers at once: with few there is nothing to wait for.
Status Engine::start_index() {
  statements.clear();
  if (auto begun = index.restart(); !begun) return begun;
  rows.index_from(index.from());
  return manner.repair_later ? index_some() : finish_index();
}

// Damage that nothing but the index has: then the index, derived data, is built anew (reliability F38).
Status Engine::heal_index() {
  auto tables = stored_tables(db);
  if (!tables) return tables.error();
  for (const auto& table : *tables) {
    if (belongs_to_index(table)) continue;
    auto damage = damage_of(db, table);
    if (!damage) return damage.error();
    if (damage->empty()) continue;
    damaged_ = true;
    return damaged(db.name(), table + ": " + *damage);
  }
  return start_index();
}

Status Engine::index_some() {
  auto done = index.step();
  rows.index_from(index.from());
  return done;
}

Status Engine::finish_index() {
  while (!index.ready())
    if (auto done = index_some(); !done) return done;
  return {};
}

}  // namespace broadsheet::store
