#include "bot/app/editorial.hpp"

#include "bot/app/page_parts.hpp"
#include "bot/base/log.hpp"
#include "bot/loops/source_memory.hpp"
#include "bot/places/configured.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

constexpr std::chrono::minutes kPatience{60};  // feed and listing page both away

std::function<adapters::Platform*(const model::PlatformName&)> platforms_of(const Ways& ways) {
  return [&ways](const model::PlatformName& kind) { return ways.platform(kind); };
}

std::function<model::Options()> service_options(const config::Settings& settings) {
  return [&settings] { return places::service_options(settings); };
}

arxiv::Calendar told_when_outdated(arxiv::Calendar calendar, Moment now) {
  if (now > Moment(calendar.last_known_day()))
    log::warning("calendar.outdated", {{"known_until", to_string(calendar.last_known_day())},
                                       {"fix", "give this year's list in arxiv.holidays_file"}});
  return calendar;
}

}  // namespace

Editorial::Editorial(const Parts& parts, arxiv::Calendar calendar)
    : parts_(parts),
      door_(parts.outside, parts.settings, told_when_outdated(std::move(calendar), parts.outside.clock.now()),
            listings_of(parts.store, parts.outside.workers), kPatience),
      listings_(parts.outside.executor, door_.source(), parts.store, parts.outside.workers, parts.outside.clock,
                parts.metrics, [this](Category category, Day day) { return build(std::move(category), day); }),
      posts_(parts.outside.executor, {parts.store, parts.outside.workers, parts.outside.clock, parts.builds, listings_,
                                      door_.source().calendar(), platforms_of(parts.ways),
                                      [this](const model::PlatformName& kind) { parts_.ways.wake(kind); },
                                      service_options(parts.settings), parts.settings.service.public_url}),
      services_({parts.store, parts.outside.workers, parts.outside.clock, parts.builds, listings_, door_.source(),
                 platforms_of(parts.ways), service_options(parts.settings),
                 [this] { return parts_.settings.service.operators; },
                 [this](const model::Subscription& s) { want(s.categories); }, std::string(kVersion),
                 [this](const model::PlatformName& kind) { parts_.ways.wake(kind); },
                 parts.settings.service.public_url}),
      commands_(services_, parts.outside.clock, parts.outside.random),
      desk_(parts.outside.executor,
            {parts.store, parts.outside.workers, parts.outside.clock, commands_, platforms_of(parts.ways),
             Zone::find(parts.settings.service.time_zone).value_or(Zone::utc())}) {
  listings_.want(parts.settings.arxiv.categories);
  if (auto all = parts.store.subscriptions().all())
    for (const auto& subscription : *all) listings_.want(subscription.categories);
}

// The stop may have dropped the last write.
Editorial::~Editorial() {
  loops::store_memory(door_.source(), parts_.store);
}

void Editorial::run(async::TaskGroup& tasks) {
  tasks.spawn("listings", listings_.run());
  tasks.spawn("posts", posts_.run());
  tasks.spawn("commands", desk_.run());
}

void Editorial::want(const std::vector<Category>& categories) {
  listings_.want(categories);
  posts_.wake();
}

// The digest of a category that the pages show, as soon as its listing is stored.
boost::asio::awaitable<void> Editorial::build(Category category, Day day) {
  auto digest = co_await parts_.builds.get(page_digest(parts_.settings, std::move(category), day));
  posts_.wake();
  if (digest)
    log::info("digest.built", {{"digest", digest->key.str()}, {"shown", std::to_string(digest->cards.size())}});
}

}  // namespace broadsheet::app
