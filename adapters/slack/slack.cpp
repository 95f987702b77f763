#include "adapters/slack/slack.hpp"

#include <algorithm>
#include <deque>
#include <nlohmann/json.hpp>

#include "adapters/slack/blocks.hpp"
#include "adapters/slack/doctor.hpp"
#include "adapters/slack/inlet.hpp"
#include "adapters/slack/installations.hpp"
#include "adapters/slack/json.hpp"
#include "adapters/slack/oauth.hpp"
#include "adapters/slack/recovery.hpp"
#include "adapters/slack/replies.hpp"
#include "adapters/slack/roles.hpp"
#include "adapters/slack/signing.hpp"
#include "adapters/slack/socket_mode.hpp"
#include "adapters/slack/surfaces.hpp"
#include "bot/async/async.hpp"
#include "bot/base/log.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::slack {
namespace {

using adapters::CannotTell;
using adapters::Check;
using adapters::EventSink;
using adapters::FindOutcome;
using adapters::FindRequest;
using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::ReplyRequest;
using adapters::SendOutcome;
using adapters::SendRequest;
using adapters::Sent;
using adapters::Unknown;
using model::Actor;
using model::OutgoingMessage;
using model::Role;
using model::Target;
using model::Visibility;
using nlohmann::json;

// Messages of a workspace: several hundred a minute (contracts: Slack 8).
constexpr double kWorkspacePerSecond = 5;
constexpr std::size_t kThreadDigits = 40;
constexpr std::size_t kGoneThreads = 1000;

bool is_timestamp(std::string_view ts) {
  return !ts.empty() && ts.size() < kThreadDigits && ts.find('.') != std::string_view::npos &&
         ts.find_first_not_of("0123456789.") == std::string_view::npos;
}

// The address in front of our own body: {"channel":"C1",…,"text":…
std::string addressed(const json& head, const std::string& body) {
  auto out = dump(head);
  out.pop_back();
  return out + "," + body.substr(1);
}

// Blocks that Slack would not take; the words go without them, once (contracts: Slack 9, class message).
bool blocks_at_fault(const Answer& answer) {
  return answer.kind == AnswerClass::message &&
         (answer.code.starts_with("invalid_blocks") || answer.code == "msg_blocks_too_long");
}

std::string without_blocks(const std::string& body) {
  auto tree = parse_json(body);
  if (!tree) return body;
  tree->erase("blocks");
  return dump(*tree);
}

SendOutcome outcome_of(const Answer& answer, const Target& target) {
  if (!answer.ok()) {
    auto out = failed_send(answer, "chat.postMessage");
    auto* waiting = std::get_if<NotSent>(&out);
    if (waiting != nullptr && answer.code == "message_limit_exceeded")
      waiting->bucket = "workspace:" + target.workspace;
    return out;
  }
  auto tree = parse_json(answer.body);
  auto ts = tree ? text_at(*tree, {"ts"}) : std::string();
  if (ts.empty()) return Unknown{Error(ErrorKind::transient, "chat.postMessage: no ts in the answer")};
  return Sent{model::RemoteId(ts)};
}

SendOutcome no_identity(const Error& error) {
  if (error.kind() == ErrorKind::not_allowed)
    return Refused{RefusalClass::installation, error.what(), "install the app in that workspace", std::nullopt};
  return NotSent{error, error.retry_after(), {}};
}

SendOutcome thread_gone() {
  Answer answer;
  answer.kind = AnswerClass::unthreaded;
  answer.code = "the first message was deleted";
  return refusal(answer);
}

awaitable<void> until_cancelled() {
  async::Event never(co_await boost::asio::this_coro::executor);
  co_await never.wait();
}

}  // namespace

class Slack::Impl {
 public:
  Impl(config::Slack s, std::string url, Doors d, std::optional<Verifier> v)
      : settings(std::move(s)),
        public_url(std::move(url)),
        doors(d),
        verifier(std::move(v)),
        api(d.transport, settings.api_url, d.clock),
        installations(api, d.state, d.clock, settings),
        replies(api, d.clock, origins()),
        recovery(api),
        surfaces(api, d.clock),
        roles(api, d.clock),
        oauth(api, installations, d.clock, settings, public_url) {}

  config::Slack settings;
  std::string public_url;
  Doors doors;
  std::optional<Verifier> verifier;  // in HTTP mode
  Api api;
  Installations installations;
  Replies replies;
  Recovery recovery;
  Surfaces surfaces;
  Roles roles;
  OAuth oauth;
  std::unique_ptr<Inlet> inlet;
  std::unique_ptr<SocketMode> socket;
  std::string token_trouble;
  std::deque<std::string> gone_threads;  // their first message was deleted; nothing more is tried there

  bool over_http() const { return settings.mode == "http"; }

  Inlet& make_inlet(EventSink& sink) {
    if (!inlet) inlet = std::make_unique<Inlet>(sink, api, installations, surfaces, roles, settings.unfurl_teams);
    return *inlet;
  }

  // Where a response_url may lead (spec: interfaces 2, hooks_url).
  std::vector<std::string> origins() const {
    std::vector<std::string> out;
    if (auto hooks = http::parse_url(settings.hooks_url)) out.push_back(hooks->origin());
    if (settings.hooks_url == "https://hooks.slack.com") out.emplace_back("https://hooks.slack-gov.com");
    auto own = http::parse_url(settings.api_url);
    if (own && http::is_loopback(own->host)) out.push_back(own->origin());
    return out;
  }

  // One call with the workspace's token; an expired token is renewed once and the call repeated once.
  awaitable<Answer> post(std::string method, std::string team, Identity& identity, std::string body,
                         std::string thread = {}) {
    auto answer = co_await api.post(method, identity.token, body, thread);
    if (answer.kind == AnswerClass::token) {
      auto next = co_await installations.renewed(team, identity.token);
      if (next) {
        identity = *next;
        answer = co_await api.post(method, identity.token, body, thread);
      }
    }
    note(answer);
    co_return answer;
  }

  void note(const Answer& answer) {
    if (answer.ok()) token_trouble.clear();
    if (answer.kind == AnswerClass::installation || answer.kind == AnswerClass::token)
      token_trouble = "Slack refuses the token: " + answer.code;
  }

  awaitable<SendOutcome> send(SendRequest request, std::string body);
  awaitable<SendOutcome> reply(ReplyRequest request);
  awaitable<void> listen(EventSink& sink);
};

Slack::Slack(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Slack::~Slack() = default;

Result<std::unique_ptr<Slack>> Slack::make(config::Slack settings, std::string public_url, Doors doors) {
  std::optional<Verifier> verifier;
  bool http = settings.mode == "http";
  if (http) {
    auto made = Verifier::make(settings.signing_secrets);
    if (!made) return made.error();
    verifier = std::move(*made);
  }
  if (!http && settings.app_token.empty())
    return Error(ErrorKind::bad_input, "Slack in socket mode needs slack.app_token (xapp-…)");
  bool oauth = !settings.client_id.empty() && !settings.client_secret.empty();
  if (settings.bot_token.empty() && !oauth)
    return Error(ErrorKind::bad_input, "Slack needs slack.bot_token, or client_id and client_secret");
  return std::unique_ptr<Slack>(
      new Slack(std::make_unique<Impl>(std::move(settings), std::move(public_url), doors, std::move(verifier))));
}

adapters::Capabilities Slack::capabilities() const {
  adapters::Capabilities out;
  out.threads = out.edits = out.buttons = out.private_replies = out.read_back = true;
  return out;
}

std::vector<OutgoingMessage> Slack::render(const std::vector<adapters::Part>& parts,
                                           const adapters::RenderOptions& options) const {
  return slack::render(parts, options);
}

std::string Slack::request_body(const SendRequest& request) const {
  json head = {{"channel", request.target.place}, {"unfurl_links", false}, {"unfurl_media", false}};
  if (!request.key.empty()) head["metadata"] = json::parse(delivery_metadata(request.key.str()));
  if (is_timestamp(request.thread.str())) head["thread_ts"] = request.thread.str();
  return addressed(head, request.message.body);
}

std::vector<adapters::Pace> Slack::paces(const Target& target, bool) const {
  return {{"channel:" + target.workspace + "/" + target.place, 1, 1},
          {"workspace:" + target.workspace, kWorkspacePerSecond, kWorkspacePerSecond}};
}

awaitable<SendOutcome> Slack::Impl::send(SendRequest request, std::string body) {
  auto identity = co_await installations.of(request.target.workspace);
  if (!identity) co_return no_identity(identity.error());
  std::string thread = is_timestamp(request.thread.str()) ? request.thread.str() : std::string();
  auto place = request.target.str() + " " + thread;
  if (std::find(gone_threads.begin(), gone_threads.end(), place) != gone_threads.end()) co_return thread_gone();
  auto answer = co_await post("chat.postMessage", request.target.workspace, *identity, body, thread);
  if (blocks_at_fault(answer)) {
    log::error("slack.blocks_refused", {{"code", answer.code}, {"detail", answer.detail}, {"key", request.key.str()}});
    answer = co_await post("chat.postMessage", request.target.workspace, *identity, without_blocks(body), thread);
  }
  if (answer.kind != AnswerClass::unthreaded) co_return outcome_of(answer, request.target);
  auto stray = outcome_of(answer, request.target);
  if (const auto* sent = std::get_if<Sent>(&stray))
    co_await remove_stray(api, identity->token, request.target.place, sent->remote_id.str());
  gone_threads.push_back(std::move(place));
  if (gone_threads.size() > kGoneThreads) gone_threads.pop_front();
  co_return thread_gone();
}

awaitable<SendOutcome> Slack::send(SendRequest request) {
  auto body = request_body(request);
  co_return co_await impl_->send(std::move(request), std::move(body));
}

awaitable<FindOutcome> Slack::find_sent(FindRequest request) {
  auto identity = co_await impl_->installations.of(request.target.workspace);
  if (!identity) co_return CannotTell{identity.error(), false, identity.error().retry_after()};
  co_return co_await impl_->recovery.find(std::move(request), *identity);
}

awaitable<SendOutcome> Slack::edit(Target target, model::RemoteId remote_id, OutgoingMessage message) {
  auto identity = co_await impl_->installations.of(target.workspace);
  if (!identity) co_return no_identity(identity.error());
  if (!is_timestamp(remote_id.str()))
    co_return Refused{RefusalClass::message, "an ephemeral message cannot be changed", "send a new one", std::nullopt};
  auto body = addressed({{"channel", target.place}, {"ts", remote_id.str()}}, message.body);
  auto answer = co_await impl_->post("chat.update", target.workspace, *identity, body);
  if (answer.ok()) co_return Sent{remote_id};
  co_return failed_send(answer, "chat.update");
}

awaitable<SendOutcome> Slack::Impl::reply(ReplyRequest request) {
  auto identity = co_await installations.of(request.to.target.workspace);
  if (!identity) co_return no_identity(identity.error());
  if (auto shown = co_await surfaces.show(request, identity->token)) co_return *shown;
  if (request.visibility == Visibility::asker && !(request.to.direct && request.to.handle.empty()))
    co_return co_await replies.privately(std::move(request), identity->token);
  json head = {{"channel", request.to.target.place}, {"unfurl_links", false}, {"unfurl_media", false}};
  if (!request.key.empty()) head["metadata"] = json::parse(delivery_metadata(request.key.str()));
  if (is_timestamp(request.to.thread.str())) head["thread_ts"] = request.to.thread.str();
  auto body = addressed(head, request.message.body);
  auto answer = co_await post("chat.postMessage", request.to.target.workspace, *identity, body);
  if (answer.kind == AnswerClass::destination)
    if (auto answered = co_await replies.publicly(request.to, request.message.body)) co_return *answered;
  co_return outcome_of(answer, request.to.target);
}

awaitable<SendOutcome> Slack::reply(ReplyRequest request) {
  // A progress message of ours is edited in place; an ephemeral one cannot be, and a new one follows it.
  if (is_timestamp(request.replaces.str()))
    co_return co_await edit(request.to.target, request.replaces, request.message);
  co_return co_await impl_->reply(std::move(request));
}

awaitable<void> Slack::acknowledge(model::ReplyTo) {
  co_return;  // Slack shows nothing while a bot works; the 200 was the acknowledgement
}

awaitable<Result<Role>> Slack::role_of(Actor who, Target where) {
  if (who.role == Role::guest) co_return Role::guest;
  bool own = where.place == who.id || (who.role >= Role::member && is_own_conversation(who, where));
  if (own) co_return Role::manager;
  auto identity = co_await impl_->installations.of(where.workspace);
  if (!identity) co_return identity.error();
  co_return co_await impl_->roles.of(std::move(who), std::move(where), identity->token);
}

awaitable<std::string> Slack::name_of(Actor who, Target where) {
  auto identity = co_await impl_->installations.of(where.workspace);
  auto known = identity ? co_await impl_->roles.name_of(where.workspace, who.id, identity->token) : std::string();
  co_return known.empty() ? who.name : known;
}

// Slash words and threads tell no answered message but the thread's first one (spec: commands 3).
awaitable<PaperId> Slack::paper_above(model::ReplyTo command) {
  auto identity = co_await impl_->installations.of(command.target.workspace);
  if (!identity || !is_timestamp(command.thread.str())) co_return PaperId();
  Form form = {{"channel", command.target.place}, {"ts", command.thread.str()}, {"limit", "1"}};
  auto answer = co_await impl_->api.read("conversations.replies", identity->token, std::move(form));
  auto tree = answer.ok() ? parse_json(answer.body) : Result<json>(json::object());
  const auto* messages = tree ? member(*tree, {"messages"}) : nullptr;
  bool ours = messages != nullptr && messages->is_array() && !messages->empty() &&
              text_at(messages->front(), {"bot_id"}) == identity->bot_id && !identity->bot_id.empty();
  co_return ours ? paper_in_buttons(messages->front()) : PaperId();
}

awaitable<std::optional<Refused>> Slack::hindrance(Target where) {
  auto identity = co_await impl_->installations.of(where.workspace);
  if (!identity || where.place.starts_with('D') || where.place.starts_with('U')) co_return std::nullopt;
  auto place = co_await impl_->roles.channel(where.workspace, where.place, identity->token);
  if (!place || place->unknown || (place->writable && !place->archived)) co_return std::nullopt;
  Answer why;
  why.kind = AnswerClass::destination;
  why.code = place->archived ? "is_archived" : place->hidden ? "channel_not_found" : "not_in_channel";
  co_return refusal(why);
}

awaitable<void> Slack::Impl::listen(EventSink& sink) {
  auto& entrance = make_inlet(sink);
  async::TaskGroup tasks(co_await boost::asio::this_coro::executor);
  struct Attached {  // whatever ends this coroutine
    Inlet& inlet;
    ~Attached() { inlet.background(nullptr); }
  } attached{entrance};
  entrance.background(&tasks);
  if (over_http()) {
    // Nothing to do but to keep the background work until somebody cancels.
    tasks.spawn("slack.http", until_cancelled());
  } else {
    auto handler = [&entrance](Inbound in) { return entrance.handle(std::move(in)); };
    socket = std::make_unique<SocketMode>(api, doors.websockets, doors.clock, settings.app_token, handler);
    tasks.spawn("slack.socket_mode", socket->run());
  }
  co_await tasks.join();
}

awaitable<void> Slack::run(EventSink& sink) {
  co_await impl_->listen(sink);
}

std::vector<adapters::Route> Slack::routes(EventSink& sink) {
  std::vector<adapters::Route> out;
  if (impl_->over_http()) out = inlet_routes(impl_->make_inlet(sink), *impl_->verifier, impl_->doors.clock);
  if (impl_->settings.client_id.empty()) return out;
  for (auto& route : impl_->oauth.routes(sink)) out.push_back(std::move(route));
  return out;
}

awaitable<std::vector<Check>> Slack::doctor() {
  co_return co_await examine(impl_->api, impl_->installations, impl_->settings, impl_->public_url);
}

std::string Slack::trouble() const {
  if (!impl_->token_trouble.empty()) return impl_->token_trouble;
  return impl_->socket ? impl_->socket->trouble() : std::string();
}

}  // namespace broadsheet::slack
