// What one target suffers must not reach the others, and an outage must not end in a storm (design: reliability P13,
// F32).
#include "tests/unit/delivery/outbox_fixture.hpp"

namespace broadsheet::delivery {
namespace {

// Places in the order of sending.
using Slots = std::map<std::pair<std::string, std::string>, std::size_t>;

struct Fairness : Outbox, testing::WithParamInterface<Fault> {
  static constexpr int kChats = 40, kBad = 7;
  static constexpr std::size_t kParts = 2;

  // Slots of the first sends of every healthy message while chat `kBad` suffers.
  Slots slots(Fault bad) {
    store = *store::open_memory();
    Slots out;
    std::size_t sent = 0;
    platform.shared = {{"bot", 4, 1}};
    platform.fault = [&](const adapters::SendRequest& request) {
      ++sent;
      bool suffers = request.target == chat(kBad);
      if (!suffers) out.try_emplace({request.target.place, request.message.body}, sent);
      return ToyPlatform::Told{suffers ? bad : Fault::none, 60s, "chat:" + request.target.place, {}};
    };
    for (int n = 1; n <= kChats; ++n) enqueue(chat(n), kParts);
    run([&] { return out.size() == (kChats - 1) * kParts; });
    return out;
  }
};

TEST_P(Fairness, OneBadTargetDelaysNobodyByMoreThanOneSlot) {
  auto without = slots(Fault::none), with = slots(GetParam());
  ASSERT_EQ(without.size(), with.size());
  for (const auto& [message, slot] : without)
    EXPECT_LE(with[message], slot + 1) << message.first << " " << message.second;
}

INSTANTIATE_TEST_SUITE_P(Bad, Fairness, testing::Values(Fault::refuse_target, Fault::wait, Fault::lost_before),
                         [](const auto& info) {
                           return std::string(info.param == Fault::wait            ? "Limited"
                                              : info.param == Fault::refuse_target ? "Dead"
                                                                                   : "Silent");
                         });

using Outage = Outbox;

// F32
TEST_F(Outage, OfSixHoursEndsWithoutAStorm) {
  auto back = clock.steady_now() + 6h;
  std::size_t refused = 0;
  platform.shared = {{"bot", 0.05, 3}};
  platform.fault = [&](const adapters::SendRequest&) {
    if (clock.steady_now() >= back) return ToyPlatform::Told{};
    ++refused;
    return ToyPlatform::Told{Fault::refused, {}, {}, {}};
  };
  for (int n = 1; n <= 20; ++n) enqueue(chat(n), 3);
  run_until_delivered(60);
  expect_no_doubles();
  EXPECT_LE(refused, 20U * 60U);  // half of a quarter of an hour apart, and the steps up to that
  // In no window more than the bucket allows.
  for (std::size_t i = 3; i < platform.visible.size(); ++i)
    EXPECT_GE(platform.visible[i].at - platform.visible[i - 3].at, 19s) << i;
}

}  // namespace
}  // namespace broadsheet::delivery
