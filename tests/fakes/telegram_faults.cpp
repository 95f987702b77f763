#include "tests/fakes/telegram_faults.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"

namespace broadsheet::fakes {
namespace {

struct Row {
  std::string_view name;
  int code;
  std::string_view description;
};

// contracts: Telegram 8
constexpr std::array kRows = {
    Row{"chat_not_found", 400, "Bad Request: chat not found"},
    Row{"migrated", 400, "Bad Request: group chat was upgraded to a supergroup chat"},
    Row{"cant_parse", 400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0"},
    Row{"message_too_long", 400, "Bad Request: message is too long"},
    Row{"caption_too_long", 400, "Bad Request: message caption is too long"},
    Row{"text_too_long", 400, "Bad Request: text is too long"},
    Row{"entities_too_long", 400, "Bad Request: ENTITIES_TOO_LONG"},
    Row{"text_empty", 400, "Bad Request: message text is empty"},
    Row{"text_must_be_non_empty", 400, "Bad Request: text must be non-empty"},
    Row{"not_modified", 400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
        "a current content and reply markup of the message"},
    Row{"edit_not_found", 400, "Bad Request: message to edit not found"},
    Row{"cant_be_edited", 400, "Bad Request: message can't be edited"},
    Row{"delete_not_found", 400, "Bad Request: message to delete not found"},
    Row{"cant_be_deleted", 400, "Bad Request: message can't be deleted"},
    Row{"reply_not_found", 400, "Bad Request: message to be replied not found"},
    Row{"thread_not_found", 400, "Bad Request: message thread not found"},
    Row{"topic_closed", 400, "Bad Request: TOPIC_CLOSED"},
    Row{"topic_deleted", 400, "Bad Request: TOPIC_DELETED"},
    Row{"no_rights", 400, "Bad Request: not enough rights to send text messages to the chat"},
    Row{"need_admin", 400, "Bad Request: need administrator rights in the channel chat"},
    Row{"no_write_access", 400, "Bad Request: have no write access to the chat"},
    Row{"chat_restricted", 400, "Bad Request: CHAT_RESTRICTED"},
    Row{"chat_write_forbidden", 400, "Bad Request: CHAT_WRITE_FORBIDDEN"},
    Row{"query_too_old", 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
    Row{"button_invalid", 400, "Bad Request: BUTTON_DATA_INVALID"},
    Row{"markup_too_long", 400, "Bad Request: reply markup is too long"},
    Row{"wrong_url", 400, "Bad Request: wrong HTTP URL specified"},
    Row{"unknown_400", 400, "Bad Request: SOMETHING_NEW_INVALID"},
    Row{"unauthorized", 401, "Unauthorized"},
    Row{"blocked", 403, "Forbidden: bot was blocked by the user"},
    Row{"deactivated", 403, "Forbidden: user is deactivated"},
    Row{"cant_initiate", 403, "Forbidden: bot can't initiate conversation with a user"},
    Row{"kicked_group", 403, "Forbidden: bot was kicked from the group chat"},
    Row{"kicked_supergroup", 403, "Forbidden: bot was kicked from the supergroup chat"},
    Row{"kicked_channel", 403, "Forbidden: bot was kicked from the channel chat"},
    Row{"not_member", 403, "Forbidden: bot is not a member of the channel chat"},
    Row{"group_deleted", 403, "Forbidden: the group chat was deleted"},
    Row{"not_found", 404, "Not Found: method not found"},
    Row{"conflict", 409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"},
    Row{"too_large", 413, "Request Entity Too Large"},
    Row{"misdirected", 421, "Misdirected Request"},
    Row{"500_before", 500, "Internal Server Error: restart"},
    Row{"502_before", 502, "Bad Gateway"},
    Row{"503_before", 503, "Service Unavailable"},
    Row{"504_before", 504, "Gateway Timeout"},
};

// What breaks after the call was carried out, or without an answer.
constexpr std::array<std::string_view, 17> kBreaks = {
    "429",           "500_after",    "502_after",   "503_after", "504_after", "silence_before",
    "silence_after", "reset_before", "reset_after", "cut_body",  "trickle",   "wrong_json",
    "trailing_junk", "html",         "empty",       "no_result", "wrong_chat"};

}  // namespace

std::vector<std::string> telegram_fault_names() {
  std::vector<std::string> out(kBreaks.begin(), kBreaks.end());
  for (const auto& row : kRows) out.emplace_back(row.name);
  return out;
}

bool TelegramFaults::exists(const std::string& name) {
  auto names = telegram_fault_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<TelegramFault> TelegramFaults::take(const std::string& method, std::int64_t chat) {
  for (auto at = faults_.begin(); at != faults_.end(); ++at) {
    if (!at->method.empty() && text::lower_ascii(at->method) != method) continue;
    if (at->chat != 0 && at->chat != chat) continue;
    if (at->skip > 0) {
      --at->skip;
      continue;
    }
    auto fault = *at;
    if (at->times > 0 && --at->times == 0) faults_.erase(at);
    return fault;
  }
  return std::nullopt;
}

std::optional<TelegramAnswer> TelegramFaults::row(const TelegramFault& fault) {
  if (fault.name == "429") {
    auto out = refuse(429, "Too Many Requests: retry after " + std::to_string(fault.retry_after));
    out.parameters = {{"retry_after", fault.retry_after}};
    return out;
  }
  auto row = std::find_if(kRows.begin(), kRows.end(), [&fault](const Row& r) { return r.name == fault.name; });
  if (row == kRows.end()) return std::nullopt;
  auto out = refuse(row->code, std::string(row->description));
  if (fault.name == "migrated") out.parameters = {{"migrate_to_chat_id", -1'000'000'000'000 - std::abs(fault.chat)}};
  return out;
}

}  // namespace broadsheet::fakes
