// The lane book without clock, store and coroutine: its rules one by one, and long random lives in which everything
// that can happen does, with what must always hold looked at after each step.
#include "bot/delivery/lane_book.hpp"

#include <gtest/gtest.h>

#include <random>

#include "bot/base/hash.hpp"

namespace broadsheet::delivery {
namespace {

using namespace std::chrono_literals;
using Job = LaneBook::Job;
using model::OutboxRow;
using model::RowState;
using model::Target;

Target place(int n) {
  return *Target::parse("telegram:-100" + std::to_string(n));
}

OutboxRow row_of(std::int64_t id, const Target& target, int part, Moment now) {
  OutboxRow out;
  out.id = id;
  out.target = target;
  out.part = part;
  out.due = now;
  out.expires = now + 24h;
  out.key = model::DeliveryKey(short_sha256(std::to_string(id)));
  return out;
}

// Time, and a book that paces each target at a message a second and all together at `together` a second.
struct Desk {
  LaneBook::Now now{*parse_iso("2026-01-13T01:00:00Z"), SteadyMoment(1h)};
  adapters::Capabilities can{.read_back = true};
  double together = 1000;
  LaneBook book{can,
                [this](const Target& target, bool) {
                  return std::vector<adapters::Pace>{{"all", together, 1}, {target.str(), 1, 1}};
                },
                64};

  void advance(std::chrono::milliseconds by) {
    now.own += by;
    now.steady += by;
    book.wake_due(now);
  }
  void add(std::int64_t id, int target, int part) { book.add(row_of(id, place(target), part, now.own), now); }
  std::vector<std::int64_t> picked(std::size_t room = 64) {
    std::vector<std::int64_t> out;
    for (auto& job : book.pick(now, room)) out.push_back(job.row.id), jobs.push_back(std::move(job));
    return out;
  }
  // The job's row was sent and its receipt is written.
  void deliver(std::int64_t id) {
    auto at = std::find_if(jobs.begin(), jobs.end(), [id](const Job& job) { return job.row.id == id; });
    ASSERT_NE(at, jobs.end()) << id;
    auto row = book.begin(*at, now.own);
    book.record({at->lane, after_send(row, adapters::Sent{model::RemoteId("r")}, now.own, can, 0.5), {}, false});
    jobs.erase(at);
    settle();
  }
  std::vector<Incident> settle() {
    std::vector<Incident> told;
    for (const auto& receipt : book.take_receipts())
      for (auto& one : book.settle(receipt, now)) told.push_back(std::move(one));
    return told;
  }
  std::vector<Job> jobs;
};

using Ids = std::vector<std::int64_t>;

TEST(LaneBook, FirstMessagesGoBeforeSecondOnesAndOneOfATargetAtATime) {
  Desk desk;
  desk.add(1, 1, 0), desk.add(2, 1, 1), desk.add(3, 2, 0), desk.add(4, 2, 1);
  Ids went;
  for (int n = 0; n < 2000 && went.size() < 2; ++n, desk.advance(1ms))
    for (auto id : desk.picked()) went.push_back(id);
  EXPECT_EQ(went, (Ids{1, 3}));
  desk.deliver(1);
  EXPECT_TRUE(desk.book.is_hungry());  // the second row is known by its number
}

TEST(LaneBook, AnEarlierRowThatWaitsForABucketIsNotOvertaken) {
  Desk desk;
  desk.together = 1;
  desk.add(1, 1, 0), desk.add(2, 2, 0);
  EXPECT_EQ(desk.picked(), Ids{1});
  EXPECT_EQ(desk.picked(), Ids{});
  ASSERT_TRUE(desk.book.next_token());
  desk.now.steady = *desk.book.next_token();
  desk.now.own += 1s;
  desk.add(3, 3, 0);  // comes in the moment in which a token is there
  desk.book.wake_due(desk.now);
  EXPECT_EQ(desk.picked(), Ids{2});
}

TEST(LaneBook, NothingIsPickedBeyondTheRoom) {
  Desk desk;
  desk.together = 1e6;
  for (int n = 1; n <= 5; ++n) desk.add(n, n, 0);
  std::size_t most = 0;
  for (int n = 0; n < 20; ++n, desk.advance(1ms)) most = std::max(most, desk.picked(1).size());
  EXPECT_EQ(most, 1U);
  EXPECT_EQ(desk.picked(0), Ids{});
}

TEST(LaneBook, ATargetThatIsOffKeepsItsRowsUntilTheyExpire) {
  Desk desk;
  desk.book.switch_target(place(1), false, desk.now);
  desk.add(1, 1, 0);
  EXPECT_EQ(desk.picked(), Ids{});
  EXPECT_EQ(desk.book.next_due(), desk.now.own + 24h);
  desk.book.switch_target(place(1), true, desk.now);
  EXPECT_EQ(desk.picked(), Ids{1});
}

TEST(LaneBook, ARowThatExpiresInAVoidWorkspaceIsRecordedAndTold) {
  Desk desk;
  desk.book.pause(place(1).workspace);
  desk.add(1, 1, 0);
  desk.advance(24h);
  desk.picked();
  auto told = desk.settle();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, Incident::Kind::dead);
  EXPECT_EQ(desk.book.open(), 0U);
}

TEST(LaneBook, AMovedTargetTakesItsRowsAlongOnceItsWorkHasEnded) {
  Desk desk;
  desk.add(1, 1, 0), desk.add(2, 1, 1);
  EXPECT_EQ(desk.picked(), Ids{1});
  desk.book.move_target(place(1), place(2), desk.now);
  desk.deliver(1);
  auto hungry = desk.book.take_hungry();
  ASSERT_EQ(hungry.size(), 1U);
  EXPECT_EQ(hungry[0].lane, place(2));
  EXPECT_EQ(hungry[0].id, 2);
}

TEST(LaneBook, WhatWasNotBegunIsTakenUpAgain) {
  Desk desk;
  desk.add(1, 1, 0);
  desk.picked();
  desk.book.postpone(desk.jobs.front(), desk.now.own + 2s);
  EXPECT_EQ(desk.picked(), Ids{});
  desk.advance(2s);
  EXPECT_EQ(desk.picked(), Ids{1});
}

TEST(LaneBook, ADisownedBookForgetsAllButWhatIsInWork) {
  Desk desk;
  desk.add(1, 1, 0), desk.add(2, 1, 1), desk.add(3, 2, 0);
  EXPECT_EQ(desk.picked(1), Ids{1});
  desk.book.disown();
  EXPECT_EQ(desk.book.open(), 1U);
  desk.book.record({place(1), {.row = desk.jobs.front().row}, {}, true});
  desk.settle();
  EXPECT_EQ(desk.book.open(), 0U);
  desk.advance(1h);
  EXPECT_EQ(desk.picked(), Ids{});
}

// One random life: three places, digests of three messages, a world that says everything it can.
class Life {
 public:
  explicit Life(unsigned seed) : random_(seed) {}

  void live(int steps) {
    for (int n = 0; n < steps && !testing::Test::HasFailure(); ++n) {
      step(below(13));
      check();
    }
  }
  // The world is kind from now on: everything ends.
  void end() {
    kind_ = true;
    for (int n = 0; n < 3; ++n) desk_.book.switch_target(place(n), true, desk_.now);
    desk_.book.resume(desk_.now);
    for (int n = 0; n < 5000 && desk_.book.open() > 0; ++n) {
      desk_.advance(400ms);
      pick();
      while (!desk_.jobs.empty()) answer();
      write();
      feed();
      check();
    }
    EXPECT_EQ(desk_.book.open(), 0U);
    EXPECT_TRUE(open_.empty());
  }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  void step(int what) {
    auto& book = desk_.book;
    auto target = place(below(3));
    if (what == 0) add();
    if (what == 1 || what == 2) desk_.advance(std::chrono::milliseconds(below(1500)));
    if (what == 3 || what == 4) pick();
    if ((what == 5 || what == 6) && !desk_.jobs.empty()) answer();
    if (what == 7) write();
    if (what == 8) feed();
    if (what == 9) book.switch_target(target, below(2) == 0, desk_.now);
    if (what == 10 && below(4) == 0) book.move_target(target, place(below(3)), desk_.now);
    if (what == 11 && below(3) == 0) book.resume(desk_.now);
    if (what == 12 && !desk_.jobs.empty()) postpone();
  }
  void add() {
    auto target = place(below(3));
    desk_.book.begin_loading();
    for (int part = 0; part < 3; ++part) {
      auto row = row_of(++last_, target, part, desk_.now.own);
      row.group = std::to_string(last_ - part);
      open_[row.id] = row;
      desk_.book.add(row, desk_.now);
    }
    desk_.book.end_loading(desk_.now);
  }
  void pick() {
    for (auto& job : desk_.book.pick(desk_.now, 1 + static_cast<std::size_t>(below(4)))) {
      EXPECT_TRUE(open_.contains(job.row.id)) << "sent twice, or never there: " << job.row.id;
      for (const auto& other : desk_.jobs) EXPECT_NE(other.lane, job.lane) << "two at once";
      desk_.jobs.push_back(std::move(job));
    }
  }
  void postpone() {
    auto job = std::move(desk_.jobs.back());
    desk_.jobs.pop_back();
    if (job.asks) return desk_.jobs.push_back(std::move(job));
    desk_.book.postpone(job, desk_.now.own + 1s);
  }
  After outcome(const Job& job) {
    auto now = desk_.now.own;
    int luck = kind_ ? 0 : below(8);
    if (job.asks) {
      adapters::FindOutcome found = adapters::Found{model::RemoteId("r")};
      if (luck > 3) found = adapters::Absent{};
      if (luck == 3) found = adapters::CannotTell{Error(ErrorKind::transient, "no answer"), false, {}};
      return after_read_back(job.row, found, now, desk_.can, 0.5);
    }
    auto row = desk_.book.begin(job, now);
    adapters::SendOutcome sent = adapters::Sent{model::RemoteId("r")};
    if (luck == 5) sent = adapters::Unknown{Error(ErrorKind::transient, "cut")};
    if (luck == 6) sent = adapters::NotSent{Error(ErrorKind::rate_limited, "wait"), 3s, "all"};
    if (luck == 7) sent = adapters::NotSent{Error(ErrorKind::transient, "busy"), {}, {}};
    return after_send(row, sent, now, desk_.can, 0.5);
  }
  void answer() {
    auto job = std::move(desk_.jobs.front());
    desk_.jobs.erase(desk_.jobs.begin());
    desk_.book.record({job.lane, outcome(job), {}, false});
  }
  void write() {
    auto receipts = desk_.book.take_receipts();
    if (!kind_ && below(5) == 0) return desk_.book.give_back(std::move(receipts));  // the disk is full for a moment
    for (const auto& receipt : receipts) {
      if (!model::is_open(receipt.after.row.state)) open_.erase(receipt.after.row.id);
      desk_.book.settle(receipt, desk_.now);
    }
  }
  void feed() {
    auto hungry = desk_.book.take_hungry();
    if (!kind_ && below(5) == 0) return desk_.book.give_back(hungry);
    for (const auto& one : hungry) {
      ASSERT_TRUE(open_.contains(one.id)) << one.id;
      auto row = open_[one.id];
      row.target = one.lane;
      desk_.book.feed(one, row, desk_.now);
    }
  }
  void check() {
    // What the book counts is what the world has open, but for receipts that are not written.
    EXPECT_EQ(desk_.book.open(), open_.size());
    // Whoever may not go now has a moment at which it is looked at again, or is in work, or asks for its row.
    bool something = desk_.book.next_due() || desk_.book.next_token() || !desk_.jobs.empty() ||
                     desk_.book.is_hungry() || !desk_.book.receipts().empty();
    if (desk_.book.open() > 0 && !something) {
      pick();  // ready then
      EXPECT_TRUE(!desk_.jobs.empty() || desk_.book.next_token() || !desk_.book.receipts().empty()) << "forgotten";
    }
  }

  std::mt19937 random_;
  Desk desk_{.together = 3};
  std::map<std::int64_t, OutboxRow> open_;
  std::int64_t last_ = 0;
  bool kind_ = false;
};

TEST(LaneBook, LosesDoublesAndForgetsNothingInAThousandRandomLives) {
  for (unsigned seed = 0; seed < 1000 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Life life(seed);
    life.live(200);
    life.end();
  }
}

}  // namespace
}  // namespace broadsheet::delivery
