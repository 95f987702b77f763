// What Slack lets one method be asked, ahead of its limits and after its word (contracts: Slack 8): no minute holds
// more calls of a method in a workspace than its tier, and a wait that was told holds exactly that one. By the
// monotonic clock; used on the I/O thread.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "bot/base/clock.hpp"

namespace broadsheet::slack {

class Gate {
 public:
  explicit Gate(Clock& clock) : clock_(clock) {}
  // Takes a place. Zero: the call may go; else it has to wait so long, and no place was taken. `whose`: the workspace,
  // and for posts the channel.
  std::chrono::milliseconds pass(std::string_view method, const std::string& whose);
  // Slack's word after a call.
  void told(std::string_view method, const std::string& whose, std::chrono::milliseconds wait);

 private:
  struct Bucket {
    std::deque<SteadyMoment> calls;  // of the last minute
    SteadyMoment closed_until{};
  };
  void forget_open(SteadyMoment now);

  Clock& clock_;
  std::map<std::pair<std::string, std::string>, Bucket> buckets_;
};

}  // namespace broadsheet::slack
