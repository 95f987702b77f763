#include "bot/app/fan_out.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "bot/app/platforms.hpp"
#include "bot/app/standalone.hpp"
#include "bot/delivery/plan.hpp"
#include "bot/places/configured.hpp"
#include "bot/schedule/estimate.hpp"

namespace broadsheet::app {
namespace {

using model::Effective;
using model::Subscription;

constexpr std::size_t kUsualListing = 140;  // papers on a usual day of a large category

// Text of about that many letters.
std::string words(std::size_t letters) {
  std::string out;
  while (out.size() < letters) out += "measured ";
  return out;
}

// As long as digests usually are; what it says does not matter.
Digest usual_digest(const Effective& options) {
  Digest out;
  out.key.categories = {*Category::parse("cs.CV")};
  out.key.day = std::chrono::year(2026) / 1 / 14;
  out.key.style = options.style;
  out.summary.overview = {{words(300), {}}};
  for (int i = 0; i < 4; ++i) out.summary.themes.push_back({"theme", {words(120), {}}, {}, 9});
  for (int i = 0; i < 3; ++i) out.summary.notable.push_back({words(150), {}});
  for (std::size_t i = 0; i < kUsualListing; ++i) {
    SelectionEntry entry;
    entry.announced.id = *PaperId::parse("2601." + std::to_string(10'000 + i));
    out.titles[entry.announced.id] = words(80);
    out.selection.entries.push_back(std::move(entry));
  }
  for (std::size_t i = 0; i < std::min(options.top, kUsualListing); ++i) {
    Card card;
    card.paper.id = out.selection.entries[i].announced.id;
    card.paper.title = words(80);
    card.paper.abstract = words(1300);
    card.paper.categories = {"cs.CV", "cs.LG"};
    card.paper.authors.assign(5, {words(14), {}, false});
    card.tldr.text = words(160);
    for (auto role : {Role::objective, Role::method, Role::result}) card.sections.push_back({role, words(170)});
    card.findings = {words(160), words(160)};
    out.cards.push_back(std::move(card));
  }
  return out;
}

// How many messages a usual digest becomes there. Digests of the same form are rendered once.
class MessageCounts {
 public:
  explicit MessageCounts(const adapters::Platform& platform) : platform_(platform) {}
  std::size_t of(const Effective& options) {
    auto [it, fresh] = counts_.try_emplace({options.style, options.thread, options.top}, 1);
    if (fresh) it->second = delivery::render_digest(usual_digest(options), options, platform_, {}).size();
    return it->second;
  }

 private:
  const adapters::Platform& platform_;
  std::map<std::tuple<Style, model::ThreadPolicy, std::size_t>, std::size_t> counts_;
};

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
  MessageCounts counts(platform);
  for (const auto& subscription : together) {
    auto messages = counts.of(model::resolve({subscription.options, service}));
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
