#include "adapters/matrix/matrix.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/common/remedy.hpp"
#include "adapters/matrix/api.hpp"
#include "adapters/matrix/appservice.hpp"
#include "adapters/matrix/content.hpp"
#include "adapters/matrix/direct_rooms.hpp"
#include "adapters/matrix/discovery.hpp"
#include "adapters/matrix/intake.hpp"
#include "adapters/matrix/oauth.hpp"
#include "adapters/matrix/outcome.hpp"
#include "adapters/matrix/own_keys.hpp"
#include "adapters/matrix/rooms.hpp"
#include "adapters/matrix/sender.hpp"
#include "adapters/matrix/session.hpp"
#include "adapters/matrix/sync.hpp"
#include "adapters/matrix/wire.hpp"
#include "bot/base/log.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::Check;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::SendOutcome;
using async::awaitable;

constexpr const char* kServiceId = "broadsheet";

bool user_id(const std::string& id) {
  auto colon = id.find(':');
  return id.starts_with('@') && colon != std::string::npos && colon > 1 && colon + 1 < id.size() && id.size() <= 255;
}

Error wrong(std::string what) {
  return {ErrorKind::bad_input, std::move(what)};
}

Status check(const config::Matrix& s) {
  if (!user_id(s.user_id)) return wrong("matrix.user_id must be like @arxivbot:example.org");
  if (!s.homeserver_url.empty()) {
    auto url = http::parse_url(s.homeserver_url);
    if (!url) return wrong("matrix.homeserver_url: " + url.error().what());
    if (!url->tls() && !http::is_loopback(url->host)) return wrong("matrix.homeserver_url must be https");
  }
  if (s.mode == "appservice" && (s.access_token.empty() || s.hs_token.empty()))
    return wrong("appservice mode needs matrix.access_token (the as_token) and matrix.hs_token");
  return {};
}

Call ping_call() {
  return {.method = "POST",
          .path = path_of("/_matrix/client/v1/appservice", {kServiceId}) + "/ping",
          .body = "{}",
          .timeout = std::chrono::seconds(40)};
}

bool speaks_v1(const Answer& versions) {
  auto json = parse_object(versions.body);
  const auto* list = json ? list_of(*json, "versions") : nullptr;
  return list != nullptr && std::any_of(list->begin(), list->end(), [](const Json& v) {
           return v.is_string() && v.get<std::string>().starts_with("v1.");
         });
}

}  // namespace

class Matrix::Impl {
 public:
  Impl(config::Matrix s, Doors d)
      : settings(std::move(s)),
        doors(std::move(d)),
        wire(doors.transport),
        session(settings, doors, wire),
        api(session, wire, doors.clock),
        rooms(api, doors.clock),
        direct(doors, api, rooms),
        intake(settings, doors, session, api, rooms, direct),
        sync(doors, session, api, intake),
        keys(doors, session, api),
        sender(doors, session, api, rooms, intake, direct, keys) {}

  // Opens the session once for all who come; sends may be asked for before run() began.
  awaitable<Status> ready() {
    if (!session.lost().empty()) co_return Error(ErrorKind::refused, session.lost());
    if (opened) co_return Status();
    if (!opening) opening.emplace(co_await boost::asio::this_coro::executor);
    auto guard = co_await opening->lock();
    if (opened) co_return Status();
    auto status = co_await session.open();
    if (status) co_await sender.recall_debt();
    opened = status.has_value();
    co_return status;
  }

  // What a send answers when there is no session.
  SendOutcome not_ready(const Error& error) const {
    if (!session.lost().empty())
      return Refused{RefusalClass::installation, session.lost(), "give a new Matrix token or password", {}};
    return adapters::NotSent{error, error.retry_after(), {}};
  }

  awaitable<void> work(adapters::EventSink& sink, async::TaskGroup& group) {
    for (int failures = 0;; ++failures) {
      auto status = co_await ready();
      if (status) break;
      co_await async::check_cancelled();
      log::warning("matrix.not_ready", {{"why", status.error().what()}});
      if (!session.lost().empty()) co_return;
      auto wait = std::chrono::milliseconds(1000LL << std::min(failures, 6));
      if (auto asked = status.error().retry_after()) wait = std::max(wait, *asked);
      co_await async::sleep_for(doors.clock, wait);
    }
    log::info("matrix.ready", {{"user", session.tokens().user_id}, {"mode", settings.mode}});
    co_await intake.begin(sink, group);
    begun = true;
    group.spawn("matrix.reconcile", reconcile(sink));
    group.spawn("matrix.keys", keys.run());
    if (session.appservice())
      co_await greet_homeserver();
    else
      co_await sync.run(sink, group);
  }

  awaitable<void> reconcile(adapters::EventSink& sink) {
    while (session.lost().empty()) {
      co_await intake.reconcile(sink);
      co_await async::sleep_for(doors.clock, std::chrono::hours(1));
    }
  }

  // The self-test is reported, not obeyed: the homeserver may start after us (contracts: Matrix 9).
  awaitable<void> greet_homeserver() {
    auto answer = co_await wire.exchange(ping_call(), settings.access_token.reveal());
    if (!answer.good()) log::warning("matrix.ping_failed", {{"why", explain(answer.status, answer.body)}});
  }

  // The session is looked at by an object of its own: a doctor logs nobody in and renews nothing, since the service may
  // be running beside it.
  awaitable<void> doctor_rows(std::vector<Check>& out) {
    Wire line(doors.transport);
    Session seen(settings, doors, line);
    auto found = co_await seen.peek();
    out.push_back({"matrix session", found.has_value(), found ? *found : found.error().what(),
                   found ? ""
                         : adapters::remedy(found.error().kind(), "matrix.homeserver_url",
                                            "check matrix.user_id and the credentials")});
    if (!found) co_return;
    Call versions{.path = "/_matrix/client/versions"};
    auto answer = co_await line.exchange(std::move(versions), std::string());
    bool modern = speaks_v1(answer);
    out.push_back({"matrix version", modern, modern ? "v1" : explain(answer.status, answer.body),
                   modern ? "" : "the homeserver must speak Matrix v1.1 or later"});
    if (seen.is_open()) {
      Api look(seen, line, doors.clock);
      auto joined = co_await look.joined_rooms();
      out.push_back(
          {"matrix rooms", joined.has_value(),
           joined ? std::to_string(joined->size()) + " joined" : joined.error().what(),
           joined ? ""
                  : adapters::remedy(joined.error().kind(), "matrix.homeserver_url", "ask the homeserver's operator")});
    }
    if (!session.appservice()) co_return;
    auto ping = co_await line.exchange(ping_call(), settings.access_token.reveal());
    out.push_back({"matrix appservice", ping.good(),
                   ping.good() ? "the homeserver reaches us" : explain(ping.status, ping.body),
                   ping.good() ? "" : "start `serve`, check the registration file's url, restart the homeserver"});
  }

  config::Matrix settings;
  Doors doors;
  Wire wire;
  Session session;
  Api api;
  Rooms rooms;
  DirectRooms direct;
  Intake intake;
  Sync sync;
  OwnKeys keys;
  Sender sender;
  bool opened = false, begun = false;
  std::optional<async::AsyncMutex> opening;
  async::TaskGroup* tasks = nullptr;  // while run() runs
};

Matrix::Matrix(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Matrix::~Matrix() = default;

Result<std::unique_ptr<Matrix>> Matrix::make(config::Matrix settings, Doors doors) {
  if (auto good = check(settings); !good) return std::move(good).error();
  return std::unique_ptr<Matrix>(new Matrix(std::make_unique<Impl>(std::move(settings), std::move(doors))));
}

adapters::Capabilities Matrix::capabilities() const {
  adapters::Capabilities out;
  out.threads = out.edits = out.buttons = out.private_replies = out.read_back = true;
  out.same_key_is_safe = std::chrono::hours(20);  // Synapse keeps ids for 24 h (contracts: Matrix 5)
  return out;
}

std::vector<model::OutgoingMessage> Matrix::render(const std::vector<adapters::Part>& parts,
                                                   const adapters::RenderOptions& options) const {
  return matrix::render(parts, options, {.notify_root = impl_->settings.root_msgtype == "m.text"});
}

std::string Matrix::request_body(const adapters::SendRequest& request) const {
  return impl_->sender.request_body(request);
}

std::vector<adapters::Pace> Matrix::paces(const model::Target& /*target*/, bool /*in_thread*/) const {
  return impl_->sender.paces();
}

std::string Matrix::prefix(const model::ReplyTo& from) const {
  return from.direct ? std::string() : impl_->settings.prefix + " ";
}

awaitable<SendOutcome> Matrix::send(adapters::SendRequest request) {
  if (auto status = co_await impl_->ready(); !status) co_return impl_->not_ready(status.error());
  co_return co_await impl_->sender.send(std::move(request));
}

awaitable<adapters::FindOutcome> Matrix::find_sent(adapters::FindRequest request) {
  if (auto status = co_await impl_->ready(); !status)
    co_return adapters::CannotTell{status.error(), false, status.error().retry_after()};
  co_return co_await impl_->sender.find_sent(std::move(request));
}

awaitable<SendOutcome> Matrix::edit(model::Target target, model::RemoteId remote_id, model::OutgoingMessage message) {
  if (auto status = co_await impl_->ready(); !status) co_return impl_->not_ready(status.error());
  co_return co_await impl_->sender.edit(std::move(target), std::move(remote_id), std::move(message));
}

awaitable<SendOutcome> Matrix::reply(adapters::ReplyRequest request) {
  if (auto status = co_await impl_->ready(); !status) co_return impl_->not_ready(status.error());
  co_return co_await impl_->sender.reply(std::move(request));
}

awaitable<void> Matrix::acknowledge(model::ReplyTo to) {
  if (!impl_->opened) co_return;
  co_await impl_->api.typing(to.target.place);
  if (!to.message.empty()) co_await impl_->api.receipt(to.target.place, to.message.str(), to.thread.str());
}

awaitable<Result<model::Role>> Matrix::role_of(model::Actor who, model::Target where) {
  if (auto status = co_await impl_->ready(); !status) co_return std::move(status).error();
  auto members = co_await impl_->rooms.members(where.place);
  if (!members) co_return std::move(members).error();
  bool inside = members->joined.contains(who.id);
  if (members->many) {  // too many to list: the one is asked for
    auto member = co_await impl_->api.state(where.place, "m.room.member", who.id);
    if (!member && member.error().kind() != ErrorKind::not_found) co_return std::move(member).error();
    inside = member && text_at(*member, {"membership"}) == "join";
  }
  if (!inside) co_return model::Role::guest;
  auto power = co_await impl_->rooms.power(where.place);
  if (!power) co_return std::move(power).error();
  co_return power->of(who.id) >= power->state_default ? model::Role::manager : model::Role::member;
}

awaitable<std::optional<Refused>> Matrix::hindrance(model::Target where) {
  if (auto status = co_await impl_->ready(); !status) co_return std::nullopt;
  co_return co_await impl_->sender.hindrance(std::move(where.place));
}

awaitable<void> Matrix::run(adapters::EventSink& sink) {
  async::TaskGroup group(co_await boost::asio::this_coro::executor);
  impl_->tasks = &group;
  struct Forget {
    Impl& impl;
    ~Forget() {
      impl.tasks = nullptr;
      impl.begun = false;
    }
  } forget{*impl_};
  group.spawn("matrix.work", impl_->work(sink, group));
  co_await group.join();
}

std::vector<adapters::Route> Matrix::routes(adapters::EventSink& sink) {
  if (impl_->settings.mode != "appservice") return {};
  // Before the session is open our own id is known from the settings only through it: events wait until then.
  auto tasks = [impl = impl_.get()] { return impl->begun ? impl->tasks : nullptr; };
  return push_routes({impl_->settings, impl_->doors, impl_->intake, sink, tasks});
}

awaitable<std::vector<Check>> Matrix::doctor() {
  std::vector<Check> out;
  co_await impl_->doctor_rows(out);
  co_return out;
}

std::string Matrix::trouble() const {
  if (!impl_->session.lost().empty()) return "Matrix: " + impl_->session.lost();
  if (!impl_->sync.healthy()) return "Matrix: the homeserver does not answer";
  return {};
}

Result<std::string> registration(const config::Matrix& settings, const std::string& address) {
  if (!user_id(settings.user_id)) return wrong("matrix.user_id must be like @arxivbot:example.org");
  if (settings.access_token.reveal().size() < 32 || settings.hs_token.reveal().size() < 32)
    return wrong("set matrix.access_token and matrix.hs_token to random texts of 32 characters or more first");
  auto localpart = settings.user_id.substr(1, settings.user_id.find(':') - 1);
  auto quoted = [](const std::string& s) { return dump(Json(s)); };  // a JSON string is a YAML string
  return "id: " + quoted(kServiceId) + "\nurl: " + quoted(address) +
         "\nas_token: " + quoted(settings.access_token.reveal()) + "\nhs_token: " + quoted(settings.hs_token.reveal()) +
         "\nsender_localpart: " + quoted(localpart) +
         "\nrate_limited: false\nreceive_ephemeral: false\n"
         "namespaces: {users: [], aliases: [], rooms: []}\nprotocols: []\n";
}

awaitable<Status> login(config::Matrix settings, Doors doors, std::function<void(std::string)> say) {
  if (auto good = check(settings); !good) co_return good;
  if (doors.seal.empty() && settings.password.empty()) co_return wrong("there is no key to keep the session under");
  Wire wire(doors.transport);
  Session session(settings, doors, wire);
  if (!settings.password.empty()) {
    auto entered = co_await session.login_by_password();
    if (entered) say("Logged in as " + session.tokens().user_id + ".");
    co_return entered;
  }
  if (wire.base().empty()) {
    auto base = co_await discover(wire, server_of(settings.user_id));
    if (!base) co_return std::move(base).error();
    wire.set_base(*base);
  }
  auto tokens = co_await device_grant(doors, wire, say);
  if (!tokens) co_return std::move(tokens).error();
  auto adopted = co_await session.adopt(std::move(*tokens));
  if (adopted) say("Logged in as " + session.tokens().user_id + ".");
  co_return adopted;
}

}  // namespace broadsheet::matrix
