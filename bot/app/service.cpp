#include "bot/app/service.hpp"

#include <optional>
#include <tuple>

#include "bot/app/admin_routes.hpp"
#include "bot/app/editorial.hpp"
#include "bot/app/page_parts.hpp"
#include "bot/app/reception.hpp"
#include "bot/app/store_care.hpp"
#include "bot/app/subscription_care.hpp"
#include "bot/app/writing.hpp"
#include "bot/base/log.hpp"
#include "bot/delivery/housekeeping.hpp"
#include "bot/net/address_range.hpp"
#include "bot/net/server.hpp"
#include "bot/places/configured.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

using async::awaitable;

constexpr std::size_t kUsualBody = std::size_t{64} << 10;

http::ServerOptions server_options(const config::Settings& settings, const Ways& ways) {
  http::ServerOptions out;
  out.max_body = [&ways](std::string_view path) {
    return AdminRoutes::longest_body(path).value_or(ways.longest_body(path).value_or(kUsualBody));
  };
  out.max_connections = static_cast<std::size_t>(settings.service.max_connections);
  out.trusted_proxies = settings.service.trusted_proxies;
  return out;
}

}  // namespace

class Service::Impl {
 public:
  Impl(const config::Settings& settings, store::Store& store, const Outside& outside, ServiceOptions options)
      : settings_(settings),
        options_(std::move(options)),
        outside_(outside),
        store_(store),
        writing_(settings, outside, metrics_, {&store.values(), false}),
        builds_(store, outside.workers, outside.clock, metrics_, writing_.writer(), writing_.kept()),
        care_(store, outside.workers, outside.clock, settings.service.data_dir),
        state_(store, outside.workers),
        ways_(outside, store, metrics_, options_.sending),
        reception_(outside, store, ways_, tasks_),
        subscriptions_(outside, store, ways_, metrics_, [this] { return settings_.service.operators; }),
        pages_(store, outside.workers, metrics_, pages_options()),
        admin_(outside, store,
               {[this] { ways_.wake_all(); }, [this](const model::Subscription& s) { want(s.categories); }}),
        server_(outside.executor, outside.clock, server_options(settings, ways_), router_.handler()),
        tasks_(outside.executor),
        sending_(outside.executor),
        stopping_(outside.executor) {
    pages_.install(router_);
    admin_.install(router_);
  }
  ~Impl() {
    outside_.workers.finish();  // a cancelled build still works on what is destroyed next
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<std::string> start() {
    auto known = public_profiles(store_, settings_);
    if (!known) return known.error();
    profiles_ = std::move(*known);
    if (options_.follow_arxiv) {
      auto calendar = load_calendar(settings_.arxiv);
      if (!calendar) return calendar.error();
      if (auto kept = places::keep_fixed_subscriptions(store_, settings_, outside_.clock.now()); !kept)
        return kept.error();
      editorial_.emplace(Editorial::Parts{settings_, store_, outside_, metrics_, builds_, ways_}, std::move(*calendar));
      reception_.open(editorial_->desk(), editorial_->posts());
      if (auto able = connect(); !able) return able.error();
    }
    auto preview = std::make_unique<preview::Preview>(state_, outside_.clock, outside_.executor);
    preview_ = preview.get();
    ways_.add(std::move(preview), reception_, router_);
    return listen();
  }

  awaitable<void> run() {
    tasks_.spawn("http", server_.run());
    tasks_.spawn("store", care_.run());
    tasks_.spawn("housekeeping", delivery::keep_house(store_, outside_.workers, outside_.clock, metrics_));
    if (editorial_) {
      editorial_->run(tasks_);
      tasks_.spawn("subscriptions", subscriptions_.run());
    }
    ways_.run(tasks_, sending_);
    co_await stopping_.wait();
    server_.stop();
    tasks_.cancel();
    co_await tasks_.join();
    ways_.stop();
    co_await sending_.join();
  }

  void stop() { stopping_.set(); }

  awaitable<void> reload(config::Settings fresh) {
    settings_.arxiv.categories = std::move(fresh.arxiv.categories);
    settings_.digest = std::move(fresh.digest);
    settings_.subscriptions = std::move(fresh.subscriptions);
    auto work = [this, copy = settings_, now = outside_.clock.now()] {
      return std::tuple(places::keep_fixed_subscriptions(store_, copy, now), store_.subscriptions().all(),
                        public_profiles(store_, copy));
    };
    auto [kept, all, known] = co_await outside_.workers.run(std::move(work));
    if (!kept) log::error("config.subscriptions_kept", {{"why", kept.error().what()}});
    if (known) profiles_ = std::move(*known);
    want(settings_.arxiv.categories);
    if (all)
      for (const auto& subscription : *all) want(subscription.categories);
    log::info("config.reloaded", {{"in_force", "arxiv.categories, digest, subscriptions"},
                                  {"after_restart", "everything else that was changed"}});
  }

 private:
  Status connect() {
    auto platforms = make_platforms(settings_, doors_of(outside_, state_));
    if (!platforms) return platforms.error();
    for (auto& platform : *platforms) ways_.add(std::move(platform), reception_, router_);
    return {};
  }

  Result<std::string> listen() {
    const auto& where = settings_.service.listen;
    auto place = http::parse_listen(where);
    if (!place) return std::move(place).error();
    if (auto bound = server_.listen(place->address.to_string(), place->port); !bound) return bound.error();
    return "http://" + where.substr(0, where.rfind(':')) + ":" + std::to_string(server_.port());
  }

  // Somebody wants them from now on.
  void want(const std::vector<Category>& categories) {
    if (editorial_) editorial_->want(categories);
    subscriptions_.wake();
  }

  pages::PagesOptions pages_options() {
    return {settings_.site(), std::string(kVersion), [this] { return parts(); },
            [this](std::string name) { return preview_messages(*preview_, std::move(name)); },
            [this] { return profiles_; }};
  }

  std::vector<pages::PartState> parts() const {
    std::vector<pages::PartState> out{care_.state()};
    if (auto state = writing_.state(); !state.empty()) out.push_back({"writer", true, std::move(state)});
    if (!editorial_) return out;
    for (auto& state : states_of(editorial_->listings(), ways_)) out.push_back(std::move(state));
    out.push_back(subscriptions_.state());
    return out;
  }

  config::Settings settings_;
  ServiceOptions options_;
  pages::Profiles profiles_;
  Outside outside_;
  store::Store& store_;
  http::Router router_;
  Metrics metrics_;
  Writing writing_;
  loops::Builds builds_;
  StoreCare care_;
  delivery::StoredState state_;
  Ways ways_;
  std::optional<Editorial> editorial_;  // nothing where arXiv is not followed
  Reception reception_;
  SubscriptionCare subscriptions_;
  preview::Preview* preview_ = nullptr;  // one of the ways
  pages::Pages pages_;
  AdminRoutes admin_;
  http::Server server_;
  async::TaskGroup tasks_, sending_;
  async::Event stopping_;
};

Service::Service(const config::Settings& settings, store::Store& store, const Outside& outside, ServiceOptions options)
    : impl_(std::make_unique<Impl>(settings, store, outside, std::move(options))) {}
Service::~Service() = default;
Result<std::string> Service::start() {
  return impl_->start();
}
awaitable<void> Service::run() {
  return impl_->run();
}
void Service::stop() {
  impl_->stop();
}
awaitable<void> Service::reload(config::Settings fresh) {
  return impl_->reload(std::move(fresh));
}

}  // namespace broadsheet::app
