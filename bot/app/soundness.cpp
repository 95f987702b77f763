#include "bot/app/soundness.hpp"

#include <algorithm>
#include <filesystem>

#include "adapters/preview/traits.hpp"
#include "bot/app/arxiv_door.hpp"
#include "bot/app/matrix_account.hpp"
#include "bot/app/platforms.hpp"
#include "bot/app/standalone.hpp"
#include "bot/http/url.hpp"
#include "bot/net/address_range.hpp"
#include "bot/places/hindrance.hpp"

namespace broadsheet::app {
namespace {

using config::LoadOutcome;
using config::Weight;

void folders_and_files(const config::Settings& settings, LoadOutcome& loaded) {
  std::error_code ec;
  auto kind = std::filesystem::status(settings.service.data_dir, ec).type();
  bool absent = kind == std::filesystem::file_type::not_found && ec != std::errc::not_a_directory;
  if (kind != std::filesystem::file_type::directory && !absent)
    loaded.add("service.data_dir",
               settings.service.data_dir + " is not a folder; name one, it is made where there is none", Weight::wrong);
  if (auto calendar = load_calendar(settings.arxiv); !calendar)
    loaded.add("arxiv.holidays_file", calendar.error().what(), Weight::wrong);
}

void addresses(const config::Settings& settings, LoadOutcome& loaded) {
  if (auto place = http::parse_listen(settings.service.listen); !place)
    loaded.add("service.listen", place.error().what(), Weight::wrong);
  for (const auto& proxy : settings.service.trusted_proxies)
    if (auto range = http::AddressRange::parse(proxy); !range)
      loaded.add("service.trusted_proxies", range.error().what(), Weight::wrong);
  const auto& a = settings.arxiv;
  Addresses all = {{"arxiv.feed_url", a.feed_url},
                   {"arxiv.api_url", a.api_url},
                   {"arxiv.oai_url", a.oai_url},
                   {"arxiv.site_url", a.site_url},
                   {"service.public_url", settings.service.public_url},
                   {"writer.base_url", settings.writer.base_url},
                   {"slack.api_url", settings.slack.api_url},
                   {"slack.hooks_url", settings.slack.hooks_url},
                   {"matrix.homeserver_url", settings.matrix.homeserver_url},
                   {"telegram.api_url", settings.telegram.api_url}};
  for (const auto& [key, address] : all)
    if (auto url = http::parse_url(address); !address.empty() && !url)
      loaded.add(key, "\"" + address + "\" cannot be called: " + url.error().what(), Weight::wrong);
}

void operators(const config::Settings& settings, LoadOutcome& loaded) {
  for (const auto& who : settings.service.operators)
    if (!model::is_person(who))
      loaded.add("service.operators", "\"" + who + "\" is nobody's name; write " + model::person_forms(),
                 Weight::wrong);
}

bool secret_is_missing(const LoadOutcome& loaded, const std::string& section) {
  for (const auto& problem : loaded.problems)
    if (problem.weight == Weight::secret && problem.key.starts_with(section + ".")) return true;
  return false;
}

// The platforms that would be on; each says what its section lacks.
Platforms platforms(const config::Settings& settings, LoadOutcome& loaded) {
  SystemClock clock;
  Standalone alone(clock);
  auto doors = alone.doors();
  doors.looking = true;
  Platforms out;
  for (const auto& module : platform_modules()) {
    auto name = module.traits().name.str();
    auto platform = module.make(settings, doors);
    if (!platform && !secret_is_missing(loaded, name)) loaded.add(name, platform.error().what(), Weight::wrong);
    if (platform && *platform) out.push_back(std::move(*platform));
  }
  if (!settings.matrix.user_id.empty() && !matrix_is_on(settings) && !secret_is_missing(loaded, "matrix"))
    loaded.add(
        "matrix.user_id",
        "Matrix is off: there is no credential; give a password or an access_token, or run `broadsheet matrix login`",
        Weight::useless);
  return out;
}

void subscriptions(const config::Settings& settings, const Platforms& on, LoadOutcome& loaded) {
  auto may_be_on = [&](const model::PlatformName& name) {
    return name == preview::traits().name || secret_is_missing(loaded, name.str()) ||
           std::any_of(on.begin(), on.end(), [&name](const auto& one) { return one->kind() == name; });
  };
  for (std::size_t i = 0; i < settings.subscriptions.size(); ++i)
    if (auto found = places::hindrance(settings.subscriptions[i], may_be_on))
      loaded.add("subscription[" + std::to_string(i + 1) + "]." + found->option, found->what,
                 found->option == "filter" ? Weight::wrong : Weight::useless);
}

}  // namespace

std::set<model::PlatformName> platforms_on(const config::Settings& settings) {
  LoadOutcome ignored;
  std::set<model::PlatformName> out{preview::traits().name};
  for (const auto& platform : platforms(settings, ignored)) out.insert(platform->kind());
  return out;
}

void examine_settings(LoadOutcome& loaded) {
  if (!loaded.settings) return;
  const auto settings = *loaded.settings;  // add() may take them away
  folders_and_files(settings, loaded);
  addresses(settings, loaded);
  operators(settings, loaded);
  subscriptions(settings, platforms(settings, loaded), loaded);
}

LoadOutcome load_examined(const std::string& named) {
  auto loaded = config::load_found(named);
  examine_settings(loaded);
  return loaded;
}

}  // namespace broadsheet::app
