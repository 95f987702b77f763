// Breadth-first over every interleaving of one message's life (design: reliability 3.2): worker steps, a request that
// is executed, dropped or late, an answer that is lost, kill -9 at every step, a second worker that takes over a paused
// one. The worker's decisions are those of the real lane; the test gives it a world and looks for the worst.
#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <vector>

#include "bot/delivery/lane.hpp"

namespace broadsheet::delivery {
namespace {

using namespace std::chrono_literals;
using model::OutboxRow;
using model::RowState;
using std::chrono::milliseconds;

struct Rules {
  adapters::Capabilities can{.read_back = true};
  bool record_first = true;     // `sending` is committed before the request
  bool folds = false;           // the platform makes one message of one key, for a day
  bool fresh_reads = true;      // A2
  bool can_tell = true;         // there is a way to read back
  milliseconds settles = 60s;   // A1: nothing executes later than this after its connection ended
  milliseconds slow_commit{0};  // between t0 and the request
  milliseconds downtime{0};     // after a kill
  model::UnknownPolicy policy = model::UnknownPolicy::resend;
  int kills = 0, faults = 2, zombies = 0;
};

enum class Phase : std::uint8_t { idle, claimed, asked, answered, down };
enum class Answer : std::uint8_t { none, sent, unknown, not_sent };

struct World {
  OutboxRow stored, row;  // durable; in the worker's memory
  Phase phase = Phase::idle;
  Answer answer = Answer::none;
  Moment now = *parse_iso("2026-01-13T01:00:00Z");
  Moment wakes{};              // of phase down
  std::multiset<Moment> late;  // requests whose connection ended then, neither executed nor dropped yet
  int zombies_out = 0;         // paused workers that will send
  int visible = 0;
  Moment keyed{};  // when the platform first saw the key
  int kills = 0, faults = 0, zombies = 0;

  // Everything that tells worlds apart.
  std::vector<std::int64_t> identity() const {
    std::vector<std::int64_t> out;
    out.reserve(32);
    auto add = [&out](auto value) { out.push_back(static_cast<std::int64_t>(value)); };
    for (const auto* r : {&stored, &row}) {
      add(r->state), add(r->attempt), add(r->times_unknown);
      for (auto m : {r->first_t0, r->t0, r->due}) add(m.time_since_epoch().count());
    }
    for (auto m : {now, wakes, keyed}) add(m.time_since_epoch().count());
    add(phase), add(answer), add(zombies_out), add(visible), add(kills), add(faults), add(zombies);
    for (auto m : late) add(m.time_since_epoch().count());
    return out;
  }
};

class Explorer {
 public:
  explicit Explorer(Rules rules) : rules_(rules) {}

  struct Verdict {
    int duplicates = 0;
    bool loss = false;
    std::size_t states = 0;
  };

  Verdict run() {
    World first;
    first.row.expires = first.now + 24h;
    first.row.due = first.now;
    first.row.on_unknown = rules_.policy;
    first.stored = first.row;
    first.kills = rules_.kills, first.faults = rules_.faults, first.zombies = rules_.zombies;
    reach(first);
    while (!open_.empty()) {
      auto world = std::move(open_.front());
      open_.pop_front();
      bool ended = !step(world);
      accidents(world);
      verdict_.duplicates = std::max(verdict_.duplicates, world.visible - 1);
      if (ended && world.late.empty() && world.zombies_out == 0 && world.visible == 0) verdict_.loss = true;
    }
    verdict_.states = seen_.size();
    return verdict_;
  }

 private:
  void reach(const World& world) {
    if (seen_.insert(world.identity()).second) open_.push_back(world);
  }

  // A1: time does not pass a late request that must be settled by then; both ways of settling it are worlds of their
  // own.
  bool pass_to(World& world, Moment then) const {
    if (!world.late.empty() && *world.late.begin() + rules_.settles <= then) return false;
    world.now = std::max(world.now, then);
    return true;
  }

  void execute(World& world) const {
    bool known = world.visible > 0 && world.now - world.keyed < 24h;
    if (rules_.folds && known) return;
    if (world.visible++ == 0) world.keyed = world.now;
  }

  // What the worker does next; false when it has finished.
  bool step(World world) {
    switch (world.phase) {
      case Phase::idle:
        return idle(world);
      case Phase::claimed:
        world.phase = Phase::asked;
        reach(world);
        return true;
      case Phase::asked:
        asked(world);
        return true;
      case Phase::answered:
        record(world);
        return true;
      case Phase::down:
        if (pass_to(world, world.wakes)) restart(world);
        return true;
    }
    return true;
  }

  bool idle(World& world) {
    switch (next_step(world.row, world.now, rules_.can)) {
      case Next::finished:
        return false;
      case Next::wait:
        if (pass_to(world, world.row.due)) reach(world);
        return true;
      case Next::read_back:
        read_back(world);
        return true;
      case Next::send:
        claim(world);
        return true;
    }
    return true;
  }

  void claim(World& world) {
    world.row.state = RowState::sending;
    if (++world.row.attempt == 1) world.row.first_t0 = world.now;
    world.row.t0 = world.now;
    if (rules_.record_first) world.stored = world.row;
    if (!pass_to(world, world.now + rules_.slow_commit)) return;
    world.phase = Phase::claimed;
    reach(world);
  }

  void asked(const World& before) {
    auto done = before;
    execute(done);
    end(done, Answer::sent);
    if (before.faults == 0) return;
    auto fault = before;
    --fault.faults;
    auto lost_answer = fault;
    execute(lost_answer);
    end(lost_answer, Answer::unknown);
    end(fault, Answer::unknown);   // dropped on the way
    end(fault, Answer::not_sent);  // refused connection
    auto late = fault;             // silence until our own timeout
    if (!pass_to(late, late.row.t0 + rules_.slow_commit + rules_.can.request_timeout)) return;
    late.late.insert(late.now);
    end(late, Answer::unknown);
  }

  void end(World world, Answer answer) {
    world.phase = Phase::answered;
    world.answer = answer;
    reach(world);
  }

  void record(World& world) {
    adapters::SendOutcome outcome = adapters::Sent{"1"};
    Error error(ErrorKind::transient, "fault");
    if (world.answer == Answer::unknown) outcome = adapters::Unknown{error};
    if (world.answer == Answer::not_sent) outcome = adapters::NotSent{error, {}, {}};
    commit(world, after_send(world.row, outcome, world.now, rules_.can, 0));
  }

  void commit(World& world, After after) {
    world.row = world.stored = std::move(after.row);
    world.phase = Phase::idle;
    world.answer = Answer::none;
    reach(world);
  }

  void read_back(const World& before) {
    auto said = [&](const adapters::FindOutcome& outcome) {
      auto world = before;
      commit(world, after_read_back(world.row, outcome, world.now, rules_.can, 0));
    };
    if (!rules_.can_tell) return said(adapters::CannotTell{Error(ErrorKind::refused, "no way"), true, {}});
    if (before.visible > 0) said(adapters::Found{"1"});
    if (before.visible == 0 || !rules_.fresh_reads) said(adapters::Absent{});
    if (before.faults == 0) return;
    auto failed = before;
    --failed.faults;
    adapters::CannotTell cannot{Error(ErrorKind::transient, "503"), false, {}};
    commit(failed, after_read_back(failed.row, cannot, failed.now, rules_.can, 0));
  }

  void restart(World& world) {
    if (world.stored.state == RowState::sending) {  // as Outbox::recover() does
      world.stored.state = RowState::ambiguous;
      world.stored.due = world.stored.t0;
      ++world.stored.times_unknown;
    }
    world.row = after_restart(world.stored, world.now, rules_.can);
    world.phase = Phase::idle;
    world.answer = Answer::none;
    reach(world);
  }

  // What may happen at any moment.
  void accidents(const World& world) {
    for (auto it = world.late.begin(); it != world.late.end(); ++it) {
      auto dropped = world;
      dropped.late.erase(dropped.late.find(*it));
      auto executed = dropped;
      execute(executed);
      reach(dropped);
      reach(executed);
    }
    if (world.zombies_out > 0) {
      auto sends = world;
      --sends.zombies_out;
      execute(sends);
      reach(sends);
    }
    if (world.kills > 0 && world.phase != Phase::down) {
      auto killed = world;
      --killed.kills;
      if (world.phase == Phase::asked) killed.late.insert(world.now);
      killed.phase = Phase::down;
      killed.wakes = world.now + rules_.downtime;
      reach(killed);
    }
    if (world.zombies > 0 && world.phase == Phase::claimed) {
      auto paused = world;
      --paused.zombies;
      ++paused.zombies_out;
      restart(paused);
    }
  }

  Rules rules_;
  Verdict verdict_;
  std::set<std::vector<std::int64_t>> seen_;
  std::deque<World> open_;
};

// The worst with 1, 2 … kills.
void expect_worst(Rules rules, std::vector<int> duplicates, bool loss) {
  for (int kills = 1; kills <= static_cast<int>(duplicates.size()); ++kills) {
    rules.kills = kills;
    auto verdict = Explorer(rules).run();
    EXPECT_EQ(verdict.duplicates, duplicates.at(static_cast<std::size_t>(kills - 1))) << kills << " kills";
    EXPECT_EQ(verdict.loss, loss) << kills << " kills";
    EXPECT_GT(verdict.states, 50U);
  }
}

Rules matrix() {
  Rules rules;
  rules.can.same_key_is_safe = 20h;
  rules.folds = true;
  return rules;
}

TEST(Explorer, ProbingAfterTheQuietPeriodNeverDoublesAndNeverLoses) {
  expect_worst({}, {0, 0, 0}, false);
}

TEST(Explorer, RepeatingAFoldedKeyNeverDoublesAndNeverLoses) {
  expect_worst(matrix(), {0, 0, 0}, false);
}

TEST(Explorer, AsksFirstWhereTheKeyMayBeForgotten) {
  auto rules = matrix();
  rules.downtime = 21h;  // the platform keeps the key for 24 h; we trust it for 20
  for (rules.kills = 1; rules.kills <= 2; ++rules.kills) {
    auto verdict = Explorer(rules).run();
    EXPECT_EQ(verdict.duplicates, 0);
    EXPECT_EQ(verdict.loss, rules.kills > 1);  // two nights down: the message has expired, and that is told
  }
}

TEST(Explorer, IsNotDeceivedByASlowCommit) {
  Rules rules;
  rules.slow_commit = 50s;  // the store was busy: t0 is old when the request goes out
  expect_worst(rules, {0, 0, 0}, false);
}

TEST(Explorer, ShowsWhatTheRecordBeforeTheSendIsFor) {
  Rules rules;
  rules.record_first = false;
  rules.can_tell = false;
  expect_worst(rules, {3, 4, 5}, false);
}

// It ends after four sends: three copies too many at worst, whatever goes on breaking, and a loss that is told when all
// four came to nothing.
TEST(Explorer, ShowsWhatBlindRepeatingCosts) {
  Rules rules;
  rules.can_tell = false;
  expect_worst(rules, {3}, false);
  for (rules.kills = 2; rules.kills <= 3; ++rules.kills) {
    auto verdict = Explorer(rules).run();
    EXPECT_EQ(verdict.duplicates, 3);
    EXPECT_TRUE(verdict.loss);
  }
}

TEST(Explorer, ShowsThatNeverRepeatingLoses) {
  Rules rules;
  rules.can_tell = false;
  rules.policy = model::UnknownPolicy::skip;
  expect_worst(rules, {0, 0, 0}, true);
}

TEST(Explorer, ShowsWhatALostWindowCosts) {
  auto rules = matrix();
  rules.folds = false;
  expect_worst(rules, {3, 4}, false);
}

TEST(Explorer, ShowsWhatTheQuietPeriodIsFor) {
  Rules rules;
  rules.can.quiet = 0s;
  rules.can.request_timeout = 0s;
  expect_worst(rules, {3, 4, 5}, false);
}

TEST(Explorer, ShowsWhatStaleReadsCost) {
  Rules rules;
  rules.fresh_reads = false;
  expect_worst(rules, {3, 4, 5}, false);
}

TEST(Explorer, ShowsThatAZombieCostsOneAndNothingWhereKeysFold) {
  Rules rules;
  rules.zombies = 1;
  expect_worst(rules, {1, 1, 1}, false);
  auto folding = matrix();
  folding.zombies = 1;
  expect_worst(folding, {0, 0}, false);
}

}  // namespace
}  // namespace broadsheet::delivery
