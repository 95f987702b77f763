#include "bot/app/service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <thread>

#include "bot/base/log.hpp"
#include "bot/base/metrics.hpp"
#include "bot/net/async.hpp"
#include "bot/net/router.hpp"
#include "bot/net/server.hpp"
#include "bot/pages/pages.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

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
      : address_(address_of(settings.service.listen)),
        workers_(workers(settings)),
        pages_(store, workers_, metrics_, pages_options(store, settings.service.public_url, std::move(options))),
        server_(io_.get_executor(), clock, server_options(settings), router_.handler()),
        tasks_(io_.get_executor()),
        signals_(io_, SIGINT, SIGTERM) {
    pages_.install(router_);
  }

  Result<std::string> start() {
    if (auto bound = server_.listen(address_.host, address_.port); !bound) return bound.error();
    return "http://" + address_.host + ":" + std::to_string(server_.port());
  }

  int run() {
    boost::asio::co_spawn(io_, main(), [](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
    });
    io_.run();
    return 0;
  }

 private:
  static pages::PagesOptions pages_options(store::Store& store, const std::string& public_url, ServiceOptions options) {
    pages::PagesOptions out;
    out.public_url = public_url;
    out.version = std::string(kVersion);
    // The store was opened before the service was made; what fails later shows in the answers themselves.
    out.parts = [] { return std::vector<pages::PartState>{{"storage", true, ""}}; };
    out.preview = [&store,
                   name = std::move(options.preview_name)](const std::string& target) -> Result<std::optional<Digest>> {
      if (target != name) return std::optional<Digest>();
      auto newest = store.digests(std::nullopt, std::nullopt, 1);
      if (!newest) return newest.error();
      if (newest->empty()) return std::optional<Digest>();
      return store.digest(newest->front().key);
    };
    return out;
  }

  async::awaitable<void> main() {
    tasks_.spawn("http", server_.run());
    auto [ec, signal] = co_await signals_.async_wait(async::nothrow);
    log::info("service.stopping", {{"signal", signal}});
    server_.stop();
    tasks_.cancel();
    co_await tasks_.join();
  }

  Address address_;
  boost::asio::io_context io_{1};
  async::Offload workers_;
  http::Router router_;
  Metrics metrics_;
  pages::Pages pages_;
  http::Server server_;
  async::TaskGroup tasks_;
  boost::asio::signal_set signals_;
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
