// A platform that the rest of the program has never heard of: what follows from its traits and its row alone.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "../conformance.hpp"
#include "bot/app/rendering.hpp"
#include "bot/app/standalone.hpp"
#include "bot/places/places.hpp"
#include "line_chat.hpp"
#include "module.hpp"
#include "server.hpp"

namespace broadsheet::toy {
namespace {

struct ToyHarness {
  boost::asio::io_context context{1};
  ManualClock clock{*parse_iso("2026-01-13T06:00:00Z")};
  Server server{context};
  LineChat chat{server.endpoint(), clock};

  boost::asio::io_context& io() { return context; }
  adapters::Platform& platform() { return chat; }
  model::Target target() { return *model::Target::parse(chat.traits().target_example); }
  model::Target unknown() { return {chat.kind(), {}, "nowhere", {}}; }
  std::vector<std::string> visible() const {
    std::vector<std::string> out;
    for (const auto& line : server.said)
      if (line.room == "lobby") out.push_back(line.text);
    return out;
  }
  // A request that was cancelled may still be on its way to the server.
  void quiet() {
    context.restart();
    while (context.poll_one() > 0) {
    }
  }
};

}  // namespace
}  // namespace broadsheet::toy

namespace broadsheet::adapters {
INSTANTIATE_TYPED_TEST_SUITE_P(Toy, PlatformConformance, testing::Types<toy::ToyHarness>);
}  // namespace broadsheet::adapters

namespace broadsheet::toy {
namespace {

// Added as a row, once for this program.
struct ToyInTheProgram : testing::Test {
  static void SetUpTestSuite() { app::add_platform_module(module()); }
  void TearDown() override { server_address().reset(); }
  SystemClock clock;
  app::Standalone alone{clock};
  config::Settings settings;
};

TEST_F(ToyInTheProgram, HasTargetsThatAreReadAndExplained) {
  auto target = model::Target::parse("toy:den-2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->str(), "toy:den-2");
  auto wrong = model::Target::parse("toy:den 2");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what(), "\"toy:den 2\" is not a target; write toy:ROOM, as toy:lobby");
  EXPECT_NE(model::Target::parse("irc:#a").error().what().find("toy:ROOM"), std::string::npos);
}

TEST_F(ToyInTheProgram, IsOffWithoutItsAddressAndMadeWithIt) {
  EXPECT_TRUE(app::make_platforms(settings, alone.doors())->empty());
  EXPECT_TRUE(app::platform_addresses(settings).empty());
  server_address().emplace(boost::asio::ip::address_v4::loopback(), 7);
  auto platforms = app::make_platforms(settings, alone.doors());
  ASSERT_EQ(platforms->size(), 1U);
  EXPECT_EQ(platforms->front()->kind().str(), "toy");
  EXPECT_EQ(app::platform_addresses(settings).front().first, "toy.server");
}

TEST_F(ToyInTheProgram, ShowsADigestAsItsRequests) {
  auto formats = app::request_formats();
  EXPECT_NE(std::find(formats.begin(), formats.end(), "toy"), formats.end());
  Digest digest;
  digest.key.categories = {*Category::parse("cs.CV")};
  digest.key.day = *parse_day("2026-01-13");
  auto shown = app::request_bodies(digest, "toy", settings);
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->starts_with("[\"SAY lobby ")) << *shown;
  EXPECT_FALSE(app::request_bodies(digest, "irc", settings));  // none stands in for another
}

TEST_F(ToyInTheProgram, WritesToNobodyUnaskedWherePeopleHaveNoPlace) {
  model::Subscription parked;
  parked.made_by = "1000";
  EXPECT_TRUE(
      places::owner_notices({"e1", *model::Target::parse("toy:lobby"), model::PlaceState::left, {}, "", {}}, {parked})
          .empty());
}

TEST(Toy, BringsWhatPeopleTypeWithoutItsPrefix) {
  struct Sink final : adapters::EventSink {
    adapters::awaitable<Result<bool>> accept(model::Event event) override {
      events.push_back(std::move(event));
      co_return true;
    }
    std::vector<model::Event> events;
  } sink;
  ToyHarness toy;
  toy.server.heard = {"MSG 1 lobby ada good morning", "MSG 2 lobby ada #digest cs.CV", "MSG 3 no/room ada #help",
                      "MSG"};
  boost::asio::co_spawn(toy.context, toy.chat.run(sink), boost::asio::detached);
  while (sink.events.empty() && toy.context.run_one() > 0) {
  }
  toy.context.poll();
  ASSERT_EQ(sink.events.size(), 1U);
  const auto& event = std::get<model::CommandEvent>(sink.events.front());
  EXPECT_EQ(event.text, "digest cs.CV");
  EXPECT_EQ(event.from.target.str(), "toy:lobby");
  EXPECT_EQ(toy.chat.prefix(event.from) + event.text, "#digest cs.CV");
}

}  // namespace
}  // namespace broadsheet::toy
