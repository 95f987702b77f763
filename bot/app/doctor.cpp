#include "bot/app/doctor.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "bot/app/arxiv_door.hpp"
#include "bot/app/platforms.hpp"
#include "bot/app/soundness.hpp"
#include "bot/app/standalone.hpp"
#include "bot/app/store_options.hpp"
#include "bot/app/writing.hpp"
#include "bot/base/text.hpp"
#include "bot/http/http.hpp"
#include "bot/places/hindrance.hpp"
#include "bot/store/store.hpp"

namespace broadsheet::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLeastSpace = std::uintmax_t{1} << 30;
constexpr std::chrono::seconds kClockMayDiffer{300};  // the platforms' signature window (design: reliability P12)

using Tell = std::function<void(const CheckRow&)>;

// "telegram configuration": problems stand with the part that they keep off.
void check_configuration(const config::LoadOutcome& loaded, const Tell& tell) {
  for (const auto& problem : loaded.problems) {
    auto section = problem.key.substr(0, problem.key.find_first_of(".["));
    auto semicolon = problem.what.rfind("; ");
    bool has_fix = semicolon != std::string::npos;
    auto shown = problem;
    shown.what = problem.what.substr(0, semicolon);
    tell({section + " configuration", false, config::to_string(shown),
          has_fix ? problem.what.substr(semicolon + 2) : "correct the line, then `broadsheet config check`"});
  }
  if (loaded.problems.empty()) tell({"configuration", true, "read without a problem", {}});
}

void check_folder(const config::Settings& settings, const Tell& tell) {
  fs::path folder(settings.service.data_dir);
  std::error_code ec;
  auto standing = fs::exists(folder, ec) ? folder : fs::absolute(folder).parent_path();
  if (access(standing.c_str(), W_OK) != 0) {
    tell({"data folder", false, folder.string() + " cannot be written",
          "give its owner write rights, or change service.data_dir"});
    return;
  }
  auto space = fs::space(standing, ec);
  bool roomy = !ec && space.available >= kLeastSpace;
  auto free = ec ? std::string("unknown") : std::to_string(space.available >> 20U) + " MiB free";
  tell({"data folder", roomy, folder.string() + ", " + free, "make room: the store needs about 3.5 KB a paper"});
}

void check_store(const config::Settings& settings, const Tell& tell) {
  auto store = store::open_store(reading_options(settings));
  if (!store && store.error().kind() == ErrorKind::not_found) {
    tell({"storage", true, "nothing stored yet; `serve`, `digest` or `import` creates it", {}});
    return;
  }
  if (!store) {
    bool damaged = store.error().kind() == ErrorKind::corrupt;
    tell(
        {"storage", false, store.error().what(),
         damaged ? "restore the last good backup" : "do what the line above says, then run `broadsheet doctor` again"});
    return;
  }
  if (auto good = (*store)->upkeep().check(); !good) {
    tell({"storage", false, good.error().what(), "stop the service and `broadsheet restore` the last good backup"});
    return;
  }
  auto papers = (*store)->papers().count();
  tell({"storage", papers.has_value(),
        papers ? std::to_string(*papers) + " papers, schema " + std::to_string((*store)->upkeep().schema_version())
               : papers.error().what(),
        "restore a backup"});
}

void check_calendar(const arxiv::Calendar& calendar, Clock& clock, const Tell& tell) {
  auto until = calendar.last_known_day();
  tell({"holiday list", clock.now() <= Moment(until), "known until " + to_string(until),
        "give this year's holidays in arxiv.holidays_file"});
}

struct Probe {
  const char* what;
  arxiv::SourceKind kind;
  std::string url;
};

std::vector<Probe> probes(const config::Arxiv& a) {
  using arxiv::SourceKind;
  auto category = a.categories.empty() ? std::string("cs.CV") : a.categories.front().canonical().str();
  return {{"arXiv feeds", SourceKind::feed, a.feed_url + "/rss/" + category},
          {"arXiv listing pages", SourceKind::site, a.site_url + "/list/" + category + "/new?skip=0&show=25"},
          {"arXiv OAI-PMH", SourceKind::oai, a.oai_url + "?verb=Identify"},
          {"arXiv query API", SourceKind::api, a.api_url + "?search_query=cat%3A" + category + "&max_results=1"}};
}

// The peer's Date beside our clock.
void check_clock(const std::string& date, Clock& clock, const Tell& tell) {
  auto theirs = parse_rfc822(date);
  if (!theirs) return;
  auto apart = std::chrono::abs(std::chrono::duration_cast<std::chrono::seconds>(clock.now() - *theirs));
  tell({"clock", apart <= kClockMayDiffer, std::to_string(apart.count()) + " s from arXiv's",
        "set the clock (for example by systemd-timesyncd): signatures and schedules depend on it"});
}

boost::asio::awaitable<void> check_sources(ArxivDoor& door, const config::Settings& settings, Clock& clock,
                                           const Tell& tell) {
  bool clock_known = false;
  for (const auto& probe : probes(settings.arxiv)) {
    auto answer = co_await door.source().gate().get(probe.kind, probe.url);
    if (answer && answer->status == 200) {
      tell({probe.what, true, "answers", {}});
      if (!clock_known) check_clock(std::string(http::header(answer->headers, "Date")), clock, tell);
      clock_known = true;
      continue;
    }
    auto why = answer ? "answers " + std::to_string(answer->status) : answer.error().what();
    tell({probe.what, false, why,
          "check the address in [arxiv], the network and its proxy; the other sources stand in"});
  }
}

void check_arxiv(const config::Settings& settings, Clock& clock, const Tell& tell) {
  auto calendar = load_calendar(settings.arxiv);
  if (!calendar) {
    tell({"holiday list", false, calendar.error().what(), "correct arxiv.holidays_file"});
    return;
  }
  check_calendar(*calendar, clock, tell);
  if (settings.arxiv.contact.empty())
    tell({"contact", false, "arxiv.contact is empty", "give a mail address: arXiv asks who is calling"});
  Machine machine(clock, 1, {});
  ArxivDoor door(machine.outside(), settings, std::move(*calendar), no_listings(), std::chrono::minutes(0));
  machine.run(check_sources(door, settings, clock, tell));
}

boost::asio::awaitable<void> check_platforms_in_turn(const Platforms& platforms, const Tell& tell) {
  for (const auto& platform : platforms)
    for (auto& check : co_await platform->doctor()) {
      auto name = platform->kind().str();
      if (!check.what.starts_with(name)) check.what = name + " " + check.what;
      tell(check);
    }
}

// The targets of every subscription are looked at, also of those that commands made.
config::Settings with_stored_targets(config::Settings settings, store::Store* store) {
  if (store == nullptr) return settings;
  auto stored = store->subscriptions().all();
  if (!stored) return settings;
  for (const auto& subscription : *stored) {
    auto& known = settings.subscriptions;
    if (std::none_of(known.begin(), known.end(), [&](const auto& one) { return one.target == subscription.target; }))
      known.emplace_back().target = subscription.target;
  }
  return settings;
}

// Those of the configuration are examined with it.
void check_subscriptions(store::Store& store, const std::set<model::PlatformName>& on, const Tell& tell) {
  auto all = store.subscriptions().all();
  if (!all) return tell({"subscriptions", false, all.error().what(), "see the row of the storage"});
  std::size_t dead = 0;
  for (const auto& one : *all) {
    if (one.state != model::SubscriptionState::active) continue;
    auto found = places::hindrance(one, [&on](const model::PlatformName& name) { return on.contains(name); });
    if (!found) continue;
    ++dead;
    auto semicolon = found->what.rfind("; ");
    tell({"subscription", false, one.target.str() + ": " + found->what.substr(0, semicolon),
          semicolon == std::string::npos ? "subscribe again with a filter that can be searched for"
                                         : found->what.substr(semicolon + 2)});
  }
  if (dead == 0) tell({"subscriptions", true, std::to_string(all->size()) + ", each can be served", {}});
}

void check_platforms(const config::Settings& settings, Clock& clock, const Tell& tell) {
  auto store = store::open_store(reading_options(settings));
  auto* stored = store ? store->get() : nullptr;
  Standalone alone(clock, stored, client_options(settings));
  auto doors = alone.doors();
  doors.looking = true;
  auto platforms = make_platforms(with_stored_targets(settings, stored), doors);
  if (!platforms) return tell({"platforms", false, platforms.error().what(), "correct the configuration"});
  alone.run(check_platforms_in_turn(*platforms, tell));
  if (stored != nullptr) check_subscriptions(*stored, platforms_on(settings), tell);
}

}  // namespace

void examine(const config::LoadOutcome& loaded, Clock& clock, const Tell& tell) {
  const auto& settings = *loaded.settings;
  check_configuration(loaded, tell);
  check_folder(settings, tell);
  check_store(settings, tell);
  check_arxiv(settings, clock, tell);
  check_platforms(settings, clock, tell);
  tell(check_writer(settings, clock));
}

}  // namespace broadsheet::app
