#include "adapters/matrix/sync.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/matrix/outcome.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::EventSink;
using async::awaitable;
using std::chrono::milliseconds;

constexpr const char* kSince = "matrix.since";
constexpr milliseconds kPoll{30000}, kReadLimit{45000};
constexpr milliseconds kFirstSync = std::chrono::minutes(10);
constexpr std::size_t kGapEvents = 1000;
constexpr std::chrono::hours kGapAge{24};
constexpr std::size_t kLargestSync = std::size_t{64} << 20;

void read_events(const Json* section, const char* list, RoomBatch& room, const Self& self, const Freshness& freshness) {
  const auto* events = section == nullptr ? nullptr : list_of(*section, list);
  if (events == nullptr) return;
  for (const auto& event : *events) {
    auto incoming = read_event(event, room.room, self, freshness);
    if (!std::holds_alternative<Ignored>(incoming)) room.events.push_back(std::move(incoming));
  }
}

RoomBatch read_joined(const std::string& id, const Json& json, const Self& self, const Freshness& freshness) {
  RoomBatch room;
  room.room = id;
  const auto* timeline = object_of(json, "timeline");
  if (timeline != nullptr) {
    room.prev_batch = text_at(*timeline, {"prev_batch"});
    room.limited = timeline->value("limited", Json()) == true;
  }
  read_events(object_of(json, "state"), "events", room, self, freshness);
  read_events(timeline, "events", room, self, freshness);
  return room;
}

Membership read_invite(const std::string& id, const Json& json, const Self& self) {
  Membership out{{"invite." + id, id, {}, {}}, "invite", {}, false};
  const auto* state = object_of(json, "invite_state");
  const auto* events = state == nullptr ? nullptr : list_of(*state, "events");
  if (events == nullptr) return out;
  for (const auto& event : *events) {  // stripped state: no event ids
    if (text_at(event, {"type"}) != "m.room.member" || text_at(event, {"state_key"}) != self.user_id) continue;
    out.head.sender = text_at(event, {"sender"});
    const auto* content = object_of(event, "content");
    if (content != nullptr) out.direct = content->value("is_direct", Json()) == true;
  }
  return out;
}

Membership read_left(const std::string& id, const Json& json, const Self& self, const std::string& batch) {
  RoomBatch room;
  room.room = id;
  read_events(object_of(json, "timeline"), "events", room, self, {});
  for (auto it = room.events.rbegin(); it != room.events.rend(); ++it)
    if (const auto* change = std::get_if<Membership>(&*it); change != nullptr && change->state != "join")
      return *change;
  return {{"left." + id + "." + batch, id, {}, {}}, "leave", "the homeserver gives no reason", false};
}

bool room_id(const std::string& id) {
  return id.starts_with('!') && id.size() <= 255;
}

Moment moment_of(const Incoming& incoming) {
  if (const auto* message = std::get_if<Typed>(&incoming)) return message->head.at;
  if (const auto* reaction = std::get_if<Reacted>(&incoming)) return reaction->head.at;
  return Moment::max();  // what happened to the room counts however old it is
}

Call filter_call(const std::string& user) {
  return {.method = "POST", .path = path_of("/_matrix/client/v3/user", {user}) + "/filter", .body = sync_filter()};
}

}  // namespace

Result<SyncBatch> read_sync(std::string_view body, const Self& self, const Freshness& freshness) {
  auto json = parse_object(body);
  if (!json) return Error(ErrorKind::transient, "the homeserver's sync is no JSON object");
  SyncBatch out;
  out.next_batch = text_at(*json, {"next_batch"});
  if (out.next_batch.empty()) return Error(ErrorKind::transient, "the homeserver's sync has no next_batch");
  const auto* rooms = object_of(*json, "rooms");
  if (rooms == nullptr) return out;
  if (const auto* invited = object_of(*rooms, "invite"))
    for (const auto& [id, room] : invited->items())
      if (room_id(id)) out.invites.push_back(read_invite(id, room, self));
  if (const auto* joined = object_of(*rooms, "join"))
    for (const auto& [id, room] : joined->items())
      if (room_id(id)) out.joined.push_back(read_joined(id, room, self, freshness));
  if (const auto* left = object_of(*rooms, "leave"))
    for (const auto& [id, room] : left->items())
      if (room_id(id)) out.left.push_back(read_left(id, room, self, out.next_batch));
  return out;
}

std::string sync_filter() {
  Json none{{"not_types", {"*"}}};
  Json state{"m.room.create",    "m.room.member", "m.room.power_levels",   "m.room.encryption",
             "m.room.tombstone", "m.room.name",   "m.room.canonical_alias"};
  Json timeline = state;
  for (const char* type : {"m.room.message", "m.room.encrypted", "m.reaction", "m.room.redaction"})
    timeline.push_back(type);
  Json room{{"state", {{"lazy_load_members", true}, {"types", state}}},
            {"timeline", {{"limit", 50}, {"lazy_load_members", true}, {"types", timeline}}},
            {"ephemeral", none},
            {"account_data", none}};
  return dump(Json{{"presence", none}, {"account_data", none}, {"room", room}});
}

Sync::Sync(const Doors& doors, Session& session, Api& api, Intake& intake)
    : doors_(doors), session_(session), api_(api), intake_(intake) {}

Call Sync::poll_call() const {
  Call call{.path = "/_matrix/client/v3/sync", .max_response = kLargestSync};
  call.query = {{"filter", filter_}, {"set_presence", "offline"}, {"timeout", std::to_string(kPoll.count())}};
  if (!since_.empty()) call.query.emplace_back("since", since_);
  call.timeout = since_.empty() ? kFirstSync : kReadLimit;
  return call;
}

awaitable<void> Sync::run(EventSink& sink, async::TaskGroup& tasks) {
  while (session_.lost().empty()) {
    auto done = co_await once(sink, tasks);
    if (done) {
      failures_ = 0;
      continue;
    }
    co_await async::check_cancelled();
    log::warning("matrix.sync_failed", {{"why", done.error().what()}});
    auto wait = milliseconds(1000LL << std::min(failures_++, 6));
    wait = std::min(wait, milliseconds(60000));
    wait += milliseconds(static_cast<std::int64_t>(doors_.random() % 500U));
    if (auto asked = done.error().retry_after()) wait = std::max(wait, *asked);
    co_await async::sleep_for(doors_.clock, wait);
  }
}

awaitable<Status> Sync::upload_filter() {
  auto answer = co_await api_.call(filter_call(session_.tokens().user_id));
  auto json = parse_object(answer.body);
  auto id = json ? text_at(*json, {"filter_id"}) : std::string();
  if (!answer.good() || id.empty()) co_return co_await refused(std::move(answer));
  filter_ = id;
  co_return Status();
}

awaitable<Status> Sync::refused(Answer answer) {
  if (answer.status == 0) co_return answer.lost.error;
  Circumstances now{.call = CallKind::sync};
  auto why = classify(answer.status, answer.body, now);
  if (why == ErrorClass::new_filter) filter_.clear();
  if (why == ErrorClass::resync) {
    // Nothing in the timeline of an initial sync is a command, so nothing old is answered again.
    since_.clear();
    if (auto kept = co_await doors_.state.put(kSince, ""); !kept) co_return kept;
  }
  Error error(ErrorKind::transient, explain(answer.status, answer.body));
  if (why == ErrorClass::limited) error.retry_after(wait_of({answer.status, answer.headers, answer.body}));
  if (why == ErrorClass::account_paused) error.retry_after(std::chrono::minutes(1));
  co_return error;
}

awaitable<Status> Sync::once(EventSink& sink, async::TaskGroup& tasks) {
  if (since_.empty()) {
    auto stored = co_await doors_.state.get(kSince);
    if (!stored) co_return std::move(stored).error();
    since_ = stored->value_or("");
  }
  if (filter_.empty())
    if (auto uploaded = co_await upload_filter(); !uploaded) co_return uploaded;
  auto answer = co_await api_.call(poll_call());
  if (answer.status != 200) co_return co_await refused(std::move(answer));
  auto batch = read_sync(answer.body, intake_.self(), freshness());
  if (!batch) co_return std::move(batch).error();
  auto next = batch->next_batch;
  if (auto worked = co_await work_off(std::move(*batch), sink, tasks); !worked) co_return worked;
  if (next != since_) {
    if (auto kept = co_await doors_.state.put(kSince, next); !kept) co_return kept;
    since_ = next;
  }
  co_return Status();
}

awaitable<Status> Sync::work_off(SyncBatch batch, EventSink& sink, async::TaskGroup& tasks) {
  bool first = since_.empty();
  for (auto& invite : batch.invites)
    if (auto taken = co_await intake_.take(std::move(invite), sink, tasks); !taken) co_return taken;
  if (first) co_return Status();
  for (auto& left : batch.left)
    if (auto taken = co_await intake_.take(std::move(left), sink, tasks); !taken) co_return taken;
  for (auto& room : batch.joined) {
    if (room.limited)
      if (auto filled = co_await fill_gap(room, sink, tasks); !filled) co_return filled;
    for (auto& event : room.events)
      if (auto taken = co_await intake_.take(std::move(event), sink, tasks); !taken) co_return taken;
  }
  co_return Status();
}

awaitable<Status> Sync::fill_gap(RoomBatch room, EventSink& sink, async::TaskGroup& tasks) {
  Api::Page page{room.room, "f", since_, room.prev_batch, 100};
  auto oldest = doors_.clock.now() - kGapAge;
  for (std::size_t seen = 0; seen < kGapEvents;) {
    auto json = co_await api_.messages(page);
    if (!json) {
      // A room that we may no longer read has no gap to fill; anything else waits for the next try.
      if (json.error().kind() == ErrorKind::not_allowed || json.error().kind() == ErrorKind::refused)
        co_return Status();
      co_return std::move(json).error();
    }
    const auto* chunk = list_of(*json, "chunk");
    if (chunk == nullptr || chunk->empty()) co_return Status();
    for (const auto& event : *chunk) {
      auto incoming = read_event(event, room.room, intake_.self(), freshness());
      if (moment_of(incoming) < oldest) continue;
      if (auto taken = co_await intake_.take(std::move(incoming), sink, tasks); !taken) co_return taken;
    }
    seen += chunk->size();
    page.from = text_at(*json, {"end"});
    if (page.from.empty() || page.from == page.to) co_return Status();
  }
  log::warning("matrix.gap_too_long", {{"room", room.room}, {"read", kGapEvents}});
  co_return Status();
}

}  // namespace broadsheet::matrix
