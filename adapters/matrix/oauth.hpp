// OAuth 2.0 device grant (contracts: Matrix 3.4): a person allows the service on another device. Internal to the
// adapter.
#pragma once

#include <functional>
#include <string>

#include "adapters/matrix/session.hpp"

namespace broadsheet::matrix {

// Tokens of a new device; `say` shows where to go. Ends when allowed, refused or expired.
async::awaitable<Result<Tokens>> device_grant(const Doors& doors, Wire& wire, std::function<void(std::string)> say);

}  // namespace broadsheet::matrix
