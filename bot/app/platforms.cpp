#include "bot/app/platforms.hpp"

#include <algorithm>

#include "adapters/preview/traits.hpp"
#include "adapters/slack/slack.hpp"
#include "adapters/telegram/telegram.hpp"
#include "bot/app/matrix_account.hpp"
#include "bot/app/telegram_menus.hpp"
#include "bot/http/url.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

std::vector<model::Target> configured_targets(const config::Settings& settings, const model::PlatformName& platform) {
  std::vector<model::Target> out;
  for (const auto& subscription : settings.subscriptions)
    if (subscription.target.platform == platform) out.push_back(subscription.target);
  return out;
}

// A row's make() from an adapter's own.
template <class T>
Result<PlatformPtr> made(Result<T> platform) {
  if (!platform) return std::move(platform).error();
  return PlatformPtr(std::move(*platform));
}

// ---- Slack

bool slack_is_on(const config::Slack& s) {
  return !s.bot_token.empty() || !s.app_token.empty() || !s.client_id.empty() || !s.client_secret.empty();
}

Result<PlatformPtr> make_slack(const config::Settings& settings, const Doors& doors) {
  if (!slack_is_on(settings.slack)) return PlatformPtr();
  return made(slack::Slack::make(settings.slack, settings.service.public_url,
                                 {doors.transport, doors.websockets, doors.clock, doors.state}));
}

PlatformPtr unconnected_slack(const config::Settings& settings, const Doors& doors) {
  auto some = settings.slack;
  some.mode = "socket";
  some.bot_token = some.app_token = config::Secret("none");
  return std::move(*slack::Slack::make(some, {}, {doors.transport, doors.websockets, doors.clock, doors.state}));
}

Addresses slack_addresses(const config::Settings& settings) {
  if (!slack_is_on(settings.slack)) return {};
  return {{"slack.api_url", settings.slack.api_url}, {"slack.hooks_url", settings.slack.hooks_url}};
}

// ---- Matrix

Result<PlatformPtr> make_matrix(const config::Settings& settings, const Doors& doors) {
  if (!matrix_is_on(settings)) return PlatformPtr();
  auto ways = matrix_doors(settings, doors);
  if (!ways) return std::move(ways).error();
  return made(matrix::Matrix::make(settings.matrix, std::move(*ways)));
}

PlatformPtr unconnected_matrix(const config::Settings& settings, const Doors& doors) {
  config::Matrix some;
  some.user_id = "@you:example.org";
  some.root_msgtype = settings.matrix.root_msgtype;
  return std::move(*matrix::Matrix::make(some, {doors.transport, doors.clock, doors.state, {}, [] { return 0; }}));
}

Addresses matrix_addresses(const config::Settings& settings) {
  if (settings.matrix.user_id.empty()) return {};
  return {{"matrix.homeserver_url", settings.matrix.homeserver_url}};
}

// ---- Telegram

Result<PlatformPtr> make_telegram(const config::Settings& settings, const Doors& doors) {
  if (settings.telegram.token.empty()) return PlatformPtr();
  telegram::TelegramOptions options;
  options.public_url = settings.service.public_url;
  options.targets = configured_targets(settings, telegram::traits().name);
  options.menus = telegram_menus();
  return PlatformPtr(std::make_unique<telegram::Telegram>(settings.telegram, doors.transport, doors.clock, doors.state,
                                                          std::move(options)));
}

PlatformPtr unconnected_telegram(const config::Settings& settings, const Doors& doors) {
  return std::make_unique<telegram::Telegram>(settings.telegram, doors.transport, doors.clock, doors.state,
                                              telegram::TelegramOptions{});
}

Addresses telegram_addresses(const config::Settings& settings) {
  if (settings.telegram.token.empty()) return {};
  return {{"telegram.api_url", settings.telegram.api_url}};
}

std::vector<PlatformModule>& modules() {
  static std::vector<PlatformModule> known = [] {
    std::vector<PlatformModule> out = {
        {slack::traits, make_slack, unconnected_slack, slack_addresses},
        {matrix::traits, make_matrix, unconnected_matrix, matrix_addresses},
        {telegram::traits, make_telegram, unconnected_telegram, telegram_addresses},
    };
    for (const auto& module : out) module.traits();
    preview::traits();  // built in and always on: the service itself makes it
    return out;
  }();
  return known;
}

}  // namespace

Doors doors_of(const Outside& outside, adapters::State& state) {
  return {outside.platforms, outside.websockets, outside.clock, state, outside.random};
}

const std::vector<PlatformModule>& platform_modules() {
  return modules();
}

void add_platform_module(const PlatformModule& module) {
  modules().push_back(module);
  module.traits();
}

const PlatformModule* find_platform_module(std::string_view name) {
  const auto& all = platform_modules();
  auto found = std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.traits().name == name; });
  return found == all.end() ? nullptr : &*found;
}

Result<Platforms> make_platforms(const config::Settings& settings, const Doors& doors) {
  Platforms out;
  for (const auto& module : platform_modules()) {
    auto platform = module.make(settings, doors);
    if (!platform) return std::move(platform).error();
    if (*platform) out.push_back(std::move(*platform));
  }
  return out;
}

Addresses platform_addresses(const config::Settings& settings) {
  Addresses out;
  for (const auto& module : platform_modules())
    for (auto& address : module.addresses(settings)) out.push_back(std::move(address));
  return out;
}

model::Target shown_target(const model::PlatformTraits& platform, const config::Settings& settings) {
  auto configured = configured_targets(settings, platform.name);
  return configured.empty() ? *model::Target::parse(platform.target_example) : std::move(configured.front());
}

http::ClientOptions client_options(const config::Settings& settings) {
  http::ClientOptions out{.user_agent = "Broadsheet/" + std::string(kVersion)};
  if (auto homeserver = http::parse_url(settings.matrix.homeserver_url)) out.private_hosts.push_back(homeserver->host);
  if (settings.writer.kind == "openai")
    if (auto endpoint = http::parse_url(settings.writer.base_url)) out.private_hosts.push_back(endpoint->host);
  return out;
}

}  // namespace broadsheet::app
