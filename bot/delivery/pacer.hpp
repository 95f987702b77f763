// Token buckets ahead of the platforms' limits (design: performance 4, reliability P13). A bucket fills at its rate up
// to its burst and may be held by what the platform said. By the monotonic clock; used on the I/O thread.
#pragma once

#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/base/time.hpp"

namespace broadsheet::delivery {

class Pacer {
 public:
  // The bucket that keeps a message with these paces waiting longest, and until when; nothing: it may go now.
  struct Blocked {
    std::string bucket;
    SteadyMoment until{};
  };
  std::optional<Blocked> blocked(const std::vector<adapters::Pace>& paces, SteadyMoment now) const;
  // Takes one token of each bucket. Only after blocked() said nothing.
  void take(const std::vector<adapters::Pace>& paces, SteadyMoment now);
  // Nothing from this bucket before then.
  void hold(const std::string& bucket, SteadyMoment until);
  // Forgets buckets that are full again.
  void tidy(SteadyMoment now);
  std::size_t size() const { return buckets_.size(); }

 private:
  // Virtual scheduling: `full_at` is when the bucket will be full again.
  struct Bucket {
    SteadyMoment full_at{};
    SteadyMoment held_until{};
  };
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace broadsheet::delivery
