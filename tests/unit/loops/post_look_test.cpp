#include "bot/loops/post_look.hpp"

#include <gtest/gtest.h>

namespace broadsheet::loops {
namespace {

using schedule::Answer;

Moment moment_of(const char* text) {
  return *parse_iso(text);
}

struct PostLook : testing::Test {
  std::unique_ptr<store::Store> store = *store::open_memory();
  arxiv::Calendar calendar = arxiv::Calendar::built_in();
  LookOptions options;

  void subscribe(const std::string& id, const char* at, Moment created) {
    model::Subscription one;
    one.id = model::SubscriptionId(id);
    one.target = *model::Target::parse("telegram:" + id);
    one.categories = {*Category::parse("cs.CV")};
    one.created = created;
    one.options.at = *model::When::parse(at);
    ASSERT_TRUE(store->subscriptions().put(one));
  }
  void store_listing(Day day) {
    Listing listing;
    listing.category = *Category::parse("cs.CV");
    listing.day = day;
    listing.frozen = true;
    ASSERT_TRUE(store->listings().put(listing));
  }
  Look look_at(const char* when) {
    options.now = moment_of(when);
    auto seen = look(*store, calendar, options);
    EXPECT_TRUE(seen);
    options.rests = seen->rests;
    return std::move(*seen);
  }
};

TEST_F(PostLook, ADigestAtATimeRestsUntilThatVeryMoment) {
  subscribe("1", "09:00", moment_of("2026-01-12T12:00:00Z"));
  store_listing(*parse_day("2026-01-13"));
  auto early = look_at("2026-01-13T08:55:31Z");
  EXPECT_TRUE(early.due.empty());
  EXPECT_EQ(to_iso(early.next), "2026-01-13T09:00:00Z");
  auto then = look_at("2026-01-13T09:00:00Z");
  ASSERT_EQ(then.due.size(), 1U);
  EXPECT_EQ(then.due[0].answer.kind, Answer::Kind::post);
  EXPECT_EQ(to_string(then.due[0].answer.day), "2026-01-13");
  EXPECT_FALSE(then.due[0].answer.late);
}

TEST_F(PostLook, WhoRestsIsNotAskedUntilTheRestEndsOrIsForgotten) {
  subscribe("1", "announce", moment_of("2026-01-12T12:00:00Z"));
  auto waiting = look_at("2026-01-13T02:00:00Z");
  EXPECT_TRUE(waiting.due.empty());
  ASSERT_EQ(waiting.rests.size(), 1U);
  store_listing(*parse_day("2026-01-13"));
  EXPECT_TRUE(look_at("2026-01-13T02:00:01Z").due.empty());
  options.rests.clear();  // as the loop does when it is told of a listing
  EXPECT_EQ(look_at("2026-01-13T02:00:01Z").due.size(), 1U);
}

TEST_F(PostLook, WhatWasDecidedOnceIsNotDueAgain) {
  subscribe("1", "09:00", moment_of("2026-01-12T12:00:00Z"));
  store_listing(*parse_day("2026-01-13"));
  ASSERT_EQ(look_at("2026-01-13T09:00:00Z").due.size(), 1U);
  ASSERT_TRUE(
      store->subscriptions().put_slot({model::SubscriptionId("1"), model::RunName("2026-01-13"),
                                       *parse_day("2026-01-13"), "posted", "", moment_of("2026-01-13T09:00:00Z")}));
  auto after = look_at("2026-01-13T09:00:01Z");
  EXPECT_TRUE(after.due.empty());
  EXPECT_EQ(to_iso(after.next), "2026-01-14T09:00:00Z");
}

TEST_F(PostLook, LooksAtNobodyWhoIsParkedAndTellsTheEarliestOfAll) {
  subscribe("1", "09:00", moment_of("2026-01-12T12:00:00Z"));
  subscribe("2", "08:30", moment_of("2026-01-12T12:00:00Z"));
  auto all = *store->subscriptions().of(*model::Target::parse("telegram:2"));
  EXPECT_EQ(to_iso(look_at("2026-01-13T08:00:00Z").next), "2026-01-13T08:30:00Z");
  all.front().state = model::SubscriptionState::off;
  ASSERT_TRUE(store->subscriptions().put(all.front()));
  options.rests.clear();
  EXPECT_EQ(to_iso(look_at("2026-01-13T08:00:00Z").next), "2026-01-13T09:00:00Z");
}

TEST_F(PostLook, TellsAListingLateOnlyWhenArxivWasAskedForThatDay) {
  subscribe("1", "announce", moment_of("2026-01-12T12:00:00Z"));
  EXPECT_TRUE(look_at("2026-01-13T14:00:00Z").due.empty()) << "the service has just begun";
  auto cv = *Category::parse("cs.CV");
  options.rests.clear();
  options.asked[cv] = {*parse_day("2026-01-12"), false};
  EXPECT_TRUE(look_at("2026-01-13T14:00:00Z").due.empty()) << "only an older day was asked for";
  options.rests.clear();
  options.asked[cv] = {*parse_day("2026-01-13"), false};
  auto late = look_at("2026-01-13T14:00:00Z");
  ASSERT_EQ(late.due.size(), 1U);
  EXPECT_EQ(late.due[0].answer.kind, Answer::Kind::notice);
  EXPECT_EQ(late.due[0].answer.reason, Answer::Reason::late);
  options.asked[cv].down = true;
  EXPECT_EQ(look_at("2026-01-13T14:00:00Z").due.at(0).answer.reason, Answer::Reason::down);
}

}  // namespace
}  // namespace broadsheet::loops
