#include "adapters/slack/payload.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/slack/blocks.hpp"
#include "adapters/slack/json.hpp"
#include "adapters/slack/reading.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::slack {
namespace {

using model::Actor;
using model::CommandEvent;
using model::Role;
using nlohmann::json;

// ---- Interactivity

// Opens the form of a command; when Slack will not have it, the command itself is run.
Inbound guided(Inbound in, Guide guide, std::string_view channel, std::string_view trigger) {
  in.want = Want::modal;
  in.guide = guide;
  in.channel = channel;
  in.trigger = trigger;
  return in;
}

struct Interaction {
  const json& tree;
  Moment received;

  std::string team() const {
    auto id = text_at(tree, {"team", "id"});
    return id.empty() ? text_at(tree, {"enterprise", "id"}) : id;
  }
  std::string user() const { return text_at(tree, {"user", "id"}); }
  std::string organisation() const {
    return true_at(tree, {"is_enterprise_install"}) ? text_at(tree, {"enterprise", "id"}) : std::string();
  }
  std::string channel() const {
    auto id = text_at(tree, {"channel", "id"});
    return id.empty() ? text_at(tree, {"container", "channel_id"}) : id;
  }
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

std::string pressed_value(const json& action) {
  auto value = text_at(action, {"selected_option", "value"});
  return value.empty() ? text_at(action, {"value"}) : value;
}

// A button of the panel. The value comes back from a client: only these words are commands.
Result<Inbound> read_panel(const Interaction& in, std::string_view word) {
  for (std::string_view known : {"today", "search", "subscribe", "subscriptions", "help"}) {
    if (word != known) continue;
    auto event = in.command(in.channel(), std::string(word));
    if (!event) return event.error();
    auto out = accepted(std::move(*event), in.team(), "block_actions");
    auto trigger = text_at(in.tree, {"trigger_id"});
    if (word == "subscribe") return guided(std::move(out), Guide::subscribe, in.channel(), trigger);
    if (word == "search") return guided(std::move(out), Guide::search, in.channel(), trigger);
    return out;
  }
  return ignored("block_actions");
}

Result<Inbound> read_action(const Interaction& in) {
  const auto* actions = member(in.tree, {"actions"});
  if (actions == nullptr || !actions->is_array() || actions->empty())
    return Error(ErrorKind::bad_input, "block_actions without an action");
  auto value = pressed_value(actions->front());
  if (value.starts_with(kRun)) return read_panel(in, std::string_view(value).substr(kRun.size()));
  auto button = read_button(value);
  // A link opens by itself; Slack only wants to hear that we saw it.
  bool opens = button && (button->action == doc::Action::open || button->action == doc::Action::pdf);
  if (!button || opens) return ignored("block_actions");
  auto event = in.command(in.channel(), {});
  if (!event) return event.error();
  event->button = *button;
  event->button_key = value;
  event->from.thread = model::RemoteId(text_at(in.tree, {"message", "thread_ts"}));
  if (!true_at(in.tree, {"container", "is_ephemeral"}))
    event->from.message = model::RemoteId(text_at(in.tree, {"message", "ts"}));
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
  // Without a paper the command's own answer says what was expected.
  auto event = in.command(text_at(in.tree, {"channel", "id"}), "paper" + (paper ? " " + paper->str() : std::string()));
  if (!event) return event.error();
  event->from.message = model::RemoteId(text_at(in.tree, {"message_ts"}));
  event->from.thread = model::RemoteId(text_at(in.tree, {"message", "thread_ts"}));
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

std::string subscribe_command(const json& values) {
  std::string command = "subscribe " + selected(values, "cats");
  for (std::string_view key : {"at", "top", "style"})
    if (auto value = selected(values, key); !value.empty()) command += " " + std::string(key) + ":" + value;
  if (auto words = text_at(values, {"query", "query", "value"}); !words.empty())
    command += " keywords:" + quoted(words);
  return command;
}

Result<Inbound> read_submission(const Interaction& in) {
  const auto* values = member(in.tree, {"view", "state", "values"});
  auto form = text_at(in.tree, {"view", "callback_id"});
  if (values == nullptr || (form != "subscribe" && form != "search")) return ignored("view_submission");
  auto command =
      form == "search" ? "search " + text_at(*values, {"query", "query", "value"}) : subscribe_command(*values);
  // The channel comes back from a client: who may subscribe there is asked when the command runs.
  auto about = parse_json(text_at(in.tree, {"view", "private_metadata"}));
  auto event = in.command(about ? text_at(*about, {"channel"}) : std::string(), command);
  if (!event) return event.error();
  return accepted(std::move(*event), in.team(), "view_submission");
}

Result<Inbound> read_typed(const Interaction& in) {
  const auto& tree = in.tree;
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

Result<Inbound> read_interaction(const json& tree, Moment received) {
  Interaction in{tree, received};
  auto out = read_typed(in);
  if (out) out->organisation = in.organisation();
  return out;
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
  auto word = text::lower_ascii(event.text);
  auto out = accepted(std::move(event), std::string(team), "slash_commands");
  out.takes_answer = true;
  if (field(form, "is_enterprise_install") == "true") out.organisation = field(form, "enterprise_id");
  if (word.empty()) out.want = Want::panel;
  if (word == "subscribe") return guided(std::move(out), Guide::subscribe, place->place, trigger);
  if (word == "search") return guided(std::move(out), Guide::search, place->place, trigger);
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
  if (out.inbound && !out.takes_payload) out.inbound->takes_answer = false;
  return out;
}

}  // namespace broadsheet::slack
