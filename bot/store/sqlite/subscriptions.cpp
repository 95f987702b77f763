#include <sqlite3.h>

#include "bot/store/sqlite/desk.hpp"

namespace broadsheet::store {
namespace {

using model::Subscription;

std::int64_t number_of(Day day) {
  return day.time_since_epoch().count();
}

}  // namespace

Result<std::int64_t> SqliteSubscriptions::next_number(const std::string& target) {
  auto found = statements_.get(
      "INSERT INTO subscription_numbers VALUES(?,1) ON CONFLICT DO UPDATE SET last=last+1 RETURNING last");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, target);
  if (int code = s->step(); code != SQLITE_ROW) return db_.error(code);
  auto number = s->integer(0);
  if (int code = s->step(); code != SQLITE_DONE) return db_.error(code);
  return number;
}

Result<Subscription> SqliteSubscriptions::put(const Subscription& subscription) {
  std::lock_guard guard(mutex_);
  Transaction tx(db_);
  if (auto begun = tx.begin(); !begun) return begun.error();
  auto known = select("WHERE id=?", subscription.id.str());
  if (!known) return known.error();
  auto out = subscription;
  auto target = out.target.str();
  if (!known->empty() && known->front().target == out.target) {
    out.number = known->front().number;
  } else {
    auto number = next_number(target);
    if (!number) return number.error();
    out.number = *number;
  }
  auto found = statements_.get(
      "INSERT INTO subscriptions VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET target=excluded.target, "
      "number=excluded.number, categories=excluded.categories, options=excluded.options, state=excluded.state, "
      "why=excluded.why, fixed=excluded.fixed, made_by=excluded.made_by, created=excluded.created");
  if (!found) return found.error();
  {
    Use s(**found);
    auto categories = categories_text(out.categories), options = options_json(out.options);
    s->bind(1, out.id.str()).bind(2, target).bind(3, out.number).bind(4, categories).bind(5, options);
    s->bind(6, static_cast<std::int64_t>(out.state)).bind(7, out.why).bind(8, std::int64_t{out.fixed});
    s->bind(9, out.made_by).bind(10, std::int64_t{out.created.time_since_epoch().count()});
    if (auto done = db_.finish(s->step()); !done) return done.error();
  }
  if (auto done = tx.commit(); !done) return done.error();
  return out;
}

Status SqliteSubscriptions::remove(const model::SubscriptionId& id) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("DELETE FROM subscriptions WHERE id=?");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, id.str());
  return db_.finish(s->step());
}

Result<std::vector<Subscription>> SqliteSubscriptions::select(const std::string& rest, const std::string& value) {
  auto found = statements_.get("SELECT " + std::string(kSubscriptionColumns) + " FROM subscriptions " + rest +
                               " ORDER BY target, number");
  if (!found) return found.error();
  Use s(**found);
  if (rest.find('?') != std::string::npos) s->bind(1, value);
  std::vector<Subscription> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step()) {
    auto one = read_subscription(*s);
    if (!one) return one.error();
    out.push_back(std::move(*one));
  }
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

Result<std::vector<Subscription>> SqliteSubscriptions::all() {
  std::lock_guard guard(mutex_);
  return select("", {});
}

Result<std::vector<Subscription>> SqliteSubscriptions::of(const model::Target& target) {
  std::lock_guard guard(mutex_);
  return select("WHERE target=?", target.str());
}

Status SqliteSubscriptions::cover(const model::SubscriptionId& id, Day day) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("INSERT INTO covered VALUES(?1,?2) ON CONFLICT DO UPDATE SET day=max(day,?2)");
  if (!found) return found.error();
  Use s(**found);
  s->bind(1, id.str()).bind(2, number_of(day));
  return db_.finish(s->step());
}

Result<std::map<model::SubscriptionId, Day>> SqliteSubscriptions::covered() {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("SELECT subscription, day FROM covered");
  if (!found) return found.error();
  Use s(**found);
  std::map<model::SubscriptionId, Day> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step())
    out.emplace(model::SubscriptionId(std::string(s->text(0))), Day(std::chrono::days(s->integer(1))));
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

// A row's name is "SUBSCRIPTION/RUN".
Status SqliteSubscriptions::put_slot(const model::Slot& slot) {
  std::lock_guard guard(mutex_);
  auto found = statements_.get("INSERT OR REPLACE INTO posts VALUES(?,?,?,?,?)");
  if (!found) return found.error();
  Use s(**found);
  auto name = slot.subscription.str() + "/" + slot.run.str();
  s->bind(1, name).bind(2, number_of(slot.local_day)).bind(3, slot.state).bind(4, slot.detail);
  s->bind(5, std::int64_t{slot.at.time_since_epoch().count()});
  return db_.finish(s->step());
}

Result<std::vector<model::Slot>> SqliteSubscriptions::select_slots(const std::string& rest,
                                                                   const model::SubscriptionId& id, Day since) {
  auto found = statements_.get(
      "SELECT subscription, day, state, detail, at FROM posts WHERE subscription>?1 AND subscription<?2 AND day>=?3 " +
      rest);
  if (!found) return found.error();
  Use s(**found);
  auto first = id.str() + "/", end = id.str() + "0";  // '0' follows '/': the names between them are this one's
  s->bind(1, first).bind(2, end).bind(3, number_of(since));
  std::vector<model::Slot> out;
  int code = s->step();
  for (; code == SQLITE_ROW; code = s->step())
    out.push_back({id, model::RunName(std::string(s->text(0).substr(first.size()))),
                   Day(std::chrono::days(s->integer(1))), std::string(s->text(2)), std::string(s->text(3)),
                   Moment(std::chrono::milliseconds(s->integer(4)))});
  if (code != SQLITE_DONE) return db_.error(code);
  return out;
}

Result<std::vector<model::Slot>> SqliteSubscriptions::slots(const model::SubscriptionId& id, Day since) {
  std::lock_guard guard(mutex_);
  return select_slots("ORDER BY day, at", id, since);
}

Result<std::optional<model::Slot>> SqliteSubscriptions::last_slot(const model::SubscriptionId& id) {
  std::lock_guard guard(mutex_);
  auto found = select_slots("ORDER BY day DESC, at DESC LIMIT 1", id, Day());
  if (!found) return found.error();
  return found->empty() ? std::optional<model::Slot>() : std::optional(std::move(found->front()));
}

}  // namespace broadsheet::store
