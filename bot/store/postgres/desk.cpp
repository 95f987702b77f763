#include "bot/store/postgres/desk.hpp"

#include "bot/store/subscription_record.hpp"

namespace broadsheet::store::postgres {

using model::Subscription;

namespace {

constexpr const char* kAccept = "INSERT INTO inbox VALUES($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING";
// An event that a first run of the same call has accepted is new to the second.
constexpr const char* kAcceptAgain =
    "INSERT INTO inbox VALUES($1,$2,$3,$4,$5) ON CONFLICT (platform, event) DO UPDATE SET seen=excluded.seen WHERE "
    "inbox.seen=$4 AND inbox.payload=$3";

}  // namespace

Result<bool> Arrivals::accept(const std::string& platform, const std::string& event, const std::string& payload,
                              Moment now, Moment expires) {
  bool fresh = false;
  auto done = session_.together([&, again = false](Link& link) mutable -> Status {
    auto written =
        link.run(std::exchange(again, true) ? kAcceptAgain : kAccept, {platform, event, payload, now, expires});
    if (!written) return written.error();
    fresh = written->changed() != 0;
    return {};
  });
  if (!done) return done.error();
  return fresh;
}

Result<std::vector<Inbox::Waiting>> Arrivals::waiting() {
  auto found =
      session_.run("SELECT platform, event, payload, seen FROM inbox WHERE payload IS NOT NULL ORDER BY seen, event");
  if (!found) return found.error();
  std::vector<Waiting> out;
  for (int i = 0; i < found->size(); ++i) {
    auto row = (*found)[i];
    out.push_back({std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2)),
                   Moment(std::chrono::milliseconds(row.integer(3)))});
  }
  return out;
}

Status Arrivals::keep(const std::string& platform, const std::string& event, const std::string& payload) {
  return session_.write("UPDATE inbox SET payload=$3 WHERE platform=$1 AND event=$2 AND payload IS NOT NULL",
                        {platform, event, payload});
}

Status Arrivals::done(const std::string& platform, const std::string& event) {
  return session_.write("UPDATE inbox SET payload=NULL WHERE platform=$1 AND event=$2", {platform, event});
}

Status Arrivals::forget_expired(Moment now) {
  return session_.write("DELETE FROM inbox WHERE expires<$1 AND payload IS NULL", {now});
}

namespace {

Result<std::vector<Subscription>> read_all(const Answer& found) {
  std::vector<Subscription> out;
  for (int i = 0; i < found.size(); ++i) {
    auto one = read_subscription(found[i]);
    if (!one) return one.error();
    out.push_back(*std::move(one));
  }
  return out;
}

std::string select_where(const std::string& condition) {
  return "SELECT " + std::string(kSubscriptionColumns) + " FROM subscriptions " + condition +
         " ORDER BY target, number";
}

// The number that it has at its target, or the next one there.
Result<std::int64_t> number_for(Link& link, const Subscription& subscription) {
  auto target = subscription.target.str();
  auto known = link.run("SELECT number FROM subscriptions WHERE id=$1 AND target=$2 FOR UPDATE",
                        {subscription.id.str(), target});
  if (!known) return known.error();
  if (!known->empty()) return (*known)[0].integer(0);
  auto next = link.run(
      "INSERT INTO subscription_numbers VALUES($1,1) ON CONFLICT (target) DO UPDATE SET "
      "last=subscription_numbers.last+1 RETURNING last",
      {target});
  if (!next) return next.error();
  return (*next)[0].integer(0);
}

Status write(Link& link, const Subscription& s) {
  auto done = link.run(
      "INSERT INTO subscriptions VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT (id) DO UPDATE SET "
      "target=excluded.target, number=excluded.number, categories=excluded.categories, options=excluded.options, "
      "state=excluded.state, why=excluded.why, fixed=excluded.fixed, made_by=excluded.made_by, "
      "created=excluded.created",
      {s.id.str(), s.target.str(), s.number, categories_text(s.categories), options_json(s.options),
       static_cast<std::int64_t>(s.state), s.why, std::int64_t{s.fixed}, s.made_by, s.created});
  return done ? Status() : done.error();
}

}  // namespace

Result<Subscription> Subscribed::put(const Subscription& subscription) {
  auto out = subscription;
  auto done = session_.together([&out](Link& link) -> Status {
    auto number = number_for(link, out);
    if (!number) return number.error();
    out.number = *number;
    return write(link, out);
  });
  if (!done) return done.error();
  return out;
}

Status Subscribed::remove(const model::SubscriptionId& id) {
  return session_.write("DELETE FROM subscriptions WHERE id=$1", {id.str()});
}

Result<std::vector<Subscription>> Subscribed::all() {
  auto found = session_.run(select_where(""));
  if (!found) return found.error();
  return read_all(*found);
}

Result<std::vector<Subscription>> Subscribed::of(const model::Target& target) {
  auto found = session_.run(select_where("WHERE target=$1"), {target.str()});
  if (!found) return found.error();
  return read_all(*found);
}

Status Subscribed::cover(const model::SubscriptionId& id, Day day) {
  return session_.write(
      "INSERT INTO covered VALUES($1,$2) ON CONFLICT (subscription) DO UPDATE SET day=greatest(covered.day,$2)",
      {id.str(), day});
}

Result<std::map<model::SubscriptionId, Day>> Subscribed::covered() {
  auto found = session_.run("SELECT subscription, day FROM covered");
  if (!found) return found.error();
  std::map<model::SubscriptionId, Day> out;
  for (int i = 0; i < found->size(); ++i)
    out.emplace(std::string((*found)[i].text(0)), Day(std::chrono::days((*found)[i].integer(1))));
  return out;
}

// A row's name is "SUBSCRIPTION/RUN".
Status Subscribed::put_slot(const model::Slot& slot) {
  return session_.write(
      "INSERT INTO posts VALUES($1,$2,$3,$4,$5) ON CONFLICT (subscription, day) DO UPDATE SET state=excluded.state, "
      "detail=excluded.detail, at=excluded.at",
      {slot.subscription.str() + "/" + slot.run.str(), slot.local_day, slot.state, slot.detail, slot.at});
}

Result<std::vector<model::Slot>> Subscribed::select_slots(const std::string& rest, const model::SubscriptionId& id,
                                                          Day since) {
  auto first = id.str() + "/", end = id.str() + "0";  // '0' follows '/': the names between them are this one's
  auto found = session_.run(
      "SELECT subscription, day, state, detail, at FROM posts WHERE subscription>$1 AND subscription<$2 AND day>=$3 " +
          rest,
      {first, end, since});
  if (!found) return found.error();
  std::vector<model::Slot> out;
  for (int i = 0; i < found->size(); ++i) {
    auto row = (*found)[i];
    out.push_back({id, model::RunName(std::string(row.text(0).substr(first.size()))),
                   Day(std::chrono::days(row.integer(1))), std::string(row.text(2)), std::string(row.text(3)),
                   Moment(std::chrono::milliseconds(row.integer(4)))});
  }
  return out;
}

Result<std::vector<model::Slot>> Subscribed::slots(const model::SubscriptionId& id, Day since) {
  return select_slots("ORDER BY day, at", id, since);
}

Result<std::optional<model::Slot>> Subscribed::last_slot(const model::SubscriptionId& id) {
  auto found = select_slots("ORDER BY day DESC, at DESC LIMIT 1", id, Day());
  if (!found) return found.error();
  return found->empty() ? std::optional<model::Slot>() : std::optional(std::move(found->front()));
}

}  // namespace broadsheet::store::postgres
