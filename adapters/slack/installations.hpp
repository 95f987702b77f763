// The bot's identity in each workspace: one token from the configuration, or tokens of an OAuth installation, sealed in
// the store (contracts: Slack 7).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/slack/api.hpp"
#include "bot/base/clock.hpp"
#include "config/settings.hpp"

namespace broadsheet::slack {

struct Identity {
  std::string token;  // secret
  std::string bot_user, bot_id, team, team_name;
  bool any_team = false;  // an org-wide installation
  std::string refresh;    // secret; empty: the token does not rotate
  std::optional<Moment> expires;
};

class Installations {
 public:
  Installations(Api& api, adapters::State& state, Clock& clock, const config::Slack& settings);
  ~Installations();
  Installations(const Installations&) = delete;
  Installations& operator=(const Installations&) = delete;

  // A token that works, refreshed ahead of its end. not_allowed: this workspace has no installation.
  awaitable<Result<Identity>> of(std::string team);
  // After token_expired: one refresh however many ask at once.
  awaitable<Result<Identity>> renewed(std::string team, std::string stale_token);
  // From an answer of oauth.v2.access. The Identity is of the new installation.
  awaitable<Result<Identity>> add(std::string answer);
  // Uninstalled: the tokens are wiped. Any number of times.
  awaitable<void> forget(std::string team);
  // Where this workspace's token is: in the org-wide installation of `organisation`, or (empty) in its own.
  awaitable<void> belongs(std::string team, std::string organisation);
  // Workspaces and organisations that installed the app and did not remove it.
  awaitable<Result<std::vector<std::string>>> installed();

 private:
  struct Entry;
  awaitable<Result<Identity>> load(std::string team);
  awaitable<Result<Identity>> ask_who(std::string token);
  awaitable<Result<Identity>> refresh(Identity old);
  awaitable<Status> store(Identity identity);
  awaitable<std::string> owner_of(std::string team);
  awaitable<Status> list(std::string team, bool installed);
  std::shared_ptr<Entry> entry(const std::string& team, const boost::asio::any_io_executor& executor);

  Api& api_;
  adapters::State& state_;
  Clock& clock_;
  config::Slack settings_;
  std::map<std::string, std::shared_ptr<Entry>> entries_;  // by owner; the single token's under ""
  std::map<std::string, std::string> owners_;              // of workspaces that were heard of
};

}  // namespace broadsheet::slack
