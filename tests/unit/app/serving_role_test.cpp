#include "bot/app/serving_role.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "bot/store/store.hpp"

namespace broadsheet::app {
namespace {

// A second of this clock takes 50 ms.
struct Fast {
  ScaledClock clock{*parse_iso("2026-01-13T02:00:00Z"), 20};
  std::unique_ptr<store::Store> store = *store::open_memory();
  store::Leases& leases = store->leases();
};

// What keeping the role comes to while `meanwhile` happens; false when it was still kept at the end.
bool loses(Fast& f, const store::Tenure& tenure, const std::function<async::awaitable<void>()>& meanwhile) {
  boost::asio::io_context io{1};
  async::Offload workers(1);
  async::TaskGroup tasks(io.get_executor());
  bool lost = false;
  auto keep = [&]() -> async::awaitable<void> {
    co_await keep_serving(f.leases, workers, f.clock, tenure);
    lost = true;
  };
  auto all = [&]() -> async::awaitable<void> {
    tasks.spawn("role", keep());
    co_await meanwhile();
    tasks.cancel();
    co_await tasks.join();
  };
  boost::asio::co_spawn(io, all(), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  io.run();
  workers.finish();
  return lost;
}

TEST(ServingRole, IsTakenAtOnceWhenNobodyHasIt) {
  Fast f;
  auto role = stand_by(f.leases, f.clock, "ann");
  ASSERT_TRUE(role && *role);
  EXPECT_EQ((*role)->holder, "ann");
}

TEST(ServingRole, IsTakenOverWhenTheLeaseEnded) {
  Fast f;
  ASSERT_TRUE(*f.leases.take("serve", "ann", f.clock.now(), kServingLease));
  auto begun = f.clock.now();
  auto role = stand_by(f.leases, f.clock, "bob");
  ASSERT_TRUE(role && *role);
  EXPECT_EQ((*role)->term, 2);
  EXPECT_GE(f.clock.now() - begun, kServingLease);
}

TEST(ServingRole, IsKeptLongerThanOneLease) {
  Fast f;
  auto ann = **stand_by(f.leases, f.clock, "ann");
  EXPECT_FALSE(
      loses(f, ann, [&]() -> async::awaitable<void> { co_await async::sleep_for(f.clock, std::chrono::seconds(20)); }));
  EXPECT_FALSE(f.leases.take("serve", "bob", f.clock.now(), kServingLease)->has_value());
}

TEST(ServingRole, EndsWhenAnotherTermBegan) {
  Fast f;
  auto ann = **stand_by(f.leases, f.clock, "ann");
  ASSERT_TRUE(f.leases.release(ann));
  auto bob = **stand_by(f.leases, f.clock, "bob");
  EXPECT_TRUE(
      loses(f, ann, [&]() -> async::awaitable<void> { co_await async::sleep_for(f.clock, std::chrono::seconds(3)); }));
  EXPECT_TRUE(*f.leases.current(bob));
}

}  // namespace
}  // namespace broadsheet::app
