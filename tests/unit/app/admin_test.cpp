#include "bot/app/admin.hpp"

#include <gtest/gtest.h>

#include "bot/store/store.hpp"

namespace broadsheet::app {
namespace {

struct OperatorsOutbox : testing::Test {
  std::unique_ptr<store::Store> store = *store::open_memory();
  Moment now = *parse_iso("2026-01-14T12:00:00Z");
  model::Target target = *model::Target::parse("slack:T1/C1");

  std::int64_t dead_row() {
    model::NewRow row;
    row.target = target;
    row.group = "digest";
    row.key = model::DeliveryKey(std::string(32, 'a'));
    row.message = {model::PartKind::summary, false, "{}", "a digest"};
    row.due = now;
    row.expires = now + std::chrono::hours(1);
    EXPECT_TRUE(store->outbox().enqueue("slot", {row}, now));
    auto id = store->outbox().list({.limit = 1})->front().id;
    EXPECT_TRUE(change("drop", id));
    return id;
  }
  Result<std::string> change(const std::string& action, std::int64_t id) {
    return change_outbox(store->outbox(), id, action, "", now);
  }
};

TEST_F(OperatorsOutbox, SendsADroppedMessageAgain) {
  auto id = dead_row();
  auto said = change("retry", id);
  ASSERT_TRUE(said) << said.error().what();
  EXPECT_TRUE(said->starts_with("Message #" + std::to_string(id) + " is sent again as #")) << *said;
  EXPECT_TRUE(said->ends_with(".")) << *said;
  EXPECT_EQ(said->find("waits"), std::string::npos);
}

TEST_F(OperatorsOutbox, SaysWhyAMessageStillWaits) {
  auto id = dead_row();
  ASSERT_TRUE(store->outbox().switch_target(target, false, "removed from the channel"));
  auto said = change("retry", id);
  ASSERT_TRUE(said) << said.error().what();
  EXPECT_NE(said->find("nothing is sent to slack:T1/C1 now (removed from the channel)"), std::string::npos) << *said;
}

TEST_F(OperatorsOutbox, RefusesWhatItCannotDo) {
  EXPECT_EQ(change("retry", 99).error().kind(), ErrorKind::not_found);
  EXPECT_EQ(change("erase", dead_row()).error().kind(), ErrorKind::bad_input);
}

}  // namespace
}  // namespace broadsheet::app
