#include "bot/delivery/sink.hpp"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <future>

namespace broadsheet::delivery {
namespace {

using namespace std::chrono_literals;

model::CommandEvent made_event() {
  model::CommandEvent out;
  out.id = "17";
  out.from.target = *model::Target::parse("telegram:1");
  out.from.who.name = "Ada \xff\"<b>";
  out.text = "digest cs.CV";
  return out;
}

struct Events : testing::Test {
  boost::asio::io_context io{1};
  SystemClock clock;
  std::unique_ptr<store::Store> store = *store::open_memory();
  async::Offload workers{1};
  std::vector<model::Event> arrived;
  StoredEvents sink{*model::find_platform("telegram"), *store, workers, clock,
                    [this](const model::Event& e) { arrived.push_back(e); }};

  boost::asio::awaitable<void> bring(std::vector<bool>& fresh) {
    auto done = co_await sink.accept(made_event());
    fresh.push_back(done && *done);
  }
};

TEST_F(Events, AreStoredAndArriveOnce) {
  std::vector<bool> fresh;
  for (int i = 0; i < 2; ++i) boost::asio::co_spawn(io, bring(fresh), boost::asio::detached);
  io.run();
  EXPECT_EQ(fresh, (std::vector<bool>{true, false}));
  ASSERT_EQ(arrived.size(), 1U);
  auto waiting = *store->inbox().waiting();
  ASSERT_EQ(waiting.size(), 1U);
  auto again = event_from(waiting[0].payload);
  ASSERT_TRUE(again);
  EXPECT_EQ(std::get<model::CommandEvent>(*again).text, "digest cs.CV");
}

TEST_F(Events, KeepTheirButtons) {
  model::CommandEvent pressed;
  pressed.id = "8";
  pressed.from.target = *model::Target::parse("telegram:1001");
  pressed.button_key = "k";
  pressed.button = doc::Button{doc::Action::all_titles, "", {}, "", "cs.CV/2026-01-13"};
  auto again = event_from(to_text(pressed));
  ASSERT_TRUE(again);
  EXPECT_EQ(std::get<model::CommandEvent>(*again).button, pressed.button);
  pressed.button->paper = *PaperId::parse("2601.00001");
  EXPECT_EQ(std::get<model::CommandEvent>(*event_from(to_text(pressed))).button, pressed.button);
  pressed.button.reset();
  EXPECT_FALSE(std::get<model::CommandEvent>(*event_from(to_text(pressed))).button);
}

TEST_F(Events, RememberHowMuchOfTheirAnswerWasBegun) {
  EXPECT_EQ(begun_in(to_text(made_event(), 3)), 3U);
  EXPECT_TRUE(event_from(to_text(made_event(), 3)));
  for (const char* other : {"", "[]", "{}", R"({"begun":-1})", R"({"begun":"3"})"}) EXPECT_EQ(begun_in(other), 0U);
  EXPECT_EQ(begun_in(to_text(made_event())), 0U);
}

TEST_F(Events, ArriveAlsoWhenWhoBroughtThemWasCutOff) {
  std::vector<bool> fresh;
  async::TaskGroup group(io.get_executor());
  std::promise<void> free;
  auto busy = [freed = free.get_future().share()] { freed.wait(); };  // the store
  boost::asio::co_spawn(io, workers.run(busy), boost::asio::detached);
  group.spawn("bring", bring(fresh));
  auto open = boost::asio::make_work_guard(io);  // the store's thread holds none
  io.run_for(20ms);
  group.cancel();
  free.set_value();
  for (auto end = std::chrono::steady_clock::now() + 10s; arrived.empty() && std::chrono::steady_clock::now() < end;)
    io.run_one_for(5ms);
  open.reset();
  io.run();
  EXPECT_TRUE(fresh.empty());
  EXPECT_EQ(arrived.size(), 1U);
}

TEST_F(Events, OfAnotherShapeAreNotOurs) {
  for (const char* text :
       {"", "[]", "{}", "{\"target\":7}", "{\"target\":\"telegram:1\",\"kind\":\"place\",\"state\":9}",
        "{\"target\":\"telegram:1\",\"kind\":\"command\",\"text\":[]}"})
    EXPECT_FALSE(event_from(text)) << text;
}

}  // namespace
}  // namespace broadsheet::delivery
