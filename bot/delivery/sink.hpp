// Events and an adapter's small values, in the store.
#pragma once

#include <functional>

#include "adapters/platform.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::delivery {

// Text that survives a restart; nothing when it is not one of ours. `begun`: messages of the answer whose sending was
// begun.
std::string to_text(const model::Event& event, std::size_t begun = 0);
std::optional<model::Event> event_from(std::string_view text);
std::size_t begun_in(std::string_view text);

class StoredEvents final : public adapters::EventSink {
 public:
  // `arrived` is called on the I/O thread for each new event, after it was stored.
  using Arrived = std::function<void(const model::Event&)>;
  // Answers look-ups that are not worth a row; null: none.
  using AtOnce =
      std::function<adapters::awaitable<std::shared_ptr<const model::OutgoingMessage>>(const model::CommandEvent&)>;
  StoredEvents(const model::PlatformTraits& platform, store::Store& store, async::Offload& workers, Clock& clock,
               Arrived arrived, AtOnce at_once = nullptr);
  adapters::awaitable<Result<bool>> accept(model::Event event) override;
  adapters::awaitable<std::shared_ptr<const model::OutgoingMessage>> at_once(const model::CommandEvent& event) override;

 private:
  const model::PlatformTraits& platform_;
  store::Store& store_;
  async::Offload& workers_;
  Clock& clock_;
  Arrived arrived_;
  AtOnce at_once_;
};

class StoredState final : public adapters::State {
 public:
  StoredState(store::Store& store, async::Offload& workers) : store_(store), workers_(workers) {}
  adapters::awaitable<Result<std::optional<std::string>>> get(std::string name) override;
  adapters::awaitable<Status> put(std::string name, std::string value) override;

 private:
  store::Store& store_;
  async::Offload& workers_;
};

}  // namespace broadsheet::delivery
