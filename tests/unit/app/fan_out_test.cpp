#include "bot/app/fan_out.hpp"

#include <gtest/gtest.h>

#include "bot/app/platforms.hpp"
#include "bot/app/standalone.hpp"

namespace broadsheet::app {
namespace {

using namespace std::chrono_literals;

std::vector<model::Subscription> rooms(int n) {
  std::vector<model::Subscription> out;
  for (int i = 0; i < n; ++i) {
    model::Subscription one;
    one.id = model::SubscriptionId("s" + std::to_string(i));
    one.target = *model::Target::parse("matrix:!room" + std::to_string(i) + ":example.org");
    one.categories = {*Category::parse("cs.CV")};
    out.push_back(std::move(one));
  }
  return out;
}

// A digest is several messages, and an account on a homeserver may say few at once.
TEST(FanOut, CountsTheMessagesThatAUsualDigestBecomes) {
  const auto* module = find_platform_module("matrix");
  ASSERT_NE(module, nullptr);
  SystemClock clock;
  Standalone alone(clock);
  auto platform = module->unconnected({}, alone.doors());
  auto seven = fan_out(*platform, rooms(7), {});
  EXPECT_EQ(seven.places, 7U);
  EXPECT_GE(seven.shortest, 20s) << "more than the account's burst";
  EXPECT_GT(fan_out(*platform, rooms(14), {}).shortest, seven.shortest);
  model::Options brief;
  brief.style = Style::brief;
  EXPECT_LT(fan_out(*platform, rooms(7), brief).shortest, seven.shortest);
  model::Options titles;
  titles.style = Style::titles;
  EXPECT_GT(fan_out(*platform, rooms(14), titles).shortest, fan_out(*platform, rooms(14), brief).shortest);
}

}  // namespace
}  // namespace broadsheet::app
