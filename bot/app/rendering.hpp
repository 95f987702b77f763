// A digest as a platform's messages, for commands that send nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/platform.hpp"
#include "config/settings.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::app {

// Platforms whose request bodies can be shown.
std::vector<std::string> request_formats();

std::vector<model::OutgoingMessage> preview_messages(const Digest& digest);

// JSON array of the request bodies that would be sent, in order, to the first target of that platform that the
// configuration names; without one, to the example of its traits. Errors: no such platform.
Result<std::string> request_bodies(const Digest& digest, std::string_view platform, const config::Settings& settings);

}  // namespace broadsheet::app
