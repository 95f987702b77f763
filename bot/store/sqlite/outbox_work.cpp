// Who works on which row of the outbox.
#include <sqlite3.h>

#include <algorithm>
#include <limits>

#include "bot/base/log.hpp"
#include "bot/store/sqlite/outbox.hpp"

namespace broadsheet::store {
namespace {

std::int64_t ms(Moment moment) {
  return moment.time_since_epoch().count();
}

std::int64_t end_of(Moment now, Lease lease) {
  return lease ? ms(now + *lease) : std::numeric_limits<std::int64_t>::max();
}

// Workers of platform ?1 that have ended (their lease is 0), and those but ?3 that were silent for too long by ?2.
constexpr const char* kDead = "platform=?1 AND (until=0 OR (until<=?2 AND name<>?3))";

}  // namespace

// A death is an ambiguous outcome of what was in flight (reliability 2.3).
Status SqliteOutbox::take_over(const Worker& worker, Moment now) {
  auto dead = std::string(kDead);
  for (const auto& sql :
       {"UPDATE outbox SET owner=NULL, state=CASE state WHEN 1 THEN 2 ELSE state END, times_unknown=times_unknown+"
        "(state=1), due=CASE state WHEN 1 THEN t0 ELSE due END, error=CASE state WHEN 1 THEN 'the service ended before "
        "the answer was recorded' ELSE error END WHERE ended IS NULL AND owner IS NOT NULL AND platform=?1 AND owner "
        "IN "
        "(SELECT name FROM workers WHERE " +
            dead + ")",
        "DELETE FROM workers WHERE " + dead}) {
    auto done = run(sql, {worker.platform.str(), ms(now), worker.name});
    if (!done) return done;
  }
  return {};
}

Status SqliteOutbox::keep_alive(const Worker& worker, Moment now, Lease lease) {
  return run(
      "INSERT INTO workers VALUES(?1,?2,?3) ON CONFLICT DO UPDATE SET until=excluded.until WHERE "
      "until<>excluded.until",
      {worker.platform.str(), worker.name, end_of(now, lease)});
}

Result<std::vector<model::OutboxRow>> SqliteOutbox::own(const Worker& worker, std::size_t limit) {
  auto found = statements_.get(
      "UPDATE outbox SET owner=?2, term=term+1 WHERE id IN (SELECT id FROM outbox o WHERE platform=?1 AND ended IS "
      "NULL "
      "AND owner IS NULL AND NOT EXISTS (SELECT 1 FROM outbox b WHERE b.target=o.target AND b.ended IS NULL AND "
      "b.owner IS NOT NULL AND b.owner<>?2) ORDER BY id LIMIT ?3) RETURNING " +
      std::string(kOutboxColumns));
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, worker.platform.str()).bind(2, worker.name).bind(3, static_cast<std::int64_t>(limit));
  auto rows = rows_of(*s);
  if (rows) std::ranges::sort(*rows, {}, &model::OutboxRow::id);
  return rows;
}

Result<std::vector<model::OutboxRow>> SqliteOutbox::claim(const Worker& worker, std::size_t limit, Moment now,
                                                          Lease lease) {
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun.error();
  if (auto taken = take_over(worker, now); !taken) return taken.error();
  if (auto alive = keep_alive(worker, now, lease); !alive) return alive.error();
  auto rows = own(worker, limit);
  if (!rows) return rows;
  if (auto done = tx.commit(); !done) return done.error();
  return rows;
}

Result<bool> SqliteOutbox::renew(const Worker& worker, Moment now, Lease lease) {
  std::lock_guard guard(mutex_);
  return changed("UPDATE workers SET until=?3 WHERE platform=?1 AND name=?2 AND until<>0",
                 {worker.platform.str(), worker.name, end_of(now, lease)});
}

Status SqliteOutbox::release(const Worker& worker) {
  std::lock_guard guard(mutex_);
  return run("UPDATE workers SET until=0 WHERE platform=?1 AND name=?2", {worker.platform.str(), worker.name});
}

Result<std::vector<model::OutboxRow>> SqliteOutbox::open_rows(const Worker& worker,
                                                              const std::vector<std::int64_t>& ids) {
  std::lock_guard guard(mutex_);
  std::vector<model::OutboxRow> out;
  for (auto id : ids) {
    auto found = select("WHERE id=?1 AND ended IS NULL AND owner=?2", {id, worker.name});
    if (!found) return found.error();
    for (auto& row : *found) out.push_back(std::move(row));
  }
  return out;
}

Result<std::optional<model::Claimed>> SqliteOutbox::begin_one(const Worker& worker, std::int64_t id, Moment now) {
  auto begun = changed(
      "UPDATE outbox SET state=1, attempt=attempt+1, t0=?2, first_t0=CASE WHEN attempt=0 THEN ?2 ELSE first_t0 END "
      "WHERE id=?1 AND state IN (0,2) AND owner=?3",
      {id, ms(now), worker.name});
  if (!begun) return begun.error();
  if (!*begun) return std::optional<model::Claimed>();
  auto found = body(id);
  if (!found || *found) return found;
  // One damaged row must not keep the others from being sent.
  log::error("outbox.text_missing", {{"id", id}});
  if (auto gone = changed("UPDATE outbox SET state=5, ended=?2, error='its text is missing in the store' WHERE id=?1",
                          {id, ms(now)});
      !gone)
    return gone.error();
  return std::optional<model::Claimed>();
}

Result<std::vector<model::Claimed>> SqliteOutbox::begin(const Worker& worker, const std::vector<std::int64_t>& ids,
                                                        Moment now) {
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun.error();
  std::vector<model::Claimed> out;
  for (auto id : ids) {
    auto one = begin_one(worker, id, now);
    if (!one) return one.error();
    if (*one) out.push_back(std::move(**one));
  }
  if (auto done = tx.commit(); !done) return done.error();
  return out;
}

// False: the row is not the worker's.
Result<bool> SqliteOutbox::mark_one(const Worker& worker, const model::OutboxRow& row, Moment now) {
  auto written = changed(
      "UPDATE outbox SET state=?2, due=?3, remote_id=?4, error=?5, times_unknown=?6, ended=CASE WHEN ?2<3 THEN NULL "
      "ELSE ?7 END, target=?8 WHERE id=?1 AND ended IS NULL AND owner=?9 AND term=?10",
      {row.id, static_cast<std::int64_t>(row.state), ms(row.due), row.remote_id.str(), row.error,
       std::int64_t{row.times_unknown}, ms(now), row.target.str(), worker.name, row.term});
  if (!written || !*written) return written;
  if (row.state != model::RowState::delivered) return true;
  auto noted = run("INSERT INTO targets(target, last_id) VALUES(?1,?2) ON CONFLICT DO UPDATE SET last_id=?2",
                   {row.target.str(), row.remote_id.str()});
  if (!noted) return noted.error();
  return true;
}

Result<std::vector<std::int64_t>> SqliteOutbox::mark(const Worker& worker, const std::vector<model::OutboxRow>& rows,
                                                     Moment now) {
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun.error();
  std::vector<std::int64_t> lost;
  for (const auto& row : rows) {
    auto written = mark_one(worker, row, now);
    if (!written) return written.error();
    if (!*written) lost.push_back(row.id);
  }
  if (auto done = tx.commit(); !done) return done.error();
  return lost;
}

}  // namespace broadsheet::store
