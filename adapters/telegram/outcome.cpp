#include "adapters/telegram/outcome.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string_view>
#include <utility>

namespace broadsheet::telegram {
namespace {

using adapters::NotSent;
using adapters::RefusalClass;
using adapters::Refused;
using adapters::SendOutcome;
using adapters::Unknown;

// Words of a 400, what they mean, and what a person can do. Only what is known; the rest concerns the message alone
// (contracts: Telegram 8).
struct Row {
  std::string_view words;
  RefusalClass refusal;
  std::string_view fix;
};

constexpr std::string_view kInvite = "add the bot to the chat, or let the person press Start";
constexpr std::string_view kRights = "give the bot the right to send messages there";
constexpr std::string_view kTopic = "open the topic again, or subscribe another one";

constexpr std::array<Row, 15> kRows = {{
    {"chat not found", RefusalClass::target, kInvite},
    {"user not found", RefusalClass::target, kInvite},
    {"message thread not found", RefusalClass::target, kTopic},
    {"topic_closed", RefusalClass::target, kTopic},
    {"topic_deleted", RefusalClass::target, kTopic},
    {"topic_id_invalid", RefusalClass::target, kTopic},
    {"not enough rights", RefusalClass::target, kRights},
    {"need administrator rights", RefusalClass::target, kRights},
    {"have no rights", RefusalClass::target, kRights},
    {"have no write access", RefusalClass::target, kRights},
    {"chat_restricted", RefusalClass::target, kRights},
    {"chat_write_forbidden", RefusalClass::target, kRights},
    {"chat_send_plain_forbidden", RefusalClass::target, kRights},
    {"group chat was deactivated", RefusalClass::target, kInvite},
    {"the group chat was deleted", RefusalClass::target, "subscribe another chat"},
}};

Refused refused(RefusalClass refusal, const Failure& failure, std::string_view fix) {
  return {refusal, failure.text(), std::string(fix), std::nullopt};
}

SendOutcome bad_request(const Failure& failure, const model::Target& target) {
  if (!failure.migrate_to.empty()) {
    auto out = refused(RefusalClass::moved, failure, "");
    out.moved_to = target;
    out.moved_to->place = failure.migrate_to;
    out.moved_to->topic.clear();
    return out;
  }
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [&](const Row& r) { return failure.says(r.words); });
  if (row != kRows.end()) return refused(row->refusal, failure, row->fix);
  return refused(RefusalClass::message, failure, "");
}

}  // namespace

bool wants_plain_text(const Failure& failure) {
  if (!failure.answered || failure.code != 400) return false;
  constexpr std::array<std::string_view, 6> kOurs = {"can't parse",       "entity begin",          "entity url",
                                                     "entities_too_long", "entity_bounds_invalid", "receive an entity"};
  return std::any_of(kOurs.begin(), kOurs.end(), [&](std::string_view words) { return failure.says(words); });
}

SendOutcome send_outcome(const Failure& failure, const model::Target& target) {
  if (!failure.answered) {
    Error error(ErrorKind::transient, failure.text());
    if (failure.reached == http::Reached::not_sent) return NotSent{std::move(error), std::nullopt, {}};
    return Unknown{std::move(error)};
  }
  switch (failure.code) {
    case 400:
      return bad_request(failure, target);
    case 401:
      return refused(RefusalClass::installation, failure, "get a new token from the bot's owner and set it");
    case 403:
      return refused(RefusalClass::target, failure, kInvite);
    case 404:
    case 421:
      return refused(RefusalClass::configuration, failure, "check the token's form and [telegram] api_url");
    case 413:
      return refused(RefusalClass::message, failure, "");
    case 429:
      return NotSent{
          Error(ErrorKind::rate_limited, failure.text()), failure.retry_after.value_or(std::chrono::seconds(5)), {}};
    default:
      break;
  }
  if (failure.code >= 500) return Unknown{Error(ErrorKind::unavailable, failure.text())};
  if (failure.code >= 400) return NotSent{Error(ErrorKind::transient, failure.text()), failure.retry_after, {}};
  if (failure.code >= 300)
    return refused(RefusalClass::configuration, failure, "check [telegram] api_url: it answers with a redirect");
  return Unknown{Error(ErrorKind::transient, failure.text())};  // "ok": false without a code
}

}  // namespace broadsheet::telegram
