#include "adapters/platform.hpp"

#include <array>

#include "bot/base/names.hpp"

namespace broadsheet::adapters {
namespace {

constexpr std::array<std::string_view, 6> kRefusals = {"message",      "target",        "moved",
                                                       "installation", "configuration", "private_undeliverable"};

}  // namespace

std::string_view to_string(RefusalClass refusal) {
  return name_of(kRefusals, refusal);
}

}  // namespace broadsheet::adapters
