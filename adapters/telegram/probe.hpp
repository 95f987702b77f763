// Finding a message whose sending ended unknown (contracts: Telegram 9; design: reliability 3): the keyboard of every
// delivery is unique, and setting it again says "not modified" for that very message only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "adapters/platform.hpp"
#include "adapters/telegram/api.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::telegram {

struct ProbeOptions {
  std::int64_t window = 60;  // candidates after the last message of ours that is known
  // So many ids in a row that do not exist: the newest message of the channel lies before them.
  std::int64_t beyond = 10;
  std::chrono::milliseconds pause{1050};  // between probes: edits share the chat's limit
};

class Probe {
 public:
  Probe(Api& api, Clock& clock, ProbeOptions options);
  awaitable<adapters::FindOutcome> find(adapters::FindRequest request);
  // A message of ours that the outbox does not know: never a candidate.
  void sent_otherwise(const model::Target& target, const model::RemoteId& id);

 private:
  struct Progress {
    std::int64_t next = 0;
    std::int64_t missing = 0;  // ids in a row, up to `next`, that do not exist
  };
  awaitable<adapters::FindOutcome> search(const adapters::FindRequest& request, Progress& progress, std::int64_t last);
  awaitable<void> put_back(const adapters::FindRequest& request, std::int64_t id);

  Api& api_;
  Clock& clock_;
  ProbeOptions options_;
  std::map<model::DeliveryKey, Progress> progress_;       // of searches that a limit interrupted
  std::map<std::string, std::set<std::int64_t>> others_;  // by chat
};

}  // namespace broadsheet::telegram
