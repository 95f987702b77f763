#include "adapters/slack/doctor.hpp"

#include <algorithm>

#include "adapters/common/remedy.hpp"
#include "adapters/slack/manifest.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::slack {
namespace {

using adapters::Check;

bool has(const std::string& scopes, const std::string& wanted) {
  auto all = text::split(scopes, ',');
  return std::any_of(all.begin(), all.end(), [&](auto one) { return text::trim(one) == wanted; });
}

// One row for what the app cannot do without, one for each ability that is missing.
void check_scopes(const std::string& scopes, const config::Slack& settings, std::vector<Check>& out) {
  if (scopes.empty()) return;
  std::vector<std::string> missing;
  for (const auto& scope : needed_scopes())
    if (!has(scopes, scope)) missing.push_back(scope);
  out.push_back({"slack scopes", missing.empty(), missing.empty() ? "granted" : "missing: " + text::join(missing, ", "),
                 missing.empty() ? "" : "take the printed manifest (broadsheet slack manifest) and install again"});
  for (const auto& scope : optional_scopes(!settings.unfurl_teams.empty()))
    if (!has(scopes, scope.name))
      out.push_back({"slack scope " + scope.name, false, "missing; it is for " + scope.unlocks,
                     "add it under OAuth & Permissions and install again"});
}

awaitable<void> check_token(Api& api, Installations& installations, const config::Slack& settings, std::string team,
                            std::vector<Check>& out) {
  auto name = team.empty() ? std::string("slack token") : "slack token " + team;
  auto identity = co_await installations.of(team);
  if (!identity) {
    out.push_back(
        {name, false, identity.error().what(),
         adapters::remedy(identity.error().kind(), "slack.api_url",
                          team.empty() ? "correct slack.bot_token" : "install the app again in that workspace")});
    co_return;
  }
  auto answer = co_await api.read("auth.test", identity->token, {});
  auto who = identity->team_name + " (" + identity->team + ")";
  out.push_back({name, answer.ok(), answer.ok() ? who : answer.error("auth.test").what(),
                 answer.ok() ? ""
                             : adapters::remedy(answer.error({}).kind(), "slack.api_url",
                                                "install the app again, or correct slack.bot_token")});
  if (answer.ok()) check_scopes(answer.scopes, settings, out);
}

awaitable<void> check_app_token(Api& api, const config::Slack& settings, std::vector<Check>& out) {
  auto answer = co_await api.read("apps.connections.open", settings.app_token.reveal(), {});
  // Slack allows few of these calls a minute; a running service makes them too.
  bool good = answer.ok() || answer.kind == AnswerClass::rate_limited;
  out.push_back({"slack app token", good, good ? "opens Socket Mode" : answer.error("apps.connections.open").what(),
                 good ? ""
                      : adapters::remedy(answer.error({}).kind(), "slack.api_url",
                                         "make an app-level token with connections:write, switch Socket Mode on, and "
                                         "set slack.app_token")});
}

}  // namespace

awaitable<std::vector<Check>> examine(Api& api, Installations& installations, const config::Slack& settings,
                                      std::string public_url) {
  std::vector<Check> out;
  std::vector<std::string> teams;
  if (!settings.bot_token.empty()) {
    teams.emplace_back();
  } else if (auto all = co_await installations.installed()) {
    teams = *all;
    bool some = !teams.empty();
    out.push_back({"slack installations", some, std::to_string(teams.size()) + " workspaces",
                   some ? "" : "open " + public_url + "/slack/install in a browser"});
  }
  for (const auto& team : teams) co_await check_token(api, installations, settings, team, out);
  bool http = settings.mode == "http";
  if (!http) co_await check_app_token(api, settings, out);
  if (http || settings.bot_token.empty()) {
    bool good = public_url.starts_with("https://");
    out.push_back({"slack public address", good, public_url.empty() ? "not set" : public_url,
                   good ? "" : "set service.public_url to the https address that Slack can reach"});
  }
  co_return out;
}

}  // namespace broadsheet::slack
