// How long a fan-out takes at least, given the platforms' paces (design: performance 4); shown to the operator when a
// schedule is saved, and a bound for tests. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

namespace broadsheet::schedule {

// A token bucket and how many messages it governs.
struct SharedPace {
  double per_second = 1;
  double burst = 1;
  std::size_t messages = 0;
};
// A chat that gets several messages, at least `spacing` apart; at most `per_minute` in any minute (0: no such rule).
struct ChatPace {
  std::size_t messages = 1;
  std::chrono::milliseconds spacing{0};
  std::size_t per_minute = 0;
};

// From the first message's sending to the last one's.
std::chrono::milliseconds delivery_estimate(std::span<const SharedPace> shared, std::span<const ChatPace> chats);

}  // namespace broadsheet::schedule
