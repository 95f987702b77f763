// Turns what subscriptions are due for into rows of the outbox: digests when their listings are there, one honest line
// where nothing comes. Used on the I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/async/async.hpp"
#include "bot/async/bell.hpp"
#include "bot/base/clock.hpp"
#include "bot/loops/builds.hpp"
#include "bot/loops/listing_loop.hpp"
#include "bot/loops/post_look.hpp"
#include "bot/model/subscription.hpp"
#include "bot/schedule/due.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::loops {

class PostLoop {
 public:
  struct Parts {
    store::Store& store;
    async::Offload& workers;
    Clock& clock;
    Builds& builds;
    ListingLoop& listings;
    const arxiv::Calendar& calendar;
    std::function<adapters::Platform*(const model::PlatformName&)> platform;  // null: it is off
    std::function<void(const model::PlatformName&)> enqueued;                 // rows were added for it
    std::function<model::Options()> service;
    std::string public_url;
  };
  PostLoop(const boost::asio::any_io_executor& executor, Parts parts)
      : parts_(std::move(parts)), wake_(executor, parts_.clock) {}

  boost::asio::awaitable<void> run();
  // A listing was stored, or subscriptions changed.
  void wake() { wake_.ring(); }

 private:
  LookOptions look_options() const;
  boost::asio::awaitable<std::optional<Look>> look_around();
  boost::asio::awaitable<Moment> serve_all();
  boost::asio::awaitable<bool> obey(const model::Subscription& subscription, const model::Effective& effective,
                                    const schedule::Answer& answer);
  boost::asio::awaitable<bool> post(const model::Subscription& subscription, const model::Effective& effective,
                                    const schedule::Answer& answer);
  boost::asio::awaitable<bool> enqueue(const model::Subscription& subscription, const model::Effective& effective,
                                       const model::RunName& run, std::vector<model::OutgoingMessage> messages);
  boost::asio::awaitable<bool> settle(const model::Subscription& subscription, const schedule::Answer& answer,
                                      std::string state, std::string detail);
  boost::asio::awaitable<void> remember_shown(const model::Target& target, const Digest& digest);
  doc::Document missing(const model::Subscription& subscription, Day day) const;
  doc::Document notice(const model::Subscription& subscription, const schedule::Answer& answer) const;

  Parts parts_;
  async::Bell wake_;
  std::map<model::SubscriptionId, Moment> rests_;  // by subscription: nothing is due before (LookOptions::rests)
};

}  // namespace broadsheet::loops
