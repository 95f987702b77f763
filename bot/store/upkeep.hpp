// What an engine wants done for itself, by a service in the background and by the operator. An engine that looks after
// itself answers that all is well. Blocking calls, safe beside everything else.
#pragma once

#include <stop_token>
#include <string>

#include "bot/base/result.hpp"

namespace broadsheet::store {

class Upkeep {
 public:
  virtual ~Upkeep() = default;
  // A consistent copy into a new file, also while in use.
  virtual Status backup(const std::string& file) = 0;
  // Full integrity check; may take long.
  virtual Status check() = 0;
  // There is a reason to look for damage: the last writer was killed, or power went.
  virtual bool suspect() = 0;
  // Reads everything once, beside the others; worth it when suspect. Corrupt: stop and restore a backup. Damage of the
  // search index alone is left to step().
  virtual Status check_quick(const std::stop_token& stop) = 0;
  struct Progress {
    bool finished = true;
    std::string searchable_since;  // while the search index is being built: "2025-03", or empty
  };
  // One short step of what is left to do: building a missing or damaged search index, merging it after a load, learning
  // how frequent words are. Call until finished.
  virtual Result<Progress> step() = 0;
  // After bulk loads: refreshes statistics; step() will merge the full-text index into one piece.
  virtual Status optimise() = 0;
  virtual int schema_version() = 0;
};

}  // namespace broadsheet::store
