#include "bot/app/fan_out.hpp"

#include <algorithm>
#include <map>

#include "bot/app/platforms.hpp"
#include "bot/app/standalone.hpp"
#include "bot/places/configured.hpp"
#include "bot/schedule/estimate.hpp"

namespace broadsheet::app {
namespace {

using model::Effective;
using model::Subscription;

constexpr std::size_t kCardsInOne = 10;  // that usually fit into one message

std::size_t messages_of(const Effective& options) {
  if (options.style != Style::cards) return 1;
  return std::max<std::size_t>(1, (options.top + kCardsInOne - 1) / kCardsInOne);
}

bool same_moment(const Effective& a, const Effective& b) {
  return a.at == b.at && (!a.at.time_of_day || a.time_zone == b.time_zone);
}

std::string moment_text(const Effective& options) {
  return options.at.time_of_day ? "at " + options.at.str() + " " + options.time_zone : "as soon as announced";
}

}  // namespace

std::vector<Subscription> due_with(const Subscription& one, const std::vector<Subscription>& all,
                                   const model::Options& service) {
  std::vector<Subscription> out{one};
  auto options = model::resolve({one.options, service});
  for (const auto& other : all)
    if (other.id != one.id && other.state == model::SubscriptionState::active &&
        other.target.platform == one.target.platform && same_moment(model::resolve({other.options, service}), options))
      out.push_back(other);
  return out;
}

commands::FanOut fan_out(const adapters::Platform& platform, const std::vector<Subscription>& together,
                         const model::Options& service) {
  std::map<std::string, schedule::SharedPace> buckets;
  std::map<model::Target, std::size_t> places;
  for (const auto& subscription : together) {
    auto messages = messages_of(model::resolve({subscription.options, service}));
    places[subscription.target] += messages;
    for (const auto& pace : platform.paces(subscription.target, false)) {
      auto& bucket = buckets[pace.name];
      bucket = {pace.per_second, pace.burst, bucket.messages + messages};
    }
  }
  std::vector<schedule::SharedPace> paces;
  for (const auto& [name, bucket] : buckets) paces.push_back(bucket);
  return {places.size(), schedule::delivery_estimate(paces, {})};
}

Result<std::vector<std::string>> fan_out_lines(const config::Settings& settings) {
  auto wanted = places::fixed_subscriptions(settings);
  SystemClock clock;
  Standalone alone(clock);
  auto doors = alone.doors();
  doors.looking = true;
  auto platforms = make_platforms(settings, doors);
  if (!platforms) return platforms.error();
  auto service = places::service_options(settings);
  std::vector<std::string> out;
  for (const auto& platform : *platforms) {
    std::vector<Effective> told;
    for (const auto& one : wanted) {
      auto options = model::resolve({one.options, service});
      bool again = std::any_of(told.begin(), told.end(), [&](const auto& o) { return same_moment(o, options); });
      if (one.target.platform != platform->kind() || again) continue;
      told.push_back(options);
      auto shown = fan_out(*platform, due_with(one, wanted, service), service);
      out.push_back(platform->kind().str() + ", " + moment_text(options) + ": " + commands::fan_out_text(shown));
    }
  }
  return out;
}

}  // namespace broadsheet::app
