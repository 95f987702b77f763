// Counters and gauges for /metrics. Names begin broadsheet_; labels are few and bounded (platform, class), never papers
// or channels. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace broadsheet {

class Metrics {
 public:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  // Adds to a counter. `help` counts at the first use of a name.
  void count(std::string_view name, std::string_view help, const Labels& labels = {}, double by = 1);
  void gauge(std::string_view name, std::string_view help, double value, const Labels& labels = {});
  // Prometheus text format 0.0.4, sorted by name.
  std::string text() const;

 private:
  struct Family {
    std::string help, type;
    std::map<std::string, double> values;  // by rendered labels
  };
  Family& family(std::string_view name, std::string_view help, std::string_view type);

  mutable std::mutex mutex_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace broadsheet
