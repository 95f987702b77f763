#include "bot/delivery/pacer.hpp"

#include <algorithm>

namespace broadsheet::delivery {
namespace {

using adapters::Pace;
using Duration = SteadyMoment::duration;

Duration seconds(double s) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(s));
}

// Time that one token takes to fill.
Duration interval(const Pace& pace) {
  return seconds(1 / std::max(pace.per_second, 1e-6));
}

// How much further from full a bucket may be while it still has a token.
Duration room(const Pace& pace) {
  return std::chrono::duration_cast<Duration>(interval(pace) * (std::max(pace.burst, 1.0) - 1));
}

}  // namespace

std::optional<Pacer::Blocked> Pacer::blocked(const std::vector<Pace>& paces, SteadyMoment now) const {
  std::optional<Blocked> out;
  for (const auto& pace : paces) {
    auto it = buckets_.find(pace.name);
    if (it == buckets_.end()) continue;
    auto free = std::max(it->second.full_at - room(pace), it->second.held_until);
    if (free > now && (!out || free > out->until)) out = Blocked{pace.name, free};
  }
  return out;
}

void Pacer::take(const std::vector<Pace>& paces, SteadyMoment now) {
  for (const auto& pace : paces) {
    auto& bucket = buckets_[pace.name];
    // A bucket that was held was empty then: a platform that said "too many" gets no burst when the wait ends.
    auto filled = bucket.held_until == SteadyMoment{} ? now : std::max(now, bucket.held_until + room(pace));
    bucket.full_at = std::max(bucket.full_at, filled) + interval(pace);
    bucket.held_until = {};
  }
}

void Pacer::hold(const std::string& bucket, SteadyMoment until) {
  auto& held = buckets_[bucket].held_until;
  held = std::max(held, until);
}

void Pacer::tidy(SteadyMoment now) {
  std::erase_if(buckets_,
                [now](const auto& entry) { return entry.second.full_at <= now && entry.second.held_until <= now; });
}

}  // namespace broadsheet::delivery
