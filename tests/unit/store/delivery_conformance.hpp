// What every engine must do for delivery: outbox, inbox, subscriptions.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "bot/base/hash.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {

inline Moment at_second(int n) {
  return Moment(std::chrono::seconds(1768262400LL + n));
}

inline const model::PlatformName kTelegram("telegram");

inline model::NewRow made_row(const std::string& target, int part, const std::string& body = "{\"text\":\"hello\"}") {
  model::NewRow row;
  row.target = *model::Target::parse(target);
  row.key = model::DeliveryKey(short_sha256(target + "/" + std::to_string(part) + body));
  row.group = "digest-1";
  row.part = part;
  row.message = {part == 0 ? model::PartKind::summary : model::PartKind::card, part > 0, body, "hello"};
  row.due = at_second(0);
  row.expires = at_second(86400);
  return row;
}

// What is open on Telegram, in order of sending.
inline std::vector<model::OutboxRow> open_rows(Outbox& outbox, const model::PlatformName& platform = kTelegram) {
  auto rows = *outbox.list({.limit = 1000});
  std::erase_if(rows, [&platform](const model::OutboxRow& row) {
    return !model::is_open(row.state) || row.target.platform != platform;
  });
  std::ranges::reverse(rows);
  return rows;
}

inline const Worker kAnn{kTelegram, "ann"}, kBob{kTelegram, "bob"};
inline constexpr std::chrono::seconds kLease{20};

template <class Factory>
class DeliveryConformance : public testing::Test {
 protected:
  Factory factory;
  std::unique_ptr<Store> store = factory.open();
  Outbox& outbox = store->outbox();
  std::vector<model::OutboxRow> claimed(const Worker& worker, int second = 0, std::size_t limit = 1000) {
    auto rows = outbox.claim(worker, limit, at_second(second), kLease);
    EXPECT_TRUE(rows) << rows.error().what();
    return rows ? *rows : std::vector<model::OutboxRow>();
  }
  // What ann owns of these targets' first messages.
  std::vector<model::OutboxRow> anns(const std::vector<std::string>& targets) {
    std::vector<model::NewRow> rows;
    for (const auto& target : targets) rows.push_back(made_row(target, 0));
    EXPECT_TRUE(outbox.enqueue("", rows, at_second(0)));
    return claimed(kAnn);
  }
};
TYPED_TEST_SUITE_P(DeliveryConformance);

TYPED_TEST_P(DeliveryConformance, FillsASlotOnceWithAllRowsOrNone) {
  std::vector<model::NewRow> rows = {made_row("telegram:1", 0), made_row("telegram:1", 1)};
  EXPECT_TRUE(*this->outbox.enqueue("sub/2026-01-13", rows, at_second(0)));
  EXPECT_FALSE(*this->outbox.enqueue("sub/2026-01-13", {made_row("telegram:1", 2)}, at_second(1)));
  auto open = open_rows(this->outbox);
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].key, rows[0].key);
  EXPECT_EQ(open[1].part, 1);
  EXPECT_TRUE(open[1].in_thread);
  // A key that is known is left alone.
  EXPECT_TRUE(*this->outbox.enqueue("", {rows[0]}, at_second(2)));
  EXPECT_EQ(open_rows(this->outbox).size(), 2U);
}

TYPED_TEST_P(DeliveryConformance, ClaimsMarksAndThreads) {
  ASSERT_TRUE(
      this->outbox.enqueue("s", {made_row("telegram:1", 0), made_row("telegram:1", 1, "{\"c\":1}")}, at_second(0)));
  auto open = this->claimed(kAnn);
  ASSERT_EQ(open.size(), 2U);
  auto first = this->outbox.begin(kAnn, {open[0].id}, at_second(5));
  ASSERT_TRUE(first) << first.error().what();
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(first->front().message.body, "{\"text\":\"hello\"}");
  EXPECT_EQ(first->front().thread.str(), "");
  EXPECT_TRUE(this->outbox.begin(kAnn, {open[0].id}, at_second(6))->empty());  // it is in flight
  auto row = **this->outbox.row(open[0].id);
  EXPECT_EQ(row.state, model::RowState::sending);
  EXPECT_EQ(row.attempt, 1);
  EXPECT_EQ(row.t0, at_second(5));
  row.state = model::RowState::delivered;
  row.remote_id = "77";
  EXPECT_TRUE(this->outbox.mark(kAnn, {row}, at_second(10))->empty());
  EXPECT_EQ(this->outbox.target(row.target)->last_id.str(), "77");
  auto second = this->outbox.begin(kAnn, {open[1].id}, at_second(6));
  ASSERT_EQ(second->size(), 1U);
  EXPECT_EQ(second->front().thread.str(), "77");
  EXPECT_EQ(open_rows(this->outbox).size(), 1U);
  // Finished rows stay finished.
  row.state = model::RowState::pending;
  EXPECT_EQ(*this->outbox.mark(kAnn, {row}, at_second(10)), std::vector<std::int64_t>{row.id});
  EXPECT_EQ((**this->outbox.row(row.id)).state, model::RowState::delivered);
  EXPECT_EQ(*this->outbox.remote_ids(row.target, 10), std::vector<model::RemoteId>{"77"});
}

TYPED_TEST_P(DeliveryConformance, GivesEachRowToOneWorker) {
  ASSERT_EQ(this->anns({"telegram:1", "telegram:2"}).size(), 2U);
  EXPECT_TRUE(this->claimed(kAnn).empty()) << "it has them already";
  EXPECT_TRUE(this->claimed(kBob, 19).empty());
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:3", 0)}, at_second(1)));
  auto bobs = this->claimed(kBob, 19);
  ASSERT_EQ(bobs.size(), 1U);
  EXPECT_EQ(bobs[0].target.str(), "telegram:3");
  EXPECT_TRUE(this->outbox.begin(kAnn, {bobs[0].id}, at_second(2))->empty());
  EXPECT_TRUE(this->outbox.open_rows(kAnn, {bobs[0].id})->empty());
  EXPECT_EQ(this->outbox.open_rows(kBob, {bobs[0].id})->size(), 1U);
  bobs[0].state = model::RowState::dead;
  EXPECT_EQ(*this->outbox.mark(kAnn, bobs, at_second(2)), std::vector<std::int64_t>{bobs[0].id});
  EXPECT_EQ((**this->outbox.row(bobs[0].id)).state, model::RowState::pending);
}

TYPED_TEST_P(DeliveryConformance, GivesATargetToOneWorkerAtATime) {
  ASSERT_TRUE(this->outbox.enqueue(
      "", {made_row("telegram:1", 0), made_row("telegram:1", 1), made_row("telegram:2", 0)}, at_second(0)));
  auto anns = this->claimed(kAnn, 0, 1);
  ASSERT_EQ(anns.size(), 1U);
  auto bobs = this->claimed(kBob);
  ASSERT_EQ(bobs.size(), 1U) << "the second message of telegram:1 waits for its first";
  EXPECT_EQ(bobs[0].target.str(), "telegram:2");
  anns[0].state = model::RowState::delivered;
  ASSERT_TRUE(this->outbox.mark(kAnn, anns, at_second(1))->empty());
  auto next = this->claimed(kBob);
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].part, 1);
}

TYPED_TEST_P(DeliveryConformance, TakesOverFromAWorkerWhoseLeaseEnded) {
  auto rows = this->anns({"telegram:1", "telegram:2"});
  ASSERT_EQ(this->outbox.begin(kAnn, {rows[0].id}, at_second(5))->size(), 1U);
  EXPECT_TRUE(this->claimed({"slack", "bob"}, 60).empty()) << "another platform's affair";
  EXPECT_EQ((**this->outbox.row(rows[0].id)).state, model::RowState::sending);
  EXPECT_TRUE(*this->outbox.renew(kAnn, at_second(10), kLease));
  EXPECT_TRUE(this->claimed(kBob, 29).empty());
  auto bobs = this->claimed(kBob, 30);
  ASSERT_EQ(bobs.size(), 2U);
  EXPECT_EQ(bobs[0].state, model::RowState::ambiguous) << "nobody knows what became of it";
  EXPECT_EQ(bobs[0].due, at_second(5));
  EXPECT_EQ(bobs[0].times_unknown, 1);
  EXPECT_EQ(bobs[1].state, model::RowState::pending);
  EXPECT_EQ(bobs[1].times_unknown, 0);
  EXPECT_EQ(this->outbox.list({.unknown_only = true})->size(), 1U);
  // The one that was only paused may not write or send any more.
  EXPECT_FALSE(*this->outbox.renew(kAnn, at_second(31), kLease));
  EXPECT_TRUE(this->outbox.begin(kAnn, {rows[1].id}, at_second(31))->empty());
  rows[0].state = model::RowState::delivered;
  EXPECT_EQ(this->outbox.mark(kAnn, {rows[0]}, at_second(31))->size(), 1U);
  EXPECT_EQ((**this->outbox.row(rows[0].id)).state, model::RowState::ambiguous);
}

// What was said in an earlier term is not heard, also when the row has come back to the same worker.
TYPED_TEST_P(DeliveryConformance, HearsNothingOfAnEarlierTerm) {
  auto first = this->anns({"telegram:1"});
  ASSERT_EQ(this->outbox.begin(kAnn, {first[0].id}, at_second(1))->size(), 1U);
  ASSERT_EQ(this->claimed(kBob, 30).size(), 1U);
  auto again = this->claimed(kAnn, 60);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_GT(again[0].term, first[0].term);
  first[0].state = model::RowState::delivered;
  EXPECT_EQ(this->outbox.mark(kAnn, first, at_second(61))->size(), 1U);
  again[0].state = model::RowState::delivered;
  EXPECT_TRUE(this->outbox.mark(kAnn, again, at_second(61))->empty());
}

TYPED_TEST_P(DeliveryConformance, FreesTheRowsOfAWorkerThatEnds) {
  auto rows = this->anns({"telegram:1", "telegram:2"});
  ASSERT_EQ(this->outbox.begin(kAnn, {rows[0].id}, at_second(1))->size(), 1U);
  ASSERT_TRUE(this->outbox.release(kAnn));
  EXPECT_FALSE(*this->outbox.renew(kAnn, at_second(2), kLease));
  auto bobs = this->claimed(kBob, 2);
  ASSERT_EQ(bobs.size(), 2U);
  EXPECT_EQ(bobs[0].state, model::RowState::ambiguous);
  EXPECT_EQ(bobs[0].times_unknown, 1) << "once for one death";
}

TYPED_TEST_P(DeliveryConformance, KeepsAWorkerWithoutALeaseAlive) {
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 0)}, at_second(0)));
  ASSERT_EQ(this->outbox.claim(kAnn, 10, at_second(0), std::nullopt)->size(), 1U);
  EXPECT_TRUE(this->claimed(kBob, 1'000'000'000).empty());
  ASSERT_TRUE(this->outbox.release(kAnn));
  EXPECT_EQ(this->claimed(kBob, 1).size(), 1U);
}

// A clock that jumped does not make a worker dead by its own word.
TYPED_TEST_P(DeliveryConformance, LetsNobodyTakeOverFromItself) {
  auto rows = this->anns({"telegram:1"});
  ASSERT_EQ(this->outbox.begin(kAnn, {rows[0].id}, at_second(1))->size(), 1U);
  EXPECT_TRUE(this->claimed(kAnn, 86400).empty());
  rows[0].state = model::RowState::delivered;
  EXPECT_TRUE(this->outbox.mark(kAnn, rows, at_second(86400))->empty());
}

TYPED_TEST_P(DeliveryConformance, GivesARoleToOneHolder) {
  auto& leases = this->store->leases();
  auto ann = *leases.take("schedule", "ann", at_second(0), kLease);
  ASSERT_TRUE(ann);
  EXPECT_FALSE(leases.take("schedule", "bob", at_second(19), kLease)->has_value());
  EXPECT_TRUE(leases.take("sources", "bob", at_second(19), kLease)->has_value());
  EXPECT_TRUE(*leases.renew(*ann, at_second(10), kLease));
  EXPECT_FALSE(leases.take("schedule", "bob", at_second(29), kLease)->has_value());
  auto bob = *leases.take("schedule", "bob", at_second(30), kLease);
  ASSERT_TRUE(bob);
  EXPECT_GT(bob->term, ann->term);
  EXPECT_FALSE(*leases.renew(*ann, at_second(31), kLease));
  EXPECT_FALSE(*leases.current(*ann));
  EXPECT_TRUE(*leases.current(*bob));
  ASSERT_TRUE(leases.release(*ann)) << "another term has begun: nothing happens";
  EXPECT_FALSE(leases.take("schedule", "eve", at_second(32), kLease)->has_value());
  ASSERT_TRUE(leases.release(*bob));
  auto eve = *leases.take("schedule", "eve", at_second(32), std::nullopt);
  ASSERT_TRUE(eve);
  EXPECT_FALSE(leases.take("schedule", "ann", at_second(1'000'000'000), kLease)->has_value());
  auto again = *leases.take("schedule", "eve", at_second(33), kLease);
  ASSERT_TRUE(again) << "whoever has it may begin a new term";
  EXPECT_FALSE(*leases.current(*eve));
}

// The leader of yesterday writes nothing: its term is asked for in the same transaction.
TYPED_TEST_P(DeliveryConformance, FencesWhatALeaderWrites) {
  auto old = *this->store->leases().take("schedule", "ann", at_second(0), kLease);
  ASSERT_TRUE(*this->store->leases().take("schedule", "bob", at_second(20), kLease));
  auto done = this->store->transact([&old](Repositories& parts) -> Status {
    auto written = parts.outbox().enqueue("slot", {made_row("telegram:1", 0)}, at_second(21));
    if (!written) return written.error();
    auto leads = parts.leases().current(*old);
    if (!leads) return leads.error();
    return *leads ? Status() : Error(ErrorKind::not_allowed, "another one leads");
  });
  EXPECT_FALSE(done);
  EXPECT_TRUE(open_rows(this->outbox).empty());
  EXPECT_TRUE(*this->outbox.enqueue("slot", {made_row("telegram:1", 0)}, at_second(22))) << "the slot is free";
}

TYPED_TEST_P(DeliveryConformance, MovesATargetWithEverythingItHas) {
  auto old_place = *model::Target::parse("telegram:-5"), new_place = *model::Target::parse("telegram:-1005");
  ASSERT_TRUE(this->outbox.enqueue("s", {made_row("telegram:-5", 0)}, at_second(0)));
  ASSERT_TRUE(this->outbox.switch_target(old_place, false, "gone"));
  model::Subscription subscription;
  subscription.id = "a";
  subscription.target = old_place;
  subscription.categories = {*Category::parse("cs.CV")};
  ASSERT_TRUE(this->store->subscriptions().put(subscription));
  ASSERT_EQ(this->outbox.targets_off()->size(), 1U);
  auto moved = this->outbox.move_target(old_place, new_place);
  ASSERT_TRUE(moved) << moved.error().what();
  EXPECT_EQ(open_rows(this->outbox).front().target, new_place);
  EXPECT_EQ(this->store->subscriptions().of(new_place)->size(), 1U);
  EXPECT_TRUE(this->outbox.targets_off()->empty());
}

TYPED_TEST_P(DeliveryConformance, RemembersHoldsAndPrunes) {
  ASSERT_TRUE(this->outbox.hold("chat:1", at_second(300)));
  ASSERT_TRUE(this->outbox.hold("chat:1", at_second(200)));  // never shortened
  EXPECT_EQ(this->outbox.holds(at_second(0))->at("chat:1"), at_second(300));
  EXPECT_TRUE(this->outbox.holds(at_second(301))->empty());
  ASSERT_TRUE(this->outbox.enqueue("s", {made_row("telegram:1", 0)}, at_second(0)));
  auto row = this->claimed(kAnn).front();
  row.state = model::RowState::dead;
  row.t0 = at_second(10);
  ASSERT_TRUE(this->outbox.mark(kAnn, {row}, at_second(10)));
  EXPECT_EQ(this->outbox.counts()->at(model::RowState::dead), 1U);
  ASSERT_TRUE(this->outbox.prune(at_second(20)));
  EXPECT_TRUE(this->outbox.counts()->empty());
  EXPECT_FALSE(this->outbox.oldest_due()->has_value());
}

TYPED_TEST_P(DeliveryConformance, NeverGivesAnIdTwice) {
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 0), made_row("telegram:1", 1)}, at_second(0)));
  auto rows = this->claimed(kAnn);
  auto last = rows.back().id;
  for (auto& row : rows) row.state = model::RowState::dead;
  ASSERT_TRUE(this->outbox.mark(kAnn, rows, at_second(1)));
  ASSERT_TRUE(this->outbox.prune(at_second(2)));
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 2)}, at_second(3)));
  EXPECT_GT(open_rows(this->outbox).front().id, last);
}

TYPED_TEST_P(DeliveryConformance, ClaimsInPortionsByPlatform) {
  ASSERT_TRUE(this->outbox.enqueue(
      "", {made_row("telegram:1", 0), made_row("slack:T0001/C0001", 0), made_row("telegram:2", 0)}, at_second(0)));
  ASSERT_EQ(this->claimed(kAnn, 0, 1).size(), 1U);
  auto second = this->claimed(kAnn, 0, 1);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].target.str(), "telegram:2");
  EXPECT_TRUE(this->claimed(kAnn, 0, 1).empty());
  EXPECT_EQ(this->claimed({"slack", "ann"}).size(), 1U);
}

TYPED_TEST_P(DeliveryConformance, RetriesAtTheEndOfTheLineAndDrops) {
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 0), made_row("telegram:1", 1)}, at_second(0)));
  auto rows = this->claimed(kAnn);
  EXPECT_TRUE(*this->outbox.drop(rows[0].id, at_second(1), "not wanted"));
  EXPECT_FALSE(*this->outbox.drop(rows[0].id, at_second(1), "not wanted"));
  EXPECT_EQ((**this->outbox.row(rows[0].id)).error, "not wanted");
  auto again = this->outbox.retry(rows[0].id, at_second(5), at_second(100));
  ASSERT_TRUE(again && *again);
  EXPECT_GT(**again, rows[1].id);
  auto fresh = **this->outbox.row(**again);
  EXPECT_EQ(fresh.state, model::RowState::pending);
  EXPECT_EQ(fresh.key, rows[0].key);
  EXPECT_EQ(fresh.due, at_second(5));
  EXPECT_EQ(fresh.expires, at_second(100));
  EXPECT_FALSE(this->outbox.row(rows[0].id)->has_value());
  EXPECT_EQ(this->claimed(kAnn).size(), 1U) << "it is found as work again";
  // What is in flight, or on its way to be found out, is recovery's affair.
  ASSERT_EQ(this->outbox.begin(kAnn, {rows[1].id}, at_second(6))->size(), 1U);
  EXPECT_FALSE(this->outbox.retry(rows[1].id, at_second(7), at_second(100))->has_value());
  EXPECT_FALSE(*this->outbox.drop(rows[1].id, at_second(7), "no"));
}

TYPED_TEST_P(DeliveryConformance, KeepsAFinishedRowFromItsEndOn) {
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 0)}, at_second(0)));
  auto row = this->claimed(kAnn).front();
  row.state = model::RowState::expired;  // never tried
  ASSERT_TRUE(this->outbox.mark(kAnn, {row}, at_second(50)));
  ASSERT_TRUE(this->outbox.prune(at_second(50)));
  EXPECT_EQ(this->outbox.counts()->at(model::RowState::expired), 1U);
  ASSERT_TRUE(this->outbox.prune(at_second(51)));
  EXPECT_TRUE(this->outbox.counts()->empty());
}

TYPED_TEST_P(DeliveryConformance, MovesOntoAPlaceThatHasSubscriptions) {
  auto from = *model::Target::parse("telegram:-5"), to = *model::Target::parse("telegram:-1005");
  auto& subscriptions = this->store->subscriptions();
  model::Subscription one;
  for (const char* id : {"a", "b"}) {
    one.id = model::SubscriptionId(id);
    one.target = *id == 'a' ? from : to;
    ASSERT_TRUE(subscriptions.put(one));
  }
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:-5", 0)}, at_second(0)));
  auto moved = this->outbox.move_target(from, to);
  ASSERT_TRUE(moved) << moved.error().what();
  ASSERT_TRUE(this->outbox.move_target(to, to));
  EXPECT_EQ(open_rows(this->outbox).front().target, to);
  ASSERT_EQ(subscriptions.of(to)->size(), 2U);
  EXPECT_EQ(subscriptions.of(to)->at(0).id.str(), "b");
  EXPECT_EQ(subscriptions.of(to)->at(1).number, 2);
  one.id = "c";
  one.target = to;
  EXPECT_EQ(subscriptions.put(one)->number, 3);
  EXPECT_EQ(subscriptions.of(to)->size(), 3U);
}

TYPED_TEST_P(DeliveryConformance, ActsOnceOnAnEvent) {
  auto& inbox = this->store->inbox();
  EXPECT_TRUE(*inbox.accept("telegram", "17", "{}", at_second(0), at_second(100)));
  EXPECT_FALSE(*inbox.accept("telegram", "17", "{}", at_second(1), at_second(100)));
  EXPECT_TRUE(*inbox.accept("slack", "17", "{}", at_second(1), at_second(100)));
  EXPECT_EQ(inbox.waiting()->size(), 2U);
  ASSERT_TRUE(inbox.keep("telegram", "17", "{\"begun\":1}"));
  EXPECT_EQ(inbox.waiting()->front().payload, "{\"begun\":1}");
  ASSERT_TRUE(inbox.done("telegram", "17"));
  ASSERT_TRUE(inbox.keep("telegram", "17", "{}"));  // what is done stays done
  EXPECT_EQ(inbox.waiting()->size(), 1U);
  EXPECT_FALSE(*inbox.accept("telegram", "17", "{}", at_second(2), at_second(100)));
  ASSERT_TRUE(inbox.forget_expired(at_second(101)));
  EXPECT_TRUE(*inbox.accept("telegram", "17", "{}", at_second(102), at_second(200)));
  EXPECT_EQ(inbox.waiting()->size(), 2U);  // what is not done is never forgotten
}

TYPED_TEST_P(DeliveryConformance, NumbersSubscriptionsForGood) {
  auto& subscriptions = this->store->subscriptions();
  model::Subscription one;
  one.id = "a";
  one.target = *model::Target::parse("telegram:1");
  one.categories = {*Category::parse("cs.CV"), *Category::parse("cs.RO")};
  one.options.at = *model::When::parse("09:00");
  one.options.days = *model::Days::parse({"mon,fri"});
  one.options.top = 5;
  one.options.style = Style::brief;
  one.options.empty = model::EmptyPolicy::silent;
  one.options.on_unknown = model::UnknownPolicy::skip;
  one.options.thread = model::ThreadPolicy::off;
  one.options.filter = "graph";
  one.options.time_zone = "Europe/Berlin";
  one.created = at_second(3);
  auto stored = subscriptions.put(one);
  ASSERT_TRUE(stored) << stored.error().what();
  EXPECT_EQ(stored->number, 1);
  one.number = 1;
  EXPECT_EQ(subscriptions.all()->front(), one);
  EXPECT_EQ(subscriptions.put(one)->number, 1);  // edited, not renumbered
  ASSERT_TRUE(subscriptions.remove("a"));
  auto two = one;
  two.id = "b";
  EXPECT_EQ(subscriptions.put(two)->number, 2);
  auto day = *parse_day("2026-01-13");
  ASSERT_TRUE(subscriptions.cover("b", day));
  ASSERT_TRUE(subscriptions.cover("b", day - std::chrono::days(1)));
  EXPECT_EQ(subscriptions.covered()->at("b"), day);
  ASSERT_TRUE(subscriptions.put_slot({"b", "2026-01-13", day, "posted", "", at_second(0)}));
  ASSERT_TRUE(subscriptions.put_slot({"b", "2026-01-13/late", day, "notice", "", at_second(-60)}));
  ASSERT_TRUE(subscriptions.put_slot({"bb", "2026-01-14", day + std::chrono::days(1), "posted", "", at_second(9)}));
  auto slots = subscriptions.slots("b", day);
  ASSERT_EQ(slots->size(), 2U);  // of this one, not of "bb"
  EXPECT_EQ(slots->front().run.str(), "2026-01-13/late");
  EXPECT_EQ(slots->back().state, "posted");
  EXPECT_EQ((*subscriptions.last_slot("b"))->run.str(), "2026-01-13");
  EXPECT_EQ((*subscriptions.last_slot("b"))->at, at_second(0));
  EXPECT_TRUE(subscriptions.slots("b", day + std::chrono::days(1))->empty());
  EXPECT_FALSE(subscriptions.last_slot("c")->has_value());
}

REGISTER_TYPED_TEST_SUITE_P(DeliveryConformance, FillsASlotOnceWithAllRowsOrNone, ClaimsMarksAndThreads,
                            GivesEachRowToOneWorker, GivesATargetToOneWorkerAtATime,
                            TakesOverFromAWorkerWhoseLeaseEnded, HearsNothingOfAnEarlierTerm,
                            FreesTheRowsOfAWorkerThatEnds, KeepsAWorkerWithoutALeaseAlive, LetsNobodyTakeOverFromItself,
                            GivesARoleToOneHolder, FencesWhatALeaderWrites, MovesATargetWithEverythingItHas,
                            RemembersHoldsAndPrunes, NeverGivesAnIdTwice, ClaimsInPortionsByPlatform,
                            RetriesAtTheEndOfTheLineAndDrops, KeepsAFinishedRowFromItsEndOn,
                            MovesOntoAPlaceThatHasSubscriptions, ActsOnceOnAnEvent, NumbersSubscriptionsForGood);

}  // namespace broadsheet::store
