// A dispatcher over a store in memory and the toy platform, in the time of a clock that is moved.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bot/base/hash.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/store/store.hpp"
#include "tests/unit/delivery/toy_platform.hpp"

namespace broadsheet::delivery {

using namespace std::chrono_literals;
using model::Target;
using Fault = ToyPlatform::Fault;
using model::RowState;

inline boost::asio::awaitable<void> after(Clock& clock, std::chrono::milliseconds d, std::function<void()> then) {
  co_await async::sleep_for(clock, d);
  then();
}

// Its wall clock can be set beside its steady one.
class SetClock final : public Clock {
 public:
  Moment now() const override { return inner_.now() + set_by; }
  SteadyMoment steady_now() const override { return inner_.steady_now(); }
  std::unique_ptr<Sleeper> sleeper(SteadyMoment when, std::function<void()> wake) override {
    return inner_.sleeper(when, std::move(wake));
  }
  bool advance_to_next() { return inner_.advance_to_next(); }
  std::chrono::milliseconds set_by{0};

 private:
  ManualClock inner_{*parse_iso("2026-01-13T01:00:00Z")};
};

inline const store::Worker kAnother{"telegram", "another"};

struct Outbox : testing::Test {
  boost::asio::io_context io{1};
  SetClock clock;
  std::unique_ptr<store::Store> store = *store::open_memory();
  async::Offload workers{0};
  Metrics metrics;
  ToyPlatform platform{clock};
  std::vector<Incident> incidents;
  DispatcherOptions options;
  bool over = false;
  std::unique_ptr<Dispatcher> dispatcher;

  void make() {
    dispatcher = std::make_unique<Dispatcher>(
        io.get_executor(), store->outbox(), platform, workers, clock, metrics, [] { return 0.5; },
        [this](const Incident& i) { incidents.push_back(i); }, options);
  }
  // Another process takes all that there is.
  std::vector<model::OutboxRow> another_claims(store::Lease lease = std::nullopt) {
    return *store->outbox().claim(kAnother, 1000, clock.now(), lease);
  }
  std::chrono::milliseconds lifetime = 24h;
  static Target chat(int n) { return *Target::parse("telegram:" + std::to_string(n)); }
  void enqueue(const Target& target, int parts, const std::string& group = "d",
               model::UnknownPolicy policy = model::UnknownPolicy::resend_summary) {
    std::vector<model::NewRow> rows;
    for (int part = 0; part < parts; ++part) {
      model::NewRow row;
      row.target = target;
      row.group = group;
      row.part = part;
      row.key = model::DeliveryKey(short_sha256(target.str() + group + std::to_string(part)));
      row.message = {part == 0 ? model::PartKind::summary : model::PartKind::card, part > 0,
                     group + std::to_string(part), "preview"};
      row.due = clock.now();
      row.expires = clock.now() + lifetime;
      row.on_unknown = policy;
      rows.push_back(row);
    }
    ASSERT_TRUE(store->outbox().enqueue("", rows, clock.now()));
  }
  void later(std::chrono::milliseconds d, std::function<void()> then) {
    boost::asio::co_spawn(io, after(clock, d, std::move(then)), boost::asio::detached);
  }
  // Until it holds or a week is over; looked at whenever nothing is left to do.
  void settle(const std::function<bool()>& holds) {
    auto end = clock.steady_now() + 24h * 7;
    do {
      io.restart();
      io.poll();
    } while (!holds() && clock.steady_now() < end && clock.advance_to_next());
  }
  // Runs until `done` says so, then through a clean stop.
  void run(const std::function<bool()>& done) {
    if (!dispatcher) make();
    bool ended = false;
    boost::asio::co_spawn(io, dispatcher->run(), [&](const std::exception_ptr&) { ended = true; });
    settle(done);
    EXPECT_TRUE(done()) << "not done in time; open rows " << dispatcher->open();
    dispatcher->stop();
    settle([&ended] { return ended; });
    EXPECT_TRUE(ended);
    dispatcher.reset();
  }
  std::size_t in_state(RowState state) {
    auto counts = *store->outbox().counts();
    return counts.contains(state) ? counts[state] : 0;
  }
  void run_until_delivered(std::size_t n) {
    run([this, n] { return in_state(RowState::delivered) == n; });
  }
  std::vector<model::DeliveryKey> keys() const {
    std::vector<model::DeliveryKey> out;
    for (const auto& v : platform.visible) out.push_back(v.key);
    return out;
  }
  void expect_no_doubles() const {
    auto all = keys();
    std::set<model::DeliveryKey> once(all.begin(), all.end());
    EXPECT_EQ(once.size(), all.size());
  }
};

}  // namespace broadsheet::delivery
