// Who we are to the homeserver: tokens, login, refresh (contracts: Matrix 3). One refresh or login in flight for all
// callers; a new pair is stored before it is used. Internal to the adapter.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "adapters/matrix/matrix.hpp"
#include "adapters/matrix/wire.hpp"
#include "bot/async/async.hpp"

namespace broadsheet::matrix {

struct Tokens {
  std::string base_url, user_id, device_id, access, refresh;
  Moment issued{}, expires{};             // expires: epoch when it never does
  std::string token_endpoint, client_id;  // OAuth; empty for legacy tokens
};

class Session {
 public:
  Session(const config::Matrix& settings, const Doors& doors, Wire& wire);

  // Has tokens when it succeeds: configured, stored, or by password. Checked with whoami.
  async::awaitable<Status> open();
  // For a look from outside, also while the service runs: leaves all as it is, here and there. What was found, for
  // people; is_open() says whether there is a token to ask with.
  async::awaitable<Result<std::string>> peek();
  // After a 401, or before an expiry. `stale`: the token that was refused; when it is no longer the current one,
  // somebody else has renewed it already.
  async::awaitable<Status> renew(std::string stale, bool soft_logout);
  async::awaitable<Status> login_by_password();
  // Tokens got elsewhere (device grant), stored for the service.
  async::awaitable<Status> adopt(Tokens tokens);

  bool is_open() const { return !tokens_.access.empty() && lost_.empty(); }
  bool nearly_expired() const;
  bool can_refresh() const { return !tokens_.refresh.empty(); }
  bool can_login() const { return !settings_.password.empty(); }
  bool appservice() const { return settings_.mode == "appservice"; }
  const Tokens& tokens() const { return tokens_; }
  // Query parameters of an appservice that sends with its as_token as one device.
  std::vector<std::pair<std::string, std::string>> identity() const;
  const std::string& lost() const { return lost_; }  // why the account can't be used any more

 private:
  async::awaitable<Result<std::string>> try_password();
  async::awaitable<Status> load();
  async::awaitable<Status> store();
  async::awaitable<Status> find_base();
  async::awaitable<Status> check_identity();
  Status read_identity(const Answer& answer);
  async::awaitable<Status> open_appservice();
  async::awaitable<Status> appservice_login();
  async::awaitable<Status> refresh();
  async::awaitable<Status> take_login(Answer answer);
  std::string fixed_device() const;
  std::string seal_key() const;
  Error lose(std::string why);

  const config::Matrix& settings_;
  const Doors& doors_;
  Wire& wire_;
  Tokens tokens_;
  bool device_by_query_ = false;
  std::string lost_;
  std::optional<async::AsyncMutex> mutex_;
};

}  // namespace broadsheet::matrix
