#include "bot/app/ways.hpp"

#include <algorithm>

namespace broadsheet::app {

// In [0, 1): the 53 bits that a double holds.
double Ways::jitter() const {
  return static_cast<double>(outside_.random() >> 11U) * 0x1p-53;
}

void Ways::add(PlatformPtr platform, Listener& listener, http::Router& router) {
  auto& way = ways_.emplace_back();
  way.platform = std::move(platform);
  way.dispatcher = std::make_unique<delivery::Dispatcher>(
      outside_.executor, store_.outbox(), *way.platform, outside_.workers, outside_.clock, metrics_,
      [this] { return jitter(); }, [&listener](const delivery::Incident& i) { listener.happened(i); }, sending_);
  way.events = std::make_unique<delivery::StoredEvents>(
      way.platform->traits(), store_, outside_.workers, outside_.clock,
      [&listener](const model::Event& e) { listener.arrived(e); },
      [&listener](const model::CommandEvent& e) { return listener.at_once(e); });
  for (auto& route : way.platform->routes(*way.events)) {
    if (route.max_body > 0) body_limits_.emplace_back(route.pattern.substr(0, route.pattern.find('{')), route.max_body);
    router.add(route.method, route.pattern, route.handler);
  }
}

const Ways::Way* Ways::find(const model::PlatformName& kind) const {
  auto found =
      std::find_if(ways_.begin(), ways_.end(), [&kind](const Way& way) { return way.platform->kind() == kind; });
  return found == ways_.end() ? nullptr : &*found;
}

adapters::Platform* Ways::platform(const model::PlatformName& kind) const {
  const auto* way = find(kind);
  return way == nullptr ? nullptr : way->platform.get();
}

delivery::Dispatcher* Ways::dispatcher(const model::PlatformName& kind) const {
  const auto* way = find(kind);
  return way == nullptr ? nullptr : way->dispatcher.get();
}

void Ways::wake(const model::PlatformName& kind) {
  if (auto* sends = dispatcher(kind)) sends->wake();
}

void Ways::wake_all() {
  for (auto& way : ways_) way.dispatcher->wake();
}

std::optional<std::size_t> Ways::longest_body(std::string_view path) const {
  for (const auto& [prefix, most] : body_limits_)
    if (path.starts_with(prefix)) return most;
  return std::nullopt;
}

std::vector<pages::PartState> Ways::states() const {
  std::vector<pages::PartState> out;
  for (const auto& way : ways_) {
    auto trouble = way.platform->trouble().empty() ? way.dispatcher->trouble() : way.platform->trouble();
    out.push_back({way.platform->kind().str(), trouble.empty(), trouble});
  }
  return out;
}

void Ways::run(async::TaskGroup& in, async::TaskGroup& out) {
  for (auto& way : ways_) {
    out.spawn("dispatcher", way.dispatcher->run());
    in.spawn("way in", way.platform->run(*way.events));
  }
}

void Ways::stop() {
  for (auto& way : ways_) way.dispatcher->stop();
}

}  // namespace broadsheet::app
