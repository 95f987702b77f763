// Takes what happens on the platforms: commands go to their desk; where our standing changes, targets are switched on
// and off and followed where they move, and who is concerned is told (spec: commands 5). Used on the I/O thread.
#pragma once

#include "bot/app/command_desk.hpp"
#include "bot/app/ways.hpp"
#include "bot/loops/post_loop.hpp"
#include "bot/places/places.hpp"

namespace broadsheet::app {

class Reception final : public Listener {
 public:
  // `tasks`: where its work runs.
  Reception(const Outside& outside, store::Store& store, Ways& ways, async::TaskGroup& tasks)
      : outside_(outside), store_(store), ways_(ways), tasks_(tasks) {}
  // Before the first event. Without them nobody answers commands and nothing is posted.
  void open(CommandDesk& desk, loops::PostLoop& posts) {
    desk_ = &desk;
    posts_ = &posts;
  }

  void arrived(const model::Event& event) override;
  boost::asio::awaitable<AnswerMemo::Message> at_once(const model::CommandEvent& event) override;
  void happened(const delivery::Incident& incident) override;

 private:
  boost::asio::awaitable<void> place_changed(model::PlaceEvent event);
  Result<places::PlaceChange> store_change(const model::PlaceEvent& event);
  Status tell_owners(store::Outbox& outbox, const model::PlaceEvent& event,
                     const std::vector<model::Subscription>& parked);
  static void switch_targets(delivery::Dispatcher& dispatcher, const model::PlaceEvent& event,
                             const std::vector<model::Target>& targets);

  Outside outside_;
  store::Store& store_;
  Ways& ways_;
  async::TaskGroup& tasks_;
  CommandDesk* desk_ = nullptr;
  loops::PostLoop* posts_ = nullptr;
};

}  // namespace broadsheet::app
