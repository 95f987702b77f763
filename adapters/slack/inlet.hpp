// What happens with one payload, whichever way it came in: stored, then acknowledged (contracts: Slack 1, 3-6; design:
// reliability P10).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/slack/installations.hpp"
#include "adapters/slack/payload.hpp"
#include "adapters/slack/roles.hpp"
#include "adapters/slack/signing.hpp"
#include "adapters/slack/surfaces.hpp"
#include "bot/async/async.hpp"
#include "bot/base/clock.hpp"

namespace broadsheet::slack {

class Inlet {
 public:
  // `unfurl_teams`: the workspaces that want cards under pasted links.
  Inlet(adapters::EventSink& sink, Api& api, Installations& installations, Surfaces& surfaces, Roles& roles,
        std::vector<std::string> unfurl_teams)
      : sink_(sink),
        api_(api),
        installations_(installations),
        surfaces_(surfaces),
        roles_(roles),
        unfurl_teams_(std::move(unfurl_teams)) {}

  // The JSON to answer with, empty for none. An Error: not stored, let Slack send it again.
  awaitable<Result<std::string>> handle(Inbound in);
  // Where what need not be waited for is done (App Home, opening a modal); null while nothing runs.
  void background(async::TaskGroup* tasks) { tasks_ = tasks; }

 private:
  awaitable<Result<std::string>> accept(Inbound in);
  awaitable<std::optional<std::string>> at_once(model::Event& event);
  awaitable<Result<std::string>> handle_other(Inbound in);
  awaitable<void> open_modal(Inbound in);
  awaitable<void> open_home(std::string team, std::string user);
  bool wants_card(const std::string& team, const model::Event& event);

  adapters::EventSink& sink_;
  Api& api_;
  Installations& installations_;
  Surfaces& surfaces_;
  Roles& roles_;
  std::vector<std::string> unfurl_teams_;
  async::TaskGroup* tasks_ = nullptr;
};

// POST /slack/command, /slack/interactive, /slack/options, /slack/events. `inlet` and `clock` outlive the routes.
std::vector<adapters::Route> inlet_routes(Inlet& inlet, Verifier verifier, Clock& clock);

}  // namespace broadsheet::slack
