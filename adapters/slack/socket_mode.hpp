// Socket Mode (contracts: Slack 6): outgoing connections that are replaced before they end, envelopes acknowledged
// after they are stored.
#pragma once

#include <functional>
#include <string>

#include "adapters/slack/api.hpp"
#include "adapters/slack/payload.hpp"
#include "bot/base/clock.hpp"
#include "bot/net/websocket.hpp"
#include "config/secret.hpp"

namespace broadsheet::slack {

class SocketMode {
 public:
  // Handles one payload; the JSON to answer with, empty for none. An Error: do not acknowledge, Slack sends it again.
  using Handler = std::function<awaitable<Result<std::string>>(Inbound)>;

  SocketMode(Api& api, http::WebSocketDoor& door, Clock& clock, config::Secret app_token, Handler handler);
  ~SocketMode();
  SocketMode(const SocketMode&) = delete;
  SocketMode& operator=(const SocketMode&) = delete;

  // Until cancelled, or until Slack says that Socket Mode is switched off or the token is void: see trouble().
  awaitable<void> run();
  bool connected() const;
  std::string trouble() const;

 private:
  struct State;
  struct Line;
  std::shared_ptr<State> state_;
};

}  // namespace broadsheet::slack
