// What an answer of the Web API means (contracts: Slack 8 and the error table of 9). Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/platform.hpp"
#include "bot/http/http.hpp"

namespace broadsheet::slack {

enum class AnswerClass : std::uint8_t {
  success,
  unthreaded,  // done, but at top level although a thread was asked for
  rate_limited,
  destination,   // this channel, until something changes
  thread,        // this thread, for good
  installation,  // every call of this workspace
  token,         // refresh once, repeat once
  message,       // this payload never again
  transient,     // surely not done
  ambiguous,     // look before repeating
};
std::string_view to_string(AnswerClass answer);  // as in the contract: "permanent_destination"

struct Answer {
  AnswerClass kind = AnswerClass::ambiguous;
  std::string code;    // Slack's, or ours in words
  std::string detail;  // response_metadata.messages, needed scope
  std::optional<std::chrono::milliseconds> retry_after;
  std::string body;    // JSON of a success
  std::string scopes;  // what the token may do, where Slack said it: "chat:write,commands"
  bool ok() const { return kind == AnswerClass::success || kind == AnswerClass::unthreaded; }
  Error error(std::string_view method) const;
};

// `thread`: the thread_ts that was asked for, or empty.
Answer classify(const http::Outcome& outcome, std::string_view thread = {});

// The sentence for people and what they can do about it.
adapters::Refused refusal(const Answer& answer);
// For everything but success.
adapters::SendOutcome failed_send(const Answer& answer, std::string_view method);

}  // namespace broadsheet::slack
