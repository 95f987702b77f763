// The platforms that the configuration switches on: a section without credentials is off (spec: interfaces 2).
#pragma once

#include <memory>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "bot/net/client.hpp"
#include "bot/net/websocket.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

// What adapters are given; everything outlives them.
struct Doors {
  http::Transport& transport;
  http::WebSocketDoor& websockets;
  Clock& clock;
  adapters::State& state;
};

using Platforms = std::vector<std::unique_ptr<adapters::Platform>>;
// Errors (bad_input) name the key of a section that cannot work as it stands.
Result<Platforms> make_platforms(const config::Settings& settings, const Doors& doors);

// How we introduce ourselves to other people's servers, and which of them may stand in the operator's own network.
http::ClientOptions client_options(const config::Settings& settings = {});

}  // namespace broadsheet::app
