#include "bot/places/places.hpp"

#include <gtest/gtest.h>

namespace broadsheet::places {
namespace {

using model::PlaceEvent;
using model::PlaceState;
using model::Subscription;
using model::SubscriptionState;
using model::Target;

struct Places : testing::Test {
  std::unique_ptr<store::Store> store = *store::open_memory();

  static Target at(const std::string& text) { return *Target::parse(text); }
  void subscribe(const std::string& target, SubscriptionState state = SubscriptionState::active) {
    Subscription s;
    s.id = model::SubscriptionId("s" + target);
    s.target = at(target);
    s.categories = {*Category::parse("cs.CV")};
    s.made_by = "1001";
    s.state = state;
    ASSERT_TRUE(store->subscriptions().put(s));
  }
  SubscriptionState state(const std::string& target) { return store->subscriptions().of(at(target))->front().state; }
  PlaceChange change(const std::string& target, PlaceState to) {
    auto changed = switch_place(*store, {"7", at(target), to, {}, "removed from the chat", {}});
    EXPECT_TRUE(changed);
    return *changed;
  }
};

TEST_F(Places, ALostPlaceParksWhatIsSubscribedInAllItsTopicsUntilItIsBack) {
  subscribe("telegram:-1001");
  subscribe("telegram:-1001/7");
  subscribe("telegram:-1002");
  EXPECT_EQ(change("telegram:-1001", PlaceState::left).targets.size(), 2U);
  EXPECT_EQ(state("telegram:-1001"), SubscriptionState::off);
  EXPECT_EQ(state("telegram:-1001/7"), SubscriptionState::off);
  EXPECT_EQ(state("telegram:-1002"), SubscriptionState::active);
  EXPECT_FALSE(store->outbox().target(at("telegram:-1001/7"))->on);
  EXPECT_EQ(change("telegram:-1001", PlaceState::joined).targets.size(), 2U);
  EXPECT_EQ(state("telegram:-1001/7"), SubscriptionState::active);
  EXPECT_TRUE(store->outbox().target(at("telegram:-1001/7"))->on);
  EXPECT_EQ(store->subscriptions().of(at("telegram:-1001/7"))->front().why, "");
}

TEST_F(Places, AClosedTopicParksOnlyWhatIsThere) {
  subscribe("telegram:-1001");
  subscribe("telegram:-1001/7");
  change("telegram:-1001/7", PlaceState::read_only);
  EXPECT_EQ(state("telegram:-1001"), SubscriptionState::active);
  EXPECT_EQ(state("telegram:-1001/7"), SubscriptionState::off);
}

TEST_F(Places, WhatAPersonPausedStaysPaused) {
  subscribe("telegram:-1001", SubscriptionState::paused);
  change("telegram:-1001", PlaceState::left);
  change("telegram:-1001", PlaceState::joined);
  EXPECT_EQ(state("telegram:-1001"), SubscriptionState::paused);
}

TEST_F(Places, WhoMadeTheSubscriptionsIsToldOnceOfAllOfThem) {
  subscribe("telegram:-1001");
  subscribe("telegram:-1001/7");
  auto parked = change("telegram:-1001", PlaceState::left).parked;
  EXPECT_TRUE(change("telegram:-1001", PlaceState::left).parked.empty());
  PlaceEvent event{"7", at("telegram:-1001"), PlaceState::left, {}, "removed from the chat", {}};
  auto notices = owner_notices(event, parked);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].target.str(), "telegram:1001");
  EXPECT_NE(notices[0].text.find("removed from the chat"), std::string::npos);
  EXPECT_NE(notices[0].text.find("#1 cs.CV; #1 cs.CV"), std::string::npos);
}

TEST_F(Places, WhoBlockedTheBotIsNotWrittenTo) {
  subscribe("telegram:1001");
  auto parked = change("telegram:1001", PlaceState::left).parked;
  PlaceEvent event{"7", at("telegram:1001"), PlaceState::left, {}, "blocked by the person", {}};
  EXPECT_TRUE(owner_notices(event, parked).empty());
}

}  // namespace
}  // namespace broadsheet::places
