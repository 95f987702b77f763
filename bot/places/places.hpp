// What follows when our standing somewhere changes (spec: commands 5): targets are switched, their subscriptions parked
// and taken up again, and who made them is told. Blocking; for the workers.
#pragma once

#include <vector>

#include "bot/model/event.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::places {

struct PlaceChange {
  std::vector<model::Target> targets;       // every topic of the place that is known here
  std::vector<model::Subscription> parked;  // that were active until now
};
// For all states but `moved`. Several writes: give it the repositories of one transaction.
Result<PlaceChange> switch_place(store::Repositories& store, const model::PlaceEvent& event);

// A line to each person whose subscriptions were parked by it.
struct OwnerNotice {
  model::Target target;
  std::string text;
};
std::vector<OwnerNotice> owner_notices(const model::PlaceEvent& event, const std::vector<model::Subscription>& parked);

}  // namespace broadsheet::places
