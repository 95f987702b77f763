// Whether a message stands in a channel: read back by the delivery key in its metadata (contracts: Slack 9).
#pragma once

#include "adapters/platform.hpp"
#include "adapters/slack/api.hpp"
#include "adapters/slack/installations.hpp"

namespace broadsheet::slack {

// The metadata of a message that carries this key, as JSON.
std::string delivery_metadata(std::string_view key);

class Recovery {
 public:
  explicit Recovery(Api& api) : api_(api) {}
  awaitable<adapters::FindOutcome> find(adapters::FindRequest request, Identity identity);

 private:
  struct Look {
    adapters::FindOutcome outcome;
    bool no_thread = false;  // its first message is gone
  };
  awaitable<Look> pages(std::string method, Form form, const adapters::FindRequest& request, const Identity& identity);
  Api& api_;
};

// Posted at top level because its thread is gone: taken away, once.
awaitable<void> remove_stray(Api& api, std::string token, std::string channel, std::string ts);

}  // namespace broadsheet::slack
