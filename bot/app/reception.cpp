#include "bot/app/reception.hpp"

#include <array>

#include "bot/app/greeting.hpp"
#include "bot/app/notes.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::app {
namespace {

using boost::asio::awaitable;

bool moves(const model::PlaceEvent& event) {
  return event.state == model::PlaceState::moved && event.moved_to;
}

}  // namespace

void Reception::arrived(const model::Event& event) {
  if (const auto* place = std::get_if<model::PlaceEvent>(&event))
    tasks_.spawn("place", place_changed(*place));
  else if (desk_ != nullptr)
    desk_->take(std::get<model::CommandEvent>(event));
}

awaitable<AnswerMemo::Message> Reception::at_once(const model::CommandEvent& event) {
  if (desk_ == nullptr) co_return nullptr;
  co_return co_await desk_->at_once(event);
}

void Reception::happened(const delivery::Incident& i) {
  constexpr std::array<const char*, 5> kNames = {"target_off", "installation_off", "message_dead", "outcome_unknown",
                                                 "target_moved"};
  log::warning("delivery.incident", {{"what", kNames.at(static_cast<std::size_t>(i.kind))},
                                     {"target", i.target.str()},
                                     {"why", i.why},
                                     {"fix", i.fix}});
  if (i.kind != delivery::Incident::Kind::target_off) return;
  // What a send was told counts as much as an event.
  model::PlaceEvent lost{"incident/" + to_iso(outside_.clock.now()), i.target, model::PlaceState::left, {}, i.why, {}};
  tasks_.spawn("place", place_changed(std::move(lost)));
}

awaitable<void> Reception::place_changed(model::PlaceEvent event) {
  auto change = co_await outside_.workers.run([this, event] { return store_change(event); });
  if (!change) {
    log::error("place.not_stored", {{"why", change.error().what()}});
    co_return;
  }
  if (auto* dispatcher = ways_.dispatcher(event.target.platform)) switch_targets(*dispatcher, event, change->targets);
  if (posts_ != nullptr) posts_->wake();
  log::info("place.changed", {{"target", event.target.str()}, {"why", event.why}});
}

// Runs on the workers, as the next one does. What the event changes and that it was dealt with are stored together.
Result<places::PlaceChange> Reception::store_change(const model::PlaceEvent& event) {
  places::PlaceChange change;
  auto work = [&](store::Repositories& parts) -> Status {
    change = {};
    if (moves(event)) {
      if (auto done = parts.outbox().move_target(event.target, *event.moved_to); !done) return done;
    } else if (!event.target.place.empty()) {  // a whole workspace is known by its token
      auto switched = places::switch_place(parts, event);
      if (!switched) return switched.error();
      change = std::move(*switched);
      if (auto told = tell_owners(parts.outbox(), event, change.parked); !told) return told;
      const auto* way_in = ways_.platform(event.target.platform);
      if (way_in != nullptr)
        if (auto told = greet(parts.outbox(), *way_in, event, outside_.clock.now()); !told) return told;
    }
    return parts.inbox().done(event.target.platform.str(), event.id);
  };
  if (auto done = store_.transact(work); !done) return done.error();
  return change;
}

// Who made the subscriptions that were parked hears of it.
Status Reception::tell_owners(store::Outbox& outbox, const model::PlaceEvent& event,
                              const std::vector<model::Subscription>& parked) {
  auto* way_out = ways_.platform(event.target.platform);
  if (way_out == nullptr) return {};
  for (const auto& notice : places::owner_notices(event, parked)) {
    auto group = "parked/" + event.target.str() + "/" + event.id;
    if (auto done = tell(outbox, *way_out, notice.target, group, notice.text, outside_.clock.now()); !done) return done;
  }
  return {};
}

void Reception::switch_targets(delivery::Dispatcher& dispatcher, const model::PlaceEvent& event,
                               const std::vector<model::Target>& targets) {
  bool joined = event.state == model::PlaceState::joined;
  if (event.target.place.empty() && joined) dispatcher.resume();
  if (event.target.place.empty() && !joined) dispatcher.pause(event.target.workspace);
  if (moves(event)) dispatcher.move_target(event.target, *event.moved_to);
  for (const auto& target : targets) dispatcher.switch_target(target, joined);
  dispatcher.wake();
}

}  // namespace broadsheet::app
