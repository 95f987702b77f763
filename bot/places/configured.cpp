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

Result<std::vector<Subscription>> fixed_subscriptions(const config::Settings& settings) {
  std::vector<Subscription> out;
  for (const auto& from : settings.subscriptions) {
    auto target = model::Target::parse(from.target);
    if (!target) return std::move(target).error().in("subscription");
    auto at = model::When::parse(from.at);
    auto days = model::Days::parse(from.days);
    if (!at) return std::move(at).error().in("subscription " + from.target);
    if (!days) return std::move(days).error().in("subscription " + from.target);
    Subscription one;
    one.target = std::move(*target);
    one.categories = from.categories;
    one.id = model::fixed_id(one.target, one.categories);
    one.fixed = true;
    one.made_by = "configuration";
    one.options.at = *at;
    one.options.days = *days;
    one.options.top = static_cast<std::size_t>(from.top);
    one.options.style = parse_style(from.style);
    one.options.language = from.language;
    if (!from.time_zone.empty()) one.options.time_zone = from.time_zone;
    if (!from.filter.empty()) one.options.filter = from.filter;
    if (!from.interests.empty()) one.options.interests = from.interests;
    one.options.empty = model::parse_empty_policy(from.empty);
    one.options.thread = model::parse_thread_policy(from.thread);
    one.options.on_unknown = model::parse_unknown_policy(from.on_unknown);
    out.push_back(std::move(one));
  }
  return out;
}

Status keep_fixed_subscriptions(store::Store& store, const config::Settings& settings, Moment now) {
  auto wanted = fixed_subscriptions(settings);
  if (!wanted) return wanted.error();
  auto& subscriptions = store.subscriptions();
  auto known = subscriptions.all();
  if (!known) return known.error();
  for (auto& one : *wanted) {
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
    bool still = std::any_of(wanted->begin(), wanted->end(), [&](const auto& one) { return one.id == old.id; });
    if (!old.fixed || still) continue;
    if (auto gone = subscriptions.remove(old.id); !gone) return gone;
  }
  return {};
}

}  // namespace broadsheet::places
