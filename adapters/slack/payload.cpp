#include "adapters/slack/payload.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/slack/blocks.hpp"
#include "adapters/slack/json.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::slack {
namespace {

using adapters::Actor;
using adapters::CommandEvent;
using adapters::PlaceEvent;
using adapters::PlaceState;
using adapters::PlatformKind;
using adapters::ReplyTo;
using adapters::Role;
using adapters::Target;
using nlohmann::json;

constexpr std::size_t kMaxText = std::size_t{16} << 10;  // longer than any command; the parser says so to the person
constexpr std::size_t kMaxId = 255;

// & < > as Slack writes them in text it passes on, undone once (contracts: Slack 3).
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

// ---- Interactivity

struct Interaction {
  const json& tree;
  Moment received;

  std::string team() const {
    auto id = text_at(tree, {"team", "id"});
    return id.empty() ? text_at(tree, {"enterprise", "id"}) : id;
  }
  std::string user() const { return text_at(tree, {"user", "id"}); }
  Actor actor() const {
    Actor who{user(), text_at(tree, {"user", "name"}), {}, Role::unknown};
    // Somebody of another workspace in a shared channel (spec: commands 7).
    if (auto home = text_at(tree, {"user", "team_id"}); !home.empty() && home != team()) who.role = Role::guest;
    return who;
  }
  // Where it happened; without a channel (global shortcuts, modals) the conversation with the person.
  Result<CommandEvent> command(std::string_view channel, std::string text) const {
    CommandEvent out;
    out.id = "i:" + text_at(tree, {"trigger_id"});
    if (auto ok = check_id(text_at(tree, {"trigger_id"}), "trigger_id"); !ok) return ok.error();
    auto place = target(team(), channel.empty() ? user() : std::string(channel));
    if (!place) return place.error();
    out.from.target = *place;
    out.from.direct = channel.empty() || channel.starts_with('D');
    out.from.handle = text_at(tree, {"response_url"});
    out.from.who = actor();
    out.from.received = received;
    out.text = bounded(text);
    return out;
  }
};

Inbound accepted(CommandEvent event, std::string team, std::string kind) {
  Inbound out;
  out.want = Want::accept;
  out.event = std::move(event);
  out.team = std::move(team);
  out.kind = std::move(kind);
  return out;
}

Inbound ignored(std::string kind) {
  Inbound out;
  out.kind = std::move(kind);
  return out;
}

std::string pressed_value(const json& action) {
  auto value = text_at(action, {"selected_option", "value"});
  return value.empty() ? text_at(action, {"value"}) : value;
}

Result<Inbound> read_action(const Interaction& in) {
  const auto* actions = member(in.tree, {"actions"});
  if (actions == nullptr || !actions->is_array() || actions->empty())
    return Error(ErrorKind::bad_input, "block_actions without an action");
  auto value = pressed_value(actions->front());
  auto button = read_button(value);
  // A link opens by itself; Slack only wants to hear that we saw it.
  bool opens = button && (button->action == doc::Action::open || button->action == doc::Action::pdf);
  if (!button || opens) return ignored("block_actions");
  auto channel = text_at(in.tree, {"channel", "id"});
  auto event = in.command(channel.empty() ? text_at(in.tree, {"container", "channel_id"}) : channel, {});
  if (!event) return event.error();
  event->button = *button;
  event->button_key = value;
  event->from.thread = text_at(in.tree, {"message", "thread_ts"});
  if (!true_at(in.tree, {"container", "is_ephemeral"})) event->from.message = text_at(in.tree, {"message", "ts"});
  return accepted(std::move(*event), in.team(), "block_actions");
}

// The first paper that a message names.
std::optional<VersionedId> paper_in(std::string_view message) {
  std::string spaced = unescape(message);
  std::replace(spaced.begin(), spaced.end(), '\n', ' ');
  for (auto word : text::split(spaced, ' '))
    if (auto found = parse_paper_reference(word)) return found;
  return std::nullopt;
}

Result<Inbound> read_message_shortcut(const Interaction& in) {
  auto paper = paper_in(bounded(text_at(in.tree, {"message", "text"})));
  auto verb = text_at(in.tree, {"callback_id"}) == "save_paper" ? "save" : "paper";
  // Without a paper the command's own answer says what was expected.
  auto event =
      in.command(text_at(in.tree, {"channel", "id"}), std::string(verb) + (paper ? " " + paper->str() : std::string()));
  if (!event) return event.error();
  event->from.message = text_at(in.tree, {"message_ts"});
  event->from.thread = text_at(in.tree, {"message", "thread_ts"});
  return accepted(std::move(*event), in.team(), "message_action");
}

// ---- The form behind `subscribe`

std::string quoted(std::string value) {
  std::erase_if(value, [](char c) { return c == '"' || c == '\n' || c == '\r'; });
  return "\"" + value + "\"";
}

std::string selected(const json& values, std::string_view block) {
  std::string out;
  const auto* options = member(values, {block, block, "selected_options"});
  if (options == nullptr || !options->is_array()) return text_at(values, {block, block, "selected_option", "value"});
  for (const auto& option : *options) out += (out.empty() ? "" : " ") + text_at(option, {"value"});
  return out;
}

Result<Inbound> read_submission(const Interaction& in) {
  const auto* values = member(in.tree, {"view", "state", "values"});
  if (values == nullptr || text_at(in.tree, {"view", "callback_id"}) != "subscribe") return ignored("view_submission");
  std::string command = "subscribe " + selected(*values, "cats");
  for (std::string_view key : {"at", "top", "style"})
    if (auto value = selected(*values, key); !value.empty()) command += " " + std::string(key) + ":" + value;
  if (auto words = text_at(*values, {"query", "query", "value"}); !words.empty())
    command += " keywords:" + quoted(words);
  // The channel comes back from a client: who may subscribe there is asked when the command runs.
  auto about = parse_json(text_at(in.tree, {"view", "private_metadata"}));
  auto event = in.command(about ? text_at(*about, {"channel"}) : std::string(), command);
  if (!event) return event.error();
  auto out = accepted(std::move(*event), in.team(), "view_submission");
  out.closes_view = true;
  return out;
}

Result<Inbound> read_interaction(const json& tree, Moment received) {
  Interaction in{tree, received};
  auto type = text_at(tree, {"type"});
  if (type == "block_actions") return read_action(in);
  if (type == "message_action") return read_message_shortcut(in);
  if (type == "view_submission") return read_submission(in);
  if (type == "shortcut") {
    auto event = in.command({}, "digest");
    if (!event) return event.error();
    return accepted(std::move(*event), in.team(), type);
  }
  auto out = ignored(type.substr(0, kMaxId));
  if (type == "block_suggestion") {
    out.want = Want::options;
    out.text = bounded(text_at(tree, {"value"}));
  }
  return out;
}

// ---- Events

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
    return id.empty() ? text_at(tree, {"team_id"}) : id;
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
  out.from = {*place, direct, text_at(h.event, {"thread_ts"}), ts, {}, {user, {}, {}, Role::unknown}, h.received};
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
    out.target = {PlatformKind::slack, h.team(), {}, {}};
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
  in.event = std::move(out);
  return in;
}

Result<Inbound> read_move(const Happened& h) {
  auto moved = place_event(h, PlaceState::moved, text_at(h.event, {"old_channel_id"}), "the channel has a new id");
  auto to = target(h.team(), text_at(h.event, {"new_channel_id"}));
  if (!moved) return moved;
  if (!to) return to.error();
  std::get<PlaceEvent>(*moved->event).moved_to = *to;
  return moved;
}

Result<Inbound> read_membership(const Happened& h, PlaceState state) {
  bool us = text_at(h.event, {"user"}) == h.bot_user() && !h.bot_user().empty();
  if (!us) return ignored("membership");
  return place_event(h, state, text_at(h.event, {"channel"}), {});
}

Result<Inbound> read_home(const Happened& h) {
  Inbound out = ignored("app_home_opened");
  if (text_at(h.event, {"tab"}) != "home") return out;
  out.want = Want::home;
  out.team = h.team();
  out.user = text_at(h.event, {"user"});
  return out;
}

Result<Inbound> read_callback(const Happened& h) {
  auto type = text_at(h.event, {"type"});
  auto channel = text_at(h.event, {"channel"});
  if (type == "message" || type == "app_mention") return read_message(h);
  if (type == "app_home_opened") return read_home(h);
  if (type == "member_joined_channel") return read_membership(h, PlaceState::joined);
  if (type == "member_left_channel") return read_membership(h, PlaceState::left);
  if (type == "channel_left" || type == "group_left")
    return place_event(h, PlaceState::left, channel, "the bot was removed from the channel");
  if (type == "channel_archive" || type == "group_archive")
    return place_event(h, PlaceState::left, channel, "the channel was archived");
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
  return read_callback({tree, *event, received});
}

// Socket Mode sends a slash command's fields as an object.
Form to_form(const json& object) {
  Form out;
  if (!object.is_object()) return out;
  for (const auto& [key, value] : object.items())
    if (value.is_string()) out.emplace_back(key, value.get<std::string>());
  return out;
}

Result<Inbound> read_envelope(std::string_view type, const json& payload, Moment received) {
  if (type == "slash_commands") return read_command(to_form(payload), received);
  if (type == "interactive") return read_interaction(payload, received);
  if (type == "events_api") return read_event(payload, received);
  return ignored(std::string(type.substr(0, kMaxId)));
}

}  // namespace

Result<Inbound> read_command(const Form& form, Moment received) {
  if (field(form, "ssl_check") == "1") return ignored("ssl_check");
  auto trigger = field(form, "trigger_id");
  if (auto ok = check_id(trigger, "trigger_id"); !ok) return ok.error();
  auto team = field(form, "team_id").empty() ? field(form, "enterprise_id") : field(form, "team_id");
  auto place = target(team, field(form, "channel_id"));
  if (!place) return place.error();
  if (auto ok = check_id(field(form, "user_id"), "user_id"); !ok) return ok.error();
  CommandEvent event;
  event.id = "s:" + std::string(trigger);
  event.from.target = *place;
  event.from.direct = place->place.starts_with('D');
  event.from.handle = field(form, "response_url");
  event.from.who = {std::string(field(form, "user_id")), bounded(field(form, "user_name")), {}, Role::unknown};
  event.from.received = received;
  event.text = bounded(unescape(text::trim(field(form, "text"))));
  bool guided = text::lower_ascii(event.text) == "subscribe";
  auto out = accepted(std::move(event), std::string(team), "slash_commands");
  out.user = field(form, "user_id");
  out.channel = place->place;
  out.trigger = trigger;
  if (guided) out.want = Want::modal;
  return out;
}

Result<Inbound> read_interaction(std::string_view text, Moment received) {
  auto tree = parse_json(text);
  if (!tree) return tree.error();
  return read_interaction(*tree, received);
}

Result<Inbound> read_event(std::string_view text, Moment received) {
  auto tree = parse_json(text);
  if (!tree) return tree.error();
  return read_event(*tree, received);
}

Result<Frame> read_frame(std::string_view text, Moment received) {
  auto tree = parse_json(text);
  if (!tree) return tree.error();
  Frame out;
  auto type = text_at(*tree, {"type"});
  out.reason = text_at(*tree, {"reason"}).substr(0, kMaxId);
  if (type == "hello") out.kind = Frame::Kind::hello;
  if (type == "disconnect") out.kind = Frame::Kind::disconnect;
  out.inbound = ignored(type.substr(0, kMaxId));
  auto id = text_at(*tree, {"envelope_id"});
  if (id.empty() || id.size() > kMaxId) return out;
  out.kind = Frame::Kind::envelope;
  out.id = id;
  out.takes_payload = true_at(*tree, {"accepts_response_payload"});
  const auto* payload = member(*tree, {"payload"});
  if (payload != nullptr) out.inbound = read_envelope(type, *payload, received);
  return out;
}

}  // namespace broadsheet::slack
