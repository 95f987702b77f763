#include "adapters/slack/recovery.hpp"

#include <nlohmann/json.hpp>

#include "adapters/slack/json.hpp"
#include "bot/base/log.hpp"

namespace broadsheet::slack {
namespace {

using adapters::Absent;
using adapters::CannotTell;
using adapters::FindOutcome;
using adapters::FindRequest;
using adapters::Found;
using nlohmann::json;

constexpr std::string_view kEventType = "broadsheet_delivery";
constexpr std::chrono::seconds kBefore{60};  // clocks differ
constexpr int kMaxPages = 20;

bool carries(const json& message, const FindRequest& request, const Identity& identity) {
  return text_at(message, {"metadata", "event_type"}) == kEventType &&
         request.key == text_at(message, {"metadata", "event_payload", "key"}) &&
         text_at(message, {"bot_id"}) == identity.bot_id;
}

CannotTell unreadable(const Answer& answer, std::string_view method) {
  // Not a member, no history scope, gone: asking again changes nothing.
  bool for_good = answer.kind == AnswerClass::destination || answer.kind == AnswerClass::installation ||
                  answer.kind == AnswerClass::message || answer.kind == AnswerClass::thread;
  return {answer.error(method), for_good, answer.retry_after};
}

std::string oldest(Moment since) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(since - kBefore).time_since_epoch().count();
  return std::to_string(seconds) + ".000000";
}

std::optional<Found> in_page(const json& tree, const FindRequest& request, const Identity& identity) {
  const auto* messages = member(tree, {"messages"});
  if (messages == nullptr || !messages->is_array()) return std::nullopt;
  for (const auto& message : *messages)
    if (carries(message, request, identity)) return Found{model::RemoteId(text_at(message, {"ts"}))};
  return std::nullopt;
}

}  // namespace

std::string delivery_metadata(std::string_view key) {
  return dump({{"event_type", kEventType}, {"event_payload", {{"key", key}}}});
}

awaitable<Recovery::Look> Recovery::pages(std::string method, Form form, const FindRequest& request,
                                          const Identity& identity) {
  std::string cursor;
  for (int page = 0; page < kMaxPages; ++page) {
    auto asked = form;
    if (!cursor.empty()) asked.emplace_back("cursor", cursor);
    auto answer = co_await api_.read(method, identity.token, std::move(asked));
    if (!answer.ok()) co_return Look{unreadable(answer, method), answer.code == "thread_not_found"};
    auto tree = parse_json(answer.body);
    if (!tree || member(*tree, {"messages"}) == nullptr)
      co_return Look{CannotTell{Error(ErrorKind::transient, method + ": no messages in the answer"), false, {}}, false};
    if (auto found = in_page(*tree, request, identity)) co_return Look{*found, false};
    // A page may be empty and still have a next one.
    cursor = text_at(*tree, {"response_metadata", "next_cursor"});
    if (cursor.empty()) co_return Look{Absent{}, false};
  }
  co_return Look{CannotTell{Error(ErrorKind::transient, method + ": too many messages since"), true, {}}, false};
}

awaitable<FindOutcome> Recovery::find(FindRequest request, Identity identity) {
  if (identity.bot_id.empty())
    co_return CannotTell{Error(ErrorKind::not_allowed, "the bot's own id is not known"), false, {}};
  // Without include_all_metadata only the event type comes back.
  Form form = {{"channel", request.target.place},
               {"oldest", oldest(request.since)},
               {"inclusive", "true"},
               {"include_all_metadata", "true"},
               {"limit", "200"}};
  if (request.thread.empty()) {
    auto look = co_await pages("conversations.history", form, request, identity);
    co_return look.outcome;
  }
  auto threaded = form;
  threaded.emplace_back("ts", request.thread.str());
  auto look = co_await pages("conversations.replies", threaded, request, identity);
  if (!look.no_thread) co_return look.outcome;
  // The first message is gone, so an answer to it would stand at top level, where it has no business.
  auto stray = co_await pages("conversations.history", form, request, identity);
  if (auto* found = std::get_if<Found>(&stray.outcome)) {
    co_await remove_stray(api_, identity.token, request.target.place, found->remote_id.str());
    co_return Absent{};
  }
  co_return stray.outcome;
}

awaitable<void> remove_stray(Api& api, std::string token, std::string channel, std::string ts) {
  auto answer = co_await api.post("chat.delete", std::move(token), dump({{"channel", channel}, {"ts", ts}}));
  log::warning("slack.stray_reply", {{"channel", channel}, {"removed", answer.ok() ? "yes" : answer.code}});
}

}  // namespace broadsheet::slack
