// Tokens that have to survive a restart are stored closed: AES-256-GCM under a key that is not in the database
// (design: reliability 5, secrets at rest).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace broadsheet::matrix {

// Hexadecimal text: version, nonce, tag, cipher text.
std::string seal(std::string_view secret, std::string_view key, const std::function<std::uint64_t()>& random);
// Nothing when the key is another one or the text was changed.
std::optional<std::string> unseal(std::string_view sealed, std::string_view key);

}  // namespace broadsheet::matrix
