// Slack as a platform (contracts: Slack). Two ways in, one handler layer behind them; rendering, sending, recovery by
// message metadata, private answers.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/slack/traits.hpp"
#include "bot/base/clock.hpp"
#include "bot/http/http.hpp"
#include "bot/net/client.hpp"
#include "bot/net/websocket.hpp"
#include "config/settings.hpp"

namespace broadsheet::slack {

class Slack final : public adapters::Platform {
 public:
  // What the adapter is given; everything outlives it.
  struct Doors {
    http::Transport& transport;
    http::WebSocketDoor& websockets;
    Clock& clock;
    adapters::State& state;
  };
  // Refuses a configuration that cannot work: no token, an empty signing secret in HTTP mode.
  static Result<std::unique_ptr<Slack>> make(config::Slack settings, std::string public_url, Doors doors);
  ~Slack() override;

  const model::PlatformTraits& traits() const override { return slack::traits(); }
  std::string prefix(const model::ReplyTo& from) const override { return from.direct ? "" : "/arxiv "; }
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
  adapters::awaitable<std::string> name_of(model::Actor who, model::Target where) override;
  adapters::awaitable<std::optional<adapters::Refused>> hindrance(model::Target where) override;
  adapters::awaitable<PaperId> paper_above(model::ReplyTo command) override;

  adapters::awaitable<void> run(adapters::EventSink& sink) override;
  std::vector<adapters::Route> routes(adapters::EventSink& sink) override;
  adapters::awaitable<std::vector<adapters::Check>> doctor() override;
  std::string trouble() const override;

 private:
  class Impl;
  explicit Slack(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::slack
