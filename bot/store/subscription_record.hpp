// How a subscription stands in its table, on every engine.
#pragma once

#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/model/subscription.hpp"
#include "bot/store/row.hpp"

namespace broadsheet::store {

// In the order in which rows are read.
inline constexpr const char* kSubscriptionColumns =
    "id, target, number, categories, options, state, why, fixed, made_by, created";
std::string options_json(const model::Options& options);
std::string categories_text(const std::vector<Category>& categories);
Result<model::Subscription> read_subscription(const Row& row);

}  // namespace broadsheet::store
