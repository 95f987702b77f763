// What every engine must do for delivery: outbox, inbox, subscriptions.
#pragma once

#include <gtest/gtest.h>

#include "bot/base/hash.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::store {

inline Moment at_second(int n) {
  return Moment(std::chrono::seconds(1768262400 + n));
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

template <class Factory>
class DeliveryConformance : public testing::Test {
 protected:
  Factory factory;
  std::unique_ptr<Store> store = factory.open();
  Outbox& outbox = store->outbox();
};
TYPED_TEST_SUITE_P(DeliveryConformance);

TYPED_TEST_P(DeliveryConformance, FillsASlotOnceWithAllRowsOrNone) {
  std::vector<model::NewRow> rows = {made_row("telegram:1", 0), made_row("telegram:1", 1)};
  EXPECT_TRUE(*this->outbox.enqueue("sub/2026-01-13", rows, at_second(0)));
  EXPECT_FALSE(*this->outbox.enqueue("sub/2026-01-13", {made_row("telegram:1", 2)}, at_second(1)));
  auto open = this->outbox.open_rows(kTelegram, 0, 1000);
  ASSERT_TRUE(open) << open.error().what();
  ASSERT_EQ(open->size(), 2U);
  EXPECT_EQ((*open)[0].key, rows[0].key);
  EXPECT_EQ((*open)[1].part, 1);
  EXPECT_TRUE((*open)[1].in_thread);
  // A key that is known is left alone.
  EXPECT_TRUE(*this->outbox.enqueue("", {rows[0]}, at_second(2)));
  EXPECT_EQ(this->outbox.open_rows(kTelegram, 0, 1000)->size(), 2U);
}

TYPED_TEST_P(DeliveryConformance, ClaimsMarksAndThreads) {
  ASSERT_TRUE(
      this->outbox.enqueue("s", {made_row("telegram:1", 0), made_row("telegram:1", 1, "{\"c\":1}")}, at_second(0)));
  auto open = *this->outbox.open_rows(kTelegram, 0, 1000);
  auto first = this->outbox.claim({open[0].id}, at_second(5));
  ASSERT_TRUE(first) << first.error().what();
  ASSERT_EQ(first->size(), 1U);
  EXPECT_EQ(first->front().message.body, "{\"text\":\"hello\"}");
  EXPECT_EQ(first->front().thread.str(), "");
  EXPECT_TRUE(this->outbox.claim({open[0].id}, at_second(6))->empty());  // it is in flight
  auto row = **this->outbox.row(open[0].id);
  EXPECT_EQ(row.state, model::RowState::sending);
  EXPECT_EQ(row.attempt, 1);
  EXPECT_EQ(row.t0, at_second(5));
  row.state = model::RowState::delivered;
  row.remote_id = "77";
  ASSERT_TRUE(this->outbox.mark({row}, at_second(10)));
  EXPECT_EQ(this->outbox.target(row.target)->last_id.str(), "77");
  auto second = this->outbox.claim({open[1].id}, at_second(6));
  ASSERT_EQ(second->size(), 1U);
  EXPECT_EQ(second->front().thread.str(), "77");
  EXPECT_EQ(this->outbox.open_rows(kTelegram, 0, 1000)->size(), 1U);
  // Finished rows stay finished.
  row.state = model::RowState::pending;
  ASSERT_TRUE(this->outbox.mark({row}, at_second(10)));
  EXPECT_EQ((**this->outbox.row(row.id)).state, model::RowState::delivered);
  EXPECT_EQ(*this->outbox.remote_ids(row.target, 10), std::vector<model::RemoteId>{"77"});
}

TYPED_TEST_P(DeliveryConformance, TakesWhatWasInFlightForAmbiguous) {
  ASSERT_TRUE(this->outbox.enqueue("s", {made_row("telegram:1", 0)}, at_second(0)));
  auto id = this->outbox.open_rows(kTelegram, 0, 1000)->front().id;
  ASSERT_TRUE(this->outbox.claim({id}, at_second(5)));
  EXPECT_EQ(*this->outbox.recover("slack"), 0U);  // the other platform is at work
  EXPECT_EQ((**this->outbox.row(id)).state, model::RowState::sending);
  EXPECT_EQ(*this->outbox.recover(kTelegram), 1U);
  auto open = this->outbox.open_rows(kTelegram, 0, 1000);
  ASSERT_TRUE(open) << open.error().what();
  ASSERT_EQ(open->size(), 1U);
  EXPECT_EQ(open->front().state, model::RowState::ambiguous);
  EXPECT_EQ(open->front().times_unknown, 1);
  EXPECT_EQ(*this->outbox.recover(kTelegram), 0U);  // once for one death
  EXPECT_EQ((**this->outbox.row(id)).times_unknown, 1);
  EXPECT_EQ(this->outbox.list({.unknown_only = true})->size(), 1U);
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
  EXPECT_EQ(this->outbox.open_rows(kTelegram, 0, 1000)->front().target, new_place);
  EXPECT_EQ(this->store->subscriptions().of(new_place)->size(), 1U);
  EXPECT_TRUE(this->outbox.targets_off()->empty());
}

TYPED_TEST_P(DeliveryConformance, RemembersHoldsAndPrunes) {
  ASSERT_TRUE(this->outbox.hold("chat:1", at_second(300)));
  ASSERT_TRUE(this->outbox.hold("chat:1", at_second(200)));  // never shortened
  EXPECT_EQ(this->outbox.holds(at_second(0))->at("chat:1"), at_second(300));
  EXPECT_TRUE(this->outbox.holds(at_second(301))->empty());
  ASSERT_TRUE(this->outbox.enqueue("s", {made_row("telegram:1", 0)}, at_second(0)));
  auto row = this->outbox.open_rows(kTelegram, 0, 1000)->front();
  row.state = model::RowState::dead;
  row.t0 = at_second(10);
  ASSERT_TRUE(this->outbox.mark({row}, at_second(10)));
  EXPECT_EQ(this->outbox.counts()->at(model::RowState::dead), 1U);
  ASSERT_TRUE(this->outbox.prune(at_second(20)));
  EXPECT_TRUE(this->outbox.counts()->empty());
  EXPECT_FALSE(this->outbox.oldest_due()->has_value());
}

TYPED_TEST_P(DeliveryConformance, NeverGivesAnIdTwice) {
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 0), made_row("telegram:1", 1)}, at_second(0)));
  auto rows = *this->outbox.open_rows(kTelegram, 0, 1000);
  auto last = rows.back().id;
  for (auto& row : rows) row.state = model::RowState::dead;
  ASSERT_TRUE(this->outbox.mark(rows, at_second(1)));
  ASSERT_TRUE(this->outbox.prune(at_second(2)));
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 2)}, at_second(3)));
  EXPECT_EQ(this->outbox.open_rows(kTelegram, last, 1000)->size(), 1U);
}

TYPED_TEST_P(DeliveryConformance, ReadsInPortionsByPlatform) {
  ASSERT_TRUE(this->outbox.enqueue(
      "", {made_row("telegram:1", 0), made_row("slack:T0001/C0001", 0), made_row("telegram:2", 0)}, at_second(0)));
  auto first = *this->outbox.open_rows(kTelegram, 0, 1);
  ASSERT_EQ(first.size(), 1U);
  auto second = *this->outbox.open_rows(kTelegram, first[0].id, 1);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].target.str(), "telegram:2");
  EXPECT_TRUE(this->outbox.open_rows(kTelegram, second[0].id, 1)->empty());
  EXPECT_EQ(this->outbox.open_rows("slack", 0, 10)->size(), 1U);
}

TYPED_TEST_P(DeliveryConformance, RetriesAtTheEndOfTheLineAndDrops) {
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 0), made_row("telegram:1", 1)}, at_second(0)));
  auto rows = *this->outbox.open_rows(kTelegram, 0, 1000);
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
  // What is in flight, or on its way to be found out, is recovery's affair.
  ASSERT_TRUE(this->outbox.claim({rows[1].id}, at_second(6)));
  EXPECT_FALSE(this->outbox.retry(rows[1].id, at_second(7), at_second(100))->has_value());
  EXPECT_FALSE(*this->outbox.drop(rows[1].id, at_second(7), "no"));
}

TYPED_TEST_P(DeliveryConformance, KeepsAFinishedRowFromItsEndOn) {
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:1", 0)}, at_second(0)));
  auto row = this->outbox.open_rows(kTelegram, 0, 1000)->front();
  row.state = model::RowState::expired;  // never tried
  ASSERT_TRUE(this->outbox.mark({row}, at_second(50)));
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
  model::Options options;
  options.top = 3;
  ASSERT_TRUE(subscriptions.put_options("channel:telegram:-5", options));
  ASSERT_TRUE(this->outbox.enqueue("", {made_row("telegram:-5", 0)}, at_second(0)));
  auto moved = this->outbox.move_target(from, to);
  ASSERT_TRUE(moved) << moved.error().what();
  ASSERT_TRUE(this->outbox.move_target(to, to));
  EXPECT_EQ(this->outbox.open_rows(kTelegram, 0, 1000)->front().target, to);
  ASSERT_EQ(subscriptions.of(to)->size(), 2U);
  EXPECT_EQ(subscriptions.of(to)->at(0).id.str(), "b");
  EXPECT_EQ(subscriptions.of(to)->at(1).number, 2);
  one.id = "c";
  one.target = to;
  EXPECT_EQ(subscriptions.put(one)->number, 3);
  EXPECT_EQ(subscriptions.of(to)->size(), 3U);
  EXPECT_EQ(*subscriptions.options("channel:telegram:-1005"), options);
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
  ASSERT_TRUE(subscriptions.put_options("channel:telegram:1", one.options));
  EXPECT_EQ(*subscriptions.options("channel:telegram:1"), one.options);
  EXPECT_EQ(*subscriptions.options("workspace:slack:T1"), model::Options{});
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
                            TakesWhatWasInFlightForAmbiguous, MovesATargetWithEverythingItHas, RemembersHoldsAndPrunes,
                            NeverGivesAnIdTwice, ReadsInPortionsByPlatform, RetriesAtTheEndOfTheLineAndDrops,
                            KeepsAFinishedRowFromItsEndOn, MovesOntoAPlaceThatHasSubscriptions, ActsOnceOnAnEvent,
                            NumbersSubscriptionsForGood);

}  // namespace broadsheet::store
