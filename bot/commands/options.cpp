#include "bot/commands/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/text.hpp"
#include "bot/store/query.hpp"

namespace broadsheet::commands {
namespace {

constexpr std::size_t kLongestText = 500, kLongestZone = 40, kLongestPlace = 200;  // bytes

using Outcome = std::optional<UserError>;

UserError bad(const ParsedCommand& command, const OptionSpec& option, std::string_view value,
              const std::string& near = {}) {
  return user_error(ErrorCode::bad_option, {std::string(option.name), allowed_text(option), quoted_part(value), near,
                                            std::string(spec_of(command.command).name)});
}

std::optional<std::size_t> number(std::string_view s) {
  std::size_t out = 0;
  auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (s.empty() || ec != std::errc{} || end != s.data() + s.size()) return std::nullopt;
  return out;
}

Outcome set_number(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  auto dash = option.allowed.find('-');
  auto low = number(option.allowed.substr(0, dash)), high = number(option.allowed.substr(dash + 1));
  auto got = number(value);
  if (!got || *got < *low || *got > *high) return bad(command, option, value);
  if (option.key == OptionKey::top)
    command.options.top = got;
  else if (option.key == OptionKey::count)
    command.count = *got;
  else
    command.page = *got;
  return std::nullopt;
}

Outcome set_choice(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  auto word = text::lower_ascii(value);
  auto choices = text::split(option.allowed, '|');
  if (std::find(choices.begin(), choices.end(), word) == choices.end())
    return bad(command, option, value,
               word.size() > kLongestZone ? "" : text::nearest(word, {choices.begin(), choices.end()}));
  if (option.key == OptionKey::style) command.options.style = parse_style(word);
  if (option.key == OptionKey::detail) command.options.style = word == "full" ? Style::full : Style::cards;
  if (option.key == OptionKey::empty) command.options.empty = model::parse_empty_policy(word);
  if (option.key == OptionKey::thread) command.options.thread = model::parse_thread_policy(word);
  if (option.key == OptionKey::sort)
    command.order = word == "new" ? store::SearchOrder::newest : store::SearchOrder::relevance;
  return std::nullopt;
}

Outcome set_flag(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  constexpr std::array<std::string_view, 5> kYes = {"", "yes", "on", "true", "1"},
                                            kNo = {"no", "off", "false", "0", "-"};
  auto word = text::lower_ascii(value);
  bool yes = std::find(kYes.begin(), kYes.end(), word) != kYes.end();
  if (!yes && std::find(kNo.begin(), kNo.end(), word) == kNo.end()) return bad(command, option, value);
  (option.key == OptionKey::post ? command.post : command.apply) = yes;
  return std::nullopt;
}

// The place in a zone's name: "los angeles" of "America/Los_Angeles".
std::string place_of(std::string_view zone) {
  auto slash = zone.rfind('/');
  auto out = text::lower_ascii(slash == std::string_view::npos ? zone : zone.substr(slash + 1));
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

Outcome set_zone(ParsedCommand& command, std::string_view value) {
  if (value.empty() || value.size() > kLongestZone) return user_error(ErrorCode::bad_zone, {quoted_part(value)});
  auto word = text::lower_ascii(value);
  auto place = place_of(value);
  std::string near;
  std::size_t listed = 0;
  for (std::size_t limit = 0; limit <= 2 && listed == 0; ++limit) {
    for (const auto& name : Zone::names()) {
      auto distance = std::min(text::edit_distance(word, text::lower_ascii(name), limit),
                               text::edit_distance(place, place_of(name), limit));
      if (distance > limit) continue;
      bool exact = limit == 0 && (word == text::lower_ascii(name) || (word.find('/') == std::string::npos));
      if (exact) {
        command.options.time_zone = name;
        return std::nullopt;
      }
      if (listed++ < 3) near += (near.empty() ? "" : ", ") + name;
    }
  }
  return user_error(ErrorCode::bad_zone, {quoted_part(value), near});
}

Outcome set_language(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  auto word = text::lower_ascii(value);
  bool letters = std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (!letters || word.size() < 2 || word.size() > 3) return bad(command, option, value);
  command.options.language = word;
  return std::nullopt;
}

Outcome set_query(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  if (value.size() > kLongestText) return bad(command, option, value);
  if (!value.empty())
    if (auto query = store::parse_query(value); !query)
      return user_error(ErrorCode::unsafe_filter, {quoted_part(value), quoted_part(query.error().what(), 200)});
  command.options.filter = std::string(value);
  return std::nullopt;
}

Outcome set_days(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  auto days = model::Days::parse({std::string(value)});
  if (!days) return bad(command, option, value);
  command.options.days = *days;
  return std::nullopt;
}

}  // namespace

std::string allowed_text(const OptionSpec& option) {
  if (option.kind == OptionKind::number) {
    auto dash = option.allowed.find('-');
    return std::string(option.allowed.substr(0, dash)) + " to " + std::string(option.allowed.substr(dash + 1));
  }
  if (option.kind == OptionKind::choice) {
    auto choices = text::split(option.allowed, '|');
    std::string out;
    for (std::size_t i = 0; i < choices.size(); ++i)
      out += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + std::string(choices[i]);
    return out;
  }
  if (option.kind == OptionKind::flag) return "yes or no";
  if (option.kind == OptionKind::days) return "weekdays, daily, mon,wed,fri or weekly:fri";
  if (option.kind == OptionKind::language) return "a language such as en";
  if (option.kind == OptionKind::place) return "a {place}";
  return "at most " + std::to_string(kLongestText) + " characters";
}

std::optional<UserError> apply_option(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  value = text::trim(value);
  switch (option.kind) {
    case OptionKind::number:
      return set_number(command, option, value);
    case OptionKind::choice:
      return set_choice(command, option, value);
    case OptionKind::flag:
      return set_flag(command, option, value);
    case OptionKind::zone:
      return set_zone(command, value);
    case OptionKind::language:
      return set_language(command, option, value);
    case OptionKind::query:
      return set_query(command, option, value);
    case OptionKind::days:
      return set_days(command, option, value);
    case OptionKind::time: {
      auto when = model::When::parse(value);
      if (!when) return user_error(ErrorCode::bad_time, {quoted_part(value)});
      command.options.at = *when;
      return std::nullopt;
    }
    case OptionKind::text:
      if (value.size() > kLongestText) return bad(command, option, value);
      command.options.interests = std::string(value);
      return std::nullopt;
    case OptionKind::place:
      if (value.empty() || value.size() > kLongestPlace) return bad(command, option, value);
      command.target = std::string(value);
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace broadsheet::commands
