#include "bot/model/target.hpp"

#include <utility>

namespace broadsheet::model {
namespace {

Error malformed(std::string_view text, const std::string& form) {
  return {ErrorKind::bad_input, "\"" + std::string(text.substr(0, 80)) + "\" is not a target; write " + form};
}

}  // namespace

Result<Target> Target::parse(std::string_view text) {
  auto colon = text.find(':');
  const auto* platform = colon == std::string_view::npos ? nullptr : find_platform(text.substr(0, colon));
  if (platform == nullptr) return malformed(text, target_forms());
  auto rest = text.substr(colon + 1);
  auto place = rest.size() > kLongestPlace ? std::nullopt : platform->read_place(rest);
  if (!place) return malformed(text, platform->target_form + ", as " + platform->target_example);
  return of(*platform, std::move(*place));
}

Target Target::of(const PlatformTraits& platform, Place place) {
  return {platform.name, std::move(place.workspace), std::move(place.place), std::move(place.topic)};
}

std::string Target::str() const {
  std::string out = platform.str() + ":";
  if (!workspace.empty()) out += workspace + "/";
  out += place;
  if (!topic.empty()) out += "/" + topic;
  return out;
}

}  // namespace broadsheet::model
