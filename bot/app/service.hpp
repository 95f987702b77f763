// The running service: HTTP pages over the store, stopped by SIGTERM or SIGINT. Owns its I/O loop; `run` returns only
// when every child has ended.
#pragma once

#include <memory>
#include <string>

#include "bot/base/clock.hpp"
#include "bot/base/result.hpp"
#include "bot/store/store.hpp"
#include "config/settings.hpp"

namespace broadsheet::app {

struct ServiceOptions {
  std::string preview_name = "default";  // /preview/{name} shows the newest digest
};

class Service {
 public:
  Service(const config::Settings& settings, Clock& clock, store::Store& store, ServiceOptions options);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // Binds; the answer is the address of the pages, "http://127.0.0.1:8080". Errors: busy (the port is taken).
  Result<std::string> start();
  // Serves until a signal; 0 after a clean stop.
  int run();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::app
