#include "tests/fakes/telegram_methods.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/text.hpp"

namespace broadsheet::fakes {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kEntities = 100, kEntityBytes = 9500, kUpdatesBytes = 4U << 20U;

std::int64_t seconds_of(Moment moment) {
  return std::chrono::duration_cast<std::chrono::seconds>(moment.time_since_epoch()).count();
}

TelegramAnswer result(Json value) {
  TelegramAnswer out;
  out.result = std::move(value);
  return out;
}

// What the entities weigh for the platform: the contract knows the total only, the share of one is our reading.
std::size_t weight(const std::vector<TextEntity>& entities) {
  std::size_t bytes = 0;
  for (const auto& e : entities) bytes += 16 + e.url.size() + e.language.size();
  return bytes;
}

bool is_secret(std::string_view s) {
  return s.size() <= 256 &&
         std::all_of(s.begin(), s.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; });
}

bool is_hook_url(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://127.0.0.1:");  // the latter as a server with --local
}

bool is_command_name(const std::string& name) {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || std::isdigit(c) != 0 || c == '_';
  });
}

std::string scope_of(const TelegramParameters& p) {
  auto scope = p.object("scope");
  auto type = scope.is_object() ? scope.value("type", "default") : std::string("default");
  if (scope.is_object() && scope.contains("chat_id")) type += ":" + scope.at("chat_id").dump();
  return type + "/" + p.text("language_code");
}

}  // namespace

TelegramMethods::TelegramMethods(TelegramWorld& world) : world_(world) {
  using P = const TelegramParameters&;
  methods_ = {
      {"getme", [this](P) { return result(world_.bot()); }},
      {"sendmessage", [this](P p) { return send_message(p); }},
      {"forwardmessage", [this](P p) { return forward_message(p); }},
      {"editmessagetext", [this](P p) { return edit_text(p); }},
      {"editmessagereplymarkup", [this](P p) { return edit_markup(p); }},
      {"deletemessage", [this](P p) { return delete_message(p); }},
      {"pinchatmessage", [this](P p) { return pin_message(p); }},
      {"sendchataction", [this](P p) { return chat_action(p); }},
      {"answercallbackquery", [this](P p) { return answer_callback(p); }},
      {"getchat", [this](P p) { return get_chat(p); }},
      {"getchatmember", [this](P p) { return get_member(p); }},
      {"setmycommands", [this](P p) { return set_commands(p); }},
      {"getmycommands",
       [this](P p) {
         auto at = commands_.find(scope_of(p));
         return result(at == commands_.end() ? Json::array() : at->second);
       }},
      {"deletemycommands",
       [this](P p) {
         commands_.erase(scope_of(p));
         return result(true);
       }},
      {"setwebhook", [this](P p) { return set_webhook(p); }},
      {"deletewebhook",
       [this](P p) {
         if (p.flag("drop_pending_updates")) world_.pending().clear();
         hook_ = {};
         return result(true);
       }},
      {"getwebhookinfo", [this](P) { return webhook_info(); }},
  };
}

bool TelegramMethods::is_paced(const std::string& method) {
  return method == "sendmessage" || method == "forwardmessage" || method.starts_with("editmessage");
}

TelegramAnswer TelegramMethods::call(const std::string& method, const TelegramParameters& parameters) {
  return methods_.at(method)(parameters);
}

TelegramPlace* TelegramMethods::target(const TelegramParameters& p) {
  auto id = p.text("chat_id");
  if (id.starts_with('@')) return world_.by_name(std::string_view(id).substr(1));
  return world_.place(p.number("chat_id"));
}

Result<FormattedText> TelegramMethods::judged(const std::string& source, const std::string& mode, const Json& given) {
  if (!mode.empty() && mode != "none") return judge_marked_up(source, mode, TextKind::message);
  auto entities = given.is_null() ? Result<std::vector<TextEntity>>(std::vector<TextEntity>()) : entities_from(given);
  if (!entities) return entities.error();
  return judge_entities(source, std::move(*entities), TextKind::message);
}

Result<FormattedText> TelegramMethods::content(const TelegramParameters& p) {
  auto source = p.text("text");
  auto mode = text::lower_ascii(p.text("parse_mode"));
  auto given = p.object("entities");
  if (source.empty() || source != last_source_ || mode != last_mode_ || given != last_entities_) {
    last_judged_ = judged(source, mode, given);
    last_source_ = source;
    last_mode_ = mode;
    last_entities_ = std::move(given);
  }
  auto judged = last_judged_;
  if (!judged) return judged;
  auto& entities = judged->entities;
  if (weight(entities) > kEntityBytes) return Error(ErrorKind::bad_input, "Bad Request: ENTITIES_TOO_LONG");
  if (entities.size() > kEntities) {  // the platform says nothing (contracts: Telegram 3.1, 6)
    violations_.push_back("a message with " + std::to_string(entities.size()) + " entities lost the last of them");
    entities.resize(kEntities);
  }
  return judged;
}

void TelegramMethods::note_links(const TelegramMessage& message) {
  std::vector<std::size_t> bytes;  // of units
  for (std::size_t at = 0; at < message.content.text.size();) {
    bytes.push_back(at);
    auto lead = static_cast<unsigned char>(message.content.text[at]);
    if (lead >= 0xF0) bytes.push_back(at);
    at += lead < 0x80 ? 1U : lead >= 0xF0 ? 4U : lead >= 0xE0 ? 3U : 2U;
  }
  bytes.push_back(message.content.text.size());
  for (const auto& e : message.content.entities) {
    if (!is_automatic(e.type)) continue;
    auto begin = bytes[static_cast<std::size_t>(e.offset)], end = bytes[static_cast<std::size_t>(e.end())];
    auto_links_.push_back({message.chat, message.id, e.type, message.content.text.substr(begin, end - begin)});
    if (auto_links_.size() > 10'000) auto_links_.pop_front();
  }
}

TelegramAnswer TelegramMethods::send_message(const TelegramParameters& p) {
  auto* place = target(p);
  if (place == nullptr) return refuse(400, "Bad Request: chat not found");
  auto judged = content(p);
  if (!judged) return refuse(400, judged.error().what());
  auto keyboard = keyboard_from(p.object("reply_markup"));
  if (!keyboard) return refuse(400, keyboard.error().what());
  if (auto refused = TelegramWorld::refusal(*place)) return *refused;
  auto topic = static_cast<int>(p.number("message_thread_id"));
  if (auto refused = TelegramWorld::topic_refusal(*place, topic)) return *refused;
  TelegramMessage message;
  auto reply = p.object("reply_parameters");
  if (reply.is_object()) {
    message.reply_to = reply.value("message_id", 0);
    if (!place->messages.contains(message.reply_to)) {
      if (!reply.value("allow_sending_without_reply", false))
        return refuse(400, "Bad Request: message to be replied not found");
      message.reply_to = 0;
    }
  }
  message.from_bot = true;
  message.thread = topic;
  message.silent = p.flag("disable_notification");
  message.content = std::move(*judged);
  message.keyboard = *keyboard;
  message.key = first_key(*keyboard);
  const auto& posted = world_.post(*place, std::move(message));
  note_links(posted);
  return result(world_.message_json(posted));
}

TelegramAnswer TelegramMethods::forward_message(const TelegramParameters& p) {
  auto* place = target(p);
  auto* from = world_.place(p.number("from_chat_id"));
  if (place == nullptr || from == nullptr) return refuse(400, "Bad Request: chat not found");
  if (auto refused = TelegramWorld::refusal(*place)) return *refused;
  auto original = from->messages.find(static_cast<int>(p.number("message_id")));
  if (original == from->messages.end()) return refuse(400, "Bad Request: message to forward not found");
  TelegramMessage copy;
  copy.from_bot = true;
  copy.silent = p.flag("disable_notification");
  copy.content = original->second.content;
  return result(world_.message_json(world_.post(*place, std::move(copy))));
}

TelegramMessage* TelegramMethods::own_message(const TelegramParameters& p, TelegramAnswer& refused) {
  auto* place = target(p);
  if (place == nullptr) {
    refused = refuse(400, "Bad Request: chat not found");
    return nullptr;
  }
  if (auto no = TelegramWorld::refusal(*place)) {
    refused = *no;
    return nullptr;
  }
  auto at = place->messages.find(static_cast<int>(p.number("message_id")));
  if (at == place->messages.end()) {
    refused = refuse(400, "Bad Request: message to edit not found");
    return nullptr;
  }
  if (!at->second.from_bot) {
    refused = refuse(400, "Bad Request: message can't be edited");
    return nullptr;
  }
  return &at->second;
}

namespace {
TelegramAnswer not_modified() {
  return refuse(400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message");
}
}  // namespace

// Leaving the keyboard out removes it (contracts: Telegram 4).
TelegramAnswer TelegramMethods::edit_text(const TelegramParameters& p) {
  TelegramAnswer refused;
  auto judged = content(p);
  if (!judged) return refuse(400, judged.error().what());
  auto keyboard = keyboard_from(p.object("reply_markup"));
  if (!keyboard) return refuse(400, keyboard.error().what());
  auto* message = own_message(p, refused);
  if (message == nullptr) return refused;
  if (message->content == *judged && message->keyboard == *keyboard) return not_modified();
  message->content = std::move(*judged);
  message->keyboard = *keyboard;
  message->key = first_key(*keyboard);
  ++message->edits;
  note_links(*message);
  return result(world_.message_json(*message));
}

TelegramAnswer TelegramMethods::edit_markup(const TelegramParameters& p) {
  TelegramAnswer refused;
  auto keyboard = keyboard_from(p.object("reply_markup"));
  if (!keyboard) return refuse(400, keyboard.error().what());
  auto* message = own_message(p, refused);
  if (message == nullptr) return refused;
  if (message->keyboard == *keyboard) return not_modified();
  message->keyboard = *keyboard;
  message->key = first_key(*keyboard);
  ++message->edits;
  return result(world_.message_json(*message));
}

TelegramAnswer TelegramMethods::delete_message(const TelegramParameters& p) {
  auto* place = target(p);
  if (place == nullptr) return refuse(400, "Bad Request: chat not found");
  auto at = place->messages.find(static_cast<int>(p.number("message_id")));
  if (at == place->messages.end()) return refuse(400, "Bad Request: message to delete not found");
  auto age = std::chrono::seconds(seconds_of(world_.clock().now()) - at->second.date);
  bool may = at->second.from_bot || place->chat.bot == Standing::administrator;
  if (!may || age > 48h) return refuse(400, "Bad Request: message can't be deleted");
  place->messages.erase(at);
  return result(true);
}

TelegramAnswer TelegramMethods::pin_message(const TelegramParameters& p) {
  auto* place = target(p);
  if (place == nullptr) return refuse(400, "Bad Request: chat not found");
  auto id = static_cast<int>(p.number("message_id"));
  if (!place->messages.contains(id)) return refuse(400, "Bad Request: message to pin not found");
  if (place->chat.kind != ChatKind::private_chat && place->chat.bot != Standing::administrator)
    return refuse(400, "Bad Request: not enough rights to manage pinned messages in the chat");
  place->chat.pinned = id;
  TelegramMessage service;
  service.from_bot = true;
  auto pinned = world_.message_json(place->messages[id]);
  auto said = world_.post(*place, service);
  world_.announce(said, {{"pinned_message", pinned}});
  place->messages.erase(said.id);
  return result(true);
}

TelegramAnswer TelegramMethods::chat_action(const TelegramParameters& p) {
  auto* place = target(p);
  if (place == nullptr) return refuse(400, "Bad Request: chat not found");
  if (auto refused = TelegramWorld::refusal(*place)) return *refused;
  if (place->chat.kind == ChatKind::channel) return refuse(400, "Bad Request: CHAT_WRITE_FORBIDDEN");
  if (p.text("action").empty()) return refuse(400, "Bad Request: wrong parameter action in request");
  return result(true);
}

TelegramAnswer TelegramMethods::answer_callback(const TelegramParameters& p) {
  auto at = world_.callbacks().find(p.text("callback_query_id"));
  if (at == world_.callbacks().end() || at->second.answer || world_.clock().now() - at->second.asked > 150s)
    return refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
  if (text::code_points(p.text("text")) > 200) return refuse(400, "Bad Request: MESSAGE_TOO_LONG");
  at->second.answer = p.text("text");
  return result(true);
}

TelegramAnswer TelegramMethods::get_chat(const TelegramParameters& p) {
  auto* place = target(p);
  if (place == nullptr) return refuse(400, "Bad Request: chat not found");
  if (auto refused = TelegramWorld::refusal(*place); refused && refused->code == 403) return *refused;
  auto out = world_.chat_json(*place);
  auto pinned = place->messages.find(place->chat.pinned);
  if (pinned != place->messages.end()) out["pinned_message"] = world_.message_json(pinned->second);
  return result(std::move(out));
}

TelegramAnswer TelegramMethods::get_member(const TelegramParameters& p) {
  auto* place = target(p);
  if (place == nullptr) return refuse(400, "Bad Request: chat not found");
  auto user = p.number("user_id");
  bool self = user == world_.bot().at("id").get<std::int64_t>();
  if (!self)
    if (auto refused = TelegramWorld::refusal(*place); refused && refused->code == 403) return *refused;
  auto member = place->chat.members.find(user);
  auto standing = self ? place->chat.bot : member == place->chat.members.end() ? Standing::left : member->second;
  if (place->chat.kind == ChatKind::private_chat && user == place->chat.id) standing = Standing::member;
  Json out = {{"user", self ? world_.bot() : TelegramWorld::user_json(user)}, {"status", to_string(standing)}};
  if (standing == Standing::restricted) out["can_send_messages"] = false;
  if (standing == Standing::administrator) {
    out["can_post_messages"] = place->chat.kind == ChatKind::channel;
    out["can_pin_messages"] = true;
  }
  return result(std::move(out));
}

TelegramAnswer TelegramMethods::set_commands(const TelegramParameters& p) {
  auto commands = p.object("commands");
  if (!commands.is_array() || commands.size() > 100) return refuse(400, "Bad Request: BOT_COMMANDS_TOO_MUCH");
  for (const auto& command : commands) {
    if (!command.is_object() || !is_command_name(command.value("command", "")))
      return refuse(400, "Bad Request: BOT_COMMAND_INVALID");
    auto length = text::code_points(command.value("description", ""));
    if (length < 1 || length > 256) return refuse(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
  }
  commands_[scope_of(p)] = std::move(commands);
  return result(true);
}

TelegramAnswer TelegramMethods::set_webhook(const TelegramParameters& p) {
  auto url = p.text("url");
  if (!url.empty() && !is_hook_url(url))
    return refuse(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
  if (!is_secret(p.text("secret_token"))) return refuse(400, "Bad Request: secret token contains unallowed characters");
  world_.allow(p.object("allowed_updates"));
  if (p.flag("drop_pending_updates")) world_.pending().clear();
  hook_ = {};
  hook_.url = url;
  hook_.secret = p.text("secret_token");
  hook_.max_connections = static_cast<int>(std::clamp<std::int64_t>(p.number("max_connections", 40), 1, 100));
  return result(true);
}

TelegramAnswer TelegramMethods::webhook_info() const {
  Json out = {{"url", hook_.url},
              {"has_custom_certificate", false},
              {"pending_update_count", world_.pending().size()},
              {"max_connections", hook_.max_connections}};
  if (hook_.last_error_date != 0) {
    out["last_error_date"] = hook_.last_error_date;
    out["last_error_message"] = hook_.last_error;
  }
  return result(std::move(out));
}

Json TelegramMethods::updates(std::int64_t limit) {
  Json out = Json::array();
  std::size_t bytes = 0;
  for (const auto& update : world_.pending()) {
    if (out.size() >= static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 1, 100)) || bytes > kUpdatesBytes) break;
    bytes += update.payload.dump().size();
    out.push_back(update.payload);
  }
  return out;
}

}  // namespace broadsheet::fakes
