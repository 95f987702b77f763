#include "adapters/telegram/telegram.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/telegram/api.hpp"
#include "adapters/telegram/limits.hpp"
#include "adapters/telegram/outcome.hpp"
#include "adapters/telegram/render.hpp"
#include "adapters/telegram/updates.hpp"
#include "bot/base/log.hpp"
#include "bot/base/text.hpp"
#include "bot/net/async.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::awaitable;
using adapters::OutgoingMessage;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::SendOutcome;
using adapters::Target;
using Json = nlohmann::json;

constexpr const char* kOffset = "telegram.offset";
constexpr std::chrono::seconds kLongestConflict{60};
constexpr std::size_t kLargestUpdate = std::size_t{1} << 20;

Json chat_id(const Target& target) {
  std::int64_t id = 0;
  auto [end, ec] = std::from_chars(target.place.data(), target.place.data() + target.place.size(), id);
  if (ec == std::errc{} && end == target.place.data() + target.place.size()) return id;
  return target.place;  // @channel
}

std::int64_t number(const std::string& text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

// 9.2: the same in every attempt, so that recovery can ask whether this very message is there. 64 bytes at most.
Json keyboard(const std::string& key) {
  return Json{
      {"inline_keyboard", Json::array({Json::array({Json{{"text", "All titles"}, {"callback_data", "t:" + key}}})})}};
}

Json body_of(const OutgoingMessage& message) {
  auto body = Json::parse(message.body, nullptr, false);
  return body.is_object() ? body : Json{{"text", message.preview}};
}

// The parameters of sendMessage.
Json send_parameters(const Target& target, const OutgoingMessage& message, const std::string& key) {
  auto body = body_of(message);
  Json out{{"chat_id", chat_id(target)}, {"text", body.value("text", std::string())}};
  if (body.contains("entities") && !body["entities"].empty()) out["entities"] = body["entities"];
  if (!target.topic.empty()) out["message_thread_id"] = number(target.topic);
  out["link_preview_options"] = Json{{"is_disabled", true}};
  if (body.value("silent", false)) out["disable_notification"] = true;
  if (body.value("keyboard", false)) out["reply_markup"] = keyboard(key);
  return out;
}

bool is_group_or_channel(const Target& target) {
  return target.place.starts_with('-') || target.place.starts_with('@');
}
// Supergroups and channels number their messages by themselves; elsewhere the ids are the account's.
bool has_own_numbers(const Target& target) {
  return target.place.starts_with("-100");
}

}  // namespace

class Telegram::Impl {
 public:
  Impl(const config::Telegram& settings, http::Transport& transport, Clock& clock, adapters::State& state,
       TelegramOptions options)
      : settings_(settings),
        api_(transport, settings.api_url, settings.token),
        clock_(clock),
        state_(state),
        options_(std::move(options)) {}

  std::vector<adapters::Pace> paces(const Target& target) const {
    auto scale = options_.limits_scale;
    std::vector<adapters::Pace> out = {{"bot", kBotPerSecond * scale, kBotBurst},
                                       {"chat:" + target.place, kChatPerSecond * scale, kChatBurst}};
    if (is_group_or_channel(target)) out.push_back({"group:" + target.place, kGroupPerSecond * scale, kGroupBurst});
    return out;
  }

  awaitable<SendOutcome> send(adapters::SendRequest request) {
    auto parameters = send_parameters(request.target, request.message, request.key);
    auto answer = co_await api_.call("sendMessage", parameters, kRequest);
    if (is_parse_failure(answer)) {
      // 3.7: a defect of ours; the same words without entities, once.
      log::error("telegram.entities_refused", {{"why", answer.description}});
      parameters.erase("entities");
      answer = co_await api_.call("sendMessage", std::move(parameters), kRequest);
    }
    note(answer);
    co_return outcome_of(answer, request.target);
  }

  awaitable<adapters::FindOutcome> find_sent(adapters::FindRequest request) {
    auto body = body_of(request.message);
    if (!body.value("keyboard", false) || request.last_remote_id.empty())
      co_return adapters::CannotTell{Error(ErrorKind::refused, "nothing to look for it by"), true, {}};
    int absent_in_a_row = 0;
    auto first = number(request.last_remote_id) + 1;
    for (auto id = first; id < first + kProbes && absent_in_a_row < kProbesInARow; ++id) {
      if (std::find(request.known_ids.begin(), request.known_ids.end(), std::to_string(id)) != request.known_ids.end())
        continue;
      if (id != first) co_await async::sleep_for(clock_, probe_pause());
      auto answer = co_await api_.call(
          "editMessageReplyMarkup",
          Json{{"chat_id", chat_id(request.target)}, {"message_id", id}, {"reply_markup", keyboard(request.key)}},
          kRequest);
      if (is_not_modified(answer)) co_return adapters::Found{std::to_string(id)};
      if (answer.kind != Answer::Kind::ok && answer.kind != Answer::Kind::refused)
        co_return adapters::CannotTell{Error(ErrorKind::transient, "Telegram: " + answer.description), false, {}};
      if (answer.code == 429)
        co_return adapters::CannotTell{Error(ErrorKind::rate_limited, answer.description), false, answer.retry_after};
      bool gone = text::lower_ascii(answer.description).find("not found") != std::string::npos;
      absent_in_a_row = gone ? absent_in_a_row + 1 : 0;
    }
    if (has_own_numbers(request.target)) co_return adapters::Absent{};
    co_return adapters::CannotTell{
        Error(ErrorKind::refused, "message ids of this chat are shared with others, so its absence proves nothing"),
        true,
        {}};
  }

  awaitable<SendOutcome> edit(Target target, std::string remote_id, OutgoingMessage message) {
    auto body = body_of(message);
    Json parameters{{"chat_id", chat_id(target)},
                    {"message_id", number(remote_id)},
                    {"text", body.value("text", std::string())},
                    {"link_preview_options", Json{{"is_disabled", true}}}};
    if (body.contains("entities")) parameters["entities"] = body["entities"];
    auto answer = co_await api_.call("editMessageText", std::move(parameters), kRequest);
    if (is_not_modified(answer)) co_return adapters::Sent{remote_id};
    co_return outcome_of(answer, target);
  }

  awaitable<SendOutcome> reply(adapters::ReplyRequest request) {
    bool promised = request.visibility == adapters::Visibility::asker && !request.to.direct;
    auto target = request.to.target;
    if (promised) {
      // Commands 1.4: never a public answer where a private one was promised.
      if (request.to.who.id.empty() || request.to.who.id.starts_with('-'))
        co_return Refused{RefusalClass::private_undeliverable, "who asked has no private chat", {}, {}};
      target = Target{adapters::PlatformKind::telegram, {}, request.to.who.id, {}};
    }
    if (!request.replaces.empty() && !promised) co_return co_await edit(target, request.replaces, request.message);
    auto parameters = send_parameters(target, request.message, request.key);
    if (!promised && !request.to.message.empty())
      parameters["reply_parameters"] =
          Json{{"message_id", number(request.to.message)}, {"allow_sending_without_reply", true}};
    auto answer = co_await api_.call("sendMessage", std::move(parameters), kRequest);
    note(answer);
    if (promised && answer.kind == Answer::Kind::refused && (answer.code == 403 || answer.code == 400))
      co_return Refused{
          RefusalClass::private_undeliverable, answer.description, "open a chat with me for the answer", {}};
    co_return outcome_of(answer, target);
  }

  awaitable<void> acknowledge(adapters::ReplyTo to) {
    if (!to.handle.empty()) {
      co_await api_.call("answerCallbackQuery", Json{{"callback_query_id", to.handle}}, kRequest);
      co_return;
    }
    Json parameters{{"chat_id", chat_id(to.target)}, {"action", "typing"}};
    if (!to.target.topic.empty()) parameters["message_thread_id"] = number(to.target.topic);
    co_await api_.call("sendChatAction", std::move(parameters), kRequest);
  }

  awaitable<Result<adapters::Role>> role_of(adapters::Actor who, Target where) {
    if (who.role == adapters::Role::manager) co_return adapters::Role::manager;
    Json parameters{{"chat_id", chat_id(where)}, {"user_id", number(who.id)}};
    auto answer = co_await api_.call("getChatMember", std::move(parameters), kRequest);
    if (answer.kind != Answer::Kind::ok || !answer.result.is_object())
      co_return Error(ErrorKind::transient, "Telegram does not say who may change this chat: " + answer.description);
    auto status = answer.result.value("status", std::string());
    if (status == "creator" || status == "administrator") co_return adapters::Role::manager;
    if (status == "member" || status == "restricted") co_return adapters::Role::member;
    co_return adapters::Role::guest;
  }

  // ---- Ingress ------------------------------------------------------------------------------------------------------

  awaitable<void> run(adapters::EventSink& sink) {
    co_await learn_who_i_am();
    co_await register_menu();
    if (settings_.mode == "webhook") {
      co_await set_webhook();
      co_return;
    }
    co_await poll(sink);
  }

  awaitable<bool> accept(adapters::EventSink& sink, const Json& update) {
    auto event = event_of(update, me_);
    if (!event) co_return true;
    auto accepted = co_await sink.accept(std::move(*event));
    if (!accepted) log::error("telegram.update_not_stored", {{"why", accepted.error().what()}});
    co_return accepted.has_value();
  }

  std::vector<adapters::Route> routes(adapters::EventSink& sink) {
    if (settings_.mode != "webhook") return {};
    adapters::Route route;
    route.method = "POST";
    route.pattern = "/telegram/webhook";
    route.max_body = kLargestUpdate;
    route.handler = [this, &sink](http::ServerRequest request) { return webhook(sink, std::move(request)); };
    return {std::move(route)};
  }

  awaitable<std::vector<adapters::Check>> doctor() {
    std::vector<adapters::Check> out;
    auto me = co_await api_.call("getMe", Json::object(), kRequest);
    bool known = me.kind == Answer::Kind::ok && me.result.is_object();
    out.push_back({"telegram token", known,
                   known ? "@" + me.result.value("username", std::string("?")) : me.description,
                   "take a token from BotFather into telegram.token, and check telegram.api_url"});
    if (!known) co_return out;
    auto hook = co_await api_.call("getWebhookInfo", Json::object(), kRequest);
    auto url = hook.kind == Answer::Kind::ok && hook.result.is_object() ? hook.result.value("url", std::string()) : "";
    bool polls = settings_.mode != "webhook";
    out.push_back({"telegram way in", polls == url.empty(), url.empty() ? "long polling" : "webhook",
                   polls ? "run `broadsheet telegram setup`: a webhook set elsewhere takes the updates"
                         : "run `broadsheet telegram setup` to set the webhook"});
    out.push_back({"telegram privacy mode",
                   true,
                   me.result.value("can_read_all_group_messages", false) ? "off: sees every group message"
                                                                         : "on: sees commands and replies only",
                   {}});
    co_return out;
  }

  std::string trouble() const { return trouble_; }

 private:
  void note(const Answer& answer) {
    if (answer.kind == Answer::Kind::ok) trouble_.clear();
    if (answer.kind == Answer::Kind::refused && (answer.code == 401 || answer.code == 404))
      trouble_ = "Telegram refuses the token: " + answer.description;
  }

  std::chrono::milliseconds probe_pause() const {
    return std::chrono::milliseconds(static_cast<std::int64_t>(1050 / std::max(1.0, options_.limits_scale)));
  }

  awaitable<void> learn_who_i_am() {
    for (int attempt = 1; me_.id == 0; ++attempt) {
      auto answer = co_await api_.call("getMe", Json::object(), kRequest);
      note(answer);
      if (answer.kind == Answer::Kind::ok && answer.result.is_object()) {
        me_.id = answer.result.value("id", std::int64_t{0});
        me_.username = answer.result.value("username", std::string());
        co_return;
      }
      log::warning("telegram.unreachable", {{"why", answer.description}});
      co_await async::sleep_for(clock_, std::chrono::seconds(std::min(60, 1 << std::min(attempt, 6))));
    }
  }

  awaitable<void> register_menu() {
    if (options_.menu.empty()) co_return;
    auto commands = Json::array();
    for (const auto& [command, description] : options_.menu)
      commands.push_back(Json{{"command", command}, {"description", description}});
    for (const char* scope : {"all_private_chats", "all_group_chats"}) {
      Json parameters{{"commands", commands}, {"scope", Json{{"type", scope}}}};
      auto answer = co_await api_.call("setMyCommands", std::move(parameters), kRequest);
      if (answer.kind != Answer::Kind::ok) log::warning("telegram.menu_not_set", {{"why", answer.description}});
    }
  }

  awaitable<void> set_webhook() {
    Json parameters{{"url", options_.webhook_url},
                    {"secret_token", settings_.webhook_secret.reveal()},
                    {"allowed_updates", allowed_updates()}};
    auto answer = co_await api_.call("setWebhook", std::move(parameters), kRequest);
    if (answer.kind != Answer::Kind::ok) {
      trouble_ = "the webhook could not be set: " + answer.description;
      log::error("telegram.webhook_not_set", {{"why", answer.description}});
    }
  }

  static Json allowed_updates() {
    return Json::array(
        {"message", "edited_message", "channel_post", "edited_channel_post", "callback_query", "my_chat_member"});
  }

  // 2.2: the offset rises only after everything below it is stored; nothing else confirms.
  awaitable<void> poll(adapters::EventSink& sink) {
    std::int64_t offset = 0;
    if (auto known = co_await state_.get(kOffset); known && *known) offset = number(**known);
    int conflicts = 0;
    while (true) {
      Json parameters{{"offset", offset}, {"timeout", kPoll.count()}, {"allowed_updates", allowed_updates()}};
      auto answer = co_await api_.call("getUpdates", std::move(parameters), kPoll + std::chrono::seconds(10));
      if (answer.kind != Answer::Kind::ok || !answer.result.is_array()) {
        note(answer);
        bool conflict = answer.kind == Answer::Kind::refused && answer.code == 409;
        ++conflicts;
        if (conflict) trouble_ = "another program takes this bot's updates: " + answer.description;
        log::warning("telegram.poll_failed", {{"why", answer.description}});
        auto wait = answer.retry_after.value_or(
            std::min<std::chrono::milliseconds>(std::chrono::seconds(1 << std::min(conflicts, 6)), kLongestConflict));
        co_await async::sleep_for(clock_, wait);
        continue;
      }
      conflicts = 0;
      trouble_.clear();
      auto next = offset;
      for (const auto& update : answer.result) {
        if (!co_await accept(sink, update)) break;  // stays with the server
        next = std::max(next, update_id(update) + 1);
      }
      if (next == offset) continue;
      offset = next;
      auto text = std::to_string(offset);
      if (auto kept = co_await state_.put(kOffset, text); !kept)
        log::error("telegram.offset_not_stored", {{"why", kept.error().what()}});
    }
  }

  awaitable<http::ServerResponse> webhook(adapters::EventSink& sink, http::ServerRequest request) {
    // 2.3: constant time, and no body for the wrong one.
    auto given = http::header(request.headers, "X-Telegram-Bot-Api-Secret-Token");
    bool same = !settings_.webhook_secret.empty() && settings_.webhook_secret.equals(given);
    if (!same) co_return http::ServerResponse{401, "text/plain", {}, {}};
    auto update = Json::parse(request.body, [](int depth, Json::parse_event_t, Json&) { return depth < 64; }, false);
    if (update.is_discarded() || update_id(update) == 0) co_return http::ServerResponse{400, "text/plain", {}, {}};
    if (co_await accept(sink, update)) co_return http::ServerResponse{200, "text/plain", {}, {}};
    co_return http::ServerResponse{503, "text/plain", {}, {}};
  }

  config::Telegram settings_;
  Api api_;
  Clock& clock_;
  adapters::State& state_;
  TelegramOptions options_;
  Me me_;
  std::string trouble_;
};

Telegram::Telegram(const config::Telegram& settings, http::Transport& transport, Clock& clock, adapters::State& state,
                   TelegramOptions options)
    : impl_(std::make_unique<Impl>(settings, transport, clock, state, std::move(options))) {}
Telegram::~Telegram() = default;

adapters::Capabilities Telegram::capabilities() const {
  adapters::Capabilities out;
  out.edits = out.buttons = out.private_replies = out.read_back = true;
  return out;
}
std::vector<OutgoingMessage> Telegram::render(const std::vector<adapters::Part>& parts,
                                              const adapters::RenderOptions& options) const {
  return messages(parts, options);
}
std::string Telegram::request_body(const adapters::SendRequest& request) const {
  return send_parameters(request.target, request.message, request.key).dump();
}
std::vector<adapters::Pace> Telegram::paces(const Target& target, bool) const {
  return impl_->paces(target);
}
awaitable<SendOutcome> Telegram::send(adapters::SendRequest request) {
  return impl_->send(std::move(request));
}
awaitable<adapters::FindOutcome> Telegram::find_sent(adapters::FindRequest request) {
  return impl_->find_sent(std::move(request));
}
awaitable<SendOutcome> Telegram::edit(Target target, std::string remote_id, OutgoingMessage message) {
  return impl_->edit(std::move(target), std::move(remote_id), std::move(message));
}
awaitable<SendOutcome> Telegram::reply(adapters::ReplyRequest request) {
  return impl_->reply(std::move(request));
}
awaitable<void> Telegram::acknowledge(adapters::ReplyTo to) {
  return impl_->acknowledge(std::move(to));
}
awaitable<Result<adapters::Role>> Telegram::role_of(adapters::Actor who, Target where) {
  return impl_->role_of(std::move(who), std::move(where));
}
awaitable<void> Telegram::run(adapters::EventSink& sink) {
  return impl_->run(sink);
}
std::vector<adapters::Route> Telegram::routes(adapters::EventSink& sink) {
  return impl_->routes(sink);
}
awaitable<std::vector<adapters::Check>> Telegram::doctor() {
  return impl_->doctor();
}
std::string Telegram::trouble() const {
  return impl_->trouble();
}

}  // namespace broadsheet::telegram
