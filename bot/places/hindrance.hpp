// Why a subscription can never be served as things stand, however long one waits.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "bot/model/subscription.hpp"

namespace broadsheet::places {

struct Hindrance {
  std::string option;  // the key that is to blame: "target", "filter"
  std::string what;    // what is wrong, and the fix
};
// Nothing when it can be served. `is_on`: whether anything is sent on that platform.
std::optional<Hindrance> hindrance(const model::Subscription& subscription,
                                   const std::function<bool(const model::PlatformName&)>& is_on);
// The part that does not depend on platforms: a filter that cannot be searched for.
std::optional<Hindrance> filter_hindrance(const model::Options& options);

}  // namespace broadsheet::places
