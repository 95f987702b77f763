#include "bot/store/sqlite/leases.hpp"

#include <sqlite3.h>

#include <limits>

namespace broadsheet::store {
namespace {

std::int64_t end_of(Moment now, std::optional<std::chrono::milliseconds> length) {
  return length ? (now + *length).time_since_epoch().count() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

Result<std::optional<Tenure>> SqliteLeases::take(const std::string& role, const std::string& holder, Moment now,
                                                 std::optional<std::chrono::milliseconds> length) {
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get(
      "INSERT INTO leases VALUES(?1,?2,1,?3) ON CONFLICT DO UPDATE SET holder=?2, term=term+1, until=?3 WHERE "
      "until<=?4 OR holder=?2 RETURNING term");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, role).bind(2, holder).bind(3, end_of(now, length));
  s->bind(4, std::int64_t{now.time_since_epoch().count()});
  int code = s->step();
  if (code == SQLITE_DONE) return std::optional<Tenure>();
  if (code != SQLITE_ROW) return engine_.db.error(code);
  Tenure out{role, holder, s->integer(0)};
  if (code = s->step(); code != SQLITE_DONE) return engine_.db.error(code);
  return std::optional<Tenure>(std::move(out));
}

Result<bool> SqliteLeases::changed(const char* sql, const Tenure& tenure, std::int64_t until) {
  auto found = engine_.statements.get(sql);
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, tenure.role).bind(2, tenure.holder).bind(3, tenure.term).bind(4, until);
  if (auto done = engine_.db.finish(s->step()); !done) return done.error();
  return engine_.db.changes() != 0;
}

Result<bool> SqliteLeases::renew(const Tenure& tenure, Moment now, std::optional<std::chrono::milliseconds> length) {
  std::lock_guard guard(engine_.mutex);
  return changed("UPDATE leases SET until=?4 WHERE role=?1 AND holder=?2 AND term=?3", tenure, end_of(now, length));
}

Result<bool> SqliteLeases::current(const Tenure& tenure) {
  std::lock_guard guard(engine_.mutex);
  auto found = engine_.statements.get("SELECT 1 FROM leases WHERE role=?1 AND holder=?2 AND term=?3");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, tenure.role).bind(2, tenure.holder).bind(3, tenure.term);
  int code = s->step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return engine_.db.error(code);
  return code == SQLITE_ROW;
}

Status SqliteLeases::release(const Tenure& tenure) {
  std::lock_guard guard(engine_.mutex);
  auto done = changed("UPDATE leases SET until=?4 WHERE role=?1 AND holder=?2 AND term=?3", tenure, 0);
  if (!done) return done.error();
  return {};
}

}  // namespace broadsheet::store
