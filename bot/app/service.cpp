#include "bot/app/service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <optional>
#include <thread>

#include "bot/app/arxiv_door.hpp"
#include "bot/app/builds.hpp"
#include "bot/app/listing_loop.hpp"
#include "bot/base/log.hpp"
#include "bot/base/metrics.hpp"
#include "bot/net/async.hpp"
#include "bot/net/router.hpp"
#include "bot/net/server.hpp"
#include "bot/pages/pages.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

constexpr std::chrono::minutes kPatience{60};  // feed and listing page both away

std::size_t workers(const config::Settings& settings) {
  if (settings.service.threads > 0) return static_cast<std::size_t>(settings.service.threads);
  return std::max(1U, std::thread::hardware_concurrency());
}

struct Address {
  std::string host;
  std::uint16_t port = 0;
};

// The configuration has checked the shape.
Address address_of(const std::string& listen) {
  Address out;
  auto colon = listen.rfind(':');
  out.host = listen.substr(0, colon);
  std::from_chars(listen.data() + colon + 1, listen.data() + listen.size(), out.port);
  return out;
}

http::ServerOptions server_options(const config::Settings& settings) {
  http::ServerOptions out;
  out.max_connections = static_cast<std::size_t>(settings.service.max_connections);
  out.trusted_proxies = settings.service.trusted_proxies;
  return out;
}

}  // namespace

class Service::Impl {
 public:
  Impl(const config::Settings& settings, Clock& clock, store::Store& store, ServiceOptions options)
      : settings_(settings),
        options_(std::move(options)),
        clock_(clock),
        store_(store),
        address_(address_of(settings.service.listen)),
        workers_(workers(settings)),
        builds_(store, workers_, clock, metrics_),
        pages_(store, workers_, metrics_, pages_options()),
        server_(io_.get_executor(), clock, server_options(settings), router_.handler()),
        tasks_(io_.get_executor()),
        stop_(io_, SIGINT, SIGTERM),
        reload_(io_, SIGHUP) {
    pages_.install(router_);
  }

  Result<std::string> start() {
    auto calendar = load_calendar(settings_.arxiv);
    if (!calendar) return calendar.error();
    if (options_.follow_arxiv) follow(std::move(*calendar));
    if (auto bound = server_.listen(address_.host, address_.port); !bound) return bound.error();
    return "http://" + address_.host + ":" + std::to_string(server_.port());
  }

  int run() {
    boost::asio::co_spawn(io_, main(), [](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    io_.run();
    workers_.finish();  // a cancelled build still works on what is destroyed next
    return 0;
  }

 private:
  void follow(arxiv::Calendar calendar) {
    auto executor = io_.get_executor();
    if (clock_.now() > Moment(calendar.last_known_day()))
      log::warning("calendar.outdated", {{"known_until", to_string(calendar.last_known_day())},
                                         {"fix", "give this year's list in arxiv.holidays_file"}});
    door_.emplace(executor, workers_, clock_, settings_, std::move(calendar), listings_of(store_, workers_), kPatience);
    listings_.emplace(executor, door_->follower(), door_->gate(), store_, workers_, clock_, metrics_,
                      [this](Category category, Day day) { return build(std::move(category), day); });
    listings_->want(settings_.arxiv.categories);
    for (const auto& subscription : settings_.subscriptions) listings_->want(subscription.categories);
  }

  // The digest of a category that the pages show, as soon as its listing is stored.
  async::awaitable<void> build(Category category, Day day) {
    BuildOptions wanted;
    wanted.categories = {std::move(category)};
    wanted.day = day;
    wanted.style = parse_style(settings_.digest.style).value_or(Style::cards);
    wanted.language = settings_.digest.language;
    wanted.top = static_cast<std::size_t>(settings_.digest.top);
    wanted.interests = settings_.digest.interests;
    auto digest = co_await builds_.get(std::move(wanted));
    if (digest)
      log::info("digest.built", {{"digest", digest->key.str()}, {"shown", std::to_string(digest->cards.size())}});
  }

  pages::PagesOptions pages_options() {
    pages::PagesOptions out;
    out.public_url = settings_.service.public_url;
    out.version = std::string(kVersion);
    out.parts = [this] { return parts(); };
    out.preview = [this](const std::string& target) -> Result<std::optional<Digest>> {
      if (target != options_.preview_name) return std::optional<Digest>();
      auto newest = store_.digests(std::nullopt, std::nullopt, 1);
      if (!newest) return newest.error();
      if (newest->empty()) return std::optional<Digest>();
      return store_.digest(newest->front().key);
    };
    return out;
  }

  // The store was opened before the service was made; what fails later shows in the answers themselves.
  std::vector<pages::PartState> parts() const {
    std::vector<pages::PartState> out{{"storage", true, ""}};
    if (!listings_) return out;
    pages::PartState sources{"sources", true, ""};
    for (const auto& state : listings_->states()) {
      if (state.kind == ListingState::Kind::down) sources.ready = false;
      if (state.detail.empty()) continue;
      if (!sources.detail.empty()) sources.detail += "; ";
      sources.detail += state.category.str() + ": " + state.detail;
    }
    out.push_back(std::move(sources));
    out.push_back({"scheduler", true, "looks again at " + to_iso(listings_->next_look())});
    return out;
  }

  async::awaitable<void> reload_when_told() {
    while (true) {
      auto [ec, signal] = co_await reload_.async_wait(async::nothrow);
      co_await async::check_cancelled();
      if (ec || !options_.reload) continue;
      auto fresh = co_await workers_.run([this] { return options_.reload(); });
      if (!fresh) {
        log::error("config.kept", {{"why", fresh.error().what()}});
        continue;
      }
      settings_.arxiv.categories = fresh->arxiv.categories;
      settings_.digest = fresh->digest;
      settings_.subscriptions = fresh->subscriptions;
      if (listings_) listings_->want(settings_.arxiv.categories);
      log::info("config.reloaded", {{"in_force", "arxiv.categories, digest, subscriptions"},
                                    {"after_restart", "everything else that was changed"}});
    }
  }

  async::awaitable<void> main() {
    tasks_.spawn("http", server_.run());
    tasks_.spawn("reload", reload_when_told());
    if (listings_) tasks_.spawn("listings", listings_->run());
    auto [ec, signal] = co_await stop_.async_wait(async::nothrow);
    log::info("service.stopping", {{"signal", signal}});
    server_.stop();
    tasks_.cancel();
    co_await tasks_.join();
  }

  config::Settings settings_;
  ServiceOptions options_;
  Clock& clock_;
  store::Store& store_;
  Address address_;
  boost::asio::io_context io_{1};
  async::Offload workers_;
  http::Router router_;
  Metrics metrics_;
  Builds builds_;
  std::optional<ArxivDoor> door_;
  std::optional<ListingLoop> listings_;
  pages::Pages pages_;
  http::Server server_;
  async::TaskGroup tasks_;
  boost::asio::signal_set stop_, reload_;
};

Service::Service(const config::Settings& settings, Clock& clock, store::Store& store, ServiceOptions options)
    : impl_(std::make_unique<Impl>(settings, clock, store, std::move(options))) {}
Service::~Service() = default;
Result<std::string> Service::start() {
  return impl_->start();
}
int Service::run() {
  return impl_->run();
}

}  // namespace broadsheet::app
