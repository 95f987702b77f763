#include "bot/delivery/lane.hpp"

#include <gtest/gtest.h>

namespace broadsheet::delivery {
namespace {

using namespace std::chrono_literals;
using model::RowState;

const Moment kNow = *parse_iso("2026-01-13T01:00:00Z");

model::OutboxRow row_in(RowState state) {
  model::OutboxRow row;
  row.state = state;
  row.kind = model::PartKind::card;
  row.attempt = 1;
  row.first_t0 = row.t0 = kNow;
  row.due = kNow;
  row.expires = kNow + 24h;
  return row;
}

TEST(Lane, BacksOffWithFullJitterUpToAQuarterOfAnHour) {
  EXPECT_EQ(backoff(1, 0.999), 999ms);
  EXPECT_EQ(backoff(3, 0.5), 2s);
  EXPECT_EQ(backoff(50, 0.999), 899100ms);
  EXPECT_EQ(backoff(5, 0), 100ms);
}

TEST(Lane, ObeysRetryAfterExactlyButNotAnAbsurdOne) {
  auto wait = [](std::chrono::milliseconds d) {
    auto after = after_send(row_in(RowState::sending), adapters::NotSent{Error(ErrorKind::rate_limited, "429"), d, ""},
                            kNow, {}, 0.5);
    return after.row.due - kNow;
  };
  EXPECT_EQ(wait(2s), 2s);
  EXPECT_EQ(wait(43837s), 43837s);
  EXPECT_EQ(wait(0s), 0s);
  EXPECT_EQ(wait(-5s), 0s);
  EXPECT_EQ(wait(1000h), 24h);
}

TEST(Lane, IsQuietBeforeItReadsBack) {
  adapters::Capabilities can;  // 30 s for the request, 60 s of quiet
  auto after = after_send(row_in(RowState::sending), adapters::Unknown{Error(ErrorKind::transient, "reset")}, kNow + 2s,
                          can, 0.5);
  EXPECT_EQ(after.row.state, RowState::ambiguous);
  EXPECT_EQ(after.row.due, kNow + 90s);
  EXPECT_EQ(after.row.times_unknown, 1);
  auto row = after.row;
  EXPECT_EQ(next_step(row, kNow + 89s, can), Next::wait);
  EXPECT_EQ(next_step(row, kNow + 90s, can), Next::read_back);
  can.same_key_is_safe = 20h;
  EXPECT_EQ(next_step(row, kNow + 90s, can), Next::send);
  EXPECT_EQ(next_step(row, kNow + 21h, can), Next::read_back);  // the window is over
}

TEST(Lane, NeverTakesAFailedReadForAbsence) {
  auto after = after_read_back(row_in(RowState::ambiguous),
                               adapters::CannotTell{Error(ErrorKind::transient, "503"), false, 7s}, kNow, {}, 0.5);
  EXPECT_EQ(after.row.state, RowState::ambiguous);
  EXPECT_EQ(after.row.due, kNow + 7s);
  auto late = row_in(RowState::ambiguous);
  late.expires = kNow;
  after = after_read_back(late, adapters::CannotTell{Error(ErrorKind::transient, "503"), false, {}}, kNow, {}, 0.5);
  EXPECT_EQ(after.row.state, RowState::dead);
}

TEST(Lane, KeepsTheQuestionOpenWhileItRepeatsAKey) {
  adapters::Capabilities can;
  can.same_key_is_safe = 20h;
  auto row = row_in(RowState::sending);
  row.times_unknown = 1;
  auto after = after_send(row, adapters::NotSent{Error(ErrorKind::rate_limited, "429"), 5s, ""}, kNow, can, 0.5);
  EXPECT_EQ(after.row.state, RowState::ambiguous);
}

TEST(Lane, ExpiresWhatIsTooLate) {
  auto row = row_in(RowState::pending);
  EXPECT_EQ(next_step(row, kNow + 24h, {}), Next::finished);
  EXPECT_EQ(row.state, RowState::expired);
}

TEST(Lane, DecidesByPolicyAndByKind) {
  struct Case {
    model::UnknownPolicy policy;
    model::PartKind kind;
    RowState state;
  };
  for (const auto& c : {Case{model::UnknownPolicy::resend_summary, model::PartKind::summary, RowState::pending},
                        Case{model::UnknownPolicy::resend_summary, model::PartKind::card, RowState::dead},
                        Case{model::UnknownPolicy::resend, model::PartKind::card, RowState::pending},
                        Case{model::UnknownPolicy::skip, model::PartKind::summary, RowState::dead}}) {
    auto row = row_in(RowState::ambiguous);
    row.on_unknown = c.policy;
    row.kind = c.kind;
    auto after = after_read_back(row, adapters::CannotTell{Error(ErrorKind::refused, "no way"), true, {}}, kNow, {}, 0);
    EXPECT_EQ(after.row.state, c.state);
    EXPECT_EQ(after.policy, c.state == RowState::pending ? "resend" : "skip");
  }
}

adapters::Capabilities folding() {
  adapters::Capabilities can;
  can.same_key_is_safe = 20h;
  return can;
}

TEST(Lane, CountsTheQuietTimeFromTheEndOfALateRequest) {
  auto after = after_send(row_in(RowState::sending), adapters::Unknown{Error(ErrorKind::transient, "reset")},
                          kNow + 80s, {}, 0.5);
  EXPECT_EQ(after.row.due, kNow + 80s + 60s);
  EXPECT_TRUE(after.lost_sight);
}

TEST(Lane, AsksAfterItsOwnDeathWhenEverythingIsQuiet) {
  auto left = row_in(RowState::ambiguous);  // as Outbox::recover() leaves it: due = t0
  EXPECT_EQ(after_restart(left, kNow + 10s, {}).due, kNow + 70s);
  EXPECT_EQ(after_restart(left, kNow + 10s, folding()).due, kNow + 10s);
  EXPECT_EQ(after_restart(left, kNow + 20h, folding()).due, kNow + 20h + 60s);
  left.due = kNow + 90s;  // asked for before: its time stands
  EXPECT_EQ(after_restart(left, kNow + 10s, {}).due, kNow + 90s);
}

TEST(Lane, BringsBackWhatAWrongClockWroteFarAhead) {
  auto row = row_in(RowState::pending);
  row.due = kNow + 24h * 365;
  EXPECT_EQ(after_restart(row, kNow, {}).due, kNow + 24h);
  auto left = row_in(RowState::ambiguous);
  left.t0 = left.first_t0 = left.due = kNow + 24h * 365;
  EXPECT_EQ(after_restart(left, kNow, folding()).due, kNow + 60s);  // nor is the key's age believed
}

TEST(Lane, DoesNotRepeatAKeyForAMessageThatNobodyWantsAnyMore) {
  auto row = row_in(RowState::ambiguous);
  row.expires = kNow + 1h;
  EXPECT_EQ(next_step(row, kNow + 59min, folding()), Next::send);
  EXPECT_EQ(next_step(row, kNow + 1h, folding()), Next::read_back);
}

TEST(Lane, ReadsBackEverMoreSeldom) {
  auto wait = [](std::chrono::minutes open) {
    auto now = kNow + open;
    return after_read_back(row_in(RowState::ambiguous),
                           adapters::CannotTell{Error(ErrorKind::transient, "503"), false, {}}, now, {}, 0.999)
               .row.due -
           now;
  };
  EXPECT_LT(wait(2min), 60s);
  EXPECT_GT(wait(10min), 4min);
  EXPECT_LT(wait(10h), 15min);
  EXPECT_GT(wait(10h), 14min);
}

TEST(Lane, FollowsAMoveButNotInCircles) {
  auto row = row_in(RowState::sending);
  row.target = *model::Target::parse("telegram:-5");
  auto move_to = [&row](const char* place) {
    auto to = *model::Target::parse(place);
    return after_send(row, adapters::Refused{adapters::RefusalClass::moved, "moved", "", to}, kNow, {}, 0.5);
  };
  EXPECT_EQ(move_to("telegram:-1005").moved_to->str(), "telegram:-1005");
  EXPECT_EQ(move_to("telegram:-1005").row.due, kNow);
  EXPECT_TRUE(move_to("telegram:-5").target_off);
  EXPECT_TRUE(move_to("preview:five").target_off);
  row.attempt = 6;
  EXPECT_GT(move_to("telegram:-1005").row.due, kNow + 10s);
}

TEST(Lane, KeepsTheQuestionOpenWhenTheTargetIsOff) {
  auto row = row_in(RowState::sending);
  row.times_unknown = 1;
  adapters::Refused off{adapters::RefusalClass::target, "kicked", "invite it", {}};
  EXPECT_EQ(after_send(row, off, kNow, folding(), 0.5).row.state, RowState::ambiguous);
  EXPECT_EQ(after_send(row, off, kNow, {}, 0.5).row.state, RowState::pending);
}

TEST(Lane, RepeatsByPolicyMoreAndMoreSlowly) {
  auto row = row_in(RowState::ambiguous);
  row.on_unknown = model::UnknownPolicy::resend;
  row.attempt = 9;
  auto after = after_read_back(row, adapters::CannotTell{Error(ErrorKind::refused, "no way"), true, {}}, kNow, {}, 0.5);
  EXPECT_EQ(after.row.due, kNow + 128s);
}

TEST(Lane, GivesUpAfterFourSendsThatNobodyCanTellOf) {
  adapters::CannotTell cannot{Error(ErrorKind::refused, "no message of ours is known there"), true, {}};
  auto row = row_in(RowState::ambiguous);
  row.kind = model::PartKind::summary;
  row.on_unknown = model::UnknownPolicy::resend_summary;
  row.times_unknown = 3;
  EXPECT_EQ(after_read_back(row, cannot, kNow, {}, 0.5).row.state, RowState::pending);
  row.times_unknown = 4;
  auto after = after_read_back(row, cannot, kNow, {}, 0.5);
  EXPECT_EQ(after.row.state, RowState::dead);
  EXPECT_EQ(after.policy, "give_up");
  EXPECT_NE(after.row.error.find("sent 4 times"), std::string::npos) << after.row.error;
  EXPECT_FALSE(after.fix.empty());
}

}  // namespace
}  // namespace broadsheet::delivery
