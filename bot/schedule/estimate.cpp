#include "bot/schedule/estimate.hpp"

#include <algorithm>

namespace broadsheet::schedule {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kMinute{60'000};

milliseconds of(const SharedPace& pace) {
  auto waiting = std::max(0.0, static_cast<double>(pace.messages) - pace.burst);
  return milliseconds(static_cast<milliseconds::rep>(waiting / pace.per_second * 1000));
}

milliseconds of(const ChatPace& chat) {
  if (chat.messages == 0) return milliseconds(0);
  auto gaps = static_cast<milliseconds::rep>(chat.messages - 1);
  auto whole_minutes = chat.per_minute == 0 ? 0 : gaps / static_cast<milliseconds::rep>(chat.per_minute);
  auto rest = gaps - whole_minutes * static_cast<milliseconds::rep>(chat.per_minute);
  return std::max(chat.spacing * gaps, kMinute * whole_minutes + chat.spacing * rest);
}

}  // namespace

milliseconds delivery_estimate(std::span<const SharedPace> shared, std::span<const ChatPace> chats) {
  milliseconds longest{0};
  for (const auto& pace : shared) longest = std::max(longest, of(pace));
  for (const auto& chat : chats) longest = std::max(longest, of(chat));
  return longest;
}

}  // namespace broadsheet::schedule
