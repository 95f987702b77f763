#include "adapters/slack/oauth.hpp"

#include <openssl/crypto.h>

#include "adapters/slack/manifest.hpp"
#include "adapters/slack/vault.hpp"
#include "bot/base/log.hpp"
#include "bot/base/text.hpp"
#include "bot/http/url.hpp"

namespace broadsheet::slack {
namespace {

using http::ServerRequest;
using http::ServerResponse;

constexpr std::chrono::minutes kStateLife{10};
constexpr std::size_t kMostWaiting = 1000;
constexpr std::string_view kCookie = "broadsheet_slack_state=";
constexpr int kOk = 200, kFound = 302, kBadRequest = 400, kForbidden = 403, kUnavailable = 503;

ServerResponse page(int status, std::string text) {
  ServerResponse out;
  out.status = status;
  out.body = std::move(text) + "\n";
  out.headers = {{"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}};
  return out;
}

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

OAuth::OAuth(Api& api, Installations& installations, Clock& clock, const config::Slack& settings,
             std::string public_url)
    : api_(api),
      installations_(installations),
      clock_(clock),
      settings_(settings),
      redirect_(std::move(public_url) + "/slack/oauth") {}

awaitable<ServerResponse> OAuth::begin() {
  auto now = clock_.now();
  std::erase_if(waiting_, [now](const auto& entry) { return now - entry.second > kStateLife; });
  auto state = random_token();
  if (state.empty() || waiting_.size() >= kMostWaiting) co_return page(kUnavailable, "Please try again later.");
  waiting_[state] = now;
  auto scopes = needed_scopes();
  for (auto& scope : optional_scopes(!settings_.unfurl_teams.empty())) scopes.push_back(std::move(scope.name));
  auto api = http::parse_url(settings_.api_url);
  auto query = http::encode_query({{"client_id", settings_.client_id},
                                   {"scope", text::join(scopes, ",")},
                                   {"state", state},
                                   {"redirect_uri", redirect_}});
  auto out = page(kFound, "To Slack");
  out.headers.emplace_back("Location", (api ? api->origin() : std::string()) + "/oauth/v2/authorize?" + query);
  out.headers.emplace_back("Set-Cookie",
                           std::string(kCookie) + state + "; Path=/slack; Max-Age=600; HttpOnly; Secure; SameSite=Lax");
  co_return out;
}

bool OAuth::redeem(const std::string& state, std::string_view cookies) {
  auto found = waiting_.find(state);
  if (found == waiting_.end()) return false;
  bool fresh = clock_.now() - found->second <= kStateLife;
  waiting_.erase(found);
  for (auto cookie : text::split(cookies, ';')) {
    auto pair = text::trim(cookie);
    if (fresh && pair.starts_with(kCookie) && same(pair.substr(kCookie.size()), state)) return true;
  }
  return false;
}

awaitable<ServerResponse> OAuth::finish(adapters::EventSink& sink, ServerRequest request) {
  std::string state(http::parameter(request.query, "state")), code(http::parameter(request.query, "code"));
  // A code that somebody else asked for would install their workspace in this browser's name.
  if (!redeem(state, http::header(request.headers, "cookie")))
    co_return page(kForbidden, "This link is old or was not made in this browser. Start again at /slack/install.");
  if (code.empty()) co_return page(kBadRequest, "Slack gave no code; the installation was not finished.");
  Form form = {{"code", code}, {"redirect_uri", redirect_}};
  auto answer = co_await api_.exchange("oauth.v2.access", settings_.client_id, settings_.client_secret.reveal(), form);
  if (!answer.ok()) {
    log::warning("slack.install_failed", {{"code", answer.code}});
    co_return page(kBadRequest, "Slack refused the installation. Start again at /slack/install.");
  }
  auto added = co_await installations_.add(answer.body);
  if (!added) {
    log::error("slack.install_not_stored", {{"why", added.error().what()}});
    co_return page(kUnavailable, "The installation could not be stored. Please try again later.");
  }
  // What waited for a token goes on.
  model::PlaceEvent joined;
  joined.id = "install:" + state;
  joined.target = {"slack", added->team, {}, {}};
  joined.state = model::PlaceState::joined;
  joined.why = "the app was installed";
  if (auto told = co_await sink.accept(std::move(joined)); !told)
    log::warning("slack.install_not_announced", {{"why", told.error().what()}});
  co_return page(kOk, "Installed. In Slack, invite the app to a channel and type /arxiv help.");
}

std::vector<adapters::Route> OAuth::routes(adapters::EventSink& sink) {
  auto begin_handler = [this](ServerRequest) { return begin(); };
  auto finish_handler = [this, &sink](ServerRequest request) { return finish(sink, std::move(request)); };
  return {{"GET", "/slack/install", 0, begin_handler}, {"GET", "/slack/oauth", 0, finish_handler}};
}

}  // namespace broadsheet::slack
