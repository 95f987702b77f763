#include "bot/places/places.hpp"

#include <gtest/gtest.h>

#include "bot/places/configured.hpp"
#include "bot/places/hindrance.hpp"
#include "bot/places/subscription_exchange.hpp"
#include "config/load.hpp"

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

config::Settings configured(const std::string& toml) {
  auto loaded = config::load_text(toml, "b.toml", config::Environment::system());
  for (const auto& problem : loaded.problems) ADD_FAILURE() << config::to_string(problem);
  return loaded.settings.value_or(config::Settings());
}

constexpr const char* kOne = "[[subscription]]\ntarget = \"telegram:1000\"\ncategories = [\"cs.CV\"]\n";

TEST(Configured, TakesTheDefaultsOfTheDigestSection) {
  auto settings = configured(std::string("[digest]\ntop = 5\nstyle = \"brief\"\ninterests = \"tides\"\n") + kOne);
  auto effective = model::resolve({fixed_subscriptions(settings).at(0).options, service_options(settings)});
  EXPECT_EQ(effective.top, 5U);
  EXPECT_EQ(effective.style, Style::brief);
  EXPECT_EQ(effective.interests, "tides");
}

TEST(Hindrance, IsAPlatformThatIsOffOrAFilterThatCannotBeSearchedFor) {
  auto one = fixed_subscriptions(configured(kOne)).at(0);
  auto on = [](const model::PlatformName&) { return true; };
  EXPECT_FALSE(hindrance(one, on));
  auto off = hindrance(one, [](const model::PlatformName&) { return false; });
  ASSERT_TRUE(off);
  EXPECT_EQ(off->option, "target");
  EXPECT_NE(off->what.find("telegram is switched off, so nothing can be posted to telegram:1000; give [telegram]"),
            std::string::npos)
      << off->what;
  one.options.filter = "from:yesterday";
  auto unsearchable = hindrance(one, on);
  ASSERT_TRUE(unsearchable);
  EXPECT_EQ(unsearchable->option, "filter");
}

TEST(Exchange, RefusesAFilterThatCannotBeSearchedForWithItsLine) {
  auto store = *store::open_memory();
  auto done = import_subscriptions(store->subscriptions(), std::string(kOne) + "filter = \"from:yesterday\"\n",
                                   "f.toml", Moment{});
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().what().starts_with("f.toml:4:10: subscription[1].filter: ")) << done.error().what();
}

TEST(Exchange, BringsBackWhatItWrote) {
  auto from = *store::open_memory(), to = *store::open_memory();
  auto text = std::string(kOne) + "at = \"9am\"\ndays = \"mon,wed\"\ninterests = \"a \\\"b\\\"\\nc\"\n";
  ASSERT_TRUE(import_subscriptions(from->subscriptions(), text, "f.toml", Moment{}));
  auto written = export_subscriptions(*from->subscriptions().all(), {});
  auto again = import_subscriptions(to->subscriptions(), written, "g.toml", Moment{});
  ASSERT_TRUE(again) << again.error().what() << written;
  EXPECT_EQ(export_subscriptions(*to->subscriptions().all(), {}), written);
}

}  // namespace
}  // namespace broadsheet::places
