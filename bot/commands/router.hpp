// From an event to an answer: understood, allowed, not too often, within its deadline (design: architecture 5b). Used
// on the I/O thread. What commands do is in reading.cpp and subscribing.cpp, what they say in answers.hpp.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "bot/commands/rate.hpp"
#include "bot/commands/services.hpp"
#include "bot/model/event.hpp"

namespace broadsheet::commands {

struct Answer {
  std::vector<adapters::Part> parts;  // none: say nothing
  model::Visibility visibility = model::Visibility::asker;
  std::optional<adapters::Part> public_line;  // a short line for the channel beside a private answer
  std::string digest;                         // what its buttons are about (adapters::RenderOptions)
  std::size_t announced = 0;                  // in that digest's listings
};

// How many a minute of what costs alike; 0: any number.
struct Allowance {
  std::size_t per_user = 0, per_workspace = 0;
};
struct RouterLimits {
  Allowance builds{10, 60}, look_ups{40, 240};
  std::size_t subscriptions = 20;  // of one target
};
// Told when the answer is not there by the command's deadline; the work goes on. May be null.
using Interim = std::function<void(Answer)>;

class Router {
 public:
  // `random` gives numbers for confirmation codes and subscription ids; all references outlive the router.
  Router(Services& services, Clock& clock, std::function<std::uint64_t()> random, RouterLimits limits = {});

  // Never fails: what goes wrong is an answer too. Cancellation travels as an exception.
  awaitable<Answer> run(model::CommandEvent event, Context context, Interim interim = nullptr);
  // The answer to a look-up of stored papers by somebody whose role is known, meant for the asker alone and the same
  // for everybody who may ask; nothing: run() it.
  awaitable<std::optional<Answer>> at_once(const model::CommandEvent& event, const Context& context);
  // Counts this asker's command. Too often: what to say about it, which may be nothing.
  std::optional<Answer> refused_for_now(const model::ReplyTo& from, const Context& context, Cost cost = Cost::look_up);

 private:
  struct Request {
    ParsedCommand command;
    model::ReplyTo from;
    Context context;
    model::Target where;     // what the command is about: here, or `target:`
    bool confirmed = false;  // asked and answered
    bool as_bibtex = false;  // a card's button
    std::string id;          // of the event
    const CommandSpec& spec() const { return spec_of(command.command); }
  };
  struct Confirmation {
    std::string code;
    ParsedCommand command;
    model::Target where;
    Moment until{};
  };

  std::variant<UserError, Request> understood(const model::CommandEvent& event, const Context& context);
  // A command without its paper, under a message about one, is about that one.
  awaitable<std::variant<UserError, Request>> understood_there(model::CommandEvent event, const Context& context);
  std::variant<UserError, Request> meant_by_button(const model::CommandEvent& event, const Context& context);
  // An edited command counts only when the first form was not understood (spec: commands 5).
  bool is_second_try(const model::CommandEvent& event) const;
  void remember_failure(const model::CommandEvent& event);

  awaitable<Result<Answer>> in_time(Request request, Interim interim);
  awaitable<Result<Answer>> perform(Request request);
  awaitable<std::optional<UserError>> allow(Request& request);
  awaitable<Answer> carry_out(Request request);

  awaitable<Answer> help(Request request);
  awaitable<Answer> paper(Request request);
  awaitable<Answer> bibtex(Request request);
  awaitable<Answer> search(Request request);
  awaitable<Answer> digest(Request request);
  awaitable<Answer> show(Request request, BuiltDigest built, Style style);
  awaitable<Answer> post(Request request, BuiltDigest built, const model::Effective& options);
  // The paper behind a number, or what to say instead.
  awaitable<std::variant<Answer, PaperId>> card_meant(const Request& request, int number);
  awaitable<Answer> subscriptions(Request request);
  awaitable<Answer> status(Request request);
  awaitable<Answer> subscribe(Request request);
  awaitable<Answer> unsubscribe(Request request);
  awaitable<Answer> confirm(Request request);

  awaitable<Answer> change(Request request, model::Subscription found);
  awaitable<Answer> end_all(Request request, std::vector<model::Subscription> all);
  awaitable<Answer> end(Request request, std::vector<model::Subscription> removed,
                        std::vector<model::Subscription> kept);
  awaitable<Answer> echo(Request request, model::Subscription subscription, std::string line, std::string undo = {});
  awaitable<void> tell_channel(Request request, Answer& answer, std::string what, std::string stop);
  Answer ask_to_confirm(const Request& request, std::size_t subscriptions);

  static Answer paper_cards(const Request& request, const std::vector<Card>& cards,
                            const std::vector<VersionedId>& asked);
  static Answer answer(const Request& request, doc::Document document);
  static Answer refusal(const Context& context, const UserError& error);
  // Logged with a reference that the person is told.
  Answer failure(const Request& request, const Error& error);

  Services& services_;
  Clock& clock_;
  std::function<std::uint64_t()> random_;
  RouterLimits limits_;
  struct Windows {
    explicit Windows(const Allowance& most) : users(most.per_user), workspaces(most.per_workspace) {}
    RateWindow users, workspaces;
  };
  Windows builds_, look_ups_;
  std::map<std::string, Confirmation> confirmations_;  // by person; valid for five minutes
  std::deque<std::string> failed_;                     // the newest messages that were not understood
};

}  // namespace broadsheet::commands
