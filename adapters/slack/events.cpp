// The Events API: what was said to us, what was opened, where we stand (contracts: Slack 5).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/slack/handles.hpp"
#include "adapters/slack/json.hpp"
#include "adapters/slack/reading.hpp"
#include "bot/base/text.hpp"
#include "digest/model/paper_id.hpp"

namespace broadsheet::slack {
namespace {

using model::CommandEvent;
using model::PlaceEvent;
using model::PlaceState;
using model::Role;
using model::Target;
using nlohmann::json;

constexpr std::size_t kMaxText = std::size_t{16} << 10;

struct Happened {
  const json& tree;   // the event_callback
  const json& event;  // inside it
  Moment received;

  // The installation it belongs to (contracts: Slack 5).
  const json* authorization() const {
    const auto* list = member(tree, {"authorizations"});
    return list != nullptr && list->is_array() && !list->empty() ? &list->front() : nullptr;
  }
  std::string team() const {
    auto id = authorization() == nullptr ? std::string() : text_at(*authorization(), {"team_id"});
    if (id.empty()) id = text_at(tree, {"context_team_id"});
    if (id.empty()) id = text_at(tree, {"team_id"});
    return id.empty() ? organisation() : id;
  }
  // Of an org-wide installation; else empty.
  std::string organisation() const {
    bool wide = authorization() != nullptr && true_at(*authorization(), {"is_enterprise_install"});
    return wide ? text_at(*authorization(), {"enterprise_id"}) : std::string();
  }
  std::string bot_user() const {
    return authorization() == nullptr ? std::string() : text_at(*authorization(), {"user_id"});
  }
};

// "<@U0BOT> help" → "help"
std::string without_mention(std::string_view text, std::string_view bot) {
  auto said = text::trim(text);
  auto mention = "<@" + std::string(bot);
  if (!bot.empty() && said.starts_with(mention)) {
    auto end = said.find('>');
    if (end != std::string_view::npos) said = text::trim(said.substr(end + 1));
  }
  return unescape(said);
}

constexpr std::string_view kPrefix = "!arxiv";  // where slash words do not work: in threads (spec: commands 2)

// What was said to us, or nothing.
std::optional<std::string> command_text(const Happened& h, bool direct) {
  auto said = text_at(h.event, {"text"});
  if (text_at(h.event, {"type"}) == "app_mention") return without_mention(said, h.bot_user());
  auto rest = text::trim(said);
  bool prefixed = rest.starts_with(kPrefix) && (rest.size() == kPrefix.size() || rest[kPrefix.size()] == ' ');
  if (prefixed) return unescape(text::trim(rest.substr(kPrefix.size())));
  if (direct) return without_mention(said, h.bot_user());
  return std::nullopt;
}

Result<Inbound> read_message(const Happened& h) {
  bool from_machine = member(h.event, {"bot_id"}) != nullptr || member(h.event, {"app_id"}) != nullptr;
  auto user = text_at(h.event, {"user"});
  bool ours = user.empty() || user == h.bot_user();
  if (from_machine || ours || member(h.event, {"subtype"}) != nullptr) return ignored("message");
  bool direct = text_at(h.event, {"channel_type"}) == "im";
  auto said = command_text(h, direct);
  if (!said) return ignored("message");
  auto ts = text_at(h.event, {"ts"});
  if (auto ok = check_id(ts, "ts"); !ok) return ok.error();
  auto place = target(h.team(), text_at(h.event, {"channel"}));
  if (!place) return place.error();
  CommandEvent out;
  // Not the event id: one message may come as two events, and once per workspace of a shared channel.
  out.id = "m:" + place->place + ":" + ts;
  out.from = {*place,
              direct,
              model::RemoteId(text_at(h.event, {"thread_ts"})),
              model::RemoteId(ts),
              {},
              {user, {}, {}, Role::unknown},
              h.received};
  // Somebody of another workspace in a shared channel (spec: commands 7).
  if (auto home = text_at(h.event, {"user_team"}); !home.empty() && home != h.team()) out.from.who.role = Role::guest;
  out.text = bounded(*said);
  return accepted(std::move(out), h.team(), text_at(h.event, {"type"}));
}

Result<Inbound> place_event(const Happened& h, PlaceState state, std::string channel, std::string why) {
  PlaceEvent out;
  out.id = "e:" + text_at(h.tree, {"event_id"});
  if (auto ok = check_id(text_at(h.tree, {"event_id"}), "event_id"); !ok) return ok.error();
  out.state = state;
  out.why = std::move(why);
  if (state == PlaceState::uninstalled) {
    out.target = {"slack", h.team(), {}, {}};
    if (auto ok = check_id(h.team(), "team_id"); !ok) return ok.error();
  } else {
    auto place = target(h.team(), channel);
    if (!place) return place.error();
    out.target = *place;
  }
  out.by.id = text_at(h.event, {"inviter"});
  if (out.by.id.empty()) out.by.id = text_at(h.event, {"user"});
  Inbound in;
  in.want = Want::accept;
  in.kind = text_at(h.event, {"type"});
  in.team = h.team();
  in.events.emplace_back(std::move(out));
  return in;
}

Result<Inbound> read_move(const Happened& h) {
  auto moved = place_event(h, PlaceState::moved, text_at(h.event, {"old_channel_id"}), "the channel has a new id");
  auto to = target(h.team(), text_at(h.event, {"new_channel_id"}));
  if (!moved) return moved;
  if (!to) return to.error();
  std::get<PlaceEvent>(moved->events.front()).moved_to = *to;
  return moved;
}

Result<Inbound> read_membership(const Happened& h, PlaceState state) {
  bool us = text_at(h.event, {"user"}) == h.bot_user() && !h.bot_user().empty();
  if (!us) return ignored("membership");
  auto out = place_event(h, state, text_at(h.event, {"channel"}), {});
  if (out) std::get<PlaceEvent>(out->events.front()).invited = state == PlaceState::joined;
  return out;
}

// A command that nobody typed; its answer goes where `handle` says.
Result<model::CommandEvent> silent_command(const Happened& h, const std::string& channel, std::string part,
                                           std::string text, std::string handle) {
  auto event_id = text_at(h.tree, {"event_id"});
  if (auto ok = check_id(event_id, "event_id"); !ok) return ok.error();
  auto place = target(h.team(), channel);
  if (!place) return place.error();
  CommandEvent out;
  out.id = "e:" + event_id + ":" + part;
  out.from.target = *place;
  out.from.direct = true;
  out.from.handle = std::move(handle);
  out.from.who.id = text_at(h.event, {"user"});
  out.from.received = h.received;
  out.text = std::move(text);
  return out;
}

// The tab shows what the person's own conversation gets, and how things stand.
Result<Inbound> read_home(const Happened& h) {
  Inbound out = ignored("app_home_opened");
  auto user = text_at(h.event, {"user"}), channel = text_at(h.event, {"channel"});
  if (text_at(h.event, {"tab"}) != "home" || user.empty()) return out;
  out.want = Want::home;
  out.team = h.team();
  out.user = user;
  for (std::string_view command : {"subscriptions", "status"}) {
    auto event = silent_command(h, channel.empty() ? user : channel, std::string(command), std::string(command),
                                home_handle(user, command));
    if (!event) return event.error();
    out.events.emplace_back(std::move(*event));
  }
  return out;
}

// arxiv.org links that somebody pasted, at most three of a message (spec: commands 5).
Result<Inbound> read_links(const Happened& h) {
  constexpr std::size_t kMost = 3;
  Inbound out = ignored("link_shared");
  out.team = h.team();
  const auto* links = member(h.event, {"links"});
  if (links == nullptr || !links->is_array() || text_at(h.event, {"user"}) == h.bot_user()) return out;
  bool composing = text_at(h.event, {"source"}) == "composer";
  for (const auto& link : *links) {
    auto url = text_at(link, {"url"});
    auto paper = parse_paper_reference(unescape(url));
    if (!paper || out.events.size() == kMost) continue;
    Unfurl where{composing ? std::string() : text_at(h.event, {"channel"}),
                 text_at(h.event, {composing ? "unfurl_id" : "message_ts"}), url, paper->id.str()};
    // A composer has no channel; the command runs as if its writer had asked in private.
    auto event = silent_command(h, composing ? text_at(h.event, {"user"}) : where.channel,
                                std::to_string(out.events.size()), "paper " + paper->str(), unfurl_handle(where));
    if (!event) return event.error();
    out.events.emplace_back(std::move(*event));
  }
  if (!out.events.empty()) out.want = Want::unfurl;
  return out;
}

Result<Inbound> read_callback(const Happened& h) {
  auto type = text_at(h.event, {"type"});
  auto channel = text_at(h.event, {"channel"});
  if (type == "message" || type == "app_mention") return read_message(h);
  if (type == "app_home_opened") return read_home(h);
  if (type == "link_shared") return read_links(h);
  if (type == "member_joined_channel") return read_membership(h, PlaceState::joined);
  if (type == "member_left_channel") return read_membership(h, PlaceState::left);
  if (type == "channel_left" || type == "group_left")
    return place_event(h, PlaceState::left, channel, "the bot was removed from the channel");
  if (type == "channel_archive" || type == "group_archive")
    return place_event(h, PlaceState::left, channel, "the channel was archived");
  if (type == "channel_unarchive" || type == "group_unarchive")
    return place_event(h, PlaceState::joined, channel, "the channel was unarchived");
  if (type == "channel_deleted" || type == "group_deleted")
    return place_event(h, PlaceState::left, channel, "the channel was deleted");
  if (type == "channel_id_changed") return read_move(h);
  if (type == "app_uninstalled") return place_event(h, PlaceState::uninstalled, {}, "the app was removed");
  if (type == "tokens_revoked") {
    const auto* bots = member(h.event, {"tokens", "bot"});
    bool ours = bots != nullptr && bots->is_array() && !bots->empty();
    if (ours) return place_event(h, PlaceState::uninstalled, {}, "the token was revoked");
  }
  return ignored(type.substr(0, kMaxId));
}

}  // namespace

std::string unescape(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size();) {
    auto rest = s.substr(i);
    auto entity = rest.starts_with("&amp;") ? '&' : rest.starts_with("&lt;") ? '<' : rest.starts_with("&gt;") ? '>' : 0;
    out += entity == 0 ? s[i] : static_cast<char>(entity);
    i += entity == 0 ? 1 : entity == '&' ? 5 : 4;
  }
  return out;
}

std::string bounded(std::string_view s) {
  if (s.size() <= kMaxText) return std::string(s);
  auto end = kMaxText;
  while ((static_cast<unsigned char>(s[end]) & 0xC0U) == 0x80U) --end;
  return std::string(s.substr(0, end));
}

Result<Target> target(std::string_view team, std::string_view channel) {
  return Target::parse("slack:" + std::string(team) + "/" + std::string(channel));
}

Status check_id(std::string_view id, std::string_view what) {
  if (id.empty() || id.size() > kMaxId) return Error(ErrorKind::bad_input, std::string(what) + " is missing");
  return {};
}

Inbound accepted(CommandEvent event, std::string team, std::string kind) {
  Inbound out;
  out.want = Want::accept;
  out.events.emplace_back(std::move(event));
  out.team = std::move(team);
  out.kind = std::move(kind);
  return out;
}

Inbound ignored(std::string kind) {
  Inbound out;
  out.kind = std::move(kind);
  return out;
}

Result<Inbound> read_event(const json& tree, Moment received) {
  auto type = text_at(tree, {"type"});
  Inbound out = ignored(type.substr(0, kMaxId));
  if (type == "url_verification") {
    out.want = Want::challenge;
    out.text = bounded(text_at(tree, {"challenge"}));
  }
  if (type == "app_rate_limited") {
    out.want = Want::rate_limit;
    out.team = text_at(tree, {"team_id"});
  }
  const auto* event = member(tree, {"event"});
  if (type != "event_callback" || event == nullptr) return out;
  Happened h{tree, *event, received};
  auto in = read_callback(h);
  if (in) in->organisation = h.organisation();
  return in;
}

}  // namespace broadsheet::slack
