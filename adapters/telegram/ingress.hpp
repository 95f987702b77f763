// The two ways in (contracts: Telegram 2): long polling, or a webhook route. In both, an update is acknowledged to the
// platform after the sink has it durably.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "adapters/platform.hpp"
#include "adapters/telegram/api.hpp"
#include "adapters/telegram/updates.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::telegram {

class Poller {
 public:
  Poller(Api& api, adapters::State& state, Clock& clock, const BotName& bot);
  // Until cancelled; confirms the last updates before it ends.
  awaitable<void> run(adapters::EventSink& sink);
  const std::string& trouble() const { return trouble_; }

 private:
  awaitable<void> poll(adapters::EventSink& sink, async::TaskGroup& answers);
  awaitable<bool> take(const RawUpdate& update, adapters::EventSink& sink, async::TaskGroup& answers);
  awaitable<void> failed(const Failure& failure);
  awaitable<void> confirm();

  Api& api_;
  adapters::State& state_;
  Clock& clock_;
  const BotName& bot_;
  std::int64_t offset_ = 0;   // of the next update; 0: whatever waits
  std::int64_t failing_ = 0;  // the update that the sink does not take
  int tries_ = 0, failures_ = 0;
  std::string trouble_;
};

class WebhookRoute {
 public:
  WebhookRoute(Clock& clock, const BotName& bot, const config::Secret& secret);
  awaitable<http::ServerResponse> receive(http::ServerRequest request, adapters::EventSink& sink);

 private:
  http::ServerResponse not_taken(std::int64_t update, const Error& error);

  Clock& clock_;
  const BotName& bot_;
  config::Secret secret_;
  std::map<std::int64_t, int> tries_;  // of updates that the sink refused
};

}  // namespace broadsheet::telegram
