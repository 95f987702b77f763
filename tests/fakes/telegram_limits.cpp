#include "tests/fakes/telegram_limits.hpp"

#include <algorithm>
#include <cmath>

namespace broadsheet::fakes {
namespace {

using namespace std::chrono_literals;

double seconds_between(SteadyMoment from, SteadyMoment to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

double TelegramLimits::wait(Bucket& bucket, double per_second, double burst) const {
  auto now = clock_.steady_now();
  burst *= std::max(1.0, scale_);
  bucket.level =
      bucket.used ? std::min(burst, bucket.level + seconds_between(bucket.at, now) * per_second * scale_) : burst;
  bucket.at = now;
  bucket.used = true;
  return bucket.level >= 1 ? 0 : (1 - bucket.level) / (per_second * scale_);
}

int TelegramLimits::tell(Bucket& bucket, double seconds) {
  auto whole = std::max(1, static_cast<int>(std::ceil(seconds)));
  bucket.held_until = clock_.steady_now() + std::chrono::seconds(whole);
  bucket.told = std::chrono::steady_clock::now();
  return whole;
}

// Sending on during the wait lengthens it. What was under way when the 429 was answered is no offence.
TelegramLimits::Verdict TelegramLimits::held(Bucket& bucket, const std::string& name, std::chrono::milliseconds grace) {
  auto now = clock_.steady_now();
  if (!bucket.held_until || *bucket.held_until <= now) {
    bucket.held_until.reset();
    return {};
  }
  Verdict out;
  bool late = std::chrono::steady_clock::now() - bucket.told > grace;
  auto left = seconds_between(now, *bucket.held_until);
  if (late) out.violation = "sent to " + name + " " + std::to_string(left) + " s before the wait was over";
  auto told = bucket.told;
  out.retry_after = tell(bucket, left);
  bucket.told = told;
  return out;
}

TelegramLimits::Verdict TelegramLimits::take(const TelegramChat& chat) {
  auto name = "chat " + std::to_string(chat.id);
  auto& own = buckets_[name];
  if (auto verdict = held(own, name, 0ms); verdict.retry_after > 0) return verdict;
  if (scale_ <= 0) return {};
  auto& all = buckets_["bot"];
  if (auto verdict = held(all, "every chat", 250ms); verdict.retry_after > 0) return verdict;
  bool many = chat.kind != ChatKind::private_chat;
  auto& minute = buckets_["minute " + std::to_string(chat.id)];
  auto own_wait = wait(own, 1, 3), all_wait = wait(all, 30, 30), minute_wait = many ? wait(minute, 20 / 60.0, 20) : 0;
  if (all_wait > 0) return {tell(all, all_wait), {}};
  if (own_wait > 0 || minute_wait > 0) return {tell(own, std::max(own_wait, minute_wait)), {}};
  own.level -= 1;
  all.level -= 1;
  if (many) minute.level -= 1;
  return {};
}

void TelegramLimits::hold(std::int64_t chat, int seconds) {
  tell(buckets_["chat " + std::to_string(chat)], seconds);
}

}  // namespace broadsheet::fakes
