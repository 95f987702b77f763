// Secrets at rest: AES-256-GCM with a key outside the database (design: reliability 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/secret.hpp"

namespace broadsheet::slack {

// Text that only the holder of `key` can read or change; `name` is bound to it, so that one row cannot stand in for
// another. nullopt only when the machine has no randomness or cipher.
std::optional<std::string> seal(const config::Secret& key, std::string_view name, std::string_view secret);
// nullopt for anything that was not sealed with this key under this name.
std::optional<std::string> unseal(const config::Secret& key, std::string_view name, std::string_view sealed);

// 256 random bits as hexadecimal digits, or empty when the machine has none.
std::string random_token();

}  // namespace broadsheet::slack
