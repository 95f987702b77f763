// What people are told when a command cannot be done: what happened, why, what to do next (spec: commands 6). One table
// of patterns; the parts that are filled in are bounded and free of control characters, whoever typed them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace broadsheet::commands {

enum class ErrorCode : std::uint8_t {
  unknown_command,
  thanked,
  missing_arg,
  bad_option,
  bad_category,
  bad_id,
  bad_time,
  bad_zone,
  bad_range,
  too_long,
  unsafe_filter,
  not_found,
  no_card,
  no_results,
  source_limited,
  source_down,
  forbidden,
  role_unknown,
  not_in_channel,
  fixed_subscription,
  already_subscribed,
  not_subscribed,
  limit_reached,
  rate_user,
  rate_chat,
  stale_button,
  no_such_choice,
  expired,
  busy,
  gave_up,
  internal,
};

// One row of the table. In the texts {1}, {2}, … are filled in; a part in [ ] is left out when a filling in it is
// empty. "{place}" is what people there call a place.
struct ErrorPattern {
  ErrorCode code{};
  std::string_view name, what, why, next;
};
std::span<const ErrorPattern> error_patterns();
std::string_view to_string(ErrorCode code);  // "unknown_command"

struct UserError {
  ErrorCode code = ErrorCode::internal;
  std::string what, why, next;                                // sentences; `why` and `next` may be empty
  std::string str(std::string_view place = "channel") const;  // in one line
  bool operator==(const UserError&) const = default;
};

UserError user_error(ErrorCode code, const std::vector<std::string>& fillings = {});

// `text` with "{place}" as people there call a place: "room".
std::string in_place(std::string_view text, std::string_view place);

// Foreign text as part of a sentence: valid, on one line, at most `max` characters.
std::string quoted_part(std::string_view text, std::size_t max = 40);

}  // namespace broadsheet::commands
