#include "bot/base/metrics.hpp"

#include <gtest/gtest.h>

namespace broadsheet {
namespace {

TEST(Metrics, AreWrittenAsPrometheusText) {
  Metrics metrics;
  metrics.count("broadsheet_sent_total", "Messages sent", {{"platform", "a\"b\\c\nd"}});
  metrics.count("broadsheet_sent_total", "Messages sent", {{"platform", "a\"b\\c\nd"}}, 2);
  metrics.gauge("broadsheet_queue", "Waiting", 1.5);
  metrics.gauge("broadsheet_queue", "Waiting", 0.5);
  EXPECT_EQ(metrics.text(),
            "# HELP broadsheet_queue Waiting\n# TYPE broadsheet_queue gauge\nbroadsheet_queue 0.5\n"
            "# HELP broadsheet_sent_total Messages sent\n# TYPE broadsheet_sent_total counter\n"
            "broadsheet_sent_total{platform=\"a\\\"b\\\\c\\nd\"} 3\n");
}

}  // namespace
}  // namespace broadsheet
