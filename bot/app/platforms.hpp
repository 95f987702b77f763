// The platforms that this program knows, a row each, and those that the configuration switches on: a section without
// credentials is off (spec: interfaces 2).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/app/outside.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

// What adapters are given; everything outlives them.
struct Doors {
  http::Transport& transport;
  http::WebSocketDoor& websockets;
  Clock& clock;
  adapters::State& state;
  Random random;
  bool looking = false;  // nothing may be made on disk
};
Doors doors_of(const Outside& outside, adapters::State& state);

using PlatformPtr = std::unique_ptr<adapters::Platform>;
using Addresses = std::vector<std::pair<std::string, std::string>>;  // key of the configuration, address

// Everything that the rest of the program asks of a platform before there is one.
struct PlatformModule {
  const model::PlatformTraits& (*traits)();  // registers them
  // Null when the configuration leaves it off. Errors (bad_input) name the key of a section that cannot work.
  Result<PlatformPtr> (*make)(const config::Settings& settings, const Doors& doors);
  // One that renders and sends nothing: needs no credentials.
  PlatformPtr (*unconnected)(const config::Settings& settings, const Doors& doors);
  // Whom it would call; empty when it is off.
  Addresses (*addresses)(const config::Settings& settings);
};

// In the order in which people are told of them. The first call registers their traits: make it before other threads.
const std::vector<PlatformModule>& platform_modules();
// For programs that bring a platform of their own; before everything else.
void add_platform_module(const PlatformModule& module);
// Null if there is none of that name.
const PlatformModule* find_platform_module(std::string_view name);

using Platforms = std::vector<PlatformPtr>;
// Errors (bad_input) name the key of a section that cannot work as it stands.
Result<Platforms> make_platforms(const config::Settings& settings, const Doors& doors);
Addresses platform_addresses(const config::Settings& settings);

// Where a message for the platform would go: the first target of the configuration, else the example of its traits.
model::Target shown_target(const model::PlatformTraits& platform, const config::Settings& settings);

// How we introduce ourselves to other people's servers, and which of them may stand in the operator's own network.
http::ClientOptions client_options(const config::Settings& settings = {});

}  // namespace broadsheet::app
