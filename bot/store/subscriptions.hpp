// Subscriptions and what each has been given. Blocking calls; thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/model/slot.hpp"
#include "bot/model/subscription.hpp"

namespace broadsheet::store {

class Subscriptions {
 public:
  virtual ~Subscriptions() = default;
  // Adds or replaces by id. A new one gets the next number of its target; numbers are never used again.
  virtual Result<model::Subscription> put(const model::Subscription& subscription) = 0;
  virtual Status remove(const model::SubscriptionId& id) = 0;
  virtual Result<std::vector<model::Subscription>> all() = 0;
  virtual Result<std::vector<model::Subscription>> of(const model::Target& target) = 0;

  // The newest listing day that the subscription has been given (its data window ends there).
  virtual Status cover(const model::SubscriptionId& id, Day day) = 0;
  virtual Result<std::map<model::SubscriptionId, Day>> covered() = 0;
  // Adds or replaces by subscription and run.
  virtual Status put_slot(const model::Slot& slot) = 0;
  // The runs of a subscription on local days from `since` on, oldest first.
  virtual Result<std::vector<model::Slot>> slots(const model::SubscriptionId& id, Day since) = 0;
  // The newest run, by local day.
  virtual Result<std::optional<model::Slot>> last_slot(const model::SubscriptionId& id) = 0;
};

}  // namespace broadsheet::store
