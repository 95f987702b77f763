// The Telegram adapter (contracts: Telegram): long polling in, entities out, recovery by the tracked keyboard. Used on
// the I/O thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/platform.hpp"
#include "bot/base/clock.hpp"
#include "bot/net/http.hpp"
#include "config/settings.hpp"

namespace broadsheet::telegram {

struct TelegramOptions {
  // Limits × this; 1 but in rehearsals against a fake with scaled limits.
  double limits_scale = 1;
  std::vector<std::pair<std::string, std::string>> menu;  // command, description; registered at start
  std::string webhook_url;                                // of mode "webhook"
};

class Telegram final : public adapters::Platform {
 public:
  Telegram(const config::Telegram& settings, http::Transport& transport, Clock& clock, adapters::State& state,
           TelegramOptions options);
  ~Telegram() override;

  adapters::PlatformKind kind() const override { return adapters::PlatformKind::telegram; }
  adapters::Capabilities capabilities() const override;
  std::vector<adapters::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                                const adapters::RenderOptions& options) const override;
  std::string request_body(const adapters::SendRequest& request) const override;
  std::vector<adapters::Pace> paces(const adapters::Target& target, bool in_thread) const override;
  adapters::awaitable<adapters::SendOutcome> send(adapters::SendRequest request) override;
  adapters::awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request) override;
  adapters::awaitable<adapters::SendOutcome> edit(adapters::Target target, std::string remote_id,
                                                  adapters::OutgoingMessage message) override;
  adapters::awaitable<adapters::SendOutcome> reply(adapters::ReplyRequest request) override;
  adapters::awaitable<void> acknowledge(adapters::ReplyTo to) override;
  adapters::awaitable<Result<adapters::Role>> role_of(adapters::Actor who, adapters::Target where) override;
  adapters::awaitable<void> run(adapters::EventSink& sink) override;
  std::vector<adapters::Route> routes(adapters::EventSink& sink) override;
  adapters::awaitable<std::vector<adapters::Check>> doctor() override;
  std::string trouble() const override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace broadsheet::telegram
