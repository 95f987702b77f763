#include "adapters/telegram/telegram.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "adapters/telegram/message.hpp"
#include "adapters/telegram/outcome.hpp"
#include "adapters/telegram/render.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::ReplyRequest;
using adapters::SendOutcome;
using adapters::SendRequest;
using adapters::Sent;
using model::Actor;
using model::OutgoingMessage;
using model::Role;
using model::Target;
using std::chrono::seconds;

constexpr std::string_view kNewest = "telegram.newest.";  // + chat
constexpr std::string_view kRoute = "/telegram/webhook";
constexpr std::size_t kLongestUpdate = std::size_t{1} << 20;
constexpr seconds kTogether{5};  // limits of several chats this close are the bot's limit
constexpr std::size_t kSeveral = 3;

bool is_group(const Target& target) {
  return target.place.starts_with('-') || target.place.starts_with('@');
}

// A message id of 0 addresses nothing (contracts: Telegram 1).
Sent sent(const Message& message) {
  return {model::RemoteId(message.id > 0 ? std::to_string(message.id) : std::string())};
}

// Anonymous administrators and channels have no private chat with us.
bool can_be_addressed(const Actor& who) {
  return !who.id.empty() && !who.id.starts_with('-');
}

}  // namespace

Telegram::Telegram(const config::Telegram& settings, http::Transport& transport, Clock& clock, adapters::State& state,
                   TelegramOptions options)
    : settings_(settings),
      clock_(clock),
      state_(state),
      options_(std::move(options)),
      api_(transport, settings.api_url, settings.token),
      poller_(api_, state, clock, bot_),
      webhook_(clock, bot_, settings.webhook_secret),
      probe_(api_, clock, options_.probe) {}

Telegram::~Telegram() = default;

adapters::Capabilities Telegram::capabilities() const {
  adapters::Capabilities out;
  out.edits = out.buttons = out.private_replies = out.read_back = true;
  out.quiet = options_.quiet;
  out.request_timeout = seconds(35);  // Api's deadlines
  return out;
}

std::vector<OutgoingMessage> Telegram::render(const std::vector<adapters::Part>& parts,
                                              const adapters::RenderOptions& options) const {
  return telegram::render(parts, options);
}

std::string Telegram::request_body(const SendRequest& request) const {
  auto body = send_request(request.message.body, {request.target, request.key, {}});
  return body ? *body : std::string();
}

// Contracts: Telegram 6. No minute holds more than 20 messages to a group: 10 at once, then one every 6 s.
std::vector<adapters::Pace> Telegram::paces(const Target& target, bool /*in_thread*/) const {
  auto scaled = [this](double rate) { return rate * options_.limits_scale; };
  std::vector<adapters::Pace> out{{"bot", scaled(30), 30}, {"chat:" + target.place, scaled(1), 1}};
  if (is_group(target)) out.push_back({"group:" + target.place, scaled(10.0 / 60), 10});
  return out;
}

// ---- Sending
// ----------------------------------------------------------------------------------------------------------

awaitable<SendOutcome> Telegram::send(SendRequest request) {
  co_return co_await deliver(std::move(request.target), std::move(request.key), std::move(request.message.body), {});
}

awaitable<SendOutcome> Telegram::deliver(Target target, model::DeliveryKey key, std::string body,
                                         model::RemoteId reply_to) {
  Address address{target, std::move(key), std::move(reply_to)};
  auto request = send_request(body, address);
  if (!request) co_return Refused{RefusalClass::message, request.error().what(), {}, std::nullopt};
  auto answer = co_await api_.send_message(std::move(*request));
  if (answer) limited_.clear();  // the bot as a whole may send
  if (answer) co_return sent(*answer);
  if (wants_plain_text(answer.failure())) {
    log::error("telegram.formatting_refused", {{"why", answer.failure().text()}});
    auto plain = plain_send_request(body, address);
    if (!plain) co_return Refused{RefusalClass::message, plain.error().what(), {}, std::nullopt};
    answer = co_await api_.send_message(std::move(*plain));
    if (answer) co_return sent(*answer);
  }
  auto outcome = send_outcome(answer.failure(), target);
  held_back(target, outcome);
  if (const auto* refusal = std::get_if<Refused>(&outcome);
      refusal != nullptr &&
      (refusal->refusal == RefusalClass::installation || refusal->refusal == RefusalClass::configuration))
    trouble_ = "Telegram refuses this bot: " + refusal->why;
  co_return outcome;
}

// The server does not say whether a limit is the chat's or the bot's: when several chats are told to wait within a few
// seconds and nobody is served in between, all wait (contracts: Telegram 6).
void Telegram::held_back(const Target& target, SendOutcome& outcome) {
  auto* waits = std::get_if<NotSent>(&outcome);
  if (waits == nullptr || waits->error.kind() != ErrorKind::rate_limited) return;
  auto now = clock_.steady_now();
  auto together = std::chrono::duration<double>(kTogether) / options_.limits_scale;
  std::erase_if(limited_, [&](const auto& chat) { return now - chat.second > together; });
  limited_[target.place] = now;
  waits->bucket = limited_.size() >= kSeveral ? "bot" : "chat:" + target.place;
}

awaitable<adapters::FindOutcome> Telegram::find_sent(adapters::FindRequest request) {
  if (request.last_remote_id.empty()) request.last_remote_id = co_await remembered(request.target, request.since);
  co_return co_await probe_.find(std::move(request));
}

awaitable<void> Telegram::remember(Target target, model::RemoteId id) {
  probe_.sent_otherwise(target, id);
  if (id.empty()) co_return;
  auto value = id.str() + " " + std::to_string(clock_.now().time_since_epoch().count());
  if (auto kept = co_await state_.put(std::string(kNewest) + target.place, std::move(value)); !kept)
    log::warning("telegram.answer_not_remembered", {{"why", kept.error().what()}});
}

// Nothing where the answer may be younger than what is looked for: the search would begin behind it.
awaitable<model::RemoteId> Telegram::remembered(Target target, Moment before) {
  auto value = co_await state_.get(std::string(kNewest) + target.place);
  if (!value || !*value) co_return model::RemoteId();
  auto space = (*value)->find(' ');
  std::int64_t at = 0;
  if (space == std::string::npos) co_return model::RemoteId();
  const char* end = (*value)->data() + (*value)->size();
  if (std::from_chars((*value)->data() + space + 1, end, at).ptr != end) co_return model::RemoteId();
  bool earlier = Moment(std::chrono::milliseconds(at)) < before;
  co_return earlier ? model::RemoteId((*value)->substr(0, space)) : model::RemoteId();
}

awaitable<SendOutcome> Telegram::edit(Target target, model::RemoteId remote_id, OutgoingMessage message) {
  auto request = edit_request(message.body, {target, {}, {}}, remote_id.str());
  if (!request) co_return Refused{RefusalClass::message, request.error().what(), {}, std::nullopt};
  auto answer = co_await api_.edit_message_text(std::move(*request));
  if (answer || answer.failure().says("message is not modified")) co_return Sent{std::move(remote_id)};
  auto outcome = send_outcome(answer.failure(), target);
  held_back(target, outcome);
  co_return outcome;
}

// ---- Answers
// ----------------------------------------------------------------------------------------------------------

awaitable<SendOutcome> Telegram::reply(ReplyRequest request) {
  const auto& to = request.to;
  if (!to.direct && request.visibility == model::Visibility::asker) co_return co_await privately(std::move(request));
  co_return co_await say(to.target, request, to.direct ? model::RemoteId() : to.message);
}

// For the asker alone: a private chat, which the person must have opened once (spec: commands 2).
awaitable<SendOutcome> Telegram::privately(ReplyRequest request) {
  auto link = start_link(bot_.username, "hello");
  auto undeliverable = [&link](std::string why, std::string fix) {
    return Refused{RefusalClass::private_undeliverable, std::move(why), std::move(fix), std::nullopt, link};
  };
  const auto& who = request.to.who;
  auto target = Target::parse("telegram:" + who.id);
  if (!can_be_addressed(who) || !target)
    co_return undeliverable("who asked has no private chat with the bot", "ask under your own name");
  auto outcome = co_await say(*target, request, {});
  if (const auto* refusal = std::get_if<Refused>(&outcome);
      refusal != nullptr && refusal->refusal == RefusalClass::target)
    co_return undeliverable(refusal->why, "open a chat with the bot and press Start");
  co_return outcome;
}

// In the place of the progress message, or as a message of its own.
awaitable<SendOutcome> Telegram::say(Target target, const ReplyRequest& request, model::RemoteId reply_to) {
  if (!request.replaces.empty()) {
    auto edited = co_await edit(target, request.replaces, request.message);
    const auto* refusal = std::get_if<Refused>(&edited);
    if (refusal == nullptr || refusal->refusal != RefusalClass::message) co_return edited;
    // The progress message is gone: the answer still comes.
  }
  auto outcome = co_await deliver(target, request.key, request.message.body, std::move(reply_to));
  if (const auto* done = std::get_if<Sent>(&outcome)) co_await remember(target, done->remote_id);
  co_return outcome;
}

// Buttons were answered when they came in.
awaitable<void> Telegram::acknowledge(model::ReplyTo to) {
  if (to.target.place.starts_with('@')) co_return;
  auto shown = co_await api_.send_chat_action(to.target.place, to.target.topic);
  if (!shown) log::debug("telegram.chat_action_refused", {{"why", shown.failure().text()}});
}

awaitable<Result<Role>> Telegram::role_of(Actor who, Target where) {
  if (who.id == where.place) co_return Role::manager;  // one's own chat, or the chat itself speaking
  auto member = co_await api_.get_chat_member(where.place, who.id);
  if (!member) {
    const auto& failure = member.failure();
    bool unknown = failure.answered && failure.code == 400;
    if (unknown) co_return Role::guest;
    co_return Error(ErrorKind::transient, "asking Telegram for a role: " + failure.text());
  }
  if (member->status == "creator" || member->status == "administrator") co_return Role::manager;
  bool inside = member->status == "member" || (member->status == "restricted" && member->is_member);
  co_return inside ? Role::member : Role::guest;
}

awaitable<std::optional<Refused>> Telegram::hindrance(Target where) {
  if (!is_group(where) || bot_.id == 0) co_return std::nullopt;
  auto chat = co_await api_.get_chat(where.place);
  auto self = co_await api_.get_chat_member(where.place, std::to_string(bot_.id));
  bool unknown = (!chat && chat.failure().code == 400) || (!self && self.failure().code == 400);
  if (!unknown && (!chat || !self)) co_return std::nullopt;
  bool outside = unknown || self->status == "left" || self->status == "kicked" ||
                 (self->status == "restricted" && !self->is_member);
  if (outside) co_return Refused{RefusalClass::target, "I am not in that chat", "add me to it", std::nullopt, {}};
  bool mute = chat->type == "channel" ? self->status != "creator" && !self->can_post
                                      : self->status == "restricted" && !self->can_send;
  if (mute) co_return Refused{RefusalClass::target, "I may not write there", "allow me to post", std::nullopt, {}};
  co_return std::nullopt;
}

// ---- The way in
// -------------------------------------------------------------------------------------------------------

Place Telegram::place() const {
  auto base = options_.public_url;
  while (base.ends_with('/')) base.pop_back();
  return {settings_.mode, base.empty() ? std::string() : base + std::string(kRoute), settings_.webhook_secret.reveal(),
          options_.targets};
}

awaitable<Answer<Me>> Telegram::learn_name() {
  auto me = co_await api_.get_me();
  if (me) bot_ = {me->id, me->username};
  co_return me;
}

// Our name, and the one way in; false: to be tried again.
awaitable<bool> Telegram::begin() {
  auto me = co_await learn_name();
  if (!me) {
    trouble_ = "Telegram does not know this bot: " + me.failure().text();
    log::warning("telegram.start_failed", {{"why", me.failure().text()}});
    co_return false;
  }
  auto way = co_await set_way_in(api_, place());
  if (!way.ok) {
    trouble_ = way.what + ": " + way.found;
    log::warning("telegram.start_failed", {{"step", way.what}, {"why", way.found}, {"fix", way.fix}});
    co_return false;
  }
  // Without menus everything still works.
  for (const auto& menu : co_await register_menus(api_, options_.menus))
    if (!menu.ok) log::warning("telegram.menu_not_registered", {{"menu", menu.what}, {"why", menu.found}});
  trouble_.clear();
  log::info("telegram.started", {{"bot", bot_.username}, {"mode", settings_.mode}});
  co_return true;
}

awaitable<void> Telegram::run(adapters::EventSink& sink) {
  for (int tries = 0; !co_await begin(); ++tries)
    co_await async::sleep_for(clock_, seconds(std::min(60, 1 << std::min(tries, 6))));
  if (polls()) co_await poller_.run(sink);
}

std::vector<adapters::Route> Telegram::routes(adapters::EventSink& sink) {
  if (polls()) return {};
  return {{"POST", std::string(kRoute), kLongestUpdate,
           [this, &sink](http::ServerRequest request) { return webhook_.receive(std::move(request), sink); }}};
}

awaitable<std::vector<adapters::Check>> Telegram::doctor() {
  co_return co_await examine(api_, place());
}

awaitable<std::vector<adapters::Check>> Telegram::setup(std::vector<Menu> menus) {
  auto me = co_await learn_name();
  if (!me) co_return std::vector<adapters::Check>{bot_row(me)};
  auto out = co_await register_menus(api_, std::move(menus));
  out.insert(out.begin(), bot_row(me));
  out.push_back(co_await set_way_in(api_, place()));
  co_return out;
}

std::string Telegram::trouble() const {
  return trouble_.empty() ? poller_.trouble() : trouble_;
}

}  // namespace broadsheet::telegram
