#include "bot/model/platform_traits.hpp"

#include <algorithm>
#include <utility>

namespace broadsheet::model {
namespace {

std::deque<PlatformTraits>& registry() {
  static std::deque<PlatformTraits> platforms;
  return platforms;
}

}  // namespace

const PlatformTraits& register_platform(PlatformTraits traits) {
  if (const auto* known = find_platform(traits.name.str())) return *known;
  return registry().emplace_back(std::move(traits));
}

const PlatformTraits* find_platform(std::string_view name) {
  auto& all = registry();
  auto found = std::find_if(all.begin(), all.end(), [name](const auto& traits) { return traits.name == name; });
  return found == all.end() ? nullptr : &*found;
}

const std::deque<PlatformTraits>& registered_platforms() {
  return registry();
}

std::string target_forms() {
  const auto& all = registry();
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i)
    out += (i == 0 ? "" : i + 1 == all.size() ? " or " : ", ") + all[i].target_form;
  return out;
}

}  // namespace broadsheet::model
