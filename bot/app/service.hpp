// The running service: follows arXiv, builds the day's digests, posts them, answers, serves the pages. What it needs of
// the world is given to it. Used on the I/O thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>

#include "bot/app/outside.hpp"
#include "bot/base/result.hpp"
#include "bot/delivery/dispatcher.hpp"
#include "bot/store/store.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

struct ServiceOptions {
  bool follow_arxiv = true;  // false: nothing is fetched, only what is in the outbox is delivered (demo)
  delivery::DispatcherOptions sending;
};

class Service {
 public:
  // When it is destroyed, the workers have finished with it.
  Service(const config::Settings& settings, store::Store& store, const Outside& outside, ServiceOptions options = {});
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Binds; the answer is the address of the pages, "http://127.0.0.1:8080". Errors: busy (the port is taken), bad_input
  // or not_found (the holiday list cannot be read).
  Result<std::string> start();
  // Serves until stop(), and returns when every child has ended.
  boost::asio::awaitable<void> run();
  void stop();
  // Takes over what can change while it runs: arxiv.categories, digest, subscriptions.
  boost::asio::awaitable<void> reload(config::Settings fresh);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::app
