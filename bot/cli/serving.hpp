// A process around the running service: its machine, and the signals that it obeys.
#pragma once

#include <functional>
#include <string>

#include "bot/app/service.hpp"

namespace broadsheet::cli {

// Reads the configuration anew; an Error keeps the old one in force.
using ReadSettings = std::function<Result<config::Settings>()>;

struct Serving {
  app::ServiceOptions service;
  ReadSettings read_again;                        // at SIGHUP; null: SIGHUP changes nothing
  std::function<void(const std::string&)> bound;  // told the address
};

// Serves until SIGTERM or SIGINT; beside another process on a shared store it first waits for its turn. An Error when
// it cannot begin; busy when it has lost its turn to another one.
Status serve(const config::Settings& settings, Clock& clock, store::Store& store, const Serving& serving);

}  // namespace broadsheet::cli
