#include "bot/delivery/housekeeping.hpp"

#include "bot/base/log.hpp"

namespace broadsheet::delivery {
namespace {

constexpr std::chrono::hours kKept{24 * 30};
constexpr std::chrono::minutes kLook{5};
constexpr int kLooksToSweep = 12;

void show(store::Outbox& outbox, Moment now, Metrics& metrics) {
  auto counts = outbox.counts();
  auto oldest = outbox.oldest_due();
  if (!counts || !oldest) return;
  using enum model::RowState;
  for (auto state : {pending, sending, ambiguous, delivered, expired, dead})
    metrics.gauge("broadsheet_outbox_messages", "Messages in the outbox by state",
                  static_cast<double>((*counts)[state]), {{"state", std::string(to_string(state))}});
  auto late = *oldest ? std::max(0.0, std::chrono::duration<double>(now - **oldest).count()) : 0.0;
  metrics.gauge("broadsheet_outbox_oldest_seconds", "How long the message that waits longest is overdue", late);
}

void sweep(store::Store& store, Moment now) {
  for (const auto& done : {store.outbox().prune(now - kKept), store.inbox().forget_expired(now)})
    if (!done) log::warning("store.not_swept", {{"why", done.error().what()}});
}

}  // namespace

boost::asio::awaitable<void> keep_house(store::Store& store, async::Offload& workers, Clock& clock, Metrics& metrics) {
  for (int look = 0;; ++look) {
    co_await workers.run([&store, &metrics, look, now = clock.now()] {
      if (look % kLooksToSweep == 0) sweep(store, now);
      show(store.outbox(), now, metrics);
    });
    co_await async::sleep_for(clock, kLook);
  }
}

}  // namespace broadsheet::delivery
