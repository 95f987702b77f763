// The running service: follows arXiv, builds the day's digests, serves the pages; stopped by SIGTERM or SIGINT, told by
// SIGHUP to read its configuration again. Owns its I/O loop; `run` returns only when every child has ended.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"
#include "bot/store/store.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

struct ServiceOptions {
  bool follow_arxiv = true;  // false: nothing is fetched, only what is in the outbox is delivered (demo)
  // Reads the configuration again (SIGHUP); an Error keeps the old one in force. Null: SIGHUP is ignored.
  std::function<Result<config::Settings>()> reload;
};

class Service {
 public:
  Service(const config::Settings& settings, Clock& clock, store::Store& store, ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Binds; the answer is the address of the pages, "http://127.0.0.1:8080". Errors: busy (the port is taken), bad_input
  // or not_found (the holiday list cannot be read).
  Result<std::string> start();
  // Serves until a signal; 0 after a clean stop.
  int run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::app
