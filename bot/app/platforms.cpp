#include "bot/app/platforms.hpp"

#include "adapters/slack/slack.hpp"
#include "adapters/telegram/telegram.hpp"
#include "bot/app/matrix_account.hpp"
#include "bot/app/telegram_menus.hpp"
#include "bot/net/url.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

// Targets that the configuration names, for doctor.
std::vector<model::Target> configured_targets(const config::Settings& settings, model::PlatformKind kind) {
  std::vector<model::Target> out;
  for (const auto& subscription : settings.subscriptions)
    if (auto target = model::Target::parse(subscription.target); target && target->platform == kind)
      out.push_back(std::move(*target));
  return out;
}

Status add_telegram(const config::Settings& settings, const Doors& doors, Platforms& out) {
  if (settings.telegram.token.empty()) return {};
  telegram::TelegramOptions options;
  options.public_url = settings.service.public_url;
  options.targets = configured_targets(settings, model::PlatformKind::telegram);
  options.menus = telegram_menus();
  out.push_back(std::make_unique<telegram::Telegram>(settings.telegram, doors.transport, doors.clock, doors.state,
                                                     std::move(options)));
  return {};
}

Status add_slack(const config::Settings& settings, const Doors& doors, Platforms& out) {
  const auto& s = settings.slack;
  bool off = s.bot_token.empty() && s.app_token.empty() && s.client_id.empty() && s.client_secret.empty();
  if (off) return {};
  auto made =
      slack::Slack::make(s, settings.service.public_url, {doors.transport, doors.websockets, doors.clock, doors.state});
  if (!made) return std::move(made).error();
  out.push_back(std::move(*made));
  return {};
}

Status add_matrix(const config::Settings& settings, const Doors& doors, Platforms& out) {
  if (!matrix_is_on(settings)) return {};
  auto ways = matrix_doors(settings, doors);
  if (!ways) return std::move(ways).error();
  auto made = matrix::Matrix::make(settings.matrix, std::move(*ways));
  if (!made) return std::move(made).error();
  out.push_back(std::move(*made));
  return {};
}

}  // namespace

Result<Platforms> make_platforms(const config::Settings& settings, const Doors& doors) {
  Platforms out;
  for (auto* add : {add_telegram, add_slack, add_matrix})
    if (auto added = add(settings, doors, out); !added) return std::move(added).error();
  return out;
}

http::ClientOptions client_options(const config::Settings& settings) {
  http::ClientOptions out{.user_agent = "Broadsheet/" + std::string(kVersion)};
  if (auto homeserver = http::parse_url(settings.matrix.homeserver_url)) out.private_hosts.push_back(homeserver->host);
  return out;
}

}  // namespace broadsheet::app
