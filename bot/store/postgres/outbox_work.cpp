// Who works on which row of the outbox. Claims take turns by target, never by table: the row of a target is locked
// while rows of it change hands, and who finds it locked goes on to the next (design: postgres 4).
#include <algorithm>
#include <array>

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/store/outbox_record.hpp"
#include "bot/store/postgres/outbox.hpp"
#include "bot/store/postgres/records.hpp"

namespace broadsheet::store::postgres {

using model::OutboxRow;

namespace {

// Rows of platform $1 that nobody owns, at targets where no other than $2 owns one.
constexpr const char* kFree =
    "FROM outbox o WHERE platform=$1 AND ended IS NULL AND owner IS NULL AND NOT EXISTS (SELECT 1 FROM outbox b WHERE "
    "b.target=o.target AND b.ended IS NULL AND b.owner IS NOT NULL AND b.owner<>$2) ";

// One statement, so that looking costs little where there is nothing to do: frees what dead workers owned, extends the
// lease of worker $2 until $4, tells whether there may be something to claim. A death is an ambiguous outcome of what
// was in flight (reliability 2.3). A worker that is just being renewed is not dead.
const std::string& look_statement() {
  static const std::string sql =
      "WITH dead AS MATERIALIZED (SELECT name FROM workers WHERE platform=$1 AND (until=0 OR (until<=$3 AND name<>$2)) "
      "FOR UPDATE SKIP LOCKED), "
      "freed AS (UPDATE outbox SET owner=NULL, state=CASE state WHEN 1 THEN 2 ELSE state END, "
      "times_unknown=times_unknown+CASE state WHEN 1 THEN 1 ELSE 0 END, due=CASE state WHEN 1 THEN t0 ELSE due END, "
      "error=CASE state WHEN 1 THEN 'the service ended before the answer was recorded' ELSE error END WHERE ended IS "
      "NULL AND owner IS NOT NULL AND platform=$1 AND owner IN (SELECT name FROM dead) RETURNING 1), "
      "gone AS (DELETE FROM workers WHERE platform=$1 AND name<>$2 AND name IN (SELECT name FROM dead)), "
      "alive AS (INSERT INTO workers VALUES($1,$2,$4) ON CONFLICT (platform, name) DO UPDATE SET until=excluded.until) "
      "SELECT EXISTS (SELECT 1 FROM freed) OR EXISTS (SELECT 1 " +
      std::string(kFree) + ")";
  return sql;
}

// The targets of the next rows, as many of them as nobody else is looking at.
Result<Value> lock_targets(Link& link, const Worker& worker, std::size_t limit) {
  auto next = link.run("SELECT DISTINCT target FROM (SELECT target " + std::string(kFree) + "ORDER BY id LIMIT $3) n",
                       {worker.platform.str(), worker.name, static_cast<std::int64_t>(limit)});
  if (!next) return next.error();
  Array wanted, locked;
  for (int i = 0; i < next->size(); ++i) wanted.add((*next)[i].text(0));
  auto known = link.run(
      "INSERT INTO targets(target) SELECT t FROM unnest($1::text[]) t ORDER BY t COLLATE \"C\" ON CONFLICT DO NOTHING",
      {wanted});
  if (!known) return known.error();
  auto held = link.run("SELECT target FROM targets WHERE target=ANY($1::text[]) FOR UPDATE SKIP LOCKED", {wanted});
  if (!held) return held.error();
  for (int i = 0; i < held->size(); ++i) locked.add((*held)[i].text(0));
  return Value(locked);
}

// A statement of its own after the locks: it sees what those did who held them before.
Result<std::vector<OutboxRow>> own(Link& link, const Worker& worker, std::size_t limit, const std::string& claim) {
  auto targets = lock_targets(link, worker, limit);
  if (!targets) return targets.error();
  auto taken = link.run(
      "WITH n AS MATERIALIZED (SELECT id " + std::string(kFree) +
          "AND target=ANY($4::text[]) ORDER BY id LIMIT $3) UPDATE outbox SET owner=$2, term=term+1, claim=$5 WHERE id "
          "IN (SELECT id FROM n) RETURNING " +
          kOutboxColumns,
      {worker.platform.str(), worker.name, static_cast<std::int64_t>(limit), *targets, claim});
  if (!taken) return taken.error();
  auto rows = read_rows(*taken);
  std::ranges::sort(rows, {}, &OutboxRow::id);
  return rows;
}

Result<std::vector<OutboxRow>> taken_by(Link& link, const Worker& worker, const std::string& claim) {
  auto found = link.run("SELECT " + std::string(kOutboxColumns) +
                            " FROM outbox WHERE platform=$1 AND owner=$2 AND claim=$3 AND ended IS NULL ORDER BY id",
                        {worker.platform.str(), worker.name, claim});
  if (!found) return found.error();
  return read_rows(*found);
}

}  // namespace

Result<bool> Sendings::look(const Worker& worker, Moment now, Lease lease) {
  auto work = session_.run(look_statement(), {worker.platform.str(), worker.name, now, end_of(now, lease)});
  if (!work) return work.error();
  return (*work)[0].text(0) == "t";
}

// A claim has a name, under which a second run finds what the first one took.
Result<std::vector<OutboxRow>> Sendings::claim(const Worker& worker, std::size_t limit, Moment now, Lease lease) {
  auto work = look(worker, session_.server_time(now), lease);
  if (!work) return work.error();
  std::vector<OutboxRow> rows;
  if (!*work) return rows;
  auto name = worker.name + "#" + std::to_string(++claims_);
  auto done = session_.together([&, again = false](Link& link) mutable -> Status {
    auto taken = std::exchange(again, true) ? taken_by(link, worker, name) : std::vector<OutboxRow>();
    if (taken && taken->empty()) taken = own(link, worker, limit, name);
    if (!taken) return taken.error();
    rows = *std::move(taken);
    return {};
  });
  if (!done) return done.error();
  return rows;
}

Result<bool> Sendings::renew(const Worker& worker, Moment now, Lease lease) {
  return session_.writes("UPDATE workers SET until=$3 WHERE platform=$1 AND name=$2 AND until<>0",
                         {worker.platform.str(), worker.name, end_of(session_.server_time(now), lease)});
}

Status Sendings::release(const Worker& worker) {
  return session_.write("UPDATE workers SET until=0 WHERE platform=$1 AND name=$2",
                        {worker.platform.str(), worker.name});
}

Result<std::vector<OutboxRow>> Sendings::open_rows(const Worker& worker, const std::vector<std::int64_t>& ids) {
  return select("WHERE id=ANY($1::bigint[]) AND ended IS NULL AND owner=$2", {array_of(ids), worker.name});
}

namespace {

Result<std::vector<std::int64_t>> ids_of(const Result<Answer>& found) {
  if (!found) return found.error();
  std::vector<std::int64_t> out;
  for (int i = 0; i < found->size(); ++i) out.push_back((*found)[i].integer(0));
  std::ranges::sort(out);
  return out;
}

// One damaged row must not keep the others from being sent.
Status end_without_text(Link& link, const std::vector<std::int64_t>& ids, Moment now) {
  for (auto id : ids) log::error("outbox.text_missing", {{"id", id}});
  auto done = link.run(
      "UPDATE outbox SET state=5, ended=$2, error='its text is missing in the store' WHERE id=ANY($1::bigint[])",
      {array_of(ids), now});
  return done ? Status() : done.error();
}

// Those of `ids`, in their order, that are in `some` (sorted).
std::vector<std::int64_t> among(const std::vector<std::int64_t>& ids, const std::vector<std::int64_t>& some) {
  auto out = ids;
  std::erase_if(out, [&some](std::int64_t id) { return !std::ranges::binary_search(some, id); });
  return out;
}

Result<std::vector<model::Claimed>> begin_all(Link& link, const Worker& worker, const std::vector<std::int64_t>& ids,
                                              Moment now, bool again) {
  auto begun = ids_of(link.run(
      "UPDATE outbox SET state=1, attempt=attempt+1, t0=$2, first_t0=CASE WHEN attempt=0 THEN $2 ELSE first_t0 END "
      "WHERE id=ANY($1::bigint[]) AND state IN (0,2) AND owner=$3 RETURNING id",
      {array_of(ids), now, worker.name}));
  if (begun && again)
    begun = ids_of(link.run("SELECT id FROM outbox WHERE id=ANY($1::bigint[]) AND state=1 AND t0=$2 AND owner=$3",
                            {array_of(ids), now, worker.name}));
  if (!begun) return begun.error();
  auto order = among(ids, *begun);
  auto messages = read_messages(link, order);
  if (!messages || messages->size() == order.size()) return messages;
  for (const auto& message : *messages) std::erase(order, message.id);
  if (auto ended = end_without_text(link, order, now); !ended) return ended.error();
  return messages;
}

}  // namespace

Result<std::vector<model::Claimed>> Sendings::begin(const Worker& worker, const std::vector<std::int64_t>& ids,
                                                    Moment now) {
  std::vector<model::Claimed> out;
  auto done = session_.together([&, again = false](Link& link) mutable -> Status {
    auto messages = begin_all(link, worker, ids, now, std::exchange(again, true));
    if (!messages) return messages.error();
    out = *std::move(messages);
    return {};
  });
  if (!done) return done.error();
  return out;
}

namespace {

// Answers the ids of what was written.
Result<std::vector<std::int64_t>> mark_rows(Link& link, const Worker& worker, const std::vector<OutboxRow>& rows,
                                            Moment now) {
  std::array<Array, 8> columns;
  for (const auto& row : rows) {
    const std::array<Value, 8> values{
        row.id,    static_cast<std::int64_t>(row.state), row.due,          row.remote_id.str(),
        row.error, std::int64_t{row.times_unknown},      row.target.str(), row.term};
    for (std::size_t i = 0; i < values.size(); ++i) columns.at(i).add(values.at(i));
  }
  Values values(columns.begin(), columns.end());
  values.emplace_back(worker.name);
  values.emplace_back(now);
  return ids_of(link.run(
      "UPDATE outbox o SET state=d.state, due=d.due, remote_id=d.remote_id, error=d.error, "
      "times_unknown=d.times_unknown, target=d.target, ended=CASE WHEN d.state<3 THEN NULL ELSE $10::bigint END FROM "
      "unnest($1::bigint[],$2::bigint[],$3::bigint[],$4::text[],$5::text[],$6::bigint[],$7::text[],$8::bigint[]) "
      "d(id, state, due, remote_id, error, times_unknown, target, term) WHERE o.id=d.id AND o.ended IS NULL AND "
      "o.owner=$9 AND o.term=d.term RETURNING o.id",
      values));
}

// The newest message of each target where one was delivered.
Status note_delivered(Link& link, const std::vector<OutboxRow>& rows, const std::vector<std::int64_t>& written) {
  std::map<std::string, std::string> newest;
  for (const auto& row : rows)
    if (row.state == model::RowState::delivered && std::ranges::binary_search(written, row.id))
      newest[row.target.str()] = row.remote_id.str();
  if (newest.empty()) return {};
  Array targets, ids;
  for (const auto& [target, id] : newest) {
    targets.add(target);
    ids.add(id);
  }
  auto done = link.run(
      "INSERT INTO targets(target, last_id) SELECT * FROM unnest($1::text[],$2::text[]) ON CONFLICT (target) DO UPDATE "
      "SET last_id=excluded.last_id",
      {targets, ids});
  return done ? Status() : done.error();
}

}  // namespace

Result<std::vector<std::int64_t>> Sendings::mark(const Worker& worker, const std::vector<OutboxRow>& rows, Moment now) {
  std::vector<std::int64_t> lost;
  auto done = session_.together([&](Link& link) -> Status {
    auto written = mark_rows(link, worker, rows, now);
    if (!written) return written.error();
    lost.clear();
    for (const auto& row : rows)
      if (!std::ranges::binary_search(*written, row.id)) lost.push_back(row.id);
    return note_delivered(link, rows, *written);
  });
  if (!done) return done.error();
  return lost;
}

}  // namespace broadsheet::store::postgres
