// What came in from platforms: each event is acted on once (design: reliability P10, P11). An event is stored before
// the platform is acknowledged, and kept as "seen" until it expires. Blocking calls; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"

namespace broadsheet::store {

class Inbox {
 public:
  virtual ~Inbox() = default;
  // True when the event is new. `payload` is what is needed to act on it after a restart.
  virtual Result<bool> accept(const std::string& platform, const std::string& event, const std::string& payload,
                              Moment now, Moment expires) = 0;
  struct Waiting {
    std::string platform, event, payload;
    Moment seen{};
  };
  // Accepted and not done, oldest first.
  virtual Result<std::vector<Waiting>> waiting() = 0;
  // Another payload for an event that waits; what is done stays done.
  virtual Status keep(const std::string& platform, const std::string& event, const std::string& payload) = 0;
  virtual Status done(const std::string& platform, const std::string& event) = 0;
  virtual Status forget_expired(Moment now) = 0;
};

}  // namespace broadsheet::store
