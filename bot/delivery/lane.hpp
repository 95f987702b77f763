// The send as a state machine (design: reliability 2 and 3): what to do next with a row, and what an outcome makes of
// it. Pure: the dispatcher and the explorer test drive the same functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "adapters/platform.hpp"
#include "bot/store/outbox.hpp"

namespace broadsheet::delivery {

enum class Next : std::uint8_t {
  send,       // claim it and send; for an ambiguous row: the same key again, which the platform folds into one
  read_back,  // ask the platform whether it stands there
  wait,       // until row.due
  finished,   // delivered, expired or dead
};

// What to do with the first open row of a target. May turn a row that is too old into `expired` or `dead`.
Next next_step(model::OutboxRow& row, Moment now, const adapters::Capabilities& can);

// What the world said; the row says what follows.
struct After {
  model::OutboxRow row;
  bool target_off = false;        // nothing more to this target until it changes
  bool installation_off = false;  // nothing more with this token
  std::string why, fix;           // of the two above and of a dead row
  std::optional<model::Target> moved_to;
  std::string policy;       // set when a policy decided an unknown outcome: "resend" or "skip"
  bool lost_sight = false;  // this send's outcome is unknown; said once for a send, however often it is asked about
};

// `jitter` in [0, 1): the random part of the backoff.
After after_send(model::OutboxRow row, const adapters::SendOutcome& outcome, Moment now,
                 const adapters::Capabilities& can, double jitter);
After after_read_back(model::OutboxRow row, const adapters::FindOutcome& outcome, Moment now,
                      const adapters::Capabilities& can, double jitter);
// A row as the store gave it at start. What was `sending` is asked about when everything that the dead process had
// under way is quiet: it died before now, so nothing of it is done later than now + quiet. Moments that a wrong clock
// wrote far into the future are brought back.
model::OutboxRow after_restart(model::OutboxRow row, Moment now, const adapters::Capabilities& can);

// Full jitter, 1 s doubling to 15 min (design: reliability P3); `attempt` counts from 1.
std::chrono::milliseconds backoff(int attempt, double jitter);

// Longer waits are not believed, whoever asks for them: a digest has expired by then.
std::chrono::milliseconds believed(std::chrono::milliseconds told);

}  // namespace broadsheet::delivery
