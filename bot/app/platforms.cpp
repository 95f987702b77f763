#include "bot/app/platforms.hpp"

#include "adapters/telegram/telegram.hpp"
#include "bot/app/telegram_menus.hpp"
#include "version_info.hpp"

namespace broadsheet::app {
namespace {

// Targets that the configuration names, for doctor.
std::vector<adapters::Target> configured_targets(const config::Settings& settings, adapters::PlatformKind kind) {
  std::vector<adapters::Target> out;
  for (const auto& subscription : settings.subscriptions)
    if (auto target = adapters::Target::parse(subscription.target); target && target->platform == kind)
      out.push_back(std::move(*target));
  return out;
}

Status add_telegram(const config::Settings& settings, const Doors& doors, Platforms& out) {
  if (settings.telegram.token.empty()) return {};
  telegram::TelegramOptions options;
  options.public_url = settings.service.public_url;
  options.targets = configured_targets(settings, adapters::PlatformKind::telegram);
  options.menus = telegram_menus();
  out.push_back(std::make_unique<telegram::Telegram>(settings.telegram, doors.transport, doors.clock, doors.state,
                                                     std::move(options)));
  return {};
}

}  // namespace

Result<Platforms> make_platforms(const config::Settings& settings, const Doors& doors) {
  Platforms out;
  for (auto* add : {add_telegram})
    if (auto added = add(settings, doors, out); !added) return std::move(added).error();
  return out;
}

http::ClientOptions client_options() {
  return {.user_agent = "Broadsheet/" + std::string(kVersion)};
}

}  // namespace broadsheet::app
