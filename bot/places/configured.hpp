// What the configuration says about subscriptions: the options of the whole service, and the subscriptions that it
// fixes.
#pragma once

#include <vector>

#include "bot/base/result.hpp"
#include "bot/model/subscription.hpp"
#include "bot/store/store.hpp"
#include "config/settings.hpp"

namespace broadsheet::places {

// Options of the whole service, from the configuration.
model::Options service_options(const config::Settings& settings);
// The subscriptions of the configuration.
std::vector<model::Subscription> fixed_subscriptions(const config::Settings& settings);
// Makes the stored ones be those of the configuration, as they stand there now; what people made is left alone. What
// was parked stays parked. Blocking; for the workers.
Status keep_fixed_subscriptions(store::Store& store, const config::Settings& settings, Moment now);

}  // namespace broadsheet::places
