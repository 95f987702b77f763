// What commands need, over store, builds and platforms. Used on the I/O thread; blocking work is awaited.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"
#include "bot/commands/services.hpp"
#include "bot/delivery/plan.hpp"
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
    std::function<void(const model::PlatformName&)> enqueued;  // there is something to send
    std::string public_url;                                    // of our own pages, or empty
  };
  explicit CommandServices(Parts parts);

  commands::awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) override;
  commands::awaitable<Result<std::vector<Card>>> cards(std::vector<VersionedId> ids) override;
  commands::awaitable<Result<std::vector<Card>>> stored_cards(std::vector<VersionedId> ids) override;
  commands::awaitable<Result<commands::ShownCards>> shown_cards(model::ReplyTo from) override;
  commands::awaitable<void> show_cards(model::ReplyTo from, model::Visibility to, std::vector<PaperId> papers) override;
  std::vector<std::string> languages() const override;
  commands::awaitable<PaperId> paper_above(model::ReplyTo command) override;
  commands::awaitable<Status> post(model::Target where, std::string id, commands::BuiltDigest built,
                                   model::Effective options) override;
  commands::awaitable<Status> announce(model::Target where, std::string id, doc::Document line) override;
  commands::awaitable<std::optional<adapters::Refused>> hindrance(model::Target where) override;
  commands::awaitable<std::string> name_of(model::Actor who, model::Target where) override;
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
  // What is fetched for whoever asks: nobody fetches the same at the same time.
  struct Fetch {
    explicit Fetch(const boost::asio::any_io_executor& executor) : finished(executor) {}
    async::Event finished;
    std::optional<ListingOutcome> outcome;  // nothing: it was stopped
  };
  commands::awaitable<std::optional<commands::NoDigest>> bring(std::vector<Category> categories, Day day);
  commands::awaitable<std::optional<ListingOutcome>> fetch(Category category, Day day);
  commands::awaitable<ListingOutcome> fetch_and_keep(Category category, Day day);
  commands::awaitable<void> bring_earlier(std::vector<Category> categories, std::vector<Day> days);

  commands::awaitable<Status> send(delivery::PostOptions options, std::vector<model::OutgoingMessage> messages);

  Parts parts_;
  std::map<std::pair<Category, Day>, std::shared_ptr<Fetch>> fetching_;
};

}  // namespace broadsheet::app
