#include "bot/app/greeting.hpp"

#include <gtest/gtest.h>

#include "adapters/preview/preview.hpp"
#include "bot/delivery/sink.hpp"
#include "bot/store/store.hpp"
#include "tests/unit/net/loop.hpp"

namespace broadsheet::app {
namespace {

struct Greetings : testing::Test {
  ManualClock clock{*parse_iso("2026-01-14T12:00:00Z")};
  test::Loop loop;
  async::Offload workers{1};
  std::unique_ptr<store::Store> store = *store::open_memory();
  delivery::StoredState state{*store, workers};
  preview::Preview platform{state, clock, loop.context.get_executor()};

  static model::PlaceEvent joined(bool invited, const std::string& place = "preview:here") {
    model::PlaceEvent out;
    out.target = *model::Target::parse(place);
    out.state = model::PlaceState::joined;
    out.invited = invited;
    return out;
  }
  void greet(const model::PlaceEvent& event) { ASSERT_TRUE(app::greet(store->outbox(), platform, event, clock.now())); }
  std::size_t rows() { return store->outbox().list({})->size(); }
};

TEST_F(Greetings, ComeOnceInAPlaceHoweverOftenTheBotIsBroughtIn) {
  greet(joined(true));
  ASSERT_EQ(rows(), 1U);
  EXPECT_EQ(store->outbox().list({})->front().kind, model::PartKind::notice) << "it wakes nobody";
  auto message = *store->outbox().message(store->outbox().list({})->front().id);
  EXPECT_NE(message->message.preview.find("subscribe cs.CL"), std::string::npos) << message->message.preview;
  auto left = joined(false);
  left.state = model::PlaceState::left;
  greet(left);
  greet(joined(true));
  EXPECT_EQ(rows(), 1U);
  greet(joined(true, "preview:there"));
  EXPECT_EQ(rows(), 2U);
}

TEST_F(Greetings, AreForInvitationsAlone) {
  greet(joined(false));
  EXPECT_EQ(rows(), 0U) << "rights that changed, a channel that was unarchived";
}

TEST_F(Greetings, AreKeptWithTheirEventOverARestart) {
  auto event = joined(true);
  event.id = "e:1";
  event.direct = true;
  auto read = std::get<model::PlaceEvent>(*delivery::event_from(delivery::to_text(event)));
  EXPECT_TRUE(read.invited);
  EXPECT_TRUE(read.direct);
}

}  // namespace
}  // namespace broadsheet::app
