#include "adapters/matrix/intake.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/matrix/content.hpp"
#include "adapters/matrix/outcome.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::EventSink;
using async::awaitable;
using model::PlaceEvent;
using model::PlaceState;

model::Target target_of(const std::string& room) {
  return {"matrix", {}, room, {}};
}

PlaceEvent place_event(const EventHead& head, PlaceState state, std::string why) {
  PlaceEvent out;
  out.id = head.id;
  out.target = target_of(head.room);
  out.state = state;
  out.why = std::move(why);
  out.by.id = head.sender;
  return out;
}

// "1" to "9" as a person answers a numbered list, or the number of a keycap.
int number_in(const std::string& key) {
  bool keycap = key.size() == 1 || (key.size() == 4 && key.substr(1) == "\xe2\x83\xa3");
  return keycap && key[0] >= '1' && key[0] <= '9' ? key[0] - '0' : 0;
}

doc::Button button_of(const Json& json) {
  doc::Button out;
  auto action = number_at(json, {"action"}).value_or(-1);
  if (action >= 0 && action <= static_cast<int>(doc::Action::open)) out.action = static_cast<doc::Action>(action);
  out.label = text_at(json, {"label"});
  out.subject = text_at(json, {"about"});
  if (auto id = PaperId::parse(text_at(json, {"paper"}))) out.paper = *id;
  return out;
}

std::string how(const Membership& change, const std::string& self) {
  if (change.head.sender == self) return "left";
  auto what = change.state == "ban" ? "banned" : "removed";
  return std::string(what) + " by " + change.head.sender + (change.reason.empty() ? "" : ": " + change.reason);
}

}  // namespace

Intake::Intake(const config::Matrix& settings, const Doors& doors, Session& session, Api& api, Rooms& rooms,
               DirectRooms& direct)
    : settings_(settings),
      doors_(doors),
      session_(session),
      api_(api),
      rooms_(rooms),
      direct_(direct),
      invites_(settings, doors, session, api, [this](Invitation one) { return arrived(std::move(one)); }) {}

awaitable<void> Intake::begin(EventSink& sink, async::TaskGroup& tasks) {
  sink_ = &sink;
  co_await invites_.resume(tasks);
}

Self Intake::self() const {
  return {session_.tokens().user_id, {}, settings_.prefix};
}

awaitable<Status> Intake::take(Incoming incoming, EventSink& sink, async::TaskGroup& tasks) {
  if (auto* message = std::get_if<Typed>(&incoming)) co_return co_await typed(std::move(*message), sink, tasks);
  if (auto* reaction = std::get_if<Reacted>(&incoming)) co_return co_await reacted(std::move(*reaction), sink);
  if (auto* change = std::get_if<Membership>(&incoming)) co_return co_await membership(std::move(*change), sink, tasks);
  if (auto* tombstone = std::get_if<Tombstone>(&incoming)) {
    tasks.spawn("matrix.move", move(*tombstone, sink));
  } else if (auto* encryption = std::get_if<EncryptionOn>(&incoming)) {
    rooms_.encryption_on(encryption->head.room);
    tasks.spawn("matrix.encrypted", explain_encryption(encryption->head.room));
    co_return co_await place(place_event(encryption->head, PlaceState::read_only, "the room is encrypted now"), sink);
  } else if (auto* changed = std::get_if<RoomChanged>(&incoming)) {
    rooms_.changed(changed->head.room);
    // Who was not allowed to write may be now; the next refusal says so if not (contracts: Matrix 10).
    if (changed->power)
      co_return co_await place(place_event(changed->head, PlaceState::joined, "the room's power levels changed"), sink);
  }
  co_return Status();
}

awaitable<Status> Intake::place(PlaceEvent event, EventSink& sink) {
  auto accepted = co_await sink.accept(std::move(event));
  if (!accepted) co_return std::move(accepted).error();
  co_return Status();
}

awaitable<Status> Intake::typed(Typed message, EventSink& sink, async::TaskGroup& tasks) {
  int number = message.text.size() == 1 && !message.answers.empty() ? number_in(message.text) : 0;
  bool direct = co_await rooms_.direct(message.head.room);
  std::optional<Control> pressed;
  if (!message.addressed && number != 0) pressed = co_await control(message.head.room, message.answers, message.text);
  if (!message.addressed && !direct && !pressed) co_return Status();
  // A client can write plain text into an encrypted room; an answer cannot stand there, so nothing is done either.
  auto encrypted = co_await rooms_.encrypted(message.head.room);
  if (encrypted && *encrypted) {
    tasks.spawn("matrix.encrypted", refuse_encrypted(std::move(message)));
    co_return Status();
  }
  model::CommandEvent event;
  event.id = message.head.id;
  event.from.target = target_of(message.head.room);
  event.from.direct = direct;
  event.from.thread = model::RemoteId(message.thread);
  event.from.message = model::RemoteId(message.head.id);
  event.from.who.id = message.head.sender;
  event.from.who.name = message.head.sender;
  event.from.received = doors_.clock.now();
  if (pressed) {
    press(event, *pressed, message.text);
  } else {
    event.about = co_await paper_of(message.head.room, message.answers);
    event.text = std::move(message.text);
  }
  auto accepted = co_await sink.accept(std::move(event));
  if (!accepted) co_return std::move(accepted).error();
  co_return Status();
}

awaitable<Status> Intake::reacted(Reacted reaction, EventSink& sink) {
  auto pressed = co_await control(reaction.head.room, reaction.target, reaction.key);
  if (!pressed) co_return Status();
  model::CommandEvent event;
  event.id = reaction.head.id;
  event.from.target = target_of(reaction.head.room);
  event.from.direct = co_await rooms_.direct(reaction.head.room);
  event.from.message = model::RemoteId(reaction.target);
  event.from.thread = model::RemoteId(std::move(pressed->thread));
  event.from.who.id = reaction.head.sender;
  event.from.who.name = reaction.head.sender;
  event.from.received = doors_.clock.now();
  press(event, *pressed, reaction.key.substr(0, 1));
  auto accepted = co_await sink.accept(std::move(event));
  if (!accepted) co_return std::move(accepted).error();
  co_return Status();
}

// A number that is no choice of that message is pressed all the same, and gets a word.
void Intake::press(model::CommandEvent& event, const Control& pressed, std::string key) {
  event.button = pressed.button;
  if (!pressed.button) event.button_key = std::move(key);
}

// A message of ours with what it offers; nothing for others.
awaitable<std::optional<Intake::Offer>> Intake::offer(std::string room, std::string event) {
  auto found = co_await api_.event(std::move(room), std::move(event));
  if (!found || text_at(*found, {"sender"}) != session_.tokens().user_id) co_return std::nullopt;
  const auto* content = object_of(*found, "content");
  const auto* controls = content == nullptr ? nullptr : list_of(*content, kControlsKey);
  if (controls == nullptr) co_return std::nullopt;
  Offer out;
  for (const auto& one : *controls) out.choices.push_back(button_of(one));
  const auto* relation = object_of(*content, "m.relates_to");
  if (relation != nullptr && text_at(*relation, {"rel_type"}) == "m.thread")
    out.thread = text_at(*relation, {"event_id"});
  co_return out;
}

// The one that an answered card is about (spec: commands 3).
awaitable<PaperId> Intake::paper_of(std::string room, std::string answered) {
  if (answered.empty()) co_return PaperId();
  auto found = co_await offer(std::move(room), std::move(answered));
  std::set<PaperId> papers;
  if (found)
    for (const auto& choice : found->choices)
      if (!choice.paper.empty()) papers.insert(choice.paper);
  co_return papers.size() == 1 ? *papers.begin() : PaperId();
}

// The choices stand in the message itself, so they work after any restart; only our own messages offer any.
awaitable<std::optional<Intake::Control>> Intake::control(std::string room, std::string event, std::string key) {
  bool bookmark = key == "\xf0\x9f\x94\x96";
  int number = number_in(key);
  if (number == 0 && !bookmark) co_return std::nullopt;
  auto found = co_await offer(std::move(room), std::move(event));
  if (!found) co_return std::nullopt;
  Control out{std::nullopt, std::move(found->thread)};
  if (number != 0) {
    auto index = static_cast<std::size_t>(number) - 1;
    if (index < found->choices.size()) out.button = found->choices[index];
    co_return out;
  }
  for (auto& choice : found->choices) {
    if (choice.action != doc::Action::save) continue;
    out.button = std::move(choice);
    co_return out;
  }
  co_return std::nullopt;
}

awaitable<Status> Intake::membership(Membership change, EventSink& sink, async::TaskGroup& tasks) {
  const auto room = change.head.room;
  rooms_.changed(room);
  if (change.state == "invite") {
    auto moved = co_await doors_.state.get("matrix.moved." + room);  // an upgrade that was closed to us
    bool expected = moved && *moved && !(*moved)->empty();
    co_return co_await invites_.take({room, change.head.sender, doors_.clock.now()}, expected, tasks);
  }
  if (change.state != "leave" && change.state != "ban") co_return Status();
  invites_.left(room);
  co_return co_await place(place_event(change.head, PlaceState::left, how(change, session_.tokens().user_id)), sink);
}

awaitable<void> Intake::arrived(Invitation invitation) {
  const auto room = invitation.room;
  auto encrypted = co_await rooms_.encrypted(room);
  if (encrypted && *encrypted) {
    co_await explain_encryption(room);
    co_return;
  }
  // An invitation is told by nobody's event id: room and moment name it.
  auto name = room + "." + std::to_string(invitation.at.time_since_epoch().count());
  auto moved = co_await doors_.state.get("matrix.moved." + room);
  if (moved && *moved && !(*moved)->empty()) {
    Tombstone old{{"moved." + name, **moved, invitation.by, {}}, room};
    co_await move(std::move(old), *sink_);
    co_return;
  }
  auto joined = place_event({"joined." + name, room, invitation.by, {}}, PlaceState::joined, "invited");
  joined.invited = true;
  joined.direct = co_await rooms_.direct(room);
  auto told = co_await place(std::move(joined), *sink_);
  if (!told) log::warning("matrix.join_not_recorded", {{"room", room}, {"why", told.error().what()}});
}

awaitable<bool> Intake::replaces(std::string room, Tombstone tombstone) {
  auto create = co_await api_.state(room, "m.room.create");
  const auto* before = create ? object_of(*create, "predecessor") : nullptr;
  if (before == nullptr || text_at(*before, {"room_id"}) != tombstone.head.room) co_return false;
  auto power = co_await rooms_.power(room);
  co_return power && power->of(tombstone.head.sender) >= power->invite;
}

awaitable<std::optional<std::string>> Intake::follow(Tombstone tombstone) {
  auto answer = co_await api_.join(tombstone.replacement, server_of(tombstone.head.sender));
  if (!answer.good()) {
    // A private room: the mapping waits for somebody's invite.
    auto kept = co_await doors_.state.put("matrix.moved." + tombstone.replacement, tombstone.head.room);
    log::info("matrix.upgrade_waits", {{"room", tombstone.head.room}, {"kept", kept ? "yes" : "no"}});
    co_return std::nullopt;
  }
  if (!co_await replaces(tombstone.replacement, tombstone)) {
    log::warning("matrix.false_upgrade", {{"room", tombstone.head.room}, {"by", tombstone.head.sender}});
    co_await api_.leave(tombstone.replacement);
    co_return std::nullopt;
  }
  auto forgotten = co_await doors_.state.put("matrix.moved." + tombstone.replacement, "");
  (void)forgotten;  // a mapping that stays is used for an invite only
  co_return tombstone.replacement;
}

awaitable<void> Intake::move(Tombstone tombstone, EventSink& sink) {
  auto to = co_await follow(tombstone);
  if (!to) co_return;
  auto event = place_event(tombstone.head, PlaceState::moved, "the room was upgraded");
  event.moved_to = target_of(*to);
  auto told = co_await sink.accept(std::move(event));
  if (!told) log::warning("matrix.move_not_recorded", {{"room", *to}, {"why", told.error().what()}});
}

awaitable<std::optional<std::string>> Intake::successor(std::string room) {
  auto state = co_await api_.state_event(room, "m.room.tombstone");
  if (!state) co_return std::nullopt;
  const auto* content = object_of(*state, "content");
  auto replacement = text_at(content == nullptr ? *state : *content, {"replacement_room"});
  auto sender = text_at(*state, {"sender"});
  if (!replacement.starts_with('!')) co_return std::nullopt;
  Tombstone tombstone{{text_at(*state, {"event_id"}), room, sender, {}}, replacement};
  co_return co_await follow(std::move(tombstone));
}

awaitable<void> Intake::reconcile(EventSink& sink) {
  auto now = co_await api_.joined_rooms();
  if (!now) co_return;
  auto stored = co_await doors_.state.get("matrix.rooms");
  if (!stored) co_return;
  auto before = parse_object(stored->value_or("{}"));
  const auto* list = before ? list_of(*before, "rooms") : nullptr;
  std::set<std::string> joined(now->begin(), now->end());
  if (list != nullptr)
    for (const auto& room : *list) {
      if (!room.is_string() || joined.contains(room.get<std::string>())) continue;
      auto at = std::to_string(doors_.clock.now().time_since_epoch().count());
      EventHead head{"gone." + at, room.get<std::string>(), {}, doors_.clock.now()};
      head.id += "." + head.room;
      auto told = co_await place(place_event(head, PlaceState::left, "no longer a member"), sink);
      if (!told) co_return;  // told the next time
    }
  auto kept = co_await doors_.state.put("matrix.rooms", dump(Json{{"rooms", joined}}));
  if (!kept) log::warning("matrix.rooms_not_kept", {{"why", kept.error().what()}});
}

// The one sentence in the room itself; and in a room where we may speak, to who asked.
awaitable<void> Intake::refuse_encrypted(Typed asked) {
  co_await explain_encryption(asked.head.room);
  auto room = co_await direct_.with(asked.head.sender);
  if (!room) {
    log::warning("matrix.encrypted_command", {{"room", asked.head.room}, {"why", room.error().what()}});
    co_return;
  }
  auto content =
      message(false,
              "You wrote to me in an encrypted room. I can't read or write there, so nothing was done. Write "
              "the command here, or in a room without encryption.",
              {});
  TransactionName name{session_.tokens().user_id,
                       session_.tokens().device_id,
                       *room,
                       "m.room.message",
                       "encrypted\x1f" + asked.head.id,
                       0,
                       0};
  co_await api_.put_event(*room, "m.room.message", transaction_id(name), dump(content));
}

awaitable<void> Intake::explain_encryption(std::string room) {
  auto told = co_await doors_.state.get("matrix.told." + room);
  if (!told || *told) co_return;
  if (auto kept = co_await doors_.state.put("matrix.told." + room, "encrypted"); !kept) co_return;
  log::warning("matrix.room_encrypted", {{"room", room}});
  auto content = message(false,
                         "This room is encrypted, and I can't read or write there: please use a room without "
                         "encryption.",
                         {});
  TransactionName name{
      session_.tokens().user_id, session_.tokens().device_id, room, "m.room.message", "encrypted", 0, 0};
  auto transaction = transaction_id(name);
  co_await api_.put_event(room, "m.room.message", transaction, dump(content));
}

}  // namespace broadsheet::matrix
