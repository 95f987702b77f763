#include "bot/model/platform_traits.hpp"

#include <algorithm>
#include <utility>
#include <vector>

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

namespace {

std::string listed(std::string PlatformTraits::* form) {
  std::vector<std::string> forms;
  for (const auto& traits : registry())
    if (!(traits.*form).empty()) forms.push_back(traits.*form);
  std::string out;
  for (std::size_t i = 0; i < forms.size(); ++i)
    out += (i == 0 ? "" : i + 1 == forms.size() ? " or " : ", ") + forms[i];
  return out;
}

}  // namespace

std::string target_forms() {
  return listed(&PlatformTraits::target_form);
}

std::string person_forms() {
  return listed(&PlatformTraits::person_form);
}

bool is_person(std::string_view text) {
  auto colon = text.find(':');
  const auto* platform = colon == std::string_view::npos ? nullptr : find_platform(text.substr(0, colon));
  return platform != nullptr && platform->is_person != nullptr && platform->is_person(text.substr(colon + 1));
}

}  // namespace broadsheet::model
