#include "bot/delivery/housekeeping.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

namespace broadsheet::delivery {
namespace {

using namespace std::chrono_literals;

TEST(Housekeeping, ForgetsWhatIsOldAndShowsWhatWaits) {
  auto start = *parse_iso("2026-01-13T01:00:00Z");
  boost::asio::io_context io{1};
  ManualClock clock{start};
  auto store = *store::open_memory();
  async::Offload workers{0};
  Metrics metrics;
  std::vector<model::NewRow> rows(3);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].key = model::DeliveryKey(std::to_string(i));
    rows[i].target = *model::Target::parse("telegram:1");
    rows[i].due = start - 100s;
    rows[i].expires = start + 24h;
  }
  ASSERT_TRUE(store->outbox().enqueue("", rows, start));
  const store::Worker worker{"telegram", "1"};
  auto open = *store->outbox().claim(worker, 10, start, std::nullopt);
  open[0].state = open[1].state = model::RowState::delivered;
  ASSERT_TRUE(store->outbox().mark(worker, {open[0]}, start - 24h * 31));
  ASSERT_TRUE(store->outbox().mark(worker, {open[1]}, start - 24h * 29));
  ASSERT_TRUE(store->inbox().accept("telegram", "1", "{}", start - 49h, start - 1h));
  ASSERT_TRUE(store->inbox().done("telegram", "1"));
  async::TaskGroup group(io.get_executor());
  group.spawn("housekeeping", keep_house(*store, workers, clock, metrics));
  io.poll();
  group.cancel();
  io.run();
  EXPECT_EQ(store->outbox().counts()->at(model::RowState::delivered), 1U);
  EXPECT_TRUE(*store->inbox().accept("telegram", "1", "{}", start, start + 48h));
  auto text = metrics.text();
  EXPECT_NE(text.find("broadsheet_outbox_messages{state=\"pending\"} 1"), std::string::npos) << text;
  EXPECT_NE(text.find("broadsheet_outbox_messages{state=\"dead\"} 0"), std::string::npos) << text;
  EXPECT_EQ(text.find("broadsheet_outbox_oldest_seconds 0"), std::string::npos) << text;
}

}  // namespace
}  // namespace broadsheet::delivery
