// What commands need, over store, builds and platforms. Used on the I/O thread; blocking work is awaited.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/commands/services.hpp"
#include "bot/loops/builds.hpp"
#include "bot/loops/listing_loop.hpp"
#include "bot/store/store.hpp"
#include "digest/sources/source.hpp"

namespace broadsheet::app {

class CommandServices final : public commands::Services {
 public:
  struct Parts {
    store::Store& store;
    async::Offload& workers;
    Clock& clock;
    loops::Builds& builds;
    loops::ListingLoop& listings;
    sources::Source& source;
    std::function<adapters::Platform*(const model::PlatformName&)> platform;
    std::function<model::Options()> service;                     // options of the whole service
    std::function<std::vector<std::string>()> operators;         // "telegram:1000"
    std::function<void(const model::Subscription&)> subscribed;  // its categories are wanted now
    std::string version;
  };
  explicit CommandServices(Parts parts);

  commands::awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) override;
  commands::awaitable<Result<std::vector<Card>>> cards(std::vector<VersionedId> ids) override;
  commands::awaitable<Result<std::vector<Card>>> stored_cards(std::vector<VersionedId> ids) override;
  commands::awaitable<Result<PaperId>> sent_card(model::Target where, int number) override;
  commands::awaitable<Result<store::SearchAnswer>> search(store::SearchRequest request) override;
  commands::awaitable<Result<commands::DigestOutcome>> digest(commands::DigestRequest request) override;
  commands::awaitable<Result<std::vector<model::Subscription>>> subscriptions(model::Target where) override;
  commands::awaitable<Result<model::Subscription>> put(model::Subscription subscription) override;
  commands::awaitable<Status> remove(model::SubscriptionId id) override;
  commands::awaitable<Result<commands::Decided>> decided(model::Subscription subscription) override;
  commands::awaitable<Result<commands::FanOut>> fan_out(model::Subscription subscription) override;
  commands::awaitable<Result<commands::StatusReport>> status(model::Target where) override;

 private:
  commands::awaitable<Result<std::optional<Paper>>> paper(VersionedId id);
  commands::awaitable<std::optional<commands::NoDigest>> bring(std::vector<Category> categories, Day day);

  Parts parts_;
};

}  // namespace broadsheet::app
