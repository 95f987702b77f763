// SHA-256, for names that must not collide and must stay the same over restarts and versions.
#pragma once

#include <string>
#include <string_view>

namespace broadsheet {

// The first 128 bits as 32 lower-case hexadecimal digits.
std::string short_sha256(std::string_view bytes);

}  // namespace broadsheet
