#include "bot/places/hindrance.hpp"

#include "bot/base/text.hpp"
#include "bot/store/query.hpp"

namespace broadsheet::places {

std::optional<Hindrance> filter_hindrance(const model::Options& options) {
  auto filter = options.filter.value_or("");
  if (filter.empty()) return std::nullopt;
  auto query = store::parse_query(filter);
  if (query) return std::nullopt;
  return Hindrance{"filter", "\"" + text::ellipsize(filter, 60) + "\" cannot be searched for: " + query.error().what()};
}

std::optional<Hindrance> hindrance(const model::Subscription& subscription,
                                   const std::function<bool(const model::PlatformName&)>& is_on) {
  const auto& platform = subscription.target.platform;
  if (!is_on(platform))
    return Hindrance{"target", platform.str() + " is switched off, so nothing can be posted to " +
                                   subscription.target.str() + "; give [" + platform.str() +
                                   "] its credentials, or take the subscription out"};
  return filter_hindrance(subscription.options);
}

}  // namespace broadsheet::places
