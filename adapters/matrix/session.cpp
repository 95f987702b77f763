#include "adapters/matrix/session.hpp"

#include <nlohmann/json.hpp>

#include "adapters/matrix/discovery.hpp"
#include "adapters/matrix/incoming.hpp"
#include "adapters/matrix/json.hpp"
#include "adapters/matrix/outcome.hpp"
#include "adapters/matrix/seal.hpp"
#include "bot/base/hash.hpp"
#include "bot/base/log.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::matrix {
namespace {

using async::awaitable;

Moment from_ms(std::int64_t ms) {
  return Moment(std::chrono::milliseconds(ms));
}

// Calls are put together in plain functions: compilers stumble over lists inside co_await expressions.
Call post(std::string path, const Json& body) {
  return {.method = "POST", .path = std::move(path), .body = dump(body)};
}

Call oauth_refresh(const Tokens& tokens) {
  return {.method = "POST",
          .body = http::encode_query(
              {{"grant_type", "refresh_token"}, {"refresh_token", tokens.refresh}, {"client_id", tokens.client_id}}),
          .content_type = "application/x-www-form-urlencoded"};
}

Call make_device(const Tokens& tokens) {
  return {.method = "PUT",
          .path = path_of("/_matrix/client/v3/devices", {tokens.device_id}),
          .query = {{"user_id", tokens.user_id}},
          .body = dump(Json{{"display_name", "Broadsheet"}})};
}

bool is_soft_logout(const Answer& answer) {
  auto json = parse_object(answer.body);
  return json && json->value("soft_logout", Json()) == true;
}

Error as_error(const Answer& answer, const std::string& doing) {
  if (answer.status == 0) return answer.lost.error.in(doing);
  auto kind = answer.status == 429 || answer.status >= 500 ? ErrorKind::transient : ErrorKind::refused;
  Error out(kind, doing + ": " + explain(answer.status, answer.body));
  if (answer.status == 429) out.retry_after(wait_of({answer.status, answer.headers, answer.body}));
  return out;
}

}  // namespace

Session::Session(const config::Matrix& settings, const Doors& doors, Wire& wire)
    : settings_(settings), doors_(doors), wire_(wire) {
  wire_.set_base(settings_.homeserver_url);
}

std::string Session::fixed_device() const {
  return "BROADSHEET_" + short_sha256("device\x1f" + settings_.user_id).substr(0, 12);
}

std::string Session::seal_key() const {
  return doors_.seal.empty() ? settings_.password.reveal() : doors_.seal.reveal();
}

Error Session::lose(std::string why) {
  lost_ = why;
  log::error("matrix.account_lost", {{"why", why}});
  return {ErrorKind::refused, std::move(why)};
}

std::vector<std::pair<std::string, std::string>> Session::identity() const {
  if (!device_by_query_) return {};
  return {{"user_id", tokens_.user_id}, {"device_id", tokens_.device_id}};
}

bool Session::nearly_expired() const {
  if (tokens_.expires == Moment{} || !can_refresh()) return false;
  return (tokens_.expires - doors_.clock.now()) * 3 < tokens_.expires - tokens_.issued;
}

awaitable<Status> Session::open() {
  lost_.clear();
  if (!mutex_) mutex_.emplace(co_await boost::asio::this_coro::executor);
  if (appservice()) co_return co_await open_appservice();
  if (!settings_.access_token.empty()) {
    if (auto found = co_await find_base(); !found) co_return found;
    tokens_.access = settings_.access_token.reveal();
    co_return co_await check_identity();
  }
  if (auto loaded = co_await load(); !loaded) co_return loaded;
  if (tokens_.access.empty()) {
    if (!can_login())
      co_return Error(ErrorKind::refused, "no Matrix credentials; set matrix.access_token or run `matrix login`");
    if (auto entered = co_await login_by_password(); !entered) co_return entered;
  }
  co_return co_await check_identity();
}

awaitable<Status> Session::find_base() {
  if (!wire_.base().empty()) co_return Status();
  auto base = co_await discover(wire_, server_of(settings_.user_id));
  if (!base) co_return std::move(base).error();
  wire_.set_base(*base);
  co_return Status();
}

// Without our own id, own messages would be taken for commands (contracts: Matrix 3).
awaitable<Status> Session::check_identity() {
  for (int round = 0; round < 2; ++round) {
    auto sent = tokens_.access;
    Call whoami{.path = "/_matrix/client/v3/account/whoami", .query = identity()};
    auto answer = co_await wire_.exchange(std::move(whoami), tokens_.access);
    if (answer.status == 401 && round == 0 && errcode_of(answer.body) != "M_USER_LOCKED") {
      if (auto renewed = co_await renew(sent, is_soft_logout(answer)); !renewed) co_return renewed;
      continue;
    }
    co_return read_identity(answer);
  }
  co_return Error(ErrorKind::refused, "the homeserver refuses a token that was just renewed");
}

Status Session::read_identity(const Answer& answer) {
  if (!answer.good()) return as_error(answer, "asking the homeserver who we are");
  auto json = parse_object(answer.body);
  if (!json) return Error(ErrorKind::transient, "the homeserver's whoami is no JSON");
  auto user = text_at(*json, {"user_id"});
  if (user.empty() || (!settings_.user_id.empty() && user != settings_.user_id))
    return lose("the Matrix token belongs to " + (user.empty() ? "nobody" : user) + ", not to " + settings_.user_id);
  tokens_.user_id = user;
  if (auto device = text_at(*json, {"device_id"}); !device.empty()) tokens_.device_id = device;
  return {};
}

awaitable<Result<std::string>> Session::peek() {
  if (settings_.access_token.empty()) {
    if (auto loaded = co_await load(); !loaded) co_return std::move(loaded).error();
  } else {
    tokens_.access = settings_.access_token.reveal();
  }
  if (auto found = co_await find_base(); !found) co_return std::move(found).error();
  if (tokens_.access.empty()) {
    if (can_login()) co_return co_await try_password();
    co_return Error(ErrorKind::refused, "no Matrix credentials; set matrix.access_token or run `matrix login`");
  }
  Call whoami{.path = "/_matrix/client/v3/account/whoami"};
  auto answer = co_await wire_.exchange(std::move(whoami), tokens_.access);
  if (answer.status == 401) {
    tokens_.access.clear();
    // A token that only ran out says so, or its end was known (contracts: Matrix 1).
    bool soft = is_soft_logout(answer) || (tokens_.expires != Moment{} && tokens_.expires <= doors_.clock.now());
    if (can_refresh() && soft) co_return settings_.user_id + ", whose token has run out: `serve` renews it";
    if (can_login()) co_return co_await try_password();
    co_return Error(ErrorKind::refused,
                    "the homeserver has ended this session (" + explain(answer.status, answer.body) + ")");
  }
  if (auto known = read_identity(answer); !known) co_return std::move(known).error();
  co_return tokens_.user_id + " on " + wire_.base();
}

// Logs in as a device of its own, which is gone again at once: what `serve` has is left alone.
awaitable<Result<std::string>> Session::try_password() {
  Json body{{"type", "m.login.password"},
            {"identifier", {{"type", "m.id.user"}, {"user", settings_.user_id}}},
            {"password", settings_.password.reveal()},
            {"initial_device_display_name", "Broadsheet doctor"}};
  auto answer = co_await wire_.exchange(post("/_matrix/client/v3/login", body), std::string());
  if (!answer.good()) co_return as_error(answer, "trying matrix.password");
  auto json = parse_object(answer.body);
  auto token = json ? text_at(*json, {"access_token"}) : std::string();
  if (token.empty()) co_return Error(ErrorKind::transient, "the homeserver's login answer has no token");
  auto left = co_await wire_.exchange(post("/_matrix/client/v3/logout", Json::object()), token);
  if (!left.good()) log::warning("matrix.doctor_device_stays", {{"why", explain(left.status, left.body)}});
  co_return settings_.user_id + ", whose password is right: `serve` logs in";
}

awaitable<Status> Session::load() {
  auto stored = co_await doors_.state.get(kStoredSession);
  if (!stored) co_return std::move(stored).error();
  if (!*stored) co_return Status();
  auto opened = unseal(**stored, seal_key());
  auto json = opened ? parse_object(*opened) : std::nullopt;
  if (!json) {
    log::warning("matrix.session_unreadable", {{"fix", "logging in again"}});
    co_return Status();
  }
  if (!settings_.user_id.empty() && text_at(*json, {"user_id"}) != settings_.user_id) co_return Status();
  tokens_ = {text_at(*json, {"base_url"}),
             text_at(*json, {"user_id"}),
             text_at(*json, {"device_id"}),
             text_at(*json, {"access"}),
             text_at(*json, {"refresh"}),
             from_ms(number_at(*json, {"issued"}).value_or(0)),
             from_ms(number_at(*json, {"expires"}).value_or(0)),
             text_at(*json, {"token_endpoint"}),
             text_at(*json, {"client_id"})};
  if (wire_.base().empty()) wire_.set_base(tokens_.base_url);
  co_return Status();
}

awaitable<Status> Session::store() {
  auto key = seal_key();
  if (key.empty()) co_return Error(ErrorKind::bad_input, "there is no key to keep the Matrix session under");
  Json json{{"base_url", wire_.base()},
            {"user_id", tokens_.user_id},
            {"device_id", tokens_.device_id},
            {"access", tokens_.access},
            {"refresh", tokens_.refresh},
            {"issued", tokens_.issued.time_since_epoch().count()},
            {"expires", tokens_.expires.time_since_epoch().count()},
            {"token_endpoint", tokens_.token_endpoint},
            {"client_id", tokens_.client_id}};
  co_return co_await doors_.state.put(kStoredSession, seal(dump(json), key, doors_.random));
}

awaitable<Status> Session::adopt(Tokens tokens) {
  tokens_ = std::move(tokens);
  lost_.clear();
  if (!mutex_) mutex_.emplace(co_await boost::asio::this_coro::executor);
  if (auto known = co_await check_identity(); !known) co_return known;
  co_return co_await store();
}

awaitable<Status> Session::login_by_password() {
  if (auto found = co_await find_base(); !found) co_return found;
  Json body{{"type", "m.login.password"},
            {"identifier", {{"type", "m.id.user"}, {"user", settings_.user_id}}},
            {"password", settings_.password.reveal()},
            {"device_id", tokens_.device_id.empty() ? fixed_device() : tokens_.device_id},
            {"initial_device_display_name", "Broadsheet"},
            {"refresh_token", true}};
  auto answer = co_await wire_.exchange(post("/_matrix/client/v3/login", body), std::string());
  if (!answer.good()) {
    Circumstances now{.call = CallKind::login};
    auto why = classify(answer.status, answer.body, now);
    if (why == ErrorClass::use_oauth)
      co_return lose("the homeserver takes no passwords; run `matrix login` for its device grant");
    if (why == ErrorClass::credentials_lost)
      co_return lose("the homeserver refuses the Matrix password: " + explain(answer.status, answer.body));
    co_return as_error(answer, "logging in to the homeserver");
  }
  co_return co_await take_login(std::move(answer));
}

awaitable<Status> Session::take_login(Answer answer) {
  auto json = parse_object(answer.body);
  if (!json || text_at(*json, {"access_token"}).empty())
    co_return Error(ErrorKind::transient, "the homeserver's login answer has no token");
  tokens_.user_id = text_at(*json, {"user_id"});
  if (auto device = text_at(*json, {"device_id"}); !device.empty()) tokens_.device_id = device;
  tokens_.access = text_at(*json, {"access_token"});
  tokens_.refresh = text_at(*json, {"refresh_token"});
  tokens_.issued = doors_.clock.now();
  auto life = number_at(*json, {"expires_in_ms"});
  tokens_.expires = life && *life > 0 ? tokens_.issued + std::chrono::milliseconds(*life) : Moment{};
  tokens_.token_endpoint.clear();
  co_return co_await store();
}

awaitable<Status> Session::renew(std::string stale, bool soft_logout) {
  auto guard = co_await mutex_->lock();
  if (tokens_.access != stale) co_return Status();  // somebody else was first
  if (can_refresh()) co_return co_await refresh();
  if (!appservice() && soft_logout && can_login()) co_return co_await login_by_password();
  co_return lose("the homeserver no longer takes the Matrix token; give a new one or run `matrix login`");
}

awaitable<Status> Session::refresh() {
  Answer answer;
  if (tokens_.token_endpoint.empty()) {
    Json body{{"refresh_token", tokens_.refresh}};
    answer = co_await wire_.exchange(post("/_matrix/client/v3/refresh", body), std::string());
  } else {
    answer = co_await wire_.exchange_at(tokens_.token_endpoint, oauth_refresh(tokens_), std::string());
  }
  if (!answer.good()) {
    Circumstances now{.call = CallKind::refresh};
    auto why = classify(answer.status, answer.body, now);
    if (why != ErrorClass::credentials_lost) co_return as_error(answer, "refreshing the Matrix token");
    if (can_login() && tokens_.token_endpoint.empty()) {
      tokens_.refresh.clear();
      co_return co_await login_by_password();
    }
    co_return lose("the Matrix session has ended: " + explain(answer.status, answer.body) + "; run `matrix login`");
  }
  auto json = parse_object(answer.body);
  if (!json || text_at(*json, {"access_token"}).empty())
    co_return Error(ErrorKind::transient, "the homeserver's refresh answer has no token");
  auto before = tokens_;
  tokens_.access = text_at(*json, {"access_token"});
  if (auto next = text_at(*json, {"refresh_token"}); !next.empty()) tokens_.refresh = next;
  tokens_.issued = doors_.clock.now();
  auto life = number_at(*json, {"expires_in_ms"}).value_or(number_at(*json, {"expires_in"}).value_or(0) * 1000);
  tokens_.expires = life > 0 ? tokens_.issued + std::chrono::milliseconds(life) : Moment{};
  auto stored = co_await store();
  if (!stored) tokens_ = std::move(before);  // the old refresh token works until the new access token is used
  co_return stored;
}

// Never with a bare as_token: its transaction ids are forgotten at a restart of the homeserver (contracts: Matrix 1).
awaitable<Status> Session::open_appservice() {
  if (auto found = co_await find_base(); !found) co_return found;
  tokens_.user_id = settings_.user_id;
  tokens_.device_id = fixed_device();
  tokens_.access = settings_.access_token.reveal();
  auto localpart = settings_.user_id.substr(1, settings_.user_id.find(':') - 1);
  Json body{{"type", "m.login.application_service"}, {"username", localpart}, {"inhibit_login", true}};
  auto registered = co_await wire_.exchange(post("/_matrix/client/v3/register", body), tokens_.access);
  Circumstances registering{.call = CallKind::register_, .appservice = true};
  if (!registered.good() && classify(registered.status, registered.body, registering) != ErrorClass::done_already)
    co_return as_error(registered, "registering the bot's user");
  auto made = co_await wire_.exchange(make_device(tokens_), tokens_.access);
  if (made.good()) {
    device_by_query_ = true;
    co_return co_await check_identity();
  }
  if (made.status != 404) co_return as_error(made, "making the bot's device");
  co_return co_await appservice_login();
}

awaitable<Status> Session::appservice_login() {
  auto as_token = tokens_.access;
  Json body{{"type", "m.login.application_service"},
            {"identifier", {{"type", "m.id.user"}, {"user", settings_.user_id}}},
            {"device_id", tokens_.device_id},
            {"initial_device_display_name", "Broadsheet"}};
  auto answer = co_await wire_.exchange(post("/_matrix/client/v3/login", body), as_token);
  if (!answer.good()) co_return as_error(answer, "logging in as an application service");
  auto json = parse_object(answer.body);
  if (!json || text_at(*json, {"access_token"}).empty())
    co_return Error(ErrorKind::transient, "the homeserver's login answer has no token");
  tokens_.access = text_at(*json, {"access_token"});
  co_return co_await check_identity();
}

}  // namespace broadsheet::matrix
