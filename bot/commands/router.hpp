// From an event to an answer: understood, allowed, not too often, within its deadline (design: architecture 5b). Used
// on the I/O thread. What a command does is in router.cpp and run_*.cpp; what it says is in answers.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/event.hpp"
#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "bot/commands/rate.hpp"
#include "bot/commands/services.hpp"

namespace broadsheet::commands {

struct Answer {
  std::vector<adapters::Part> parts;  // none: say nothing
  adapters::Visibility visibility = adapters::Visibility::asker;
  std::optional<adapters::Part> public_line;  // a short line for the channel beside a private answer
};

struct RouterLimits {
  std::size_t per_user = 10, per_workspace = 60;  // commands a minute
  std::size_t subscriptions = 20;                 // of one target
};

class Router {
 public:
  // `random` gives numbers for confirmation codes and subscription ids; all references outlive the router.
  Router(Services& services, Clock& clock, std::function<std::uint64_t()> random, RouterLimits limits = {});

  // Never fails: what goes wrong is an answer too. Cancellation travels as an exception.
  awaitable<Answer> run(adapters::CommandEvent event, Context context);

 private:
  struct Request {
    const CommandSpec* spec = nullptr;
    ParsedCommand command;
    adapters::ReplyTo from;
    Context context;
    adapters::Target where;  // what the command is about: here, or `target:`
  };
  struct Confirmation {
    std::string code;
    ParsedCommand command;
    Moment until{};
  };
  // A stop on the way is an error for people.
  template <class T>
  using Step = std::variant<UserError, T>;

  awaitable<Answer> typed(adapters::CommandEvent event, Context context);
  awaitable<Answer> pressed(adapters::CommandEvent event, Context context);
  awaitable<std::optional<UserError>> allow(Request& request);
  awaitable<Result<Answer>> perform(Request request);

  awaitable<Answer> help(Request request);
  awaitable<Answer> paper(Request request);
  awaitable<Answer> search(Request request);
  awaitable<Answer> digest(Request request);
  awaitable<Answer> subscribe(Request request);
  awaitable<Answer> unsubscribe(Request request);
  awaitable<Answer> subscriptions(Request request);
  awaitable<Answer> status(Request request);
  awaitable<Answer> confirm(Request request);

  Services& services_;
  Clock& clock_;
  std::function<std::uint64_t()> random_;
  RouterLimits limits_;
  RateWindow users_, workspaces_;
  std::map<std::string, Confirmation> confirmations_;  // by person and place; valid for five minutes
};

}  // namespace broadsheet::commands
