// The Telegram adapter: Bot API over HTTP (contracts: Telegram).
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "adapters/platform.hpp"
#include "adapters/telegram/api.hpp"
#include "adapters/telegram/ingress.hpp"
#include "adapters/telegram/probe.hpp"
#include "adapters/telegram/setup.hpp"
#include "adapters/telegram/traits.hpp"
#include "bot/base/clock.hpp"
#include "bot/http/http.hpp"
#include "config/settings.hpp"

namespace broadsheet::telegram {

struct TelegramOptions {
  std::string public_url;              // of this service; the webhook stands under it
  std::vector<model::Target> targets;  // that subscriptions name, for doctor
  std::vector<Menu> menus;             // registered at start
  double limits_scale = 1;             // of the platform's limits; above 1 against a fake only
  std::chrono::seconds quiet{60};      // before recovery looks (design: reliability 3, A1)
  ProbeOptions probe;
};

class Telegram final : public adapters::Platform {
 public:
  Telegram(const config::Telegram& settings, http::Transport& transport, Clock& clock, adapters::State& state,
           TelegramOptions options);
  ~Telegram() override;
  Telegram(const Telegram&) = delete;
  Telegram& operator=(const Telegram&) = delete;

  const model::PlatformTraits& traits() const override { return telegram::traits(); }
  std::string prefix(const model::ReplyTo& /*from*/) const override { return "/"; }
  adapters::Capabilities capabilities() const override;
  std::vector<model::OutgoingMessage> render(const std::vector<adapters::Part>& parts,
                                             const adapters::RenderOptions& options) const override;
  std::string request_body(const adapters::SendRequest& request) const override;
  std::vector<adapters::Pace> paces(const model::Target& target, bool in_thread) const override;

  awaitable<adapters::SendOutcome> send(adapters::SendRequest request) override;
  awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request) override;
  awaitable<adapters::SendOutcome> edit(model::Target target, model::RemoteId remote_id,
                                        model::OutgoingMessage message) override;
  awaitable<adapters::SendOutcome> reply(adapters::ReplyRequest request) override;
  awaitable<void> acknowledge(model::ReplyTo to) override;
  awaitable<Result<model::Role>> role_of(model::Actor who, model::Target where) override;
  awaitable<std::optional<adapters::Refused>> hindrance(model::Target where) override;

  awaitable<void> run(adapters::EventSink& sink) override;
  std::vector<adapters::Route> routes(adapters::EventSink& sink) override;
  awaitable<std::vector<adapters::Check>> doctor() override;
  std::string trouble() const override;

  // `telegram setup`: menus registered, webhook set or removed.
  awaitable<std::vector<adapters::Check>> setup(std::vector<Menu> menus);
  // Known once run() or learn_name() has asked the server.
  const BotName& bot() const { return bot_; }

 private:
  awaitable<Answer<Me>> learn_name();
  awaitable<bool> begin();
  awaitable<adapters::SendOutcome> deliver(model::Target target, model::DeliveryKey key, std::string body,
                                           model::RemoteId reply_to);
  awaitable<adapters::SendOutcome> privately(adapters::ReplyRequest request);
  awaitable<adapters::SendOutcome> say(model::Target target, const adapters::ReplyRequest& request,
                                       model::RemoteId reply_to);
  // The newest answer of ours there, with its time: where recovery may begin in a chat that got no post yet.
  awaitable<void> remember(model::Target target, model::RemoteId id);
  awaitable<model::RemoteId> remembered(model::Target target, Moment before);
  void held_back(const model::Target& target, adapters::SendOutcome& outcome);
  bool polls() const { return settings_.mode != "webhook"; }
  Place place() const;

  config::Telegram settings_;
  Clock& clock_;
  adapters::State& state_;
  TelegramOptions options_;
  Api api_;
  BotName bot_;
  Poller poller_;
  WebhookRoute webhook_;
  Probe probe_;
  std::map<std::string, SteadyMoment> limited_;  // chats that were told to wait, lately
  std::string trouble_;
};

}  // namespace broadsheet::telegram
