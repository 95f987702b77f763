#include "bot/places/places.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "bot/base/text.hpp"

namespace broadsheet::places {
namespace {

using model::PlaceEvent;
using model::PlaceState;
using model::Subscription;
using model::SubscriptionState;
using model::Target;

// The whole workspace, the whole place, or the one topic that is named.
bool belongs(const Target& target, const Target& place) {
  if (target.platform != place.platform || target.workspace != place.workspace) return false;
  if (place.place.empty()) return true;
  return target.place == place.place && (place.topic.empty() || target.topic == place.topic);
}

}  // namespace

Result<PlaceChange> switch_place(store::Repositories& store, const PlaceEvent& event) {
  bool on = event.state == PlaceState::joined;
  auto all = store.subscriptions().all();
  if (!all) return all.error();
  auto off = store.outbox().targets_off();
  if (!off) return off.error();
  PlaceChange out;
  std::set<Target> targets;
  if (!event.target.place.empty()) targets.insert(event.target);
  for (const auto& [target, why] : *off)
    if (belongs(target, event.target)) targets.insert(target);
  for (auto& subscription : *all) {
    if (!belongs(subscription.target, event.target)) continue;
    targets.insert(subscription.target);
    auto from = on ? SubscriptionState::off : SubscriptionState::active;
    if (subscription.state != from) continue;
    subscription.state = on ? SubscriptionState::active : SubscriptionState::off;
    subscription.why = on ? std::string() : event.why;
    if (auto kept = store.subscriptions().put(subscription); !kept) return kept.error();
    if (!on) out.parked.push_back(subscription);
  }
  for (const auto& target : targets)
    if (auto done = store.outbox().switch_target(target, on, event.why); !done) return done.error();
  out.targets.assign(targets.begin(), targets.end());
  return out;
}

std::vector<OwnerNotice> owner_notices(const PlaceEvent& event, const std::vector<Subscription>& parked) {
  const auto* platform = model::find_platform(event.target.platform.str());
  if (platform == nullptr || platform->place_of_person == nullptr) return {};
  std::map<std::string, std::vector<std::string>> lists;  // by person
  for (const auto& subscription : parked) {
    if (!platform->place_of_person(subscription.made_by)) continue;
    if (subscription.made_by == event.target.place) continue;  // the lost place is the person's own
    std::vector<std::string> names;
    for (const auto& category : subscription.categories) names.push_back(category.str());
    lists[subscription.made_by].push_back("#" + std::to_string(subscription.number) + " " + text::join(names, ", "));
  }
  std::vector<OwnerNotice> out;
  for (const auto& [person, list] : lists)
    out.push_back({Target::of(*platform, *platform->place_of_person(person)),
                   "I can no longer post in the chat " + event.target.place + ": " + event.why +
                       ". Your subscriptions there wait (" + text::join(list, "; ") +
                       "). They go on as soon as I may write there again."});
  return out;
}

}  // namespace broadsheet::places
