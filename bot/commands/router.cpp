#include "bot/commands/router.hpp"

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>

#include "bot/async/async.hpp"
#include "bot/base/log.hpp"
#include "bot/base/text.hpp"
#include "bot/commands/waiting.hpp"

namespace broadsheet::commands {
namespace {

using model::CommandEvent;
using model::Role;
using model::Visibility;

constexpr std::size_t kFailuresKept = 1000;
// Answers to people are sent for 25 minutes (design: reliability P3).
constexpr std::chrono::minutes kPatience{20};

std::string role_text(Role role) {
  if (role == Role::operator_) return "operators";
  return role == Role::manager ? "{place} managers" : "members";
}

std::string user_key(const model::ReplyTo& from) {
  return from.target.platform.str() + ":" + from.target.workspace + ":" + from.who.id;
}

std::string workspace_key(const model::ReplyTo& from) {
  const auto& target = from.target;
  return target.platform.str() + ":" + (target.workspace.empty() ? target.place : target.workspace);
}

std::string message_key(const model::ReplyTo& from) {
  return from.target.str() + " " + from.message.str();
}

// "telegram:42", "@channel", "C0123": a place of the same platform and workspace; nothing for others.
std::optional<model::Target> place_named(const std::string& typed, const model::Target& here) {
  auto direct = model::Target::parse(typed);
  if (!direct) {
    auto place = here;
    place.place = typed.starts_with('#') ? typed.substr(1) : typed;
    place.topic.clear();
    direct = model::Target::parse(place.str());
  }
  if (!direct || direct->platform != here.platform || direct->workspace != here.workspace) return std::nullopt;
  return *direct;
}

// As place_named() takes it.
std::string name_of(const model::Target& where) {
  return where.topic.empty() ? where.place : where.str();
}

std::string wait_text(const Error& error) {
  auto wait = error.retry_after().value_or(std::chrono::minutes(1));
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()) + " s";
}

std::string reference(std::uint64_t number) {
  constexpr std::string_view kSigns = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
  std::string out;
  for (int i = 0; i < 4; ++i, number /= kSigns.size()) out += kSigns[number % kSigns.size()];
  return out;
}

}  // namespace

Router::Router(Services& services, Clock& clock, std::function<std::uint64_t()> random, RouterLimits limits)
    : services_(services),
      clock_(clock),
      random_(std::move(random)),
      limits_(limits),
      builds_(limits.builds),
      look_ups_(limits.look_ups) {}

awaitable<Answer> Router::run(model::CommandEvent event, Context context, Interim interim) {
  if (event.edited && !is_second_try(event)) co_return Answer{};
  bool pressed = event.button || !event.button_key.empty();
  auto meant = pressed ? meant_by_button(event, context) : co_await understood_there(event, context);
  const auto* error = std::get_if<UserError>(&meant);
  auto cost = error != nullptr ? Cost::look_up : std::get<Request>(meant).spec().cost;
  if (auto refused = refused_for_now(event.from, context, cost)) co_return *refused;
  if (error != nullptr) {
    remember_failure(event);
    co_return refusal(context, *error);
  }
  auto request = std::get<Request>(std::move(meant));
  request.id = event.id;
  auto done = co_await async::with_timeout(clock_, kPatience, in_time(std::move(request), std::move(interim)));
  if (done) co_return std::move(*done);
  co_return refusal(context, user_error(ErrorCode::gave_up, {std::to_string(kPatience.count())}));
}

// What is promised at the deadline is kept: the same work goes on, and its answer is the answer.
awaitable<Result<Answer>> Router::in_time(Request request, Interim interim) {
  using boost::asio::experimental::awaitable_operators::operator&&;
  auto deadline = request.spec().deadline;
  auto context = request.context;
  async::Event finished(co_await boost::asio::this_coro::executor);
  Result<Answer> out;
  auto work = [](Router& self, Request asked, Result<Answer>& to, async::Event& done) -> awaitable<void> {
    to = co_await self.perform(std::move(asked));
    done.set();
  };
  auto watch = [](Clock& clock, std::chrono::seconds time, async::Event& done, Interim say,
                  Answer word) -> awaitable<void> {
    if (!co_await happens_within(clock, time, done) && say) say(std::move(word));
  };
  auto word = refusal(context, user_error(ErrorCode::busy, {std::to_string(deadline.count())}));
  try {
    co_await (work(*this, std::move(request), out, finished) &&
              watch(clock_, deadline, finished, std::move(interim), std::move(word)));
  } catch (const boost::asio::multiple_exceptions& both) {  // cancelled: each side says so
    std::rethrow_exception(both.first_exception());
  }
  co_return out;
}

// ---- before anything is done

std::optional<Answer> Router::refused_for_now(const model::ReplyTo& from, const Context& context, Cost cost) {
  auto now = clock_.steady_now();
  bool build = cost == Cost::build;
  auto& windows = build ? builds_ : look_ups_;
  const auto& allowed = build ? limits_.builds : limits_.look_ups;
  auto code = ErrorCode::rate_user;
  auto most = allowed.per_user;
  auto verdict = windows.users.take(user_key(from), now);
  if (!verdict.wait) {
    verdict = windows.workspaces.take(workspace_key(from), now);
    code = ErrorCode::rate_chat;
    most = allowed.per_workspace;
  }
  if (!verdict.wait) return std::nullopt;
  if (!verdict.tell) return Answer{};  // told at most once a minute (spec: commands 6)
  auto what = std::to_string(most) + (build ? " digests" : " commands");
  return refusal(context, user_error(code, {std::to_string(verdict.wait->count()), what}));
}

bool Router::is_second_try(const model::CommandEvent& event) const {
  return std::find(failed_.begin(), failed_.end(), message_key(event.from)) != failed_.end();
}

void Router::remember_failure(const model::CommandEvent& event) {
  if (event.from.message.empty()) return;
  failed_.push_back(message_key(event.from));
  if (failed_.size() > kFailuresKept) failed_.pop_front();
}

std::variant<UserError, Router::Request> Router::understood(const model::CommandEvent& event, const Context& context) {
  auto parsed = parse(event.text, context.zone.local_day(clock_.now()));
  if (const auto* error = std::get_if<UserError>(&parsed)) return *error;
  if (event.edited) std::erase(failed_, message_key(event.from));
  Request request{std::get<ParsedCommand>(std::move(parsed)), event.from, context, event.from.target};
  if (const auto& language = request.command.options.language) {
    auto known = services_.languages();
    if (std::find(known.begin(), known.end(), *language) == known.end())
      return user_error(ErrorCode::bad_option, {"lang", text::join(known, " or "), quoted_part(*language), "",
                                                std::string(request.spec().name)});
  }
  if (!request.command.target.empty()) {
    auto where = place_named(request.command.target, event.from.target);
    if (!where)
      return user_error(ErrorCode::bad_option,
                        {"target", "a {place} that can be reached from here", quoted_part(request.command.target), "",
                         std::string(request.spec().name)});
    request.where = *where;
  }
  bool read_there = request.where == event.from.target && (event.from.direct || !context.private_elsewhere);
  if (!read_there) request.context.elsewhere = name_of(request.where);
  return request;
}

awaitable<std::variant<UserError, Router::Request>> Router::understood_there(CommandEvent event,
                                                                             const Context& context) {
  auto meant = understood(event, context);
  const auto* error = std::get_if<UserError>(&meant);
  auto word = text::lower_ascii(event.text.substr(0, event.text.find(' ')));
  const auto* command = find_command(word);
  bool lacks = error != nullptr && error->code == ErrorCode::missing_arg && command != nullptr &&
               command->command == Command::paper;
  if (!lacks) co_return meant;
  auto about = event.about;
  if (about.empty() && !event.from.thread.empty()) about = co_await services_.paper_above(event.from);
  if (about.empty()) co_return meant;
  event.text += " " + about.str();
  co_return understood(event, context);
}

std::variant<UserError, Router::Request> Router::meant_by_button(const model::CommandEvent& event,
                                                                 const Context& context) {
  bool digit = event.button_key.size() == 1 && event.button_key[0] >= '0' && event.button_key[0] <= '9';
  if (!event.button && digit) return user_error(ErrorCode::no_such_choice, {event.button_key});
  if (!event.button) return user_error(ErrorCode::stale_button);
  const auto& button = *event.button;
  Request request{{}, event.from, context, event.from.target};
  bool of_paper = button.action == doc::Action::details || button.action == doc::Action::bibtex;
  if (of_paper && !button.paper.empty()) {
    request.command.command = Command::paper;
    request.command.papers.push_back({{button.paper, 0}, 0});
    request.command.options.style = Style::full;
    request.as_bibtex = button.action == doc::Action::bibtex;
    return request;
  }
  bool of_digest = button.action == doc::Action::all_titles || button.action == doc::Action::retry;
  if (!of_digest || button.subject.empty()) return user_error(ErrorCode::stale_button);
  auto text = model::command_of_subject(button.subject);
  if (button.action == doc::Action::all_titles) text += " style:titles";
  auto parsed = parse(text, context.zone.local_day(clock_.now()));
  if (!std::holds_alternative<ParsedCommand>(parsed)) return user_error(ErrorCode::stale_button);
  request.command = std::get<ParsedCommand>(std::move(parsed));
  return request;
}

// ---- on the way

awaitable<Result<Answer>> Router::perform(Request request) {
  std::string trouble;
  try {
    if (auto error = co_await allow(request)) co_return refusal(request.context, *error);
    co_return co_await carry_out(request);
  } catch (const boost::system::system_error&) {
    throw;  // cancellation
  } catch (const std::exception& e) {
    trouble = e.what();
  }
  co_return failure(request, Error(ErrorKind::internal, trouble));
}

awaitable<std::optional<UserError>> Router::allow(Request& request) {
  auto needed = request.spec().role;
  bool here = request.where == request.from.target;
  auto role = request.from.who.role;
  bool lists = request.command.command == Command::help;  // what the asker may run
  // In a direct conversation everybody manages his own; what changes something is asked anew elsewhere.
  if (here && request.from.direct) {
    role = std::max(role, Role::manager);
  } else if (!here || role == Role::unknown || needed >= Role::manager || (lists && role == Role::member)) {
    // Being here is proven by the event, and no more; it says nothing about there.
    auto proven = here ? std::min(role, Role::member) : Role::unknown;
    auto who = request.from.who;
    who.role = proven;
    auto asked = co_await services_.role_of(std::move(who), request.where);
    if (!asked && needed > Role::guest) {
      log::warning("commands.role_unknown", {{"target", request.where.str()}, {"why", asked.error().what()}});
      co_return user_error(ErrorCode::role_unknown, {wait_text(asked.error())});
    }
    role = asked ? *asked : proven;
  }
  request.context.role = std::max(role, Role::guest);
  if (request.context.role >= needed) co_return std::nullopt;
  co_return user_error(ErrorCode::forbidden, {role_text(needed)});
}

awaitable<Answer> Router::carry_out(Request request) {
  switch (request.command.command) {
    case Command::help:
    case Command::start:
      co_return co_await help(std::move(request));
    case Command::paper:
      if (request.as_bibtex) co_return co_await bibtex(std::move(request));
      co_return co_await paper(std::move(request));
    case Command::search:
      co_return co_await search(std::move(request));
    case Command::digest:
    case Command::today:
      co_return co_await digest(std::move(request));
    case Command::subscribe:
      co_return co_await subscribe(std::move(request));
    case Command::unsubscribe:
      co_return co_await unsubscribe(std::move(request));
    case Command::subscriptions:
      co_return co_await subscriptions(std::move(request));
    case Command::status:
      co_return co_await status(std::move(request));
    case Command::confirm:
      co_return co_await confirm(std::move(request));
  }
  co_return Answer{};
}

// ---- answers

Answer Router::answer(const Request& request, doc::Document document) {
  Answer out;
  out.parts.push_back({model::PartKind::reply, std::move(document), {}});
  bool posted = request.spec().visible == Visible::asker_or_posted && request.command.post;
  out.visibility = posted ? Visibility::channel : Visibility::asker;
  return out;
}

Answer Router::refusal(const Context& context, const UserError& error) {
  Answer out;
  out.parts.push_back({model::PartKind::reply, error_answer(context, error), {}});
  return out;
}

Answer Router::failure(const Request& request, const Error& error) {
  auto code = reference(random_());
  log::error("commands.failed", {{"command", request.spec().name}, {"reference", code}, {"why", error.what()}});
  if (error.kind() == ErrorKind::rate_limited) {
    auto wait = error.retry_after() ? std::to_string(error.retry_after()->count() / 1000 + 1) + " s" : std::string();
    return refusal(request.context, user_error(ErrorCode::source_limited, {wait}));
  }
  if (error.kind() == ErrorKind::unavailable || error.kind() == ErrorKind::transient)
    return refusal(request.context, user_error(ErrorCode::source_down));
  return refusal(request.context, user_error(ErrorCode::internal, {code}));
}

}  // namespace broadsheet::commands
