#include "bot/store/sqlite/outbox.hpp"

#include <sqlite3.h>

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::store {
namespace {

using model::OutgoingMessage;
using model::Target;
using std::chrono::milliseconds;

std::int64_t ms(Moment moment) {
  return moment.time_since_epoch().count();
}

Moment moment(std::int64_t value) {
  return Moment(milliseconds(value));
}

}  // namespace

Status SqliteOutbox::run(const std::string& sql, const Values& values) {
  auto found = statements_.get(sql);
  if (!found) return found.error();
  Use s(**found);
  s->bind(values);
  return db_.finish(s->step());
}

// ---- Writing ------------------------------------------------------------------------------------------------------

Status SqliteOutbox::keep_content(const OutgoingMessage& message, const std::string& hash) {
  auto found = statements_.get("INSERT INTO contents VALUES(?,?,?) ON CONFLICT DO NOTHING");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, hash).bind(2, message.body).bind(3, message.preview);
  return db_.finish(s->step());
}

Status SqliteOutbox::insert(const model::NewRow& row) {
  auto hash = short_sha256(row.message.preview + '\0' + row.message.body);
  if (auto kept = keep_content(row.message, hash); !kept) return kept;
  auto found = statements_.get(
      "INSERT INTO outbox(key, target, grp, part, kind, in_thread, content, state, due, expires, on_unknown, platform) "
      "VALUES(?,?,?,?,?,?,?,0,?,?,?,?) ON CONFLICT(key) DO NOTHING");
  if (!found) return found.error();
  Use s(**found);
  auto target = row.target.str();
  s->bind(1, row.key.str()).bind(2, target).bind(3, row.group).bind(4, std::int64_t{row.part});
  s->bind(5, to_string(row.message.kind)).bind(6, std::int64_t{row.message.in_thread}).bind(7, hash);
  s->bind(8, ms(row.due)).bind(9, ms(row.expires)).bind(10, to_string(row.on_unknown));
  s->bind(11, row.target.platform.str());
  return db_.finish(s->step());
}

Result<bool> SqliteOutbox::enqueue(const model::SlotName& slot, const std::vector<model::NewRow>& rows, Moment now) {
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun.error();
  if (!slot.empty()) {
    auto found = statements_.get("INSERT INTO slots VALUES(?,?) ON CONFLICT DO NOTHING");
    if (!found) return found.error();
    Use s(**found);
    s->bind(1, slot.str()).bind(2, ms(now));
    if (auto done = db_.finish(s->step()); !done) return done.error();
    if (db_.changes() == 0) return false;
  }
  for (const auto& row : rows)
    if (auto done = insert(row); !done) return done.error();
  if (auto done = tx.commit(); !done) return done.error();
  return true;
}

// Nothing if the row, or its text, is not there.
Result<std::optional<model::Claimed>> SqliteOutbox::body(std::int64_t id) {
  model::Claimed out;
  out.id = id;
  auto found = statements_.get(
      "SELECT o.kind, o.in_thread, c.body, c.preview FROM outbox o JOIN contents c ON c.hash=o.content WHERE o.id=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, id);
  int code = s->step();
  if (code == SQLITE_DONE) return std::optional<model::Claimed>();
  if (code != SQLITE_ROW) return db_.error(code);
  auto kind = model::parse_part_kind(s->text(0));
  if (!kind) return std::optional<model::Claimed>();
  out.message = {*kind, s->integer(1) != 0, std::string(s->text(2)), std::string(s->text(3))};
  if (out.message.in_thread) {
    auto thread = thread_of(id);
    if (!thread) return thread.error();
    out.thread = std::move(*thread);
  }
  return std::optional<model::Claimed>(std::move(out));
}

Result<model::RemoteId> SqliteOutbox::thread_of(std::int64_t id) {
  auto found = statements_.get(
      "SELECT r.remote_id FROM outbox o JOIN outbox r ON r.target=o.target AND r.grp=o.grp AND r.part=0 WHERE o.id=? "
      "AND r.state=3");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, id);
  int code = s->step();
  if (code == SQLITE_DONE) return model::RemoteId();
  if (code != SQLITE_ROW) return db_.error(code);
  return model::RemoteId(std::string(s->text(0)));
}

// ---- Targets and holds ----------------------------------------------------------------------------------------------

Result<model::TargetState> SqliteOutbox::target(const Target& target) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("SELECT off_why, last_id FROM targets WHERE target=?");
  if (!found) return found.error();
  Use s(**found);
  auto name = target.str();
  s->bind(1, name);
  int code = s->step();
  if (code == SQLITE_DONE) return model::TargetState{};
  if (code != SQLITE_ROW) return db_.error(code);
  return model::TargetState{s->is_null(0), std::string(s->text(0)), model::RemoteId(std::string(s->text(1)))};
}

Status SqliteOutbox::switch_target(const Target& target, bool on, const std::string& why) {
  std::lock_guard guard(mutex_);
  if (on) return run("UPDATE targets SET off_why=NULL WHERE target=?1", {target.str()});
  return run("INSERT INTO targets(target, off_why) VALUES(?1,?2) ON CONFLICT DO UPDATE SET off_why=?2",
             {target.str(), why});
}

Status SqliteOutbox::move_target(const Target& from, const Target& to) {
  if (from == to) return {};
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun;
  auto old_name = from.str(), new_name = to.str();
  const std::vector<std::pair<std::string, Values>> steps = {
      {"UPDATE outbox SET target=?2 WHERE target=?1 AND ended IS NULL", {old_name, new_name}},
      {"DELETE FROM targets WHERE target=?1", {old_name}},  // old message ids do not carry over
      {"INSERT INTO targets(target) VALUES(?1) ON CONFLICT DO UPDATE SET off_why=NULL", {new_name}}};
  for (const auto& [sql, values] : steps)
    if (auto done = run(sql, values); !done) return done;
  if (auto done = move_subscriptions(old_name, new_name); !done) return done;
  return tx.commit();
}

// Numbers stay, unless the new place has its own: then those that come follow after them.
Status SqliteOutbox::move_subscriptions(const std::string& from, const std::string& to) {
  const std::vector<std::pair<std::string, Values>> steps = {
      {"UPDATE subscriptions SET target=?2, number=number+(SELECT coalesce(max(last),0) FROM subscription_numbers "
       "WHERE "
       "target=?2) WHERE target=?1",
       {from, to}},
      {"INSERT INTO subscription_numbers SELECT ?2, last FROM subscription_numbers WHERE target=?1 ON CONFLICT DO "
       "UPDATE SET last=last+excluded.last",
       {from, to}},
      {"DELETE FROM subscription_numbers WHERE target=?1", {from}}};
  for (const auto& [sql, values] : steps)
    if (auto done = run(sql, values); !done) return done;
  return {};
}

Result<std::map<Target, std::string>> SqliteOutbox::targets_off() {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("SELECT target, off_why FROM targets WHERE off_why IS NOT NULL");
  if (!found) return found.error();
  Use s(**found);
  std::map<Target, std::string> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) {
    auto target = Target::parse(s->text(0));
    if (target) out.emplace(std::move(*target), s->text(1));
  }
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

// One part for each index that leads there: ended since, open and owned, open and free.
Result<std::vector<Outbox::Begun>> SqliteOutbox::begun_since(const model::PlatformName& platform, Moment since) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get(
      "SELECT target, in_thread, t0 FROM outbox WHERE ended>?2 AND platform=?1 AND t0>?2 UNION ALL "
      "SELECT target, in_thread, t0 FROM outbox WHERE ended IS NULL AND owner IS NOT NULL AND platform=?1 AND t0>?2 "
      "UNION ALL "
      "SELECT target, in_thread, t0 FROM outbox WHERE ended IS NULL AND owner IS NULL AND platform=?1 AND t0>?2 "
      "ORDER BY t0");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, platform.str()).bind(2, ms(since));
  std::vector<Begun> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step())
    if (auto target = Target::parse(s->text(0)))
      out.push_back({std::move(*target), s->integer(1) != 0, moment(s->integer(2))});
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

Status SqliteOutbox::hold(const std::string& bucket, Moment until) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("INSERT INTO holds VALUES(?1,?2) ON CONFLICT DO UPDATE SET until=max(until,?2)");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, bucket).bind(2, ms(until));
  return db_.finish(s->step());
}

Result<std::map<std::string, Moment>> SqliteOutbox::holds(Moment now) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("SELECT bucket, until FROM holds WHERE until>?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, ms(now));
  std::map<std::string, Moment> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) out.emplace(s->text(0), moment(s->integer(1)));
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

// ---- Reading --------------------------------------------------------------------------------------------------------

Result<std::vector<model::OutboxRow>> SqliteOutbox::select(const std::string& rest, const Values& values) {
  auto found = statements_.get("SELECT " + std::string(kOutboxColumns) + " FROM outbox " + rest);
  if (!found) return found.error();
  Use s(**found);
  s->bind(values);
  return rows_of(*s);
}

Result<std::vector<model::OutboxRow>> SqliteOutbox::rows_of(Statement& s) {
  std::vector<model::OutboxRow> out;
  int code = s.step();
  for (; code == SQLITE_ROW; code = s.step()) {
    if (auto row = read_outbox_row(s))
      out.push_back(std::move(*row));
    else  // the others are still to be sent
      log::error("outbox.row_unreadable", {{"id", s.integer(0)}, {"what", row.error().what()}});
  }
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

Result<std::vector<model::OutboxRow>> SqliteOutbox::list(const Filter& filter) {
  std::lock_guard guard(mutex_);
  std::string where = "WHERE 1";
  if (filter.state) where += " AND state=" + std::to_string(static_cast<int>(*filter.state));
  if (filter.unknown_only) where += " AND times_unknown>0";
  Values values = {static_cast<std::int64_t>(filter.limit)};
  if (filter.target) {
    where += " AND target=?2";
    values.emplace_back(filter.target->str());
  }
  return select(where + " ORDER BY id DESC LIMIT ?1", values);
}

Result<std::optional<model::OutboxRow>> SqliteOutbox::row(std::int64_t id) {
  std::lock_guard guard(mutex_);
  auto rows = select("WHERE id=?1", {id});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<model::OutboxRow>();
  return std::optional<model::OutboxRow>(std::move(rows->front()));
}

Result<std::optional<model::Claimed>> SqliteOutbox::message(std::int64_t id) {
  std::lock_guard guard(mutex_);
  return body(id);
}

Result<std::vector<model::RemoteId>> SqliteOutbox::remote_ids(const Target& target, std::size_t limit) {
  std::lock_guard guard(mutex_);
  auto found =
      statements_.get("SELECT remote_id FROM outbox WHERE target=?1 AND remote_id<>'' ORDER BY id DESC LIMIT ?2");
  if (!found) return found.error();
  Use s(**found);
  auto name = target.str();
  s->bind(1, name).bind(2, static_cast<std::int64_t>(limit));
  std::vector<model::RemoteId> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) out.emplace_back(std::string(s->text(0)));
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

// Whether a statement changed a row.
Result<bool> SqliteOutbox::changed(const std::string& sql, const Values& values) {
  auto found = statements_.get(sql);
  if (!found) return found.error();
  Use s(**found);
  s->bind(values);
  if (auto done = db_.finish(s->step()); !done) return done.error();
  return db_.changes() != 0;
}

Result<std::optional<std::int64_t>> SqliteOutbox::retry(std::int64_t id, Moment now, Moment expires) {
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun.error();
  if (auto next = db_.run("UPDATE sqlite_sequence SET seq=seq+1 WHERE name='outbox'"); !next) return next.error();
  auto done = changed(
      "UPDATE outbox SET id=(SELECT seq FROM sqlite_sequence WHERE name='outbox'), state=0, due=?2, expires=?3, "
      "ended=NULL, owner=NULL WHERE id=?1 AND state IN (0,4,5)",
      {id, ms(now), ms(expires)});
  if (!done) return done.error();
  if (!*done) return std::optional<std::int64_t>();
  auto fresh = db_.number("SELECT seq FROM sqlite_sequence WHERE name='outbox'");
  if (!fresh) return fresh.error();
  if (auto kept = tx.commit(); !kept) return kept.error();
  return std::optional<std::int64_t>(*fresh);
}

Result<bool> SqliteOutbox::drop(std::int64_t id, Moment now, const std::string& why) {
  std::lock_guard guard(mutex_);
  return changed("UPDATE outbox SET state=5, ended=?2, error=?3 WHERE id=?1 AND state IN (0,2)", {id, ms(now), why});
}

Result<std::map<model::RowState, std::size_t>> SqliteOutbox::counts() {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("SELECT state, count(*) FROM outbox GROUP BY state");
  if (!found) return found.error();
  Use s(**found);
  std::map<model::RowState, std::size_t> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step())
    out[static_cast<model::RowState>(s->integer(0))] = static_cast<std::size_t>(s->integer(1));
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

Result<std::optional<Moment>> SqliteOutbox::oldest_due() {
  std::lock_guard guard(mutex_);
  auto found = statements_.get(
      "SELECT min(due) FROM (SELECT due FROM outbox WHERE ended IS NULL AND owner IS NULL UNION ALL "
      "SELECT due FROM outbox WHERE ended IS NULL AND owner IS NOT NULL)");
  if (!found) return found.error();
  Use s(**found);
  if (int code = s->step(); code != SQLITE_ROW) return db_.error(code);
  if (s->is_null(0)) return std::optional<Moment>();
  return std::optional<Moment>(moment(s->integer(0)));
}

Status SqliteOutbox::prune(Moment before) {
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun;
  auto limit = std::to_string(ms(before));
  if (auto done = db_.run("DELETE FROM outbox WHERE ended IS NOT NULL AND ended<" + limit); !done) return done;
  if (auto done = db_.run("DELETE FROM contents WHERE hash NOT IN (SELECT content FROM outbox)"); !done) return done;
  if (auto done = db_.run("DELETE FROM holds WHERE until<" + limit); !done) return done;
  if (auto done = db_.run("DELETE FROM slots WHERE filled<" + limit); !done) return done;
  return tx.commit();
}

}  // namespace broadsheet::store
