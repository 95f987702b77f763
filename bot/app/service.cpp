#include "bot/app/service.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <optional>
#include <random>
#include <thread>

#include "adapters/preview/preview.hpp"
#include "bot/app/admin.hpp"
#include "bot/app/arxiv_door.hpp"
#include "bot/app/command_desk.hpp"
#include "bot/app/command_services.hpp"
#include "bot/app/platforms.hpp"
#include "bot/app/store_care.hpp"
#include "bot/async/async.hpp"
#include "bot/base/log.hpp"
#include "bot/base/metrics.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/delivery/housekeeping.hpp"
#include "bot/delivery/plan.hpp"
#include "bot/delivery/sink.hpp"
#include "bot/loops/builds.hpp"
#include "bot/loops/listing_loop.hpp"
#include "bot/loops/post_loop.hpp"
#include "bot/loops/source_memory.hpp"
#include "bot/net/client.hpp"
#include "bot/net/router.hpp"
#include "bot/net/server.hpp"
#include "bot/pages/pages.hpp"
#include "bot/places/configured.hpp"
#include "bot/places/places.hpp"
#include "bot/places/subscription_exchange.hpp"
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

constexpr std::size_t kUsualBody = std::size_t{64} << 10, kLargestImport = std::size_t{1} << 20;
constexpr std::string_view kSubscriptions = "/admin/subscriptions";

http::ServerOptions server_options(const config::Settings& settings,
                                   std::function<std::size_t(std::string_view)> max_body) {
  http::ServerOptions out;
  out.max_body = std::move(max_body);
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
        care_(store, workers_, clock, settings.service.data_dir),
        outgoing_(io_.get_executor(), workers_, clock, client_options(settings)),
        websockets_(io_.get_executor(), workers_, clock, client_options(settings)),
        state_(store, workers_),
        pages_(store, workers_, metrics_, pages_options()),
        server_(io_.get_executor(), clock,
                server_options(settings, [this](std::string_view path) { return body_limit(path); }),
                router_.handler()),
        tasks_(io_.get_executor()),
        sending_(io_.get_executor()),
        stop_(io_, SIGINT, SIGTERM),
        reload_(io_, SIGHUP) {
    pages_.install(router_);
    router_.add("POST", "/admin/outbox/{id}/{action}",
                [this](http::ServerRequest request) { return administer(std::move(request)); });
    router_.add("POST", std::string(kSubscriptions),
                [this](http::ServerRequest request) { return take_subscriptions(std::move(request)); });
  }

  Result<std::string> start() {
    auto calendar = load_calendar(settings_.arxiv);
    if (!calendar) return calendar.error();
    if (options_.follow_arxiv) {
      if (auto kept = places::keep_fixed_subscriptions(store_, settings_, clock_.now()); !kept) return kept.error();
      follow(std::move(*calendar));
      if (auto able = deliver(); !able) return able.error();
    }
    auto preview = std::make_unique<preview::Preview>(state_, clock_, io_.get_executor());
    preview_ = preview.get();
    add_platform(std::move(preview));
    if (auto bound = server_.listen(address_.host, address_.port); !bound) return bound.error();
    return "http://" + address_.host + ":" + std::to_string(server_.port());
  }

  int run() {
    boost::asio::co_spawn(io_, main(), [](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    io_.run();
    workers_.finish();  // a cancelled build still works on what is destroyed next
    if (door_) loops::store_memory(door_->source(), store_);
    return 0;
  }

 private:
  void follow(arxiv::Calendar calendar) {
    auto executor = io_.get_executor();
    if (clock_.now() > Moment(calendar.last_known_day()))
      log::warning("calendar.outdated", {{"known_until", to_string(calendar.last_known_day())},
                                         {"fix", "give this year's list in arxiv.holidays_file"}});
    door_.emplace(executor, workers_, clock_, settings_, std::move(calendar), listings_of(store_, workers_), kPatience);
    listings_.emplace(executor, door_->source(), store_, workers_, clock_, metrics_,
                      [this](Category category, Day day) { return build(std::move(category), day); });
    listings_->want(settings_.arxiv.categories);
    if (auto all = store_.subscriptions().all())
      for (const auto& subscription : *all) listings_->want(subscription.categories);
  }

  Status deliver() {
    auto platforms = make_platforms(settings_, {outgoing_, websockets_, clock_, state_});
    if (!platforms) return platforms.error();
    for (auto& platform : *platforms) add_platform(std::move(platform));
    CommandServices::Parts services{store_,
                                    workers_,
                                    clock_,
                                    builds_,
                                    *listings_,
                                    door_->source(),
                                    [this](const model::PlatformName& kind) { return platform(kind); },
                                    [this] { return places::service_options(settings_); },
                                    [this] { return settings_.service.operators; },
                                    [this](const model::Subscription& s) { subscribed(s); },
                                    std::string(kVersion)};
    services_.emplace(std::move(services));
    commands_.emplace(*services_, clock_, [this] { return random_(); });
    desk_.emplace(io_.get_executor(),
                  CommandDesk::Parts{store_, workers_, clock_, *commands_,
                                     [this](const model::PlatformName& kind) { return platform(kind); },
                                     Zone::find(settings_.service.time_zone).value_or(Zone::utc())});
    posts_.emplace(
        io_.get_executor(),
        loops::PostLoop::Parts{store_, workers_, clock_, builds_, *listings_, door_->source().calendar(),
                               [this](const model::PlatformName& kind) { return platform(kind); },
                               [this](const model::PlatformName& kind) { wake(kind); },
                               [this] { return places::service_options(settings_); }, settings_.service.public_url});
    return {};
  }

  void add_platform(std::unique_ptr<adapters::Platform> platform) {
    auto& way = ways_.emplace_back();
    way.platform = std::move(platform);
    way.dispatcher = std::make_unique<delivery::Dispatcher>(
        io_.get_executor(), store_.outbox(), *way.platform, workers_, clock_, metrics_, [this] { return jitter(); },
        [this](const delivery::Incident& i) { tell(i); }, delivery::DispatcherOptions{});
    way.events = std::make_unique<delivery::StoredEvents>(
        way.platform->traits(), store_, workers_, clock_, [this](const model::Event& e) { arrived(e); },
        [this](const auto& e) { return desk_->at_once(e); });
    for (auto& route : way.platform->routes(*way.events)) {
      if (route.max_body > 0)
        body_limits_.emplace_back(route.pattern.substr(0, route.pattern.find('{')), route.max_body);
      router_.add(route.method, route.pattern, route.handler);
    }
  }

  // What platforms send may be longer than what people do.
  std::size_t body_limit(std::string_view path) const {
    if (path == kSubscriptions) return kLargestImport;
    for (const auto& [prefix, most] : body_limits_)
      if (path.starts_with(prefix)) return most;
    return kUsualBody;
  }

  adapters::Platform* platform(const model::PlatformName& kind) {
    for (auto& way : ways_)
      if (way.platform->kind() == kind) return way.platform.get();
    return nullptr;
  }

  void wake(const model::PlatformName& kind) {
    for (auto& way : ways_)
      if (way.platform->kind() == kind) way.dispatcher->wake();
  }

  double jitter() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  void tell(const delivery::Incident& i) {
    constexpr std::array<const char*, 5> kNames = {"target_off", "installation_off", "message_dead", "outcome_unknown",
                                                   "target_moved"};
    log::warning("delivery.incident", {{"what", kNames.at(static_cast<std::size_t>(i.kind))},
                                       {"target", i.target.str()},
                                       {"why", i.why},
                                       {"fix", i.fix}});
    if (i.kind != delivery::Incident::Kind::target_off) return;
    // What a send was told counts as much as an event.
    model::PlaceEvent lost{"incident/" + to_iso(clock_.now()), i.target, model::PlaceState::left, {}, i.why, {}};
    tasks_.spawn("place", place_changed(std::move(lost)));
  }

  void arrived(const model::Event& event) {
    if (const auto* place = std::get_if<model::PlaceEvent>(&event))
      tasks_.spawn("place", place_changed(*place));
    else
      desk_->take(std::get<model::CommandEvent>(event));
  }

  // Somebody wants these categories from now on.
  void subscribed(const model::Subscription& subscription) {
    listings_->want(subscription.categories);
    posts_->wake();
  }

  // Our standing somewhere changed: targets are switched on and off, and followed where they move.
  async::awaitable<void> place_changed(model::PlaceEvent event) {
    bool moved = event.state == model::PlaceState::moved && event.moved_to;
    auto work = [this, event, moved]() -> Result<places::PlaceChange> {
      places::PlaceChange change;
      if (moved) {
        if (auto done = store_.outbox().move_target(event.target, *event.moved_to); !done) return done.error();
      } else if (!event.target.place.empty()) {  // a whole workspace is known by its token
        auto switched = places::switch_place(store_, event);
        if (!switched) return switched;
        change = std::move(*switched);
        if (auto told = tell_owners(event, change.parked); !told) return told.error();
      }
      if (auto done = store_.inbox().done(event.target.platform.str(), event.id); !done) return done.error();
      return change;
    };
    auto change = co_await workers_.run(std::move(work));
    if (!change) {
      log::error("place.not_stored", {{"why", change.error().what()}});
      co_return;
    }
    for (auto& way : ways_) {
      if (way.platform->kind() != event.target.platform) continue;
      bool joined = event.state == model::PlaceState::joined;
      if (event.target.place.empty() && joined) way.dispatcher->resume();
      if (event.target.place.empty() && !joined) way.dispatcher->pause(event.target.workspace);
      if (moved) way.dispatcher->move_target(event.target, *event.moved_to);
      for (const auto& target : change->targets) way.dispatcher->switch_target(target, joined);
      way.dispatcher->wake();
    }
    if (posts_) posts_->wake();
    log::info("place.changed", {{"target", event.target.str()}, {"why", event.why}});
  }

  // Who made the subscriptions that were parked hears of it. Runs on the workers.
  Status tell_owners(const model::PlaceEvent& event, const std::vector<model::Subscription>& parked) {
    auto* way_out = platform(event.target.platform);
    if (way_out == nullptr) return {};
    for (const auto& notice : places::owner_notices(event, parked)) {
      adapters::Part part{model::PartKind::reply, {{doc::Paragraph{{doc::Text{notice.text}}}}}, {}};
      delivery::PostOptions post;
      post.target = notice.target;
      post.group = "parked/" + event.target.str() + "/" + event.id;
      post.effective.on_unknown = model::UnknownPolicy::skip;
      post.now = clock_.now();
      auto rows = delivery::rows_of(way_out->render({part}, {}), post);
      if (auto done = store_.outbox().enqueue(model::SlotName(post.group + "/" + notice.target.str()), rows, post.now);
          !done)
        return done.error();
    }
    return {};
  }

  async::awaitable<http::ServerResponse> administer(http::ServerRequest request) {
    if (!is_local(request)) co_return http::ServerResponse{404, "text/plain; charset=utf-8", "Nothing here.\n", {}};
    std::int64_t id = 0;
    auto number = http::parameter(request.path_parameters, "id");
    std::from_chars(number.data(), number.data() + number.size(), id);
    auto work = [this, id, action = std::string(http::parameter(request.path_parameters, "action")),
                 reason = request.body,
                 now = clock_.now()] { return change_outbox(store_.outbox(), id, action, reason, now); };
    auto done = co_await workers_.run(std::move(work));
    for (auto& way : ways_) way.dispatcher->wake();
    if (done) co_return http::ServerResponse{200, "text/plain; charset=utf-8", *done + "\n", {}};
    int status = done.error().kind() == ErrorKind::not_found ? 404 : 409;
    co_return http::ServerResponse{status, "text/plain; charset=utf-8", done.error().what() + "\n", {}};
  }

  async::awaitable<http::ServerResponse> take_subscriptions(http::ServerRequest request) {
    if (!is_local(request)) co_return http::ServerResponse{404, "text/plain; charset=utf-8", "Nothing here.\n", {}};
    auto work = [this, text = std::move(request.body), now = clock_.now()] {
      auto done = places::import_subscriptions(store_.subscriptions(), text, "import", now);
      return std::pair(std::move(done), store_.subscriptions().all());
    };
    auto [done, all] = co_await workers_.run(std::move(work));
    if (posts_ && all)
      for (const auto& one : *all) subscribed(one);
    if (done) co_return http::ServerResponse{200, "text/plain; charset=utf-8", *done + "\n", {}};
    co_return http::ServerResponse{409, "text/plain; charset=utf-8", done.error().what() + "\n", {}};
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
    if (posts_) posts_->wake();
    if (digest)
      log::info("digest.built", {{"digest", digest->key.str()}, {"shown", std::to_string(digest->cards.size())}});
  }

  pages::PagesOptions pages_options() {
    pages::PagesOptions out;
    out.public_url = settings_.service.public_url;
    out.version = std::string(kVersion);
    out.parts = [this] { return parts(); };
    out.preview = [this](std::string name) { return preview_messages(std::move(name)); };
    return out;
  }

  async::awaitable<Result<std::vector<pages::PreviewMessage>>> preview_messages(std::string name) {
    auto kept = co_await preview_->messages(std::move(name));
    if (!kept) co_return kept.error();
    std::vector<pages::PreviewMessage> out;
    for (auto& m : *kept)
      out.push_back({std::move(m.id).str(), std::move(m.thread).str(), std::move(m.body), std::move(m.text), m.at,
                     m.edits, m.silent});
    co_return out;
  }

  std::vector<pages::PartState> parts() const {
    std::vector<pages::PartState> out{care_.state()};
    if (!listings_) return out;
    pages::PartState sources{"sources", true, ""};
    for (const auto& state : listings_->states()) {
      if (state.kind == loops::ListingState::Kind::down) sources.ready = false;
      if (state.detail.empty()) continue;
      if (!sources.detail.empty()) sources.detail += "; ";
      sources.detail += state.category.str() + ": " + state.detail;
    }
    out.push_back(std::move(sources));
    out.push_back({"scheduler", true, "looks again at " + to_iso(listings_->next_look())});
    for (const auto& way : ways_) {
      auto trouble = way.platform->trouble().empty() ? way.dispatcher->trouble() : way.platform->trouble();
      out.push_back({way.platform->kind().str(), trouble.empty(), trouble});
    }
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
      if (listings_) {
        listings_->want(settings_.arxiv.categories);
        for (const auto& subscription : settings_.subscriptions) listings_->want(subscription.categories);
      }
      auto kept = co_await workers_.run(
          [this, copy = settings_] { return places::keep_fixed_subscriptions(store_, copy, clock_.now()); });
      if (!kept) log::error("config.subscriptions_kept", {{"why", kept.error().what()}});
      if (posts_) posts_->wake();
      log::info("config.reloaded", {{"in_force", "arxiv.categories, digest, subscriptions"},
                                    {"after_restart", "everything else that was changed"}});
    }
  }

  async::awaitable<void> main() {
    tasks_.spawn("http", server_.run());
    tasks_.spawn("store", care_.run());
    tasks_.spawn("housekeeping", delivery::keep_house(store_, workers_, clock_, metrics_));
    tasks_.spawn("reload", reload_when_told());
    if (listings_) tasks_.spawn("listings", listings_->run());
    if (posts_) tasks_.spawn("posts", posts_->run());
    if (desk_) tasks_.spawn("commands", desk_->run());
    for (auto& way : ways_) {
      sending_.spawn("dispatcher", way.dispatcher->run());
      tasks_.spawn("way in", way.platform->run(*way.events));
    }
    auto [ec, signal] = co_await stop_.async_wait(async::nothrow);
    log::info("service.stopping", {{"signal", signal}});
    server_.stop();
    tasks_.cancel();
    co_await tasks_.join();
    // What is in flight ends or is recorded (design: reliability P14).
    for (auto& way : ways_) way.dispatcher->stop();
    co_await sending_.join();
  }

  // A platform with everything that belongs to it.
  struct Way {
    std::unique_ptr<adapters::Platform> platform;
    std::unique_ptr<delivery::Dispatcher> dispatcher;
    std::unique_ptr<delivery::StoredEvents> events;
  };

  config::Settings settings_;
  ServiceOptions options_;
  Clock& clock_;
  store::Store& store_;
  Address address_;
  boost::asio::io_context io_{1};
  async::Offload workers_;
  http::Router router_;
  Metrics metrics_;
  loops::Builds builds_;
  StoreCare care_;
  std::optional<ArxivDoor> door_;
  std::optional<loops::ListingLoop> listings_;
  std::mt19937_64 random_{std::random_device{}()};
  http::Client outgoing_;
  http::WebSocketClient websockets_;
  delivery::StoredState state_;
  std::vector<Way> ways_;
  std::vector<std::pair<std::string, std::size_t>> body_limits_;  // of paths that begin so
  preview::Preview* preview_ = nullptr;                           // one of the platforms
  std::optional<loops::PostLoop> posts_;
  std::optional<CommandServices> services_;
  std::optional<commands::Router> commands_;
  std::optional<CommandDesk> desk_;
  pages::Pages pages_;
  http::Server server_;
  async::TaskGroup tasks_, sending_;
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
