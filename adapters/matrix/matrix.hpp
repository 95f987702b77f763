// Matrix as a platform (contracts: Matrix). Two ways in, account with /sync or appservice push, one handler layer
// behind both; rendering to the permitted HTML with a plain body beside it, sending under fixed transaction ids,
// recovery by read-back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/matrix/traits.hpp"
#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "bot/http/http.hpp"
#include "config/settings.hpp"

namespace broadsheet::matrix {

// Where the session stands in the state.
inline constexpr const char* kStoredSession = "matrix.session";

// What the adapter is given; everything outlives it.
struct Doors {
  http::Transport& transport;
  Clock& clock;
  adapters::State& state;
  // Closes the session in `state`: access and refresh tokens never lie open in the database. Empty: the password does.
  config::Secret seal;
  std::function<std::uint64_t()> random;
};

class Matrix final : public adapters::Platform {
 public:
  // Refuses a configuration that cannot work.
  static Result<std::unique_ptr<Matrix>> make(config::Matrix settings, Doors doors);
  ~Matrix() override;

  const model::PlatformTraits& traits() const override { return matrix::traits(); }
  std::string prefix(const model::ReplyTo& from) const override;
  adapters::Capabilities capabilities() const override;
  std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                             const adapters::RenderOptions& options) const override;
  std::string request_body(const adapters::SendRequest& request) const override;
  std::vector<adapters::Pace> paces(const model::Target& target, bool in_thread) const override;

  adapters::awaitable<adapters::SendOutcome> send(adapters::SendRequest request) override;
  adapters::awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request) override;
  adapters::awaitable<adapters::SendOutcome> edit(model::Target target, model::RemoteId remote_id,
                                                  model::OutgoingMessage message) override;
  adapters::awaitable<adapters::SendOutcome> reply(adapters::ReplyRequest request) override;
  adapters::awaitable<void> acknowledge(model::ReplyTo to) override;
  adapters::awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) override;
  adapters::awaitable<std::optional<adapters::Refused>> hindrance(model::Target where) override;

  adapters::awaitable<void> run(adapters::EventSink& sink) override;
  std::vector<adapters::Route> routes(adapters::EventSink& sink) override;
  adapters::awaitable<std::vector<adapters::Check>> doctor() override;
  std::string trouble() const override;

 private:
  class Impl;
  explicit Matrix(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The appservice registration file (YAML) for the operator of the homeserver (contracts: Matrix 9). `address`: where
// the homeserver reaches us.
Result<std::string> registration(const config::Matrix& settings, const std::string& address);

// `matrix login`: by password where one is configured and the server takes it, else by OAuth device grant; `say` shows
// the address to open. The session is stored for the service (contracts: Matrix 3).
adapters::awaitable<Status> login(config::Matrix settings, Doors doors, std::function<void(std::string)> say);

}  // namespace broadsheet::matrix
