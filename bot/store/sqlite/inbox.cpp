#include <sqlite3.h>

#include "bot/store/sqlite/desk.hpp"

namespace broadsheet::store {

Result<bool> SqliteInbox::accept(const std::string& platform, const std::string& event, const std::string& payload,
                                 Moment now, Moment expires) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("INSERT INTO inbox VALUES(?,?,?,?,?) ON CONFLICT DO NOTHING");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, platform).bind(2, event).bind(3, payload);
  s->bind(4, std::int64_t{now.time_since_epoch().count()}).bind(5, std::int64_t{expires.time_since_epoch().count()});
  if (auto done = db_.finish(s->step()); !done) return done.error();
  return db_.changes() != 0;
}

Result<std::vector<Inbox::Waiting>> SqliteInbox::waiting() {
  std::lock_guard guard(mutex_);
  auto found =
      statements_.get("SELECT platform, event, payload, seen FROM inbox WHERE payload IS NOT NULL ORDER BY seen");
  if (!found) return found.error();
  Use s(**found);
  std::vector<Waiting> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step())
    out.push_back({std::string(s->text(0)), std::string(s->text(1)), std::string(s->text(2)),
                   Moment(std::chrono::milliseconds(s->integer(3)))});
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

Status SqliteInbox::keep(const std::string& platform, const std::string& event, const std::string& payload) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("UPDATE inbox SET payload=? WHERE platform=? AND event=? AND payload IS NOT NULL");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, payload).bind(2, platform).bind(3, event);
  return db_.finish(s->step());
}

Status SqliteInbox::done(const std::string& platform, const std::string& event) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("UPDATE inbox SET payload=NULL WHERE platform=? AND event=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, platform).bind(2, event);
  return db_.finish(s->step());
}

Status SqliteInbox::forget_expired(Moment now) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("DELETE FROM inbox WHERE expires<? AND payload IS NULL");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, std::int64_t{now.time_since_epoch().count()});
  return db_.finish(s->step());
}

}  // namespace broadsheet::store
