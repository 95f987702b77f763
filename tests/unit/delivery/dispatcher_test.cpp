#include "bot/delivery/dispatcher.hpp"

#include "tests/unit/delivery/outbox_fixture.hpp"

namespace broadsheet::delivery {
namespace {

TEST_F(Outbox, SendsInOrderOneAtATimeInAThread) {
  platform.latency = 20ms;
  enqueue(chat(1), 4);
  enqueue(chat(2), 4);
  run_until_delivered(8);
  EXPECT_EQ(platform.bodies(chat(1)), (std::vector<std::string>{"d0", "d1", "d2", "d3"}));
  EXPECT_EQ(platform.most_at_once, 1U);
  EXPECT_EQ(platform.visible[0].body, "d0");
  EXPECT_EQ(platform.visible[1].body, "d0");  // breadth first: every chat has its summary before a card goes out
  for (const auto& v : platform.visible) EXPECT_EQ(v.thread.empty(), v.body == "d0");
  expect_no_doubles();
}

TEST_F(Outbox, WaitsExactlyAsToldAfter429AndDisturbsNobody) {
  bool told = false;
  platform.fault = [&](const adapters::SendRequest& r) {
    if (r.target != chat(1) || told) return ToyPlatform::Told{};
    told = true;
    return ToyPlatform::Told{Fault::wait, 20s, "chat:1", {}};
  };
  auto begun = clock.steady_now();
  enqueue(chat(1), 2);
  enqueue(chat(2), 2);
  run_until_delivered(4);
  for (const auto& v : platform.visible) {
    if (v.target == chat(1)) EXPECT_GE(v.at - begun, 20s);
    if (v.target == chat(2)) EXPECT_LT(v.at - begun, 10s);
  }
  EXPECT_EQ(platform.bodies(chat(1)), (std::vector<std::string>{"d0", "d1"}));
}

TEST_F(Outbox, KeepsAHoldOverARestart) {
  ASSERT_TRUE(store->outbox().hold("telegram/chat:1", clock.now() + 20s));
  auto begun = clock.steady_now();
  enqueue(chat(1), 1);
  run_until_delivered(1);
  EXPECT_GE(platform.visible[0].at - begun, 19s);
}

// A process that is killed has spent what it sent: who starts in the same second has no full bucket.
TEST_F(Outbox, KnowsWhatTheOneBeforeItSpent) {
  platform.shared = {{"bot", 0.5, 4}};
  for (int i = 1; i <= 4; ++i) enqueue(chat(i), 1);
  run_until_delivered(4);
  auto begun = platform.visible.back().at;
  for (int i = 5; i <= 6; ++i) enqueue(chat(i), 1);
  run_until_delivered(6);
  EXPECT_GE(platform.visible[4].at - begun, 1s);
  EXPECT_GE(platform.visible[5].at - platform.visible[4].at, 1900ms);
}

TEST_F(Outbox, OwesNothingForWhatWasSentLongAgo) {
  platform.shared = {{"bot", 0.5, 4}};
  for (int i = 1; i <= 4; ++i) enqueue(chat(i), 1);
  run_until_delivered(4);
  clock.set_by = 1h;
  for (int i = 5; i <= 8; ++i) enqueue(chat(i), 1);
  auto begun = clock.steady_now();
  run_until_delivered(8);
  EXPECT_LT(platform.visible[7].at - begun, 1500ms);
}

TEST_F(Outbox, SendsTheNewestDigestFirstAfterAnOutage) {
  bool down = true;
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{down ? Fault::wait : Fault::none, 2s, {}, {}};
  };
  enqueue(chat(1), 2, "monday");
  later(5s, [this] {
    lifetime = 48h;  // as of a day later
    enqueue(chat(1), 2, "tuesday");
    enqueue(chat(1), 2, "other");  // of the same day
    lifetime = 72h;
    enqueue(chat(1), 2, "wednesday");
    dispatcher->wake();
  });
  later(10s, [&down] { down = false; });
  run_until_delivered(8);
  std::vector<std::string> order;
  for (const auto& message : platform.visible) order.push_back(message.body);
  EXPECT_EQ(order, (std::vector<std::string>{"wednesday0", "wednesday1", "tuesday0", "tuesday1", "other0", "other1",
                                             "monday0", "monday1"}));
  expect_no_doubles();
}

TEST_F(Outbox, EndsADigestBeforeANewerOneBegins) {
  bool more = false;
  platform.fault = [&](const adapters::SendRequest& request) {
    if (request.message.body == "monday1" && !std::exchange(more, true)) {
      lifetime = 48h;
      enqueue(chat(1), 2, "tuesday");
      dispatcher->wake();
      return ToyPlatform::Told{Fault::wait, 3s, {}, {}};
    }
    return ToyPlatform::Told{};
  };
  enqueue(chat(1), 3, "monday");
  run_until_delivered(5);
  std::vector<std::string> order;
  for (const auto& message : platform.visible) order.push_back(message.body);
  EXPECT_EQ(order, (std::vector<std::string>{"monday0", "monday1", "monday2", "tuesday0", "tuesday1"}));
}

TEST_F(Outbox, ReadsBackWhatItDoesNotKnow) {
  int n = 0;
  platform.fault = [&](const adapters::SendRequest&) {
    ++n;
    return ToyPlatform::Told{n == 1 ? Fault::lost_answer : n == 2 ? Fault::lost_before : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 3);
  run_until_delivered(3);
  expect_no_doubles();
  EXPECT_EQ(platform.visible.size(), 3U);
  EXPECT_EQ(platform.reads, 2U);
  EXPECT_EQ(store->outbox().list({.unknown_only = true})->size(), 2U);
}

TEST_F(Outbox, RepeatsTheKeyWhereThatIsSafe) {
  platform.can.same_key_is_safe = 20h;
  int n = 0;
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{++n <= 2 ? Fault::lost_answer : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 2);
  run_until_delivered(2);
  EXPECT_EQ(platform.reads, 0U);
  EXPECT_EQ(platform.visible.size(), 2U);
}

TEST_F(Outbox, FollowsThePolicyWhereNobodyCanTell) {
  platform.can_read = false;
  std::set<std::string> lost;  // the first send of each
  platform.fault = [&](const adapters::SendRequest& r) {
    bool first = lost.insert(r.message.body).second;
    return ToyPlatform::Told{first ? Fault::lost_answer : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 2);
  run([this] { return in_state(RowState::delivered) + in_state(RowState::dead) == 2; });
  EXPECT_EQ(platform.bodies(chat(1)), (std::vector<std::string>{"d0", "d0", "d1"}));  // the summary again, the card not
}

TEST_F(Outbox, TakesADeadProcessForAnUnknownOutcome) {
  enqueue(chat(1), 2);
  auto first = another_claims().front();
  ASSERT_TRUE(store->outbox().begin(kAnother, {first.id}, clock.now()));
  ASSERT_TRUE(store->outbox().release(kAnother));  // it died, after the platform had executed it
  platform.visible.push_back({chat(1), first.key, "d0", "", clock.steady_now()});
  run_until_delivered(2);
  expect_no_doubles();
  EXPECT_EQ(platform.bodies(chat(1)), (std::vector<std::string>{"d0", "d1"}));
}

TEST_F(Outbox, SwitchesATargetOffOnceAndKeepsItsRows) {
  platform.fault = [&](const adapters::SendRequest& r) {
    return ToyPlatform::Told{r.target == chat(1) ? Fault::refuse_target : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 3);
  enqueue(chat(2), 3);
  run_until_delivered(3);
  EXPECT_EQ(platform.sends, 4U);  // one try at the dead target
  EXPECT_EQ(in_state(RowState::pending), 3U);
  EXPECT_EQ(store->outbox().targets_off()->at(chat(1)), "blocked");
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].kind, Incident::Kind::target_off);
  // A restart remembers; switching on again sends what was kept.
  platform.fault = [](const adapters::SendRequest&) { return ToyPlatform::Told{}; };
  make();
  later(5s, [this] {
    EXPECT_EQ(platform.sends, 4U);
    dispatcher->switch_target(chat(1), true);
  });
  run_until_delivered(6);
}

TEST_F(Outbox, FollowsAMove) {
  auto moved = *Target::parse("telegram:-1009");
  platform.fault = [&](const adapters::SendRequest& r) {
    return ToyPlatform::Told{r.target == chat(1) ? Fault::moved : Fault::none, {}, {}, moved};
  };
  enqueue(chat(1), 2);
  run_until_delivered(2);
  EXPECT_EQ(platform.bodies(moved), (std::vector<std::string>{"d0", "d1"}));
  EXPECT_EQ(platform.sends, 3U);
}

TEST_F(Outbox, StopsEverythingWhenTheTokenIsVoidAndResumes) {
  bool revoked = true;
  platform.latency = 10ms;
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{revoked ? Fault::revoked : Fault::none, {}, {}, {}};
  };
  for (int i = 1; i <= 5; ++i) enqueue(chat(i), 2);
  make();
  later(5s, [this, &revoked] {
    EXPECT_LE(platform.sends, 5U);  // no more than were in flight
    EXPECT_EQ(dispatcher->trouble(), "token revoked");
    revoked = false;
    dispatcher->resume();
  });
  run_until_delivered(10);
}

TEST_F(Outbox, GivesUpAMessageThatIsRefusedAndGoesOn) {
  platform.fault = [&](const adapters::SendRequest& r) {
    return ToyPlatform::Told{r.message.body == "d1" ? Fault::refuse_message : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 3);
  run_until_delivered(2);
  EXPECT_EQ(in_state(RowState::dead), 1U);
  EXPECT_EQ(platform.bodies(chat(1)), (std::vector<std::string>{"d0", "d2"}));
}

TEST_F(Outbox, LeavesNothingAmbiguousBehindACleanStop) {
  platform.latency = 500ms;
  for (int i = 1; i <= 20; ++i) enqueue(chat(i), 3);
  run([this] { return platform.sends >= 5; });
  EXPECT_EQ(in_state(RowState::ambiguous), 0U);
  EXPECT_EQ(in_state(RowState::sending), 0U);
  platform.latency = 0ms;
  run_until_delivered(60);
  expect_no_doubles();
}

TEST_F(Outbox, PicksUpRowsThatComeWhileItRuns) {
  make();
  later(2s, [this] {
    enqueue(chat(7), 2, "later");
    dispatcher->wake();
  });
  run_until_delivered(2);
}

TEST_F(Outbox, GivesEveryChatItsFirstMessageBeforeAnyoneASecond) {
  platform.shared = {{"bot", 20, 1}};
  for (int i = 1; i <= 20; ++i) enqueue(chat(i), 3);
  run_until_delivered(60);
  for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(platform.visible[i].body, "d" + std::to_string(i / 20)) << i;
  EXPECT_LT(platform.pace_calls, 60U * 25U);  // nobody is asked again and again while there is no token
}

TEST_F(Outbox, StopsOnlyTheWorkspaceWhoseTokenIsVoid) {
  platform.platform = "slack";
  auto bad = *Target::parse("slack:T0001/C0001"), good = *Target::parse("slack:T0002/C0002");
  platform.fault = [&](const adapters::SendRequest& r) {
    return ToyPlatform::Told{r.target == bad ? Fault::revoked : Fault::none, {}, {}, {}};
  };
  enqueue(bad, 2);
  enqueue(good, 3);
  run_until_delivered(3);
  EXPECT_EQ(platform.bodies(good).size(), 3U);
  EXPECT_EQ(platform.sends, 4U);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].kind, Incident::Kind::installation_off);
}

TEST_F(Outbox, SendsAtOnceWhateverTheWallClockIsSetTo) {
  make();
  int step = 0;
  for (auto jump : {25h, -25h, 24h * 365 * 50, -24h * 365 * 50}) {
    later(std::chrono::seconds(2 + step), [this, jump, step] {
      clock.set_by += jump;
      enqueue(chat(7), 2, "after" + std::to_string(step));
      dispatcher->wake();
    });
    ++step;
  }
  run_until_delivered(8);
  EXPECT_EQ(in_state(RowState::expired), 0U);
}

TEST_F(Outbox, WaitsAsToldWhateverTheWallClockIsSetTo) {
  bool told = false;
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{std::exchange(told, true) ? Fault::none : Fault::wait, 20s, "", {}};
  };
  auto begun = clock.steady_now();
  enqueue(chat(1), 1);
  later(2s, [this] { clock.set_by = 1h; });
  run_until_delivered(1);
  EXPECT_GE(platform.visible[0].at - begun, 20s);
}

TEST_F(Outbox, ReadsBackInTheThreadWhereItWasSent) {
  platform.fault = [&](const adapters::SendRequest& r) {
    return ToyPlatform::Told{r.message.body == "d1" ? Fault::lost_answer : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 2);
  run_until_delivered(2);
  ASSERT_EQ(platform.asked.size(), 1U);
  EXPECT_EQ(platform.asked[0].thread.str(), "1");
  EXPECT_EQ(platform.asked[0].message.body, "d1");
  EXPECT_EQ(platform.asked[0].known_ids, std::vector<model::RemoteId>{"1"});
}

TEST_F(Outbox, TellsOnceThatItDoesNotKnowHoweverOftenItAsks) {
  platform.failing_reads = 4;
  int n = 0;
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{++n == 1 ? Fault::lost_answer : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 1);
  run_until_delivered(1);
  EXPECT_EQ(platform.reads, 5U);
  ASSERT_EQ(incidents.size(), 1U);
  EXPECT_EQ(incidents[0].kind, Incident::Kind::unknown);
  expect_no_doubles();
}

TEST_F(Outbox, JoinsAPlaceThatIsSendingAlready) {
  platform.latency = 200ms;
  platform.fault = [&](const adapters::SendRequest& r) {
    return ToyPlatform::Told{r.target == chat(1) ? Fault::moved : Fault::none, {}, {}, chat(2)};
  };
  enqueue(chat(1), 3, "a");  // older rows come to a lane that is busy with a younger one
  enqueue(chat(2), 3, "b");
  run_until_delivered(6);
  EXPECT_EQ(platform.bodies(chat(2)).size(), 6U);
  expect_no_doubles();
}

TEST_F(Outbox, JoinsAPlaceThatWasToldToWaitAndMayBeSwitchedOff) {
  bool told = false;
  platform.fault = [&](const adapters::SendRequest& r) {
    if (r.target == chat(1)) return ToyPlatform::Told{Fault::moved, {}, {}, chat(2)};
    return ToyPlatform::Told{std::exchange(told, true) ? Fault::none : Fault::wait, 20s, "", {}};
  };
  auto begun = clock.steady_now();
  enqueue(chat(1), 2, "a");
  enqueue(chat(2), 2, "b");
  make();
  later(5s, [this] {  // and back: one place in line, not two
    dispatcher->switch_target(chat(2), false);
    dispatcher->switch_target(chat(2), true);
  });
  run_until_delivered(4);
  for (const auto& v : platform.visible) EXPECT_GE(v.at - begun, 20s);
  EXPECT_EQ(platform.most_at_once, 1U);
  expect_no_doubles();
}

TEST_F(Outbox, FollowsWhatThePlatformTellsOfAMove) {
  enqueue(chat(1), 4);
  enqueue(chat(3), 1);
  ASSERT_TRUE(store->outbox().switch_target(chat(3), false, "left"));
  platform.fault = [this](const adapters::SendRequest& r) {
    if (r.target == chat(1) && r.message.body == "d1")  // it is told while this one is in flight
      for (int from : {1, 3}) {
        EXPECT_TRUE(store->outbox().move_target(chat(from), chat(from + 1)));
        dispatcher->move_target(chat(from), chat(from + 1));
      }
    return ToyPlatform::Told{};
  };
  run_until_delivered(5);
  EXPECT_EQ(platform.bodies(chat(1)), (std::vector<std::string>{"d0", "d1"}));
  EXPECT_EQ(platform.bodies(chat(2)), (std::vector<std::string>{"d2", "d3"}));
  EXPECT_EQ(platform.bodies(chat(4)).size(), 1U);
}

TEST_F(Outbox, DoesNotRunInCirclesAfterPlacesThatMoveToEachOther) {
  platform.fault = [&](const adapters::SendRequest& r) {
    return ToyPlatform::Told{Fault::moved, {}, {}, r.target == chat(1) ? chat(2) : chat(1)};
  };
  enqueue(chat(1), 1);
  make();
  bool looked = false;
  later(15s, [&] { looked = true; });
  run([&] { return looked; });
  EXPECT_LE(platform.sends, 8U);
}

TEST_F(Outbox, TakesAnAdapterThatThrowsForAnUnknownOutcome) {
  int n = 0;
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{++n == 1 ? Fault::thrown : Fault::none, {}, {}, {}};
  };
  enqueue(chat(1), 2);
  run_until_delivered(2);
  EXPECT_EQ(platform.reads, 1U);
}

TEST_F(Outbox, WritesTheLastReceiptBeforeItEnds) {
  enqueue(chat(1), 1);
  platform.fault = [&](const adapters::SendRequest&) {  // stopped while it is under way
    dispatcher->stop();
    return ToyPlatform::Told{};
  };
  run([this] { return platform.visible.size() == 1; });
  EXPECT_EQ(in_state(RowState::delivered), 1U);
}

TEST_F(Outbox, ExpiresWhatWaitsForATargetThatIsOff) {
  lifetime = 5s;
  enqueue(chat(1), 2);
  ASSERT_TRUE(store->outbox().switch_target(chat(1), false, "blocked"));
  run([this] { return in_state(RowState::expired) == 2; });
  EXPECT_EQ(platform.sends, 0U);
}

TEST_F(Outbox, DoesNotBelieveAnAbsurdHold) {
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{Fault::wait, std::chrono::milliseconds::max(), "bot", {}};
  };
  enqueue(chat(1), 1);
  run([this] { return !store->outbox().holds(clock.now())->empty(); });
  // Stored in whole milliseconds, and never shorter than told.
  EXPECT_LE(store->outbox().holds(clock.now())->at("telegram/bot"), clock.now() + 24h + 1ms);
}

TEST_F(Outbox, ForgetsARowThatTheOperatorDropsAndSendsOneThatIsRetried) {
  platform.fault = [&](const adapters::SendRequest&) {
    return ToyPlatform::Told{platform.sends == 1 ? Fault::wait : Fault::none, 10s, "", {}};
  };
  enqueue(chat(1), 3);
  auto rows = *store->outbox().list({});
  std::ranges::reverse(rows);
  make();
  later(3s, [this, rows] {
    ASSERT_TRUE(*store->outbox().drop(rows[1].id, clock.now(), "dropped"));
    ASSERT_TRUE(store->outbox().retry(rows[0].id, clock.now(), clock.now() + 24h)->has_value());
    dispatcher->wake();
  });
  run_until_delivered(2);
  EXPECT_EQ(platform.bodies(chat(1)), (std::vector<std::string>{"d2", "d0"}));
}

TEST_F(Outbox, TakesOverFromAWorkerThatFallsSilent) {
  enqueue(chat(1), 2);
  options.lease = 20s;
  ASSERT_EQ(another_claims(20s).size(), 2U);
  run_until_delivered(2);
  expect_no_doubles();
}

TEST_F(Outbox, LeavesToAnotherWorkerWhatIsItsOwn) {
  enqueue(chat(1), 2);
  ASSERT_EQ(another_claims().size(), 2U);
  enqueue(chat(2), 1);
  enqueue(chat(1), 1, "later");
  run_until_delivered(1);
  EXPECT_EQ(platform.sends, 1U);
  EXPECT_EQ(in_state(RowState::pending), 3U);
}

// It was paused past its lease: what another one took is neither sent nor written by it.
TEST_F(Outbox, SendsNothingThatAnotherTookOver) {
  enqueue(chat(1), 3);
  options.lease = 20s;
  platform.fault = [this](const adapters::SendRequest&) {
    EXPECT_TRUE(store->outbox().release({"telegram", options.worker}));
    EXPECT_EQ(another_claims().size(), 3U);
    return ToyPlatform::Told{Fault::none, {}, {}, {}};
  };
  make();
  later(60s, [this] { over = true; });
  run([this] { return over; });
  EXPECT_EQ(platform.sends, 1U) << "the one that was under way";
  EXPECT_EQ(in_state(RowState::ambiguous), 1U);
  EXPECT_EQ(in_state(RowState::pending), 2U);
}

TEST_F(Outbox, HeedsWhatOtherWorkersWereTold) {
  options.lease = 20s;
  ASSERT_TRUE(store->outbox().hold("telegram/bot", clock.now()));
  enqueue(chat(1), 1);
  make();
  later(1s, [this] { ASSERT_TRUE(store->outbox().switch_target(chat(2), false, "left")); });
  later(15s, [this] {
    enqueue(chat(2), 1);
    dispatcher->wake();
  });
  later(25s, [this] { over = true; });
  run([this] { return over; });
  EXPECT_EQ(platform.sends, 1U);
  EXPECT_EQ(in_state(RowState::pending), 1U);
}

}  // namespace
}  // namespace broadsheet::delivery
