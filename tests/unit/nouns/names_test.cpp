#include "bot/model/names.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace broadsheet::model {
namespace {

template <class A, class B>
concept Comparable = requires(const A& a, const B& b) { a == b; };

TEST(Names, OfDifferentKindsNeitherConvertNorCompare) {
  EXPECT_FALSE((std::is_convertible_v<SubscriptionId, SlotName>));
  EXPECT_FALSE((std::is_constructible_v<RemoteId, DeliveryKey>));
  EXPECT_FALSE((std::is_convertible_v<std::string, RemoteId>));
  EXPECT_FALSE((std::is_convertible_v<RemoteId, std::string>));
  EXPECT_FALSE((Comparable<RunName, SlotName>));
  EXPECT_TRUE((Comparable<RunName, RunName>));
}

TEST(Names, AreOrderedAndHashedByTheirText) {
  EXPECT_LT(RemoteId("17.1"), RemoteId("17.2"));
  EXPECT_EQ(RemoteId(std::string("17.1")).str(), "17.1");
  std::unordered_set<DeliveryKey> keys{"a", "b", "a"};
  EXPECT_EQ(keys.size(), 2U);
  EXPECT_TRUE(DeliveryKey().empty());
}

}  // namespace
}  // namespace broadsheet::model
