// Commands that change what a place gets. Each looks at the whole, refuses or acts, and shows the resulting state.
#include <algorithm>

#include "bot/base/log.hpp"
#include "bot/base/text.hpp"
#include "bot/commands/router.hpp"
#include "bot/commands/wording.hpp"
#include "digest/doc/builder.hpp"
#include "digest/model/category_names.hpp"

namespace broadsheet::commands {
namespace {

using model::Options;
using model::Subscription;

constexpr std::chrono::minutes kConfirmWithin{5};  // spec: commands 1.8

// What `over` says, else what `base` says.
Options overlaid(Options base, const Options& over) {
  auto take = [](auto& to, const auto& from) {
    if (from) to = from;
  };
  take(base.at, over.at);
  take(base.time_zone, over.time_zone);
  take(base.days, over.days);
  take(base.top, over.top);
  take(base.style, over.style);
  take(base.language, over.language);
  take(base.filter, over.filter);
  take(base.interests, over.interests);
  take(base.empty, over.empty);
  take(base.thread, over.thread);
  take(base.on_unknown, over.on_unknown);
  return base;
}

bool holds(const std::vector<Category>& list, const Category& category) {
  return std::any_of(list.begin(), list.end(),
                     [&](const auto& one) { return one.canonical() == category.canonical(); });
}

const Subscription* holding_all(const std::vector<Subscription>& all, const std::vector<Category>& categories) {
  auto it = std::find_if(all.begin(), all.end(), [&](const auto& s) {
    return std::all_of(categories.begin(), categories.end(), [&](const auto& c) { return holds(s.categories, c); });
  });
  return it == all.end() ? nullptr : &*it;
}

std::string names(const std::vector<Category>& categories) {
  return text::join(short_names(categories), ", ");
}

std::string listed(const std::vector<Subscription>& all) {
  constexpr std::size_t kMost = 8;
  std::string out;
  for (std::size_t i = 0; i < all.size() && i < kMost; ++i)
    out += (i == 0 ? "#" : ", #") + std::to_string(all[i].number) + " " + names(all[i].categories);
  return all.size() > kMost ? out + ", …" : out;
}

// As soon as announced, but only on days on which arXiv announces nothing.
bool never_due(const model::Effective& options) {
  bool any = false;
  for (auto day :
       {std::chrono::Monday, std::chrono::Tuesday, std::chrono::Wednesday, std::chrono::Thursday, std::chrono::Friday})
    any = any || options.days.on(day);
  return !options.at.time_of_day && !any;
}

std::string hexadecimal(std::uint64_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (int i = 0; i < 12; ++i, number >>= 4U) out += kDigits[number & 0xFU];
  return out;
}

std::string letters(std::uint64_t number) {
  std::string out;
  for (int i = 0; i < 4; ++i, number /= 26) out += static_cast<char>('a' + number % 26);
  return out;
}

// Asked in one conversation, it may be confirmed in another: where the question is read.
std::string person_of(const model::ReplyTo& from) {
  return from.target.platform.str() + ":" + from.target.workspace + " " + from.who.id;
}

}  // namespace

// A line that may stand in the channel it is about: who did it, what it is now, how to stop it (contracts: Slack 13);
// nothing of filters or interests is in it.
awaitable<void> Router::tell_channel(Request request, Answer& answer, std::string what, std::string stop) {
  bool here = request.where == request.from.target;
  if (here && request.from.direct) co_return;
  auto who = co_await services_.name_of(request.from.who, request.from.target);
  doc::Document line{{doc::Paragraph{{doc::plain((who.empty() ? "Somebody" : who) + " " + what + ".")}}}};
  if (!stop.empty())
    line.blocks.emplace_back(doc::Note{{doc::plain("To stop it: "), code(request.context.shared_prefix + stop)}});
  if (here)
    answer.public_line = adapters::Part{model::PartKind::reply, std::move(line), {}};
  else if (auto told = co_await services_.announce(request.where, request.id, std::move(line)); !told)
    log::warning("commands.line_not_told", {{"target", request.where.str()}, {"why", told.error().what()}});
}

awaitable<Answer> Router::subscribe(Request request) {
  if (auto hindrance = co_await services_.hindrance(request.where))
    co_return refusal(request.context, user_error(ErrorCode::not_in_channel, {hindrance->why, hindrance->fix}));
  auto all = co_await services_.subscriptions(request.where);
  if (!all) co_return failure(request, all.error());
  if (const auto* found = holding_all(*all, request.command.categories))
    co_return co_await change(std::move(request), *found);
  if (all->size() >= limits_.subscriptions)
    co_return refusal(request.context, user_error(ErrorCode::limit_reached, {std::to_string(all->size()),
                                                                             std::to_string(limits_.subscriptions)}));
  Subscription subscription;
  subscription.id = model::SubscriptionId("s" + hexadecimal(random_()));
  subscription.target = request.where;
  subscription.categories = request.command.categories;
  subscription.options = request.command.options;
  subscription.made_by = request.from.who.id;
  subscription.created = clock_.now();
  auto line = "subscribed to " + names(subscription.categories) + " here";
  co_return co_await echo(std::move(request), std::move(subscription), std::move(line));
}

// Somebody subscribes again: what would differ is shown, and done only with `apply`.
awaitable<Answer> Router::change(Request request, Subscription found) {
  auto wanted = found;
  wanted.options = overlaid(found.options, request.command.options);
  auto before = co_await services_.decided(found);
  if (!before) co_return failure(request, before.error());
  auto after = co_await services_.decided(wanted);
  if (!after) co_return failure(request, after.error());
  auto number = std::to_string(found.number);
  auto difference = differences(before->options, after->options);
  if (!difference.empty() && found.fixed)
    co_return refusal(request.context, user_error(ErrorCode::fixed_subscription, {number}));
  if (difference.empty() || !request.command.apply) {
    Subscription said;
    said.categories = request.command.categories;
    said.options = request.command.options;
    auto again = difference.empty() ? std::string() : typed_subscription(said) + " apply" + target_of(request.context);
    co_return refusal(request.context, user_error(ErrorCode::already_subscribed, {number, difference, again}));
  }
  auto undo = typed_subscription(found) + " apply";
  auto line = "changed subscription #" + number + " (" + names(found.categories) + ") here";
  co_return co_await echo(std::move(request), std::move(wanted), std::move(line), std::move(undo));
}

awaitable<Answer> Router::echo(Request request, Subscription subscription, std::string line, std::string undo) {
  auto intended = co_await services_.decided(subscription);
  if (!intended) co_return failure(request, intended.error());
  if (never_due(intended->options))
    co_return refusal(request.context,
                      user_error(ErrorCode::bad_option, {"days", "a weekday with `at:announce`",
                                                         intended->options.days.str(), "", "subscribe"}));
  auto stored = co_await services_.put(subscription);
  if (!stored) co_return failure(request, stored.error());
  auto decided = co_await services_.decided(*stored);
  if (!decided) co_return failure(request, decided.error());
  auto together = co_await services_.fan_out(*stored);
  if (together) decided->fan_out = *together;
  Answer out = answer(request, subscribed_answer(request.context, *decided, undo));
  auto stop = "unsubscribe #" + std::to_string(stored->number);
  co_await tell_channel(request, out, std::move(line), std::move(stop));
  co_return out;
}

awaitable<Answer> Router::unsubscribe(Request request) {
  auto all = co_await services_.subscriptions(request.where);
  if (!all) co_return failure(request, all.error());
  const auto& command = request.command;
  if (command.all) co_return co_await end_all(std::move(request), std::move(*all));
  if (command.items.empty() && command.categories.empty()) co_return co_await subscriptions(std::move(request));
  std::vector<Subscription> removed, kept;
  for (const auto& s : *all) {
    bool named = std::find(command.items.begin(), command.items.end(), s.number) != command.items.end();
    Subscription ending = s, staying = s;
    auto goes = [&](const Category& c) { return named || holds(command.categories, c); };
    std::erase_if(ending.categories, [&](const auto& c) { return !goes(c); });
    std::erase_if(staying.categories, goes);
    if (ending.categories.empty()) continue;
    if (s.fixed)
      co_return refusal(request.context, user_error(ErrorCode::fixed_subscription, {std::to_string(s.number)}));
    if (!staying.categories.empty()) {
      ending.number = 0;  // only a part of it ends
      kept.push_back(std::move(staying));
    }
    removed.push_back(std::move(ending));
  }
  if (removed.empty()) {
    auto asked = names(command.categories);
    for (auto item : command.items) asked += (asked.empty() ? "#" : ", #") + std::to_string(item);
    co_return refusal(request.context, user_error(ErrorCode::not_subscribed, {asked, listed(*all)}));
  }
  co_return co_await end(std::move(request), std::move(removed), std::move(kept));
}

awaitable<Answer> Router::end_all(Request request, std::vector<Subscription> all) {
  std::erase_if(all, [](const auto& s) { return s.fixed; });
  if (all.empty()) co_return refusal(request.context, user_error(ErrorCode::not_subscribed, {"anything", ""}));
  if (!request.confirmed) co_return ask_to_confirm(request, all.size());
  co_return co_await end(std::move(request), std::move(all), {});
}

awaitable<Answer> Router::end(Request request, std::vector<Subscription> removed, std::vector<Subscription> kept) {
  for (const auto& s : kept) {
    auto stored = co_await services_.put(s);
    if (!stored) co_return failure(request, stored.error());
  }
  std::string line;
  for (const auto& s : removed) {
    line += (line.empty() ? "ended " : ", ") + names(s.categories);
    if (s.number == 0) continue;
    auto gone = co_await services_.remove(s.id);
    if (!gone) co_return failure(request, gone.error());
  }
  Answer out = answer(request, unsubscribed_answer(request.context, removed));
  co_await tell_channel(request, out, line + " here", {});
  co_return out;
}

Answer Router::ask_to_confirm(const Request& request, std::size_t subscriptions) {
  auto now = clock_.now();
  std::erase_if(confirmations_, [&](const auto& entry) { return entry.second.until < now; });
  Confirmation confirmation{letters(random_()), request.command, request.where, now + kConfirmWithin};
  auto command = typed(request.context, "confirm " + confirmation.code);
  confirmations_[person_of(request.from)] = std::move(confirmation);
  doc::Document out{{doc::Paragraph{
      {doc::plain("This ends " + std::to_string(subscriptions) +
                  (subscriptions == 1 ? " subscription" : " subscriptions") + ". To confirm within five minutes: "),
       code(command)}}}};
  return answer(request, std::move(out));
}

awaitable<Answer> Router::confirm(Request request) {
  auto it = confirmations_.find(person_of(request.from));
  auto code = text::lower_ascii(request.command.word);
  if (it == confirmations_.end() || it->second.until < clock_.now() || it->second.code != code)
    co_return refusal(request.context, user_error(ErrorCode::expired, {quoted_part(code)}));
  request.command = it->second.command;
  request.where = it->second.where;
  request.confirmed = true;
  confirmations_.erase(it);
  auto error = co_await allow(request);  // the role may have changed since
  if (error) co_return refusal(request.context, *error);
  co_return co_await unsubscribe(std::move(request));
}

}  // namespace broadsheet::commands
