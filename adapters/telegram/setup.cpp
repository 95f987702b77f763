#include "adapters/telegram/setup.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/common/remedy.hpp"
#include "adapters/telegram/traits.hpp"
#include "adapters/telegram/utf.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::Check;
using model::Target;

constexpr int kTooMany = 429, kServerError = 500;

template <class T>
Check failed(std::string what, const Answer<T>& answer, std::string fix) {
  const auto& failure = answer.failure();
  bool judged = failure.answered && failure.code != kTooMany && failure.code < kServerError;
  auto kind = judged ? ErrorKind::refused : ErrorKind::unavailable;
  return {std::move(what), false, failure.text(), adapters::remedy(kind, "telegram.api_url", std::move(fix))};
}

constexpr std::string_view kToken = "check [telegram] token and api_url";

// The rules of setMyCommands (contracts: Telegram 5): what breaks them is left out rather than refused as a whole.
std::vector<Command> acceptable(std::vector<Command> commands) {
  std::erase_if(commands, [](const Command& c) {
    bool name = !c.name.empty() && c.name.size() <= 32 && std::all_of(c.name.begin(), c.name.end(), [](char ch) {
      return (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '_';
    });
    return !name || c.description.empty() || c.description.size() > 256;
  });
  if (commands.size() > 100) commands.resize(100);
  return commands;
}

awaitable<Check> register_menu(Api& api, Menu menu) {
  auto what = "menu " + menu.scope + (menu.language.empty() ? "" : " (" + menu.language + ")");
  auto commands = acceptable(std::move(menu.commands));
  auto count = std::to_string(commands.size()) + " commands";
  auto answer = co_await api.set_my_commands(std::move(commands), menu.scope, menu.language);
  if (!answer) co_return failed(what, answer, std::string(kToken));
  co_return Check{what, true, count, {}};
}

Check webhook_row(const Webhook& hook, const Place& place) {
  auto waiting = std::to_string(hook.pending) + " updates waiting";
  if (place.mode != "webhook") {
    if (hook.url.empty()) return {"way in", true, "polling, " + waiting, {}};
    return {"way in", false, "a webhook is set, polling gets nothing", "run: broadsheet telegram setup"};
  }
  if (hook.url != place.webhook_url)
    return {"way in", false, hook.url.empty() ? "no webhook is set" : "the webhook points elsewhere",
            "run: broadsheet telegram setup"};
  if (!hook.last_error.empty() && hook.pending > 0)
    return {"way in", false, "webhook fails: " + hook.last_error + ", " + waiting,
            "check that " + place.webhook_url + " reaches this service"};
  return {"way in", true, "webhook, " + waiting, {}};
}

Check target_row(const std::string& what, const Chat& chat, const Member& me) {
  auto where = chat.type + (chat.title.empty() ? "" : " \"" + chat.title + "\"");
  if (me.status == "left" || me.status == "kicked")
    return {what, false, where + ": the bot is not a member", "add the bot to it"};
  if (chat.type == "channel" && !me.can_post)
    return {what, false, where + ": no right to post", "make the bot an administrator who may post"};
  if (!me.can_send) return {what, false, where + ": no right to send", "allow the bot to send messages"};
  return {what, true, where + ", " + me.status, {}};
}

awaitable<Check> examine_target(Api& api, Target target, std::string me) {
  auto what = target.str();
  auto chat = co_await api.get_chat(target.place);
  if (!chat) co_return failed(what, chat, "add the bot to the chat, or let the person press Start");
  if (!target.topic.empty() && !chat->forum)
    co_return Check{what, false, "the chat has no topics", "name the chat without a topic"};
  if (chat->type == "private") co_return Check{what, true, "private chat", {}};
  auto member = co_await api.get_chat_member(target.place, std::move(me));
  if (!member) co_return failed(what, member, "add the bot to the chat");
  co_return target_row(what, *chat, *member);
}

}  // namespace

awaitable<std::vector<Check>> register_menus(Api& api, std::vector<Menu> menus) {
  std::vector<Check> out;
  for (const auto& menu : menus) out.push_back(co_await register_menu(api, menu));
  co_return out;
}

awaitable<Check> set_way_in(Api& api, Place place) {
  if (place.mode != "webhook") {
    auto answer = co_await api.delete_webhook();
    if (!answer) co_return failed("webhook", answer, std::string(kToken));
    co_return Check{"webhook", true, "removed; updates are polled", {}};
  }
  if (!place.webhook_url.starts_with("https://"))
    co_return Check{"webhook", false, "no public https address", "set [service] public_url"};
  if (place.secret.empty()) co_return Check{"webhook", false, "no secret", "set [telegram] webhook_secret"};
  auto answer = co_await api.set_webhook(place.webhook_url, place.secret);
  if (!answer) co_return failed("webhook", answer, "the address must be https on port 443, 80, 88 or 8443");
  co_return Check{"webhook", true, "set to " + place.webhook_url, {}};
}

awaitable<std::vector<Check>> examine(Api& api, Place place) {
  std::vector<Check> out;
  auto me = co_await api.get_me();
  out.push_back(bot_row(me));
  if (!me) co_return out;
  out.push_back({"privacy",
                 true,
                 me->reads_all_group_messages ? "off: the bot sees every message of its groups"
                                              : "on: the bot sees commands, mentions and replies",
                 {}});
  auto hook = co_await api.get_webhook_info();
  out.push_back(hook ? webhook_row(*hook, place) : failed("way in", hook, std::string(kToken)));
  for (const auto& target : place.targets)
    if (target.platform == traits().name) out.push_back(co_await examine_target(api, target, std::to_string(me->id)));
  co_return out;
}

Check bot_row(const Answer<Me>& me) {
  if (!me) return failed("bot", me, std::string(kToken));
  return {"bot", true, "@" + me->username + ", https://t.me/" + me->username, {}};
}

std::string start_link(std::string_view username, std::string_view payload) {
  bool good = !username.empty() && !payload.empty() && payload.size() <= 64 &&
              std::all_of(payload.begin(), payload.end(), [](char c) { return is_word_char(c) || c == '-'; });
  return good ? "https://t.me/" + std::string(username) + "?start=" + std::string(payload) : std::string();
}

}  // namespace broadsheet::telegram
