#include "adapters/matrix/sender.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/matrix/content.hpp"
#include "adapters/matrix/outcome.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::CannotTell;
using adapters::FindOutcome;
using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::SendOutcome;
using adapters::Sent;
using adapters::Unknown;
using async::awaitable;

constexpr const char* kMessage = "m.room.message";
constexpr const char* kAccount = "account";
constexpr const char* kDebt = "matrix.spent_until";
constexpr std::chrono::seconds kShortWait{6};  // one message's worth: the pacer counts from a little earlier
constexpr int kInternalErrors = 5;
constexpr std::size_t kSmallRoom = 10;  // members, for a threaded notice instead of a direct room
constexpr int kPagesBack = 20;
constexpr std::chrono::hours kClockSkew{1};     // what our clock and the homeserver's may differ
constexpr std::chrono::minutes kAnswerTime{5};  // then an answer is given up (contracts: Matrix 5)

// Before the attempt of that number is repeated: one second doubling to half a minute.
std::chrono::milliseconds pause_after(int attempt) {
  return std::min(std::chrono::seconds(1LL << std::min(attempt, 5)), std::chrono::seconds(30));
}

NotSent later(Error error, std::chrono::milliseconds wait) {
  return {std::move(error), wait, kAccount};
}

// Counts itself while it lives.
class Counted {
 public:
  explicit Counted(std::size_t& all) : all_(all) { ++all_; }
  ~Counted() { --all_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::size_t& all_;
};

// Where an answer stands: in the thread of its question, under its question, or (a private one) in a thread of its own.
void place_reply(Json& content, const model::ReplyTo& to, bool own_thread) {
  if (to.message.empty()) return;
  if (!to.thread.empty())
    reply_in_thread(content, to.thread.str(), to.message.str());
  else if (own_thread)
    reply_in_thread(content, to.message.str(), to.message.str());
  else
    reply_to(content, to.message.str());
}

}  // namespace

Sender::Sender(const Doors& doors, Session& session, Api& api, Rooms& rooms, Intake& intake, DirectRooms& direct,
               OwnKeys& keys)
    : doors_(doors), session_(session), api_(api), rooms_(rooms), intake_(intake), direct_(direct), keys_(keys) {}

std::vector<adapters::Pace> Sender::paces() const {
  return {{kAccount, api_.allowance().per_second(), api_.allowance().burst()}};
}

std::string Sender::request_body(const adapters::SendRequest& request) const {
  auto content = parse_object(request.message.body).value_or(Json::object());
  sign_delivery(content, request.key.str());
  if (request.message.in_thread && !request.thread.empty())
    in_thread(content, request.thread.str(), rooms_.latest(request.thread.str()));
  return dump(content);
}

std::string Sender::transaction(const Posting& p) const {
  TransactionName name{session_.tokens().user_id, session_.tokens().device_id, p.room, kMessage, p.key, 0, p.revision};
  return transaction_id(name);
}

awaitable<SendOutcome> Sender::send(adapters::SendRequest request) {
  if (answers_ > 0 && api_.allowance().wait().count() > 0)
    co_return later(Error(ErrorKind::rate_limited, "answers go first"), kShortWait);
  for (auto wait = api_.allowance().wait(); wait.count() > 0; wait = api_.allowance().wait()) {
    if (wait > kShortWait) co_return later(Error(ErrorKind::rate_limited, "answers went first"), wait);
    co_await async::sleep_for(doors_.clock, wait);
  }
  auto bare = request;
  bare.thread = {};
  Posting posting{request.target.place, request.key.str(), request_body(request), request_body(bare), 0};
  auto outcome = co_await post(std::move(posting));
  if (const auto* sent = std::get_if<Sent>(&outcome); sent != nullptr && !request.thread.empty())
    rooms_.sent_in_thread(request.thread.str(), sent->remote_id.str());
  co_return outcome;
}

// Plain text never goes into an encrypted room (contracts: Matrix 10), so its state is known before the first send.
awaitable<std::optional<SendOutcome>> Sender::may_post(std::string room) {
  auto encrypted = co_await rooms_.encrypted(room);
  if (!encrypted) {
    if (encrypted.error().kind() == ErrorKind::not_allowed)
      co_return co_await check_room(room, encrypted.error().what());
    if (!session_.lost().empty())
      co_return Refused{RefusalClass::installation, session_.lost(), "give a new Matrix token or password", {}};
    auto wait = encrypted.error().retry_after();
    co_return NotSent{std::move(encrypted).error(), wait, {}};
  }
  if (!*encrypted) co_return std::nullopt;
  co_await intake_.explain_encryption(room);
  co_return Refused{RefusalClass::target, "the room is encrypted", "use a room without encryption", {}};
}

awaitable<SendOutcome> Sender::post(Posting posting) {
  if (posting.content.size() > kContentHardCap)
    co_return Refused{RefusalClass::message, "the message is longer than an event may be", {}, {}};
  auto hindered = co_await may_post(posting.room);
  if (hindered) co_return *hindered;
  co_await keep_debt();
  auto answer = co_await api_.put_event(posting.room, kMessage, transaction(posting), posting.content);
  auto outcome = co_await outcome_of(std::move(answer), posting);
  // Under an edit the keys of the first form stand.
  if (const auto* sent = std::get_if<Sent>(&outcome); sent != nullptr && posting.revision == 0)
    keys_.said(posting.room, sent->remote_id.str(), posting.content);
  co_return outcome;
}

// Before the message leaves: whoever starts after a kill knows what the homeserver has counted.
awaitable<void> Sender::keep_debt() {
  if (session_.appservice()) co_return;
  auto whole = doors_.clock.now() + api_.allowance().debt() +
               std::chrono::milliseconds(static_cast<std::int64_t>(1000 / api_.allowance().per_second()));
  auto kept = co_await doors_.state.put(kDebt, std::to_string(whole.time_since_epoch().count()));
  if (!kept) log::warning("matrix.debt_not_kept", {{"why", kept.error().what()}});
}

awaitable<void> Sender::recall_debt() {
  auto stored = co_await doors_.state.get(kDebt);
  if (!stored || !*stored) co_return;
  std::int64_t at = 0;
  std::from_chars((*stored)->data(), (*stored)->data() + (*stored)->size(), at);
  auto debt = Moment(std::chrono::milliseconds(at)) - doors_.clock.now();
  auto most = std::chrono::duration<double>(api_.allowance().burst() / api_.allowance().per_second());
  if (debt.count() > 0 && debt <= most * 2) api_.allowance().owe(debt);
}

// The account's next free place, paced like the cards: waiting costs less than a refusal, which every other answer
// would meet at the same moment.
awaitable<void> Sender::turn() {
  for (auto wait = api_.allowance().wait(); wait.count() > 0; wait = api_.allowance().wait())
    co_await async::sleep_for(doors_.clock, wait);
}

// Under its transaction id an answer can be repeated without doubling (contracts: Matrix 5). It keeps its place in the
// queue until its fate is known, so that answers stay in order.
awaitable<SendOutcome> Sender::answer_surely(Posting posting) {
  if (!answering_) answering_.emplace(co_await boost::asio::this_coro::executor);
  Counted waiting(answers_);
  auto until = doors_.clock.steady_now() + kAnswerTime;
  auto guard = co_await answering_->lock();
  for (int attempt = 0;; ++attempt) {
    co_await turn();
    auto outcome = co_await post(posting);
    const auto* not_sent = std::get_if<NotSent>(&outcome);
    const auto* unknown = std::get_if<Unknown>(&outcome);
    if (not_sent == nullptr && unknown == nullptr) co_return outcome;
    auto pause = pause_after(attempt);
    if (not_sent != nullptr) pause = not_sent->retry_after.value_or(pause);
    if (doors_.clock.steady_now() + pause >= until) {
      const auto& error = not_sent != nullptr ? not_sent->error : unknown->error;
      log::warning("matrix.answer_given_up", {{"room", posting.room}, {"why", error.what()}});
      co_return Unknown{error};
    }
    co_await async::sleep_for(doors_.clock, pause);
  }
}

awaitable<SendOutcome> Sender::outcome_of(Answer answer, Posting posting) {
  if (answer.good()) {
    auto json = parse_object(answer.body);
    auto id = json ? text_at(*json, {"event_id"}) : std::string();
    if (id.empty()) co_return Unknown{Error(ErrorKind::transient, "the homeserver's answer has no event id")};
    internal_errors_.erase(posting.key);
    co_return Sent{model::RemoteId(id)};
  }
  if (answer.status == 0) {
    if (answer.lost.reached == http::Reached::sent) co_return Unknown{answer.lost.error};
    co_return NotSent{answer.lost.error, {}, {}};
  }
  auto said = explain(answer.status, answer.body);
  Circumstances now{.call = CallKind::send,
                    .have_refresh_token = session_.can_refresh(),
                    .can_login = session_.can_login(),
                    .appservice = session_.appservice()};
  switch (classify(answer.status, answer.body, now)) {
    case ErrorClass::limited:
      co_return later(Error(ErrorKind::rate_limited, said), wait_of({answer.status, answer.headers, answer.body}));
    case ErrorClass::account_paused:
      co_return later(Error(ErrorKind::refused, said), std::chrono::minutes(5));
    case ErrorClass::room_check:
      co_return co_await check_room(posting.room, said);
    case ErrorClass::drop_relation:
      if (posting.content != posting.bare) {
        posting.content = posting.bare;  // an error is not remembered under the transaction id
        co_return co_await post(std::move(posting));
      }
      co_return Refused{RefusalClass::message, said, {}, {}};
    case ErrorClass::retry_bounded:
      if (internal_errors_.size() > 1000) internal_errors_.clear();
      if (++internal_errors_[posting.key] >= kInternalErrors) {
        internal_errors_.erase(posting.key);
        co_return Refused{RefusalClass::message, said + ", five times", {}, {}};
      }
      co_return Unknown{Error(ErrorKind::transient, said)};
    case ErrorClass::retry_same_request:
      co_return Unknown{Error(ErrorKind::transient, said)};
    case ErrorClass::refresh_then_same_request:
    case ErrorClass::login_same_device:
    case ErrorClass::credentials_lost:
      co_return Refused{RefusalClass::installation, said, "give a new Matrix token or password", {}};
    case ErrorClass::config_error:
    case ErrorClass::unsupported:
      co_return Refused{RefusalClass::configuration, said, "check matrix.homeserver_url, user_id and tokens", {}};
    default:
      co_return Refused{RefusalClass::message, said, {}, {}};
  }
}

// 403 says nothing by itself: kicked, banned, left, muted and replaced all look alike (contracts: Matrix 10).
awaitable<SendOutcome> Sender::check_room(std::string room, std::string said) {
  auto joined = co_await api_.joined_rooms();
  if (!joined) co_return NotSent{std::move(joined).error(), {}, {}};
  bool member = std::find(joined->begin(), joined->end(), room) != joined->end();
  if (auto next = co_await intake_.successor(room)) {
    model::Target to{"matrix", {}, *next, {}};
    co_return Refused{RefusalClass::moved, "the room was upgraded", {}, to};
  }
  if (!member)
    co_return Refused{
        RefusalClass::target, "not a member of the room any more (" + said + ")", "invite the bot again", {}};
  co_return Refused{RefusalClass::target,
                    "may not write in the room (" + said + ")",
                    "give the bot enough power to send messages",
                    {}};
}

bool Sender::ours(const Json& event, const adapters::FindRequest& request, const std::string& transaction) const {
  if (text_at(event, {"sender"}) != session_.tokens().user_id) return false;
  const auto* hidden = object_of(event, "unsigned");
  if (hidden != nullptr && text_at(*hidden, {"transaction_id"}) == transaction) return true;
  const auto* content = object_of(event, "content");
  const auto* delivery = content == nullptr ? nullptr : object_of(*content, kDeliveryKey);
  return delivery != nullptr && request.key == text_at(*delivery, {"key"});
}

awaitable<FindOutcome> Sender::find_sent(adapters::FindRequest request) {
  Posting posting{request.target.place, request.key.str(), {}, {}, 0};
  auto name = transaction(posting);
  Api::Page page{request.target.place, "b", {}, {}, 50};
  auto begin = request.since - kClockSkew;
  for (int i = 0; i < kPagesBack; ++i) {
    auto json = co_await api_.messages(page);
    if (!json) {
      bool for_good = json.error().kind() == ErrorKind::not_allowed;
      auto wait = json.error().retry_after();
      co_return CannotTell{std::move(json).error(), for_good, wait};
    }
    const auto* chunk = list_of(*json, "chunk");
    if (chunk == nullptr) co_return CannotTell{Error(ErrorKind::transient, "the history has no list"), false, {}};
    for (const auto& event : *chunk) {
      auto id = text_at(event, {"event_id"});
      if (ours(event, request, name)) co_return adapters::Found{model::RemoteId(id)};
      // Newest first: what is older than an earlier message of ours, or than the attempt, can't be it.
      if (!id.empty() && request.last_remote_id == id) co_return adapters::Absent{};
      // An event that could not be read has no time and says nothing.
      auto at = number_at(event, {"origin_server_ts"});
      if (at && Moment(std::chrono::milliseconds(*at)) < begin) co_return adapters::Absent{};
    }
    page.from = text_at(*json, {"end"});
    if (page.from.empty()) co_return adapters::Absent{};
  }
  co_return CannotTell{Error(ErrorKind::refused, "too much was said since"), true, {}};
}

awaitable<SendOutcome> Sender::edit(model::Target target, model::RemoteId remote_id, model::OutgoingMessage message) {
  auto content = parse_object(message.body).value_or(Json::object());
  auto body = dump(edit_of(remote_id.str(), content));
  auto stamp = static_cast<std::uint64_t>(doors_.clock.now().time_since_epoch().count());
  Posting posting{target.place, "edit\x1f" + remote_id.str(), body, body, stamp + ++edits_};
  co_return co_await answer_surely(std::move(posting));
}

awaitable<bool> Sender::small_room(std::string room) {
  auto members = co_await rooms_.members(std::move(room));
  co_return members && !members->many && members->joined.size() <= kSmallRoom;
}

awaitable<std::optional<Refused>> Sender::hindrance(std::string room) {
  auto joined = co_await api_.joined_rooms();
  if (!joined) co_return std::nullopt;
  if (std::find(joined->begin(), joined->end(), room) == joined->end())
    co_return Refused{RefusalClass::target, "I am not in that room", "invite me", {}, {}};
  if (auto encrypted = co_await rooms_.encrypted(room); encrypted && *encrypted)
    co_return Refused{RefusalClass::target, "the room is encrypted", "use a room without encryption", {}, {}};
  auto power = co_await rooms_.power(room);
  if (power && power->of(session_.tokens().user_id) < power->events_default)
    co_return Refused{RefusalClass::target, "I may not write there", "give me the power to send messages", {}, {}};
  co_return std::nullopt;
}

// Waits as told: rooms may be opened a few times a minute only (contracts: Matrix 8).
awaitable<Result<std::string>> Sender::direct_room(std::string user) {
  auto until = doors_.clock.steady_now() + kAnswerTime;
  for (int attempt = 0;; ++attempt) {
    auto room = co_await direct_.with(user);
    if (room || room.error().kind() == ErrorKind::refused) co_return room;
    auto pause = room.error().retry_after().value_or(pause_after(attempt));
    if (doors_.clock.steady_now() + pause >= until) {
      log::warning("matrix.answer_given_up", {{"user", user}, {"why", room.error().what()}});
      co_return room;
    }
    co_await async::sleep_for(doors_.clock, pause);
  }
}

// What only the asker should read stands in the direct room, or in a thread of its own where few would be bothered
// (spec: commands 2). It never falls back to the open room (1.4).
awaitable<SendOutcome> Sender::reply(adapters::ReplyRequest request) {
  auto content = parse_object(request.message.body).value_or(Json::object());
  content["msgtype"] = "m.notice";  // an answer notifies nobody, whatever stands in it (contracts: Matrix 6)
  auto key = request.key.empty() ? "reply\x1f" + request.to.message.str() : request.key.str();
  sign_delivery(content, key);
  auto bare = dump(content);
  request.message.body = bare;
  bool aside = request.visibility == model::Visibility::asker && !request.to.direct;
  if (aside && !co_await small_room(request.to.target.place)) {
    auto room = co_await direct_room(request.to.who.id);
    if (!room) co_return Refused{RefusalClass::private_undeliverable, room.error().what(), "write to me directly", {}};
    if (!request.replaces.empty())
      co_return co_await edit({"matrix", {}, *room, {}}, request.replaces, request.message);
    Posting posting{*room, key, bare, bare, 0};
    co_return co_await answer_surely(std::move(posting));
  }
  if (!request.replaces.empty()) co_return co_await edit(request.to.target, request.replaces, request.message);
  place_reply(content, request.to, aside);
  Posting posting{request.to.target.place, key, dump(content), bare, 0};
  co_return co_await answer_surely(std::move(posting));
}

}  // namespace broadsheet::matrix
