#include "bot/commands/options.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "bot/base/text.hpp"
#include "bot/model/option_table.hpp"
#include "bot/store/query.hpp"

namespace broadsheet::commands {
namespace {

constexpr std::size_t kLongestWord = 40, kLongestPlace = 200;  // bytes

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
  if (option.key == OptionKey::count)
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
               word.size() > kLongestWord ? "" : text::nearest(word, {choices.begin(), choices.end()}));
  if (option.key == OptionKey::detail) command.options.style = word == "full" ? Style::full : Style::cards;
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

// The row of an option that subscriptions have too; null for what only commands know.
const model::OptionRow* shared_row(const OptionSpec& option) {
  return option.key <= OptionKey::thread ? &model::row_of(static_cast<model::OptionKey>(option.key)) : nullptr;
}

Outcome set_shared(ParsedCommand& command, const OptionSpec& option, const model::OptionRow& row,
                   std::string_view value) {
  using Fault = model::OptionFault::Kind;
  if (row.kind == model::OptionKind::query && !value.empty() && value.size() <= model::kLongestOption)
    if (auto query = store::parse_query(value); !query)
      return user_error(ErrorCode::unsafe_filter, {quoted_part(value), quoted_part(query.error().what(), 200)});
  auto fault = model::set_option(command.options, row, value);
  if (!fault) return std::nullopt;
  if (fault->kind == Fault::bad_time) return user_error(ErrorCode::bad_time, {quoted_part(value)});
  if (fault->kind == Fault::unknown_zone) return user_error(ErrorCode::bad_zone, {quoted_part(value), fault->near});
  return bad(command, option, value, fault->near);
}

}  // namespace

std::string allowed_text(const OptionSpec& option) {
  if (const auto* row = shared_row(option)) return model::allowed_text(*row);
  if (option.kind == OptionKind::flag) return "yes or no";
  if (option.kind == OptionKind::place) return "a {place}";
  return model::allowed_text({.kind = static_cast<model::OptionKind>(option.kind), .allowed = option.allowed});
}

std::optional<UserError> apply_option(ParsedCommand& command, const OptionSpec& option, std::string_view value) {
  value = text::trim(value);
  if (const auto* row = shared_row(option)) return set_shared(command, option, *row, value);
  switch (option.kind) {
    case OptionKind::number:
      return set_number(command, option, value);
    case OptionKind::choice:
      return set_choice(command, option, value);
    case OptionKind::flag:
      return set_flag(command, option, value);
    default:
      if (value.empty() || value.size() > kLongestPlace) return bad(command, option, value);
      command.target = std::string(value);
      return std::nullopt;
  }
}

}  // namespace broadsheet::commands
