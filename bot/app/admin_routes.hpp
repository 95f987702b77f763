// What the operator may ask of the running service over HTTP, from its own machine only (spec: interfaces 3, /admin).
// Used on the I/O thread.
#pragma once

#include <functional>
#include <string_view>

#include "bot/app/outside.hpp"
#include "bot/net/router.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {

class AdminRoutes {
 public:
  // Called on the I/O thread after something was changed.
  struct Changed {
    std::function<void()> outbox;
    std::function<void(const model::Subscription&)> subscription;  // each one that there is
  };
  AdminRoutes(const Outside& outside, store::Store& store, Changed changed)
      : outside_(outside), store_(store), changed_(std::move(changed)) {}

  // This must outlive the server that uses the router.
  void install(http::Router& router);
  // Of a path that takes more than usual.
  static std::optional<std::size_t> longest_body(std::string_view path);

 private:
  boost::asio::awaitable<http::ServerResponse> outbox(http::ServerRequest request);
  boost::asio::awaitable<http::ServerResponse> subscriptions(http::ServerRequest request);

  Outside outside_;
  store::Store& store_;
  Changed changed_;
};

}  // namespace broadsheet::app
