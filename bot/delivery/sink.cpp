#include "bot/delivery/sink.hpp"

#include <nlohmann/json.hpp>

namespace broadsheet::delivery {
namespace {

using adapters::awaitable;
using model::CommandEvent;
using model::Event;
using model::PlaceEvent;
using model::Target;
using Json = nlohmann::json;

Json actor_json(const model::Actor& who) {
  return {{"id", who.id}, {"name", who.name}, {"language", who.language}, {"role", static_cast<int>(who.role)}};
}

model::Actor actor_from(const Json& json) {
  auto role = json.value("role", 0);
  return {json.value("id", std::string()), json.value("name", std::string()), json.value("language", std::string()),
          role >= 0 && role <= 4 ? static_cast<model::Role>(role) : model::Role::unknown};
}

Json button_json(const doc::Button& b) {
  return {{"action", static_cast<int>(b.action)}, {"paper", b.paper.str()}, {"subject", b.subject}};
}

std::optional<doc::Button> button_from(const Json& json) {
  auto action = json.value("action", -1);
  if (action < 0 || action > static_cast<int>(doc::Action::open)) return std::nullopt;
  doc::Button out;
  out.action = static_cast<doc::Action>(action);
  if (auto paper = PaperId::parse(json.value("paper", std::string()))) out.paper = *paper;
  out.subject = json.value("subject", std::string());
  return out;
}

Json command_json(const CommandEvent& e) {
  return {{"kind", "command"},
          {"id", e.id},
          {"target", e.from.target.str()},
          {"direct", e.from.direct},
          {"thread", e.from.thread.str()},
          {"message", e.from.message.str()},
          {"handle", e.from.handle},
          {"who", actor_json(e.from.who)},
          {"received", e.from.received.time_since_epoch().count()},
          {"text", e.text},
          {"button_key", e.button_key},
          {"button", e.button ? button_json(*e.button) : Json()},
          {"edited", e.edited},
          {"about", e.about.str()}};
}

Json place_json(const PlaceEvent& e) {
  return {{"kind", "place"},
          {"id", e.id},
          {"target", e.target.str()},
          {"state", static_cast<int>(e.state)},
          {"moved_to", e.moved_to ? e.moved_to->str() : ""},
          {"why", e.why},
          {"by", actor_json(e.by)},
          {"invited", e.invited},
          {"direct", e.direct}};
}

std::optional<Event> command_from(const Json& json, Target target) {
  CommandEvent out;
  out.id = json.value("id", std::string());
  out.from.target = std::move(target);
  out.from.direct = json.value("direct", false);
  out.from.thread = model::RemoteId(json.value("thread", std::string()));
  out.from.message = model::RemoteId(json.value("message", std::string()));
  out.from.handle = json.value("handle", std::string());
  if (json.contains("who") && json["who"].is_object()) out.from.who = actor_from(json["who"]);
  out.from.received = Moment(std::chrono::milliseconds(json.value("received", std::int64_t{0})));
  out.text = json.value("text", std::string());
  out.button_key = json.value("button_key", std::string());
  if (json.contains("button") && json["button"].is_object()) out.button = button_from(json["button"]);
  out.edited = json.value("edited", false);
  if (auto about = PaperId::parse(json.value("about", std::string()))) out.about = *about;
  return out;
}

std::optional<Event> place_from(const Json& json, Target target) {
  PlaceEvent out;
  out.id = json.value("id", std::string());
  out.target = std::move(target);
  auto state = json.value("state", 0);
  if (state < 0 || state > static_cast<int>(model::PlaceState::uninstalled)) return std::nullopt;
  out.state = static_cast<model::PlaceState>(state);
  if (auto moved = Target::parse(json.value("moved_to", std::string()))) out.moved_to = *moved;
  out.why = json.value("why", std::string());
  if (json.contains("by") && json["by"].is_object()) out.by = actor_from(json["by"]);
  out.invited = json.value("invited", false);
  out.direct = json.value("direct", false);
  return out;
}

}  // namespace

std::string to_text(const Event& event, std::size_t begun) {
  auto json = std::holds_alternative<CommandEvent>(event) ? command_json(std::get<CommandEvent>(event))
                                                          : place_json(std::get<PlaceEvent>(event));
  if (begun > 0) json["begun"] = begun;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::size_t begun_in(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  auto found = json.is_object() ? json.find("begun") : json.end();
  return found != json.end() && found->is_number_unsigned() ? found->get<std::size_t>() : 0;
}

std::optional<Event> event_from(std::string_view text) {
  auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    auto target = Target::parse(json.value("target", std::string()));
    if (!target) return std::nullopt;
    if (json.value("kind", std::string()) == "command") return command_from(json, std::move(*target));
    return place_from(json, std::move(*target));
  } catch (const Json::exception&) {  // a member of another type: not written by us
    return std::nullopt;
  }
}

StoredEvents::StoredEvents(const model::PlatformTraits& platform, store::Store& store, async::Offload& workers,
                           Clock& clock, Arrived arrived, AtOnce at_once)
    : platform_(platform),
      store_(store),
      workers_(workers),
      clock_(clock),
      arrived_(std::move(arrived)),
      at_once_(std::move(at_once)) {}

awaitable<std::shared_ptr<const model::OutgoingMessage>> StoredEvents::at_once(const CommandEvent& event) {
  return at_once_ ? at_once_(event) : EventSink::at_once(event);
}

awaitable<Result<bool>> StoredEvents::accept(Event event) {
  auto id = std::visit([](const auto& e) { return e.id; }, event);
  auto text = to_text(event);
  // What is stored is acted on, also when whoever brought it has been cut off meanwhile: it will not be new again.
  auto work = [this, loop = co_await boost::asio::this_coro::executor, id, text, event = std::move(event),
               now = clock_.now()] {
    auto fresh = store_.inbox().accept(platform_.name.str(), id, text, now, now + platform_.event_memory);
    if (fresh && *fresh) boost::asio::post(loop, [this, event] { arrived_(event); });
    return fresh;
  };
  co_return co_await workers_.run(std::move(work));
}

awaitable<Result<std::optional<std::string>>> StoredState::get(std::string name) {
  auto work = [this, name = std::move(name)] { return store_.values().get(name); };
  co_return co_await workers_.run(std::move(work));
}

awaitable<Status> StoredState::put(std::string name, std::string value) {
  auto work = [this, name = std::move(name), value = std::move(value)] { return store_.values().put(name, value); };
  co_return co_await workers_.run(std::move(work));
}

}  // namespace broadsheet::delivery
