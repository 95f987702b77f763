#include "adapters/slack/inlet.hpp"

#include <algorithm>
#include <utility>

#include "adapters/slack/views.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::slack {
namespace {

using http::ServerRequest;
using http::ServerResponse;
using model::Event;
using model::PlaceEvent;
using model::PlaceState;

constexpr std::size_t kMaxBody = std::size_t{1} << 20;
// Errors meant for the person are a 200 with a message (contracts: Slack 3).
constexpr std::string_view kTryAgain =
    R"({"response_type":"ephemeral","text":"I could not take that just now. Please try again in a minute."})";

const std::string kToTheAsker = R"({"response_type":"ephemeral",)";

using Reader = std::function<Result<Inbound>(const ServerRequest&, Moment)>;

Result<Inbound> of_command(const ServerRequest& request, Moment now) {
  auto form = parse_form(request.body);
  if (!form) return form.error();
  return read_command(*form, now);
}

Result<Inbound> of_interaction(const ServerRequest& request, Moment now) {
  auto form = parse_form(request.body);
  if (!form) return form.error();
  return read_interaction(field(*form, "payload"), now);
}

Result<Inbound> of_event(const ServerRequest& request, Moment now) {
  return read_event(request.body, now);
}

ServerResponse status(int code, std::string text) {
  ServerResponse out;
  out.status = code;
  out.body = std::move(text);
  return out;
}

awaitable<ServerResponse> serve(Inlet& inlet, const Verifier& verifier, Clock& clock, Reader read,
                                ServerRequest request) {
  constexpr int kOk = 200, kBadRequest = 400, kUnauthorised = 401, kUnavailable = 503;
  auto now = clock.now();
  auto proof = verifier.check(request.headers, request.body, now);
  if (proof == Proof::rejected) co_return status(kUnauthorised, {});
  if (proof == Proof::ssl_check) co_return status(kOk, {});
  auto inbound = read(request, now);
  if (!inbound) {
    log::warning("slack.request_unreadable", {{"path", request.path}, {"why", inbound.error().what()}});
    co_return status(kBadRequest, "unreadable\n");
  }
  if (inbound->want == Want::challenge) co_return status(kOk, inbound->text);
  auto answer = co_await inlet.handle(std::move(*inbound));
  if (!answer) co_return status(kUnavailable, "try again\n");
  ServerResponse out = status(kOk, std::move(*answer));
  if (!out.body.empty()) out.content_type = "application/json; charset=utf-8";
  co_return out;
}

}  // namespace

awaitable<Result<std::string>> Inlet::handle(Inbound in) {
  return in.want == Want::accept ? accept(std::move(in)) : handle_other(std::move(in));
}

awaitable<Result<std::string>> Inlet::handle_other(Inbound in) {
  switch (in.want) {
    case Want::modal:
      // The trigger lives 3 s: nothing is asked of the store before (contracts: Slack 4).
      if (tasks_ == nullptr) co_return co_await accept(std::move(in));
      tasks_->spawn("slack.modal", open_modal(std::move(in)));
      co_return std::string();
    case Want::panel:
      co_return panel();
    case Want::home:
      if (tasks_ == nullptr) co_return std::string();
      tasks_->spawn("slack.home", open_home(in.team, in.user));
      co_return co_await accept(std::move(in));
    case Want::unfurl:
      std::erase_if(in.events, [&](const Event& event) { return !wants_card(in.team, event); });
      co_return co_await accept(std::move(in));
    case Want::options:
      co_return category_options(in.text);
    case Want::rate_limit:
      log::warning("slack.events_dropped", {{"team", in.team}});
      co_return std::string();
    case Want::accept:
    case Want::challenge:
    case Want::nothing:
      co_return std::string();
  }
  co_return std::string();
}

bool Inlet::wants_card(const std::string& team, const Event& event) {
  bool opted_in = std::find(unfurl_teams_.begin(), unfurl_teams_.end(), team) != unfurl_teams_.end();
  auto link = read_unfurl_handle(std::get<model::CommandEvent>(event).from.handle);
  return opted_in && link && surfaces_.wants_card(team, *link);
}

// A look-up costs one answer, the acknowledgement itself, and no row.
awaitable<std::optional<std::string>> Inlet::at_once(model::Event& event) {
  auto* command = std::get_if<model::CommandEvent>(&event);
  if (command == nullptr) co_return std::nullopt;
  auto message = co_await sink_.at_once(*command);
  if (!message) co_return std::nullopt;
  if (message->body.empty()) co_return std::string();
  co_return kToTheAsker + message->body.substr(1);
}

// Who types somewhere is there: reading needs no call. What changes something asks anew. The channel of a form comes
// back from a client and proves nothing.
awaitable<Result<std::string>> Inlet::accept(Inbound in) {
  for (auto& event : in.events)
    if (auto* command = std::get_if<model::CommandEvent>(&event);
        command != nullptr && (in.kind != "view_submission" || command->text.starts_with("search ")))
      command->from.who.role = roles_.reader(command->from.who, command->from.target);
  if (in.takes_answer && in.events.size() == 1)
    if (auto answer = co_await at_once(in.events.front())) co_return std::move(*answer);
  bool gone = false;
  if (!in.events.empty() && !installations_.knows(in.team, in.organisation))
    co_await installations_.belongs(in.team, in.organisation);
  for (auto& event : in.events) {
    const auto* place = std::get_if<PlaceEvent>(&event);
    if (place != nullptr) roles_.forget(place->target);
    gone = gone || (place != nullptr && place->state == PlaceState::uninstalled);
    // One local commit (design: architecture R7): a deadline of its own would cost as much as the rest of the request,
    // and a store that hangs leaves nothing to say but Slack's own timeout.
    auto stored = co_await sink_.accept(std::move(event));
    if (stored) continue;
    log::error("slack.event_not_stored", {{"kind", in.kind}, {"why", stored.error().what()}});
    // Slash commands and submissions are never sent again; the person has to know.
    if (in.kind == "slash_commands") co_return std::string(kTryAgain);
    co_return stored.error();
  }
  if (gone) co_await installations_.forget(in.organisation.empty() ? in.team : in.organisation);
  co_return std::string();
}

awaitable<void> Inlet::open_modal(Inbound in) {
  auto identity = co_await installations_.of(in.team);
  if (identity) {
    auto answer = co_await api_.post("views.open", identity->token, modal_for(in.guide, in.trigger, in.channel));
    // A trigger that was used before opened the form then: the same payload came twice.
    if (answer.ok() || answer.code == "exchanged_trigger_id" || answer.code == "trigger_exchanged") co_return;
    log::info("slack.modal_not_opened", {{"code", answer.code}});
  }
  // Without the form the command's own answer explains what to type.
  auto stored = co_await accept(std::move(in));
  if (!stored) log::error("slack.command_lost", {{"why", stored.error().what()}});
}

awaitable<void> Inlet::open_home(std::string team, std::string user) {
  auto identity = co_await installations_.of(team);
  if (identity) co_await surfaces_.open_home(std::move(team), std::move(user), identity->token);
}

std::vector<adapters::Route> inlet_routes(Inlet& inlet, Verifier verifier, Clock& clock) {
  auto shared = std::make_shared<const Verifier>(std::move(verifier));
  auto route = [&](std::string path, Reader read) {
    auto handler = [&inlet, &clock, shared, read = std::move(read)](ServerRequest request) {
      return serve(inlet, *shared, clock, read, std::move(request));
    };
    return adapters::Route{"POST", std::move(path), kMaxBody, std::move(handler)};
  };
  return {route("/slack/command", of_command), route("/slack/interactive", of_interaction),
          route("/slack/options", of_interaction), route("/slack/events", of_event)};
}

}  // namespace broadsheet::slack
