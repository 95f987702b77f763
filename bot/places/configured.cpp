#include "bot/places/configured.hpp"

#include <algorithm>

namespace broadsheet::places {

using model::Subscription;

model::Options service_options(const config::Settings& settings) {
  model::Options out;
  out.top = static_cast<std::size_t>(settings.digest.top);
  out.style = parse_style(settings.digest.style);
  out.language = settings.digest.language;
  if (!settings.digest.interests.empty()) out.interests = settings.digest.interests;
  out.time_zone = settings.service.time_zone;
  return out;
}

std::vector<Subscription> fixed_subscriptions(const config::Settings& settings) {
  auto out = settings.subscriptions;
  for (auto& one : out) {
    one.id = model::fixed_id(one.target, one.categories);
    one.fixed = true;
    one.made_by = "configuration";
  }
  return out;
}

Status keep_fixed_subscriptions(store::Store& store, const config::Settings& settings, Moment now) {
  auto wanted = fixed_subscriptions(settings);
  auto& subscriptions = store.subscriptions();
  auto known = subscriptions.all();
  if (!known) return known.error();
  for (auto& one : wanted) {
    one.created = now;
    for (const auto& old : *known)
      if (old.id == one.id) {
        one.created = old.created;
        one.state = old.state;  // parked where its target is lost
        one.why = old.why;
      }
    if (auto put = subscriptions.put(one); !put) return put.error();
  }
  for (const auto& old : *known) {
    bool still = std::any_of(wanted.begin(), wanted.end(), [&](const auto& one) { return one.id == old.id; });
    if (!old.fixed || still) continue;
    if (auto gone = subscriptions.remove(old.id); !gone) return gone;
  }
  return {};
}

}  // namespace broadsheet::places
