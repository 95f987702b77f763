#include "adapters/platform.hpp"

#include <array>

namespace broadsheet::adapters {
namespace {

constexpr std::array<std::string_view, 4> kParts = {"summary", "card", "notice", "reply"};
constexpr std::array<std::string_view, 6> kRefusals = {"message",      "target",        "moved",
                                                       "installation", "configuration", "private_undeliverable"};

}  // namespace

std::string_view to_string(PartKind kind) {
  return kParts.at(static_cast<std::size_t>(kind));
}

std::optional<PartKind> parse_part_kind(std::string_view text) {
  for (std::size_t i = 0; i < kParts.size(); ++i)
    if (kParts.at(i) == text) return static_cast<PartKind>(i);
  return std::nullopt;
}

std::string_view to_string(RefusalClass refusal) {
  return kRefusals.at(static_cast<std::size_t>(refusal));
}

}  // namespace broadsheet::adapters
