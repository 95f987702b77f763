#include "bot/app/admin_routes.hpp"

#include <charconv>

#include "bot/app/admin.hpp"
#include "bot/places/subscription_exchange.hpp"

namespace broadsheet::app {
namespace {

using boost::asio::awaitable;

constexpr std::size_t kLargestImport = std::size_t{1} << 20;
constexpr std::string_view kSubscriptions = "/admin/subscriptions";

http::ServerResponse plain(int status, const std::string& sentence) {
  return {status, "text/plain; charset=utf-8", sentence + "\n", {}};
}

http::ServerResponse nothing_here() {
  return plain(404, "Nothing here.");
}

}  // namespace

void AdminRoutes::install(http::Router& router) {
  router.add("POST", "/admin/outbox/{id}/{action}",
             [this](http::ServerRequest request) { return outbox(std::move(request)); });
  router.add("POST", kSubscriptions, [this](http::ServerRequest request) { return subscriptions(std::move(request)); });
}

std::optional<std::size_t> AdminRoutes::longest_body(std::string_view path) {
  return path == kSubscriptions ? std::optional(kLargestImport) : std::nullopt;
}

awaitable<http::ServerResponse> AdminRoutes::outbox(http::ServerRequest request) {
  if (!is_local(request)) co_return nothing_here();
  std::int64_t id = 0;
  auto number = http::parameter(request.path_parameters, "id");
  std::from_chars(number.data(), number.data() + number.size(), id);
  auto work = [this, id, action = std::string(http::parameter(request.path_parameters, "action")),
               reason = request.body,
               now = outside_.clock.now()] { return change_outbox(store_.outbox(), id, action, reason, now); };
  auto done = co_await outside_.workers.run(std::move(work));
  changed_.outbox();
  if (done) co_return plain(200, *done);
  co_return plain(done.error().kind() == ErrorKind::not_found ? 404 : 409, done.error().what());
}

awaitable<http::ServerResponse> AdminRoutes::subscriptions(http::ServerRequest request) {
  if (!is_local(request)) co_return nothing_here();
  auto work = [this, text = std::move(request.body), now = outside_.clock.now()] {
    auto done = places::import_subscriptions(store_.subscriptions(), text, "import", now);
    return std::pair(std::move(done), store_.subscriptions().all());
  };
  auto [done, all] = co_await outside_.workers.run(std::move(work));
  if (all)
    for (const auto& one : *all) changed_.subscription(one);
  if (done) co_return plain(200, *done);
  co_return plain(409, done.error().what());
}

}  // namespace broadsheet::app
