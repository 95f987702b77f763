#include "bot/store/postgres/outbox.hpp"

#include <algorithm>
#include <array>

#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/store/outbox_record.hpp"

namespace broadsheet::store::postgres {

using model::OutboxRow;
using model::Target;

namespace {

Moment moment(std::int64_t value) {
  return Moment(std::chrono::milliseconds(value));
}

// ---- Writing ------------------------------------------------------------------------------------------------------

struct NewColumns {
  std::array<Array, 11> rows;
  std::map<std::string, const model::OutgoingMessage*> contents;  // sorted: two that enqueue never wait for each other
  void add(const model::NewRow& row);
};

void NewColumns::add(const model::NewRow& row) {
  auto hash = short_sha256(row.message.preview + '\0' + row.message.body);
  contents.emplace(hash, &row.message);
  const std::array<Value, 11> values{row.key.str(),
                                     row.target.platform.str(),
                                     row.target.str(),
                                     row.group,
                                     std::int64_t{row.part},
                                     to_string(row.message.kind),
                                     std::int64_t{row.message.in_thread},
                                     hash,
                                     row.due,
                                     row.expires,
                                     to_string(row.on_unknown)};
  for (std::size_t i = 0; i < values.size(); ++i) rows.at(i).add(values.at(i));
}

// What is needed again is marked so, for prune() not to take it away meanwhile.
Status keep_contents(Link& link, const NewColumns& columns, Moment now) {
  Array hashes, bodies, previews;
  for (const auto& [hash, message] : columns.contents) {
    hashes.add(hash);
    bodies.add(message->body);
    previews.add(message->preview);
  }
  auto done = link.run(
      "INSERT INTO contents SELECT h, b, p, $4::bigint FROM unnest($1::text[],$2::text[],$3::text[]) c(h,b,p) "
      "ON CONFLICT (hash) DO UPDATE SET used=greatest(contents.used, excluded.used)",
      {hashes, bodies, previews, now});
  return done ? Status() : done.error();
}

Status insert_rows(Link& link, const NewColumns& columns) {
  auto done = link.run(
      "INSERT INTO outbox(key, platform, target, grp, part, kind, in_thread, content, state, due, expires, on_unknown) "
      "SELECT key, platform, target, grp, part, kind, in_thread, content, 0, due, expires, on_unknown FROM "
      "unnest($1::text[],$2::text[],$3::text[],$4::text[],$5::bigint[],$6::text[],$7::bigint[],$8::text[],"
      "$9::bigint[],$10::bigint[],$11::text[]) WITH ORDINALITY n(key, platform, target, grp, part, kind, in_thread, "
      "content, due, expires, on_unknown, place) ORDER BY place ON CONFLICT (key) DO NOTHING",
      {columns.rows.begin(), columns.rows.end()});
  return done ? Status() : done.error();
}

constexpr const char* kFill = "INSERT INTO slots VALUES($1,$2) ON CONFLICT DO NOTHING";
// A slot that a first run of the same call has filled is free for the second.
constexpr const char* kFillAgain =
    "INSERT INTO slots VALUES($1,$2) ON CONFLICT (name) DO UPDATE SET filled=excluded.filled WHERE slots.filled=$2";

}  // namespace

Result<bool> Sendings::enqueue(const model::SlotName& slot, const std::vector<model::NewRow>& rows, Moment now) {
  NewColumns columns;
  for (const auto& row : rows) columns.add(row);
  bool filled = false;
  auto done = session_.together([&, again = false](Link& link) mutable -> Status {
    if (!slot.empty()) {
      auto first = link.run(std::exchange(again, true) ? kFillAgain : kFill, {slot.str(), now});
      if (!first) return first.error();
      if (filled = first->changed() == 0; filled) return {};
    }
    if (rows.empty()) return {};
    if (auto kept = keep_contents(link, columns, now); !kept) return kept;
    return insert_rows(link, columns);
  });
  if (!done) return done.error();
  return !filled;
}

// ---- Targets and holds --------------------------------------------------------------------------------------------

Result<model::TargetState> Sendings::target(const Target& target) {
  auto found = session_.run("SELECT off_why, last_id FROM targets WHERE target=$1", {target.str()});
  if (!found) return found.error();
  if (found->empty()) return model::TargetState{};
  auto row = (*found)[0];
  return model::TargetState{row.is_null(0), std::string(row.text(0)), model::RemoteId(std::string(row.text(1)))};
}

Status Sendings::switch_target(const Target& target, bool on, const std::string& why) {
  if (on) return session_.write("UPDATE targets SET off_why=NULL WHERE target=$1", {target.str()});
  return session_.write(
      "INSERT INTO targets(target, off_why) VALUES($1,$2) ON CONFLICT (target) DO UPDATE SET off_why=$2",
      {target.str(), why});
}

namespace {

struct Step {
  const char* sql;
  Values values;
};

Status run_steps(Link& link, const std::vector<Step>& steps) {
  for (const auto& step : steps)
    if (auto done = link.run(step.sql, step.values); !done) return done.error();
  return {};
}

}  // namespace

// Old message ids do not carry over. Numbers of subscriptions stay, unless the new place has its own: then those that
// come follow after them.
Status Sendings::move_target(const Target& from, const Target& to) {
  if (from == to) return {};
  const Values both{from.str(), to.str()}, old{from.str()}, fresh{to.str()};
  const std::vector<Step> steps{
      {"UPDATE outbox SET target=$2 WHERE target=$1 AND ended IS NULL", both},
      {"DELETE FROM targets WHERE target=$1", old},
      {"INSERT INTO targets(target) VALUES($1) ON CONFLICT (target) DO UPDATE SET off_why=NULL", fresh},
      {"UPDATE subscriptions SET target=$2, number=number+(SELECT coalesce(max(last),0) FROM subscription_numbers "
       "WHERE target=$2) WHERE target=$1",
       both},
      {"INSERT INTO subscription_numbers SELECT $2, last FROM subscription_numbers WHERE target=$1 ON CONFLICT "
       "(target) DO UPDATE SET last=subscription_numbers.last+excluded.last",
       both},
      {"DELETE FROM subscription_numbers WHERE target=$1", old}};
  return session_.together([&steps](Link& link) { return run_steps(link, steps); });
}

Result<std::map<Target, std::string>> Sendings::targets_off() {
  auto found = session_.run("SELECT target, off_why FROM targets WHERE off_why IS NOT NULL");
  if (!found) return found.error();
  std::map<Target, std::string> out;
  for (int i = 0; i < found->size(); ++i)
    if (auto target = Target::parse((*found)[i].text(0))) out.emplace(*std::move(target), (*found)[i].text(1));
  return out;
}

Status Sendings::hold(const std::string& bucket, Moment until) {
  return session_.write(
      "INSERT INTO holds VALUES($1,$2) ON CONFLICT (bucket) DO UPDATE SET until=greatest(holds.until,$2)",
      {bucket, until});
}

Result<std::map<std::string, Moment>> Sendings::holds(Moment now) {
  auto found = session_.run("SELECT bucket, until FROM holds WHERE until>$1", {now});
  if (!found) return found.error();
  std::map<std::string, Moment> out;
  for (int i = 0; i < found->size(); ++i) out.emplace((*found)[i].text(0), moment((*found)[i].integer(1)));
  return out;
}

// ---- Reading ------------------------------------------------------------------------------------------------------

std::vector<OutboxRow> read_rows(const Answer& found) {
  std::vector<OutboxRow> out;
  for (int i = 0; i < found.size(); ++i) {
    auto stored = found[i];
    if (auto row = read_outbox_row(stored))
      out.push_back(*std::move(row));
    else  // the others are still to be sent
      log::error("outbox.row_unreadable", {{"id", stored.integer(0)}, {"what", row.error().what()}});
  }
  return out;
}

Result<std::vector<OutboxRow>> Sendings::select(const std::string& rest, const Values& values) {
  auto found = session_.run("SELECT " + std::string(kOutboxColumns) + " FROM outbox " + rest, values);
  if (!found) return found.error();
  return read_rows(*found);
}

Result<std::vector<OutboxRow>> Sendings::list(const Filter& filter) {
  return select(
      "WHERE ($1::bigint IS NULL OR state=$1) AND ($2::text IS NULL OR target=$2) AND (times_unknown>0 OR "
      "$3::bigint=0) "
      "ORDER BY id DESC LIMIT $4",
      {filter.state ? Value(static_cast<std::int64_t>(*filter.state)) : Value(std::nullopt),
       filter.target ? Value(filter.target->str()) : Value(std::nullopt), std::int64_t{filter.unknown_only},
       static_cast<std::int64_t>(filter.limit)});
}

Result<std::optional<OutboxRow>> Sendings::row(std::int64_t id) {
  auto rows = select("WHERE id=$1", {id});
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<OutboxRow>();
  return std::optional<OutboxRow>(std::move(rows->front()));
}

Result<std::vector<model::Claimed>> read_messages(Link& link, const std::vector<std::int64_t>& ids) {
  auto found = link.run(
      "SELECT o.id, o.kind, o.in_thread, c.body, c.preview, (SELECT r.remote_id FROM outbox r WHERE "
      "r.target=o.target AND r.grp=o.grp AND r.part=0 AND r.state=3 AND o.in_thread<>0 ORDER BY r.id LIMIT 1) FROM "
      "unnest($1::bigint[]) WITH ORDINALITY n(id, place) JOIN outbox o ON o.id=n.id JOIN contents c ON "
      "c.hash=o.content ORDER BY n.place",
      {array_of(ids)});
  if (!found) return found.error();
  std::vector<model::Claimed> out;
  for (int i = 0; i < found->size(); ++i) {
    auto row = (*found)[i];
    auto kind = model::parse_part_kind(row.text(1));
    if (!kind) continue;
    model::Claimed one{.id = row.integer(0), .thread = model::RemoteId(std::string(row.text(5)))};
    one.message = {*kind, row.integer(2) != 0, std::string(row.text(3)), std::string(row.text(4))};
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::optional<model::Claimed>> Sendings::message(std::int64_t id) {
  std::vector<model::Claimed> found;
  auto done = session_.together([id, &found](Link& link) -> Status {
    auto messages = read_messages(link, {id});
    if (!messages) return messages.error();
    found = *std::move(messages);
    return {};
  });
  if (!done) return done.error();
  return found.empty() ? std::optional<model::Claimed>() : std::optional(std::move(found.front()));
}

Result<std::vector<model::RemoteId>> Sendings::remote_ids(const Target& target, std::size_t limit) {
  auto found = session_.run("SELECT remote_id FROM outbox WHERE target=$1 AND remote_id<>'' ORDER BY id DESC LIMIT $2",
                            {target.str(), static_cast<std::int64_t>(limit)});
  if (!found) return found.error();
  std::vector<model::RemoteId> out;
  for (int i = 0; i < found->size(); ++i) out.emplace_back(std::string((*found)[i].text(0)));
  return out;
}

// One part for each index that leads there: ended since, open and owned, open and free.
Result<std::vector<Outbox::Begun>> Sendings::begun_since(const model::PlatformName& platform, Moment since) {
  auto found = session_.run(
      "SELECT target, in_thread, t0 FROM outbox WHERE ended>$2 AND platform=$1 AND t0>$2 UNION ALL "
      "SELECT target, in_thread, t0 FROM outbox WHERE ended IS NULL AND owner IS NOT NULL AND platform=$1 AND t0>$2 "
      "UNION ALL "
      "SELECT target, in_thread, t0 FROM outbox WHERE ended IS NULL AND owner IS NULL AND platform=$1 AND t0>$2 "
      "ORDER BY t0",
      {platform.str(), since});
  if (!found) return found.error();
  std::vector<Begun> out;
  for (int i = 0; i < found->size(); ++i) {
    auto row = (*found)[i];
    if (auto target = Target::parse(row.text(0)))
      out.push_back({*std::move(target), row.integer(1) != 0, moment(row.integer(2))});
  }
  return out;
}

// ---- For the operator ---------------------------------------------------------------------------------------------

Result<std::optional<std::int64_t>> Sendings::retry(std::int64_t id, Moment now, Moment expires) {
  auto moved = session_.run(
      "UPDATE outbox SET id=nextval('outbox_ids'), state=0, due=$2, expires=$3, ended=NULL, owner=NULL WHERE id=$1 AND "
      "state IN (0,4,5) RETURNING id",
      {id, now, expires});
  if (!moved) return moved.error();
  if (moved->empty()) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>((*moved)[0].integer(0));
}

Result<bool> Sendings::drop(std::int64_t id, Moment now, const std::string& why) {
  return session_.writes("UPDATE outbox SET state=5, ended=$2, error=$3 WHERE id=$1 AND state IN (0,2)",
                         {id, now, why});
}

Result<std::map<model::RowState, std::size_t>> Sendings::counts() {
  auto found = session_.run("SELECT state, count(*) FROM outbox GROUP BY state");
  if (!found) return found.error();
  std::map<model::RowState, std::size_t> out;
  for (int i = 0; i < found->size(); ++i)
    out[static_cast<model::RowState>((*found)[i].integer(0))] = static_cast<std::size_t>((*found)[i].integer(1));
  return out;
}

// Each half by an index of its own, however many rows have ended.
Result<std::optional<Moment>> Sendings::oldest_due() {
  auto found = session_.run(
      "SELECT least((SELECT min(due) FROM outbox WHERE ended IS NULL AND owner IS NULL), "
      "(SELECT min(due) FROM outbox WHERE ended IS NULL AND owner IS NOT NULL))");
  if (!found) return found.error();
  if ((*found)[0].is_null(0)) return std::optional<Moment>();
  return std::optional<Moment>(moment((*found)[0].integer(0)));
}

Status Sendings::prune(Moment before) {
  const std::vector<Step> steps{
      {"DELETE FROM outbox WHERE ended IS NOT NULL AND ended<$1", {before}},
      {"DELETE FROM contents c WHERE used<$1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.content=c.hash)", {before}},
      {"DELETE FROM holds WHERE until<$1", {before}},
      {"DELETE FROM slots WHERE filled<$1", {before}}};
  return session_.together([&steps](Link& link) { return run_steps(link, steps); });
}

}  // namespace broadsheet::store::postgres
