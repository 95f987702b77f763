// The speed that the fake platform allows (contracts: Telegram 6): per chat 1/s, per group and channel 20/min, per bot
// 30/s. Internal to the fake.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "bot/base/clock.hpp"
#include "tests/fakes/telegram_model.hpp"

namespace broadsheet::fakes {

class TelegramLimits {
 public:
  TelegramLimits(Clock& clock, double scale) : clock_(clock), scale_(scale) {}

  struct Verdict {
    int retry_after = 0;    // seconds; 0: go on
    std::string violation;  // what the caller did wrong, if it was told to wait
  };
  Verdict take(const TelegramChat& chat);
  // As after a 429 with that many seconds.
  void hold(std::int64_t chat, int seconds);

 private:
  struct Bucket {
    double level = 0;
    SteadyMoment at{};
    bool used = false;
    std::optional<SteadyMoment> held_until;
    std::chrono::steady_clock::time_point told{};
  };
  // Seconds until the bucket has one; 0: it has.
  double wait(Bucket& bucket, double per_second, double burst) const;
  Verdict held(Bucket& bucket, const std::string& name, std::chrono::milliseconds grace);
  int tell(Bucket& bucket, double seconds);

  Clock& clock_;
  double scale_;
  std::map<std::string, Bucket> buckets_;
};

}  // namespace broadsheet::fakes
