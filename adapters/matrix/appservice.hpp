// The way in by push (contracts: Matrix 9): the homeserver calls us. Internal to the adapter.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adapters/matrix/intake.hpp"
#include "adapters/platform.hpp"

namespace broadsheet::matrix {

// What the routes need; everything outlives the server.
struct PushDoor {
  const config::Matrix& settings;
  const Doors& doors;
  Intake& intake;
  adapters::EventSink& sink;
  // Where joins and the like run on; null before run() began: the homeserver is asked to come again.
  std::function<async::TaskGroup*()> tasks;
};
std::vector<adapters::Route> push_routes(const PushDoor& door);

}  // namespace broadsheet::matrix
