#include "bot/commands/errors.hpp"

#include <algorithm>
#include <array>

#include "bot/base/text.hpp"

namespace broadsheet::commands {
namespace {

constexpr std::array kPatterns = {
    ErrorPattern{ErrorCode::unknown_command, "unknown_command", "There is no command \"{1}\".", "",
                 "[Did you mean {2}? ][`search {3}` looks for it. ]`help` lists all."},
    ErrorPattern{ErrorCode::thanked, "thanked", "You are welcome.", "", "`help` lists what else I can do."},
    ErrorPattern{ErrorCode::missing_arg, "missing_arg", "`{1}` needs {2}.", "", "For example: {3}"},
    ErrorPattern{ErrorCode::bad_option, "bad_option", "`{1}` takes {2}, got \"{3}\".", "",
                 "[Did you mean {4}? ]`help {5}` shows what it takes."},
    ErrorPattern{ErrorCode::bad_category, "bad_category", "There is no category \"{1}\".", "", "[Near: {2}.]"},
    ErrorPattern{ErrorCode::bad_id, "bad_id", "\"{1}\" is not an arXiv id.", "",
                 "Forms: 2401.12345, hep-th/9901001, or a link."},
    ErrorPattern{ErrorCode::bad_time, "bad_time", "\"{1}\" is not a time.", "", "Write announce, 09:00 or 9am."},
    ErrorPattern{ErrorCode::bad_zone, "bad_zone", "Unknown zone \"{1}\".", "",
                 "[Near: {2}. ]Zones are written like Europe/Berlin."},
    ErrorPattern{ErrorCode::bad_range, "bad_range", "\"{1}\" is not a day or a range of days.", "[{2}.]",
                 "Write latest, yesterday, friday, 2026-09-18, 2026-09-14..2026-09-18, 7d or last week."},
    ErrorPattern{ErrorCode::too_long, "too_long", "That is too long: {1} characters, at most {2} are read.", "",
                 "Send it in parts."},
    ErrorPattern{ErrorCode::unsafe_filter, "unsafe_filter", "\"{1}\" cannot be searched for.", "[{2}.]",
                 "Use words, \"phrases\" or word*."},
    ErrorPattern{ErrorCode::not_found, "not_found", "arXiv has no {1}, as far as is known here.", "",
                 "New papers appear with the next announcement."},
    ErrorPattern{ErrorCode::no_card, "no_card", "There is no card #{1} here.", "[{2}.]", "[`{3}` shows one.]"},
    ErrorPattern{ErrorCode::no_results, "no_results", "Nothing found for \"{1}\".", "",
                 "[This finds something: `{2}`. ]Only papers that are stored here are searched."},
    ErrorPattern{ErrorCode::source_limited, "source_limited", "arXiv asks us to slow down.", "", "[Try again in {1}.]"},
    ErrorPattern{ErrorCode::source_down, "source_down", "arXiv does not answer.", "",
                 "Scheduled digests wait and will be sent when it returns."},
    ErrorPattern{ErrorCode::forbidden, "forbidden", "Only {1} may do this here.", "",
                 "You can do it in a direct conversation with me."},
    ErrorPattern{ErrorCode::role_unknown, "role_unknown", "I cannot find out just now what you may do here.", "",
                 "Try again in {1}."},
    ErrorPattern{ErrorCode::not_in_channel, "not_in_channel", "I cannot post there: {1}.", "",
                 "[To mend it, {2}; then try again.]"},
    ErrorPattern{ErrorCode::fixed_subscription, "fixed_subscription", "#{1} cannot be changed by a command.",
                 "It is written in the configuration.", "Ask the operator."},
    ErrorPattern{ErrorCode::already_subscribed, "already_subscribed", "Already on (#{1}).", "[Differences: {2}.]",
                 "[To apply them: `{3}`]"},
    ErrorPattern{ErrorCode::not_subscribed, "not_subscribed", "Not subscribed to {1} here.", "",
                 "[You have {2}. ]`subscriptions` lists all."},
    ErrorPattern{ErrorCode::limit_reached, "limit_reached", "This {place} has {1} of {2} subscriptions.", "",
                 "Remove one, or ask the operator."},
    ErrorPattern{ErrorCode::rate_user, "rate_user", "Please wait {1} s.",
                 "You may send {2} a minute; what comes before is not answered.", ""},
    ErrorPattern{ErrorCode::rate_chat, "rate_chat", "Please wait {1} s.",
                 "All together may send {2} a minute here; what comes before is not answered.", ""},
    ErrorPattern{ErrorCode::stale_button, "stale_button", "This button is out of date.", "", "Send the command again."},
    ErrorPattern{ErrorCode::no_such_choice, "no_such_choice", "That message has no choice {1}.", "",
                 "Its choices stand in its last line."},
    ErrorPattern{ErrorCode::expired, "expired", "There is nothing to confirm with \"{1}\".",
                 "A confirmation is valid for five minutes and for the person who asked.", "Send the command again."},
    ErrorPattern{ErrorCode::busy, "busy", "This takes longer than {1} s.", "The work goes on.",
                 "The answer comes here as soon as it is there."},
    ErrorPattern{ErrorCode::gave_up, "gave_up", "This was given up after {1} minutes.", "",
                 "Ask for fewer days or categories, or try again later: what was fetched meanwhile is kept."},
    ErrorPattern{ErrorCode::internal, "internal", "Something failed on our side (ref {1}).", "",
                 "Your data is unchanged. Try again, or tell the operator the reference."},
};

const ErrorPattern& pattern_of(ErrorCode code) {
  return kPatterns.at(static_cast<std::size_t>(code));
}

// The number of the placeholder at `at` ("{2}"), or nothing.
std::size_t placeholder(std::string_view s, std::size_t at) {
  bool is = s.size() - at >= 3 && s[at] == '{' && s[at + 2] == '}' && s[at + 1] >= '1' && s[at + 1] <= '9';
  return is ? static_cast<std::size_t>(s[at + 1] - '0') : 0;
}

// The text with its placeholders filled; nothing is left of a group in which a filling is empty.
std::string filled(std::string_view pattern, const std::vector<std::string>& fillings) {
  std::string out, group;
  bool in_group = false, group_empty = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '[') {
      in_group = true, group_empty = false;
      group.clear();
    } else if (pattern[i] == ']') {
      in_group = false;
      if (!group_empty) out += group;
    } else if (auto n = placeholder(pattern, i); n != 0) {
      auto filling = n <= fillings.size() ? fillings[n - 1] : std::string();
      group_empty = group_empty || filling.empty();
      (in_group ? group : out) += filling;
      i += 2;
    } else {
      (in_group ? group : out) += pattern[i];
    }
  }
  return std::string(text::trim(out));
}

}  // namespace

std::span<const ErrorPattern> error_patterns() {
  return kPatterns;
}
std::string_view to_string(ErrorCode code) {
  return pattern_of(code).name;
}

std::string UserError::str(std::string_view place) const {
  std::string out = what;
  for (const auto& part : {why, next})
    if (!part.empty()) out += " " + part;
  return in_place(out, place);
}

std::string in_place(std::string_view text, std::string_view place) {
  constexpr std::string_view kMark = "{place}";
  std::string out;
  for (auto at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark)) {
    out.append(text.substr(0, at)).append(place);
    text.remove_prefix(at + kMark.size());
  }
  return out.append(text);
}

UserError user_error(ErrorCode code, const std::vector<std::string>& fillings) {
  const auto& pattern = pattern_of(code);
  return {code, filled(pattern.what, fillings), filled(pattern.why, fillings), filled(pattern.next, fillings)};
}

std::string quoted_part(std::string_view text, std::size_t max) {
  // Far more bytes than `max` characters need are not worth normalising.
  auto valid = text::make_valid_utf8(text.substr(0, max * 32));
  std::replace_if(
      valid.begin(), valid.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return text::ellipsize(text::collapse_space(valid), max);
}

}  // namespace broadsheet::commands
