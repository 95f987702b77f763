// What a failing row of `doctor` advises.
#pragma once

#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::adapters {

// Who cannot be reached has judged no credential: then the way there is to be looked at, and `otherwise` is not said.
// `address`: the key of the configuration that names them.
inline std::string remedy(ErrorKind kind, std::string_view address, std::string otherwise) {
  bool away = kind == ErrorKind::unavailable || kind == ErrorKind::transient || kind == ErrorKind::rate_limited;
  if (!away) return otherwise;
  return "no credential was judged: check this machine's network, name resolution and proxy, and " +
         std::string(address) + "; try again later";
}

}  // namespace broadsheet::adapters
