#include "adapters/slack/gate.hpp"

#include <algorithm>
#include <array>

namespace broadsheet::slack {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kMost = 10000;
constexpr std::chrono::seconds kMinute{61};  // their clock is not ours

// Calls a minute of the methods that are asked in numbers; posts are paced by whoever sends them.
struct Tier {
  std::string_view method;
  std::size_t per_minute;
};
constexpr std::array kTiers = {Tier{"users.info", 100}, Tier{"conversations.members", 100},
                               Tier{"conversations.info", 50}, Tier{"conversations.history", 50},
                               Tier{"conversations.replies", 50}};

milliseconds until(SteadyMoment moment, SteadyMoment now) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(moment - now));
}

}  // namespace

milliseconds Gate::pass(std::string_view method, const std::string& whose) {
  auto now = clock_.steady_now();
  const auto* tier = std::find_if(kTiers.begin(), kTiers.end(), [&](const Tier& one) { return one.method == method; });
  auto found = buckets_.find({std::string(method), whose});
  if (found != buckets_.end() && found->second.closed_until > now) return until(found->second.closed_until, now);
  if (tier == kTiers.end()) return milliseconds(0);
  if (buckets_.size() >= kMost) forget_open(now);
  auto& bucket = buckets_[{std::string(method), whose}];
  while (!bucket.calls.empty() && bucket.calls.front() + kMinute <= now) bucket.calls.pop_front();
  if (bucket.calls.size() >= tier->per_minute) return until(bucket.calls.front() + kMinute, now);
  bucket.calls.push_back(now);
  return milliseconds(0);
}

void Gate::told(std::string_view method, const std::string& whose, milliseconds wait) {
  auto now = clock_.steady_now();
  if (buckets_.size() >= kMost) forget_open(now);
  auto& closed = buckets_[{std::string(method), whose}].closed_until;
  closed = std::max(closed, now + wait);
}

void Gate::forget_open(SteadyMoment now) {
  std::erase_if(buckets_, [now](const auto& one) {
    const auto& [calls, closed_until] = one.second;
    return closed_until <= now && (calls.empty() || calls.back() + kMinute <= now);
  });
}

}  // namespace broadsheet::slack
