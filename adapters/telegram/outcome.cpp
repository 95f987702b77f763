#include "adapters/telegram/outcome.hpp"

#include <array>

#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::RefusalClass;
using adapters::Refused;

struct Row {
  std::string_view part;  // of the description, lower case
  RefusalClass refusal;
  std::string_view fix;
};

constexpr std::array kBadRequest = {
    Row{"chat not found", RefusalClass::target, "start the bot in that chat, or correct the chat id"},
    Row{"message thread not found", RefusalClass::target, "the topic is gone: subscribe in another one"},
    Row{"topic_closed", RefusalClass::target, "open the topic again"},
    Row{"topic_deleted", RefusalClass::target, "the topic is gone: subscribe in another one"},
    Row{"not enough rights", RefusalClass::target, "give the bot the right to post there"},
    Row{"need administrator rights", RefusalClass::target, "make the bot an administrator of the channel"},
    Row{"have no write access", RefusalClass::target, "give the bot the right to post there"},
    Row{"have no rights to send", RefusalClass::target, "give the bot the right to post there"},
    Row{"chat_restricted", RefusalClass::target, "give the bot the right to post there"},
    Row{"chat_write_forbidden", RefusalClass::target, "give the bot the right to post there"},
    Row{"peer_id_invalid", RefusalClass::target, "correct the chat id"},
};

Refused refused(RefusalClass refusal, const Answer& answer, std::string_view fix) {
  return {refusal, answer.description, std::string(fix), {}};
}

adapters::SendOutcome bad_request(const Answer& answer, const adapters::Target& target) {
  if (answer.migrate_to) {
    auto moved = target;
    moved.place = std::to_string(*answer.migrate_to);
    return Refused{RefusalClass::moved, answer.description, {}, moved};
  }
  auto folded = text::lower_ascii(answer.description);
  for (const auto& row : kBadRequest)
    if (folded.find(row.part) != std::string::npos) return refused(row.refusal, answer, row.fix);
  return refused(RefusalClass::message, answer, "report it: the message was not in a form that Telegram takes");
}

}  // namespace

adapters::SendOutcome outcome_of(const Answer& answer, const adapters::Target& target) {
  Error error(ErrorKind::transient, "Telegram: " + answer.description);
  switch (answer.kind) {
    case Answer::Kind::ok:
      if (answer.result.is_object() && answer.result.contains("message_id") &&
          answer.result["message_id"].is_number_integer() && answer.result["message_id"].get<std::int64_t>() > 0)
        return adapters::Sent{std::to_string(answer.result["message_id"].get<std::int64_t>())};
      return adapters::Unknown{Error(ErrorKind::transient, "Telegram: an answer without a message id")};
    case Answer::Kind::not_sent:
      return adapters::NotSent{error, {}, {}};
    case Answer::Kind::unknown:
      return adapters::Unknown{error};
    case Answer::Kind::refused:
      break;
  }
  switch (answer.code) {
    case 429:
      // 6: a certain non-delivery; the whole chat waits.
      return adapters::NotSent{error, answer.retry_after.value_or(std::chrono::seconds(30)), "chat:" + target.place};
    case 401:
      return refused(RefusalClass::installation, answer, "the token was revoked: give a new one in telegram.token");
    case 403:
      return refused(RefusalClass::target, answer, "the bot was blocked or removed there; invite it again");
    case 404:
    case 421:
      return refused(RefusalClass::configuration, answer, "check telegram.api_url and telegram.token");
    case 409:
      return adapters::NotSent{error, {}, {}};
    case 413:
      return refused(RefusalClass::message, answer, "report it: the request was too large");
    default:
      return bad_request(answer, target);
  }
}

bool is_parse_failure(const Answer& answer) {
  auto folded = text::lower_ascii(answer.description);
  return answer.kind == Answer::Kind::refused && answer.code == 400 &&
         (folded.find("can't parse entities") != std::string::npos || folded.find("entity ") != std::string::npos ||
          folded.find("entities_too_long") != std::string::npos);
}

bool is_not_modified(const Answer& answer) {
  return answer.kind == Answer::Kind::refused && answer.code == 400 &&
         text::lower_ascii(answer.description).find("message is not modified") != std::string::npos;
}

bool is_reply_gone(const Answer& answer) {
  return answer.kind == Answer::Kind::refused && answer.code == 400 &&
         text::lower_ascii(answer.description).find("message to be replied not found") != std::string::npos;
}

}  // namespace broadsheet::telegram
