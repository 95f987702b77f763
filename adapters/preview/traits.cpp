#include "adapters/preview/traits.hpp"

#include "adapters/common/words.hpp"

namespace broadsheet::preview {
namespace {

constexpr std::size_t kLongestName = 64;

std::optional<model::Place> read_place(std::string_view text) {
  if (!adapters::is_word(text, "-_.") || text.size() > kLongestName) return std::nullopt;
  return model::Place{{}, std::string(text), {}};
}

}  // namespace

const model::PlatformTraits& traits() {
  static const auto& registered = model::register_platform(
      {.name = "preview", .target_form = "preview:NAME", .target_example = "preview:team", .read_place = read_place});
  return registered;
}

}  // namespace broadsheet::preview
