// Where messages go (spec: interfaces 2): slack:TEAM/CHANNEL · matrix:!room:server · telegram:CHAT[/TOPIC] ·
// preview:NAME, and what other platforms register. A Target that was parsed is well formed for its platform.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "bot/base/result.hpp"
#include "bot/model/platform_traits.hpp"

namespace broadsheet::model {

struct Target {
  PlatformName platform;
  std::string workspace, place, topic;  // see Place

  // Errors (bad_input) say what the platform's form is, or which platforms there are.
  static Result<Target> parse(std::string_view text);
  static Target of(const PlatformTraits& platform, Place place);
  std::string str() const;
  auto operator<=>(const Target&) const = default;
};

}  // namespace broadsheet::model
