// Small named values (ETags, poll states, sessions of adapters). Blocking calls; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"

namespace broadsheet::store {

class ValueRepository {
 public:
  virtual ~ValueRepository() = default;
  // bad_input above 64 KiB.
  virtual Status put(std::string_view name, std::string_view value) = 0;
  virtual Result<std::optional<std::string>> get(std::string_view name) = 0;
};

}  // namespace broadsheet::store
