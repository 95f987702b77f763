#include "adapters/slack/installations.hpp"

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "adapters/slack/vault.hpp"
#include "bot/async/async.hpp"
#include "bot/base/log.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::slack {
namespace {

using nlohmann::json;

std::string row_of(const std::string& team) {
  return "slack:installation:" + team;
}

std::string organisation_row(const std::string& team) {
  return "slack:organisation:" + team;
}
constexpr std::string_view kList = "slack:installations";

// Refreshed at three quarters of its life, so that an outage of hours does not end in a dead token.
constexpr double kUsedLife = 0.75;

std::optional<Moment> end_of_use(const json& tree, Moment now) {
  const auto* seconds = member(tree, {"expires_in"});
  if (seconds == nullptr || !seconds->is_number()) return std::nullopt;
  auto life = std::chrono::duration<double>(seconds->get<double>() * kUsedLife);
  return now + std::chrono::duration_cast<std::chrono::milliseconds>(life);
}

std::string to_row(const Identity& i) {
  json out = {{"token", i.token},    {"bot_user", i.bot_user}, {"bot_id", i.bot_id},  {"team", i.team},
              {"name", i.team_name}, {"any_team", i.any_team}, {"refresh", i.refresh}};
  if (i.expires) out["expires"] = i.expires->time_since_epoch().count();
  return dump(out);
}

Result<Identity> from_row(const std::string& row) {
  auto tree = parse_json(row);
  if (!tree) return tree.error();
  Identity out{
      text_at(*tree, {"token"}), text_at(*tree, {"bot_user"}), text_at(*tree, {"bot_id"}),  text_at(*tree, {"team"}),
      text_at(*tree, {"name"}),  true_at(*tree, {"any_team"}), text_at(*tree, {"refresh"}), std::nullopt};
  const auto* expires = member(*tree, {"expires"});
  if (expires != nullptr && expires->is_number_integer())
    out.expires = Moment(std::chrono::milliseconds(expires->get<std::int64_t>()));
  return out;
}

Error not_installed(const std::string& team) {
  return {ErrorKind::not_allowed, "the app is not installed in the Slack workspace " + team};
}

}  // namespace

struct Installations::Entry {
  explicit Entry(const boost::asio::any_io_executor& executor) : busy(executor) {}
  async::AsyncMutex busy;  // one look-up or refresh at a time
  std::optional<Identity> known;
};

Installations::Installations(Api& api, adapters::State& state, Clock& clock, const config::Slack& settings)
    : api_(api), state_(state), clock_(clock), settings_(settings) {}
Installations::~Installations() = default;

std::shared_ptr<Installations::Entry> Installations::entry(const std::string& team,
                                                           const boost::asio::any_io_executor& executor) {
  auto& slot = entries_[team];
  if (!slot) slot = std::make_shared<Entry>(executor);
  return slot;
}

// The single token's entry has no name; an org-wide installation stands under the organisation's.
awaitable<std::string> Installations::owner_of(std::string team) {
  if (!settings_.bot_token.empty()) co_return std::string();
  auto found = owners_.find(team);
  if (found != owners_.end()) co_return found->second;
  auto kept = co_await state_.get(organisation_row(team));
  bool known = kept && *kept && !(*kept)->empty();
  auto owner = known ? **kept : team;
  if (kept) owners_[team] = owner;
  co_return owner;
}

bool Installations::knows(const std::string& team, const std::string& organisation) const {
  if (!settings_.bot_token.empty() || team.empty()) return true;
  auto found = owners_.find(team);
  return found != owners_.end() && found->second == (organisation.empty() ? team : organisation);
}

awaitable<void> Installations::belongs(std::string team, std::string organisation) {
  if (knows(team, organisation)) co_return;
  auto owner = organisation.empty() ? team : organisation;
  if (co_await owner_of(team) == owner) co_return;
  auto kept = co_await state_.put(organisation_row(team), organisation);
  if (kept) owners_[team] = owner;
}

awaitable<Result<Identity>> Installations::of(std::string team) {
  auto owner = co_await owner_of(team);
  auto slot = entry(owner, co_await boost::asio::this_coro::executor);
  bool fresh = slot->known && (!slot->known->expires || *slot->known->expires > clock_.now());
  if (!fresh) {
    auto guard = co_await slot->busy.lock();
    if (!slot->known) {
      auto loaded = co_await load(owner);
      if (!loaded) co_return loaded.error();
      slot->known = *loaded;
    }
    bool due = slot->known->expires && *slot->known->expires <= clock_.now() && !slot->known->refresh.empty();
    if (due) {
      auto next = co_await refresh(*slot->known);
      // A quarter of its life is left: the old one still works while Slack is unreachable.
      if (next)
        slot->known = *next;
      else
        log::warning("slack.refresh_failed", {{"team", team}, {"why", next.error().what()}});
    }
  }
  if (!slot->known->any_team && slot->known->team != team && !team.empty()) co_return not_installed(team);
  co_return *slot->known;
}

awaitable<Result<Identity>> Installations::renewed(std::string team, std::string stale_token) {
  auto slot = entry(co_await owner_of(team), co_await boost::asio::this_coro::executor);
  auto guard = co_await slot->busy.lock();
  // Somebody else was first: the refresh token is for one use.
  if (slot->known && slot->known->token != stale_token) co_return *slot->known;
  if (!slot->known || slot->known->refresh.empty()) co_return Error(ErrorKind::not_allowed, "the Slack token expired");
  auto next = co_await refresh(*slot->known);
  if (next) slot->known = *next;
  co_return next;
}

awaitable<Result<Identity>> Installations::load(std::string team) {
  if (!settings_.bot_token.empty()) co_return co_await ask_who(settings_.bot_token.reveal());
  auto row = co_await state_.get(row_of(team));
  if (!row) co_return row.error();
  if (!*row || (*row)->empty()) co_return not_installed(team);
  auto opened = unseal(settings_.client_secret, row_of(team), **row);
  if (!opened)
    co_return Error(ErrorKind::not_allowed, "the stored Slack token of " + team +
                                                " cannot be opened with this client_secret; install the app again");
  co_return from_row(*opened);
}

awaitable<Result<Identity>> Installations::ask_who(std::string token) {
  auto answer = co_await api_.read("auth.test", token, {});
  if (!answer.ok()) co_return answer.error("auth.test");
  auto tree = parse_json(answer.body);
  if (!tree) co_return tree.error();
  Identity out{token,
               text_at(*tree, {"user_id"}),
               text_at(*tree, {"bot_id"}),
               text_at(*tree, {"team_id"}),
               text_at(*tree, {"team"}),
               true_at(*tree, {"is_enterprise_install"}),
               {},
               std::nullopt};
  if (out.team.empty()) co_return Error(ErrorKind::unavailable, "auth.test names no workspace");
  co_return out;
}

awaitable<Result<Identity>> Installations::refresh(Identity old) {
  Form form = {{"grant_type", "refresh_token"}, {"refresh_token", old.refresh}};
  auto answer = co_await api_.exchange("oauth.v2.access", settings_.client_id, settings_.client_secret.reveal(), form);
  if (!answer.ok()) co_return answer.error("oauth.v2.access");
  auto tree = parse_json(answer.body);
  if (!tree || text_at(*tree, {"access_token"}).empty())
    co_return Error(ErrorKind::unavailable, "oauth.v2.access gives no token");
  Identity next = old;
  next.token = text_at(*tree, {"access_token"});
  if (auto again = text_at(*tree, {"refresh_token"}); !again.empty()) next.refresh = again;
  next.expires = end_of_use(*tree, clock_.now());
  // Durable before its first use: the old refresh token is spent.
  if (auto kept = co_await store(next); !kept) log::error("slack.token_not_stored", {{"why", kept.error().what()}});
  co_return next;
}

awaitable<Status> Installations::store(Identity identity) {
  auto name = row_of(identity.team);
  auto sealed = seal(settings_.client_secret, name, to_row(identity));
  if (!sealed) co_return Error(ErrorKind::internal, "the Slack token cannot be sealed");
  co_return co_await state_.put(name, *sealed);
}

// The names of all installations in one row: the store finds rows by name only.
awaitable<Result<std::vector<std::string>>> Installations::installed() {
  auto row = co_await state_.get(std::string(kList));
  if (!row) co_return row.error();
  std::vector<std::string> out;
  if (*row)
    for (auto team : text::split(**row, ' '))
      if (!team.empty()) out.emplace_back(team);
  co_return out;
}

awaitable<Status> Installations::list(std::string team, bool installed_now) {
  auto all = co_await installed();
  if (!all) co_return all.error();
  std::erase(*all, team);
  if (installed_now) all->push_back(team);
  co_return co_await state_.put(std::string(kList), text::join(*all, " "));
}

awaitable<Result<Identity>> Installations::add(std::string answer) {
  auto tree = parse_json(answer);
  if (!tree) co_return tree.error();
  Identity identity;
  identity.token = text_at(*tree, {"access_token"});
  identity.bot_user = text_at(*tree, {"bot_user_id"});
  identity.any_team = true_at(*tree, {"is_enterprise_install"});
  identity.team = text_at(*tree, {identity.any_team ? "enterprise" : "team", "id"});
  identity.team_name = text_at(*tree, {identity.any_team ? "enterprise" : "team", "name"});
  identity.refresh = text_at(*tree, {"refresh_token"});
  identity.expires = end_of_use(*tree, clock_.now());
  if (identity.token.empty() || identity.team.empty())
    co_return Error(ErrorKind::bad_input, "Slack's answer names no token or no workspace");
  auto who = co_await ask_who(identity.token);  // the bot id is what recovery looks for
  if (who) identity.bot_id = who->bot_id;
  if (auto kept = co_await store(identity); !kept) co_return kept.error();
  if (auto listed = co_await list(identity.team, true); !listed) co_return listed.error();
  entry(identity.team, co_await boost::asio::this_coro::executor)->known = identity;
  co_return identity;
}

awaitable<void> Installations::forget(std::string team) {
  auto owner = co_await owner_of(team);
  auto slot = entries_.find(owner);
  if (slot != entries_.end()) slot->second->known.reset();
  if (!settings_.bot_token.empty()) co_return;
  auto wiped = co_await state_.put(row_of(owner), {});
  if (wiped) wiped = co_await list(owner, false);
  if (!wiped) log::error("slack.token_not_wiped", {{"team", team}, {"why", wiped.error().what()}});
}

}  // namespace broadsheet::slack
