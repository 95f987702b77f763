// Look-ups that are answered without a row (CommandDesk::at_once); the rest of the desk is tested with the real
// program.
#include "bot/app/command_desk.hpp"

#include <gtest/gtest.h>

#include "adapters/preview/preview.hpp"
#include "bot/delivery/sink.hpp"
#include "tests/unit/commands/fake_services.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::app {
namespace {

using namespace std::chrono_literals;
using model::CommandEvent;
using model::Role;

struct LookUps : testing::Test {
  ManualClock clock{*parse_iso("2026-01-14T12:00:00Z")};
  test::Loop loop;
  async::Offload workers{1};
  std::unique_ptr<store::Store> store = *store::open_memory();
  delivery::StoredState state{*store, workers};
  commands::FakeServices services;
  commands::Router router{services, clock, [] { return 7; }, {.look_ups = {3, 60}}};
  preview::Preview platform{state, clock, loop.context.get_executor()};
  CommandDesk desk{loop.context.get_executor(),
                   {*store, workers, clock, router, [this](const model::PlatformName&) { return &platform; }}};

  LookUps() { services.known["2601.00003"] = commands::invented_card("2601.00003", "Bathtub tides"); }
  static CommandEvent asked(const std::string& text, Role role = Role::member) {
    CommandEvent out;
    out.from.target = *model::Target::parse("preview:here");
    out.from.who = {"ada", {}, {}, role};
    out.text = text;
    return out;
  }
  AnswerMemo::Message at_once(const CommandEvent& event) {
    AnswerMemo::Message out;
    loop.run([](CommandDesk& d, const CommandEvent& e, AnswerMemo::Message& to) -> boost::asio::awaitable<void> {
      to = co_await d.at_once(e);
    }(desk, event, out));
    return out;
  }
};

TEST_F(LookUps, AreRememberedUntilAPaperChanges) {
  auto first = at_once(asked("paper 2601.00003"));
  ASSERT_TRUE(first);
  EXPECT_NE(first->preview.find("Bathtub tides"), std::string::npos);
  services.known["2601.00003"].paper.title = "Tides in buckets";
  EXPECT_EQ(at_once(asked("paper 2601.00003")), first) << "as it was rendered";
  Paper news;
  news.id = *PaperId::parse("2601.00003");
  news.title = news.title_raw = "Tides in buckets";
  ASSERT_TRUE(store->papers().put({news}));
  auto second = at_once(asked("paper 2601.00003"));
  ASSERT_TRUE(second);
  EXPECT_NE(second->preview.find("Tides in buckets"), std::string::npos);
}

TEST_F(LookUps, CountAsCommandsOfTheirAsker) {
  for (int i = 0; i < 3; ++i) EXPECT_NE(at_once(asked("paper 2601.00003"))->preview.find("tides"), std::string::npos);
  auto refused = at_once(asked("paper 2601.00003"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->preview.find("tides"), std::string::npos) << refused->preview;
  EXPECT_FALSE(refused->body.empty()) << "told once";
  EXPECT_EQ(at_once(asked("paper 2601.00003"))->body, "") << "and not again in this minute";
  clock.advance(61s);
  EXPECT_NE(at_once(asked("paper 2601.00003"))->preview.find("tides"), std::string::npos);
}

TEST_F(LookUps, AreForThoseWhoMayAndForWhatIsThere) {
  EXPECT_FALSE(at_once(asked("paper 2601.00003", Role::unknown)));
  EXPECT_FALSE(at_once(asked("paper 2601.00003", Role::guest)));
  EXPECT_FALSE(at_once(asked("paper 2601.00009")));
  EXPECT_FALSE(at_once(asked("search tides")));
  EXPECT_FALSE(at_once(asked("paper 2601.00003" + std::string(500, ' '))));
}

}  // namespace
}  // namespace broadsheet::app
