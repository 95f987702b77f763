// The options of a subscription, a row each: how they are named where people type them, what they take, what they are
// for. Configuration, commands, the exchange of subscriptions and the documentation are made from these rows, and all
// of them read values by the one grammar here (spec: interfaces 2, commands 1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bot/model/subscription.hpp"

namespace broadsheet::model {

enum class OptionKey : std::uint8_t {
  at,
  time_zone,
  days,
  top,
  style,
  language,
  filter,
  interests,
  empty,
  thread,
  on_unknown
};
enum class OptionKind : std::uint8_t { number, choice, time, zone, days, language, query, text };

struct OptionRow {
  OptionKey key{};
  std::string_view configured;  // its key in [[subscription]]: "time_zone"
  std::string_view name;        // its word in a command: "tz"
  std::string_view aliases;     // separated by spaces: "zone timezone time_zone"
  OptionKind kind{};
  std::string_view allowed;  // choices separated by '|', or "1-50"; else empty
  std::string_view help;
};

inline constexpr std::size_t kLongestOption = 500;  // bytes of a text or a query

std::span<const OptionRow> option_rows();
const OptionRow& row_of(OptionKey key);
// By any of its names in any case; null if there is none.
const OptionRow* find_option_row(std::string_view name);

struct OptionFault {
  enum class Kind : std::uint8_t { not_allowed, bad_time, unknown_zone } kind{};
  std::string near;  // what may have been meant, or empty
};
// Reads the value and keeps it; nothing is changed by a faulty one. Whether a query can be searched for is not asked.
std::optional<OptionFault> set_option(Options& options, const OptionRow& row, std::string_view value);
bool is_set(const Options& options, OptionKey key);
// All of them set.
Options options_of(const Effective& effective);
// The decided value as it would be typed.
std::string option_text(const Effective& options, OptionKey key);

// "brief, cards, full or titles", "1 to 50", "announce, 09:00 or 9am"
std::string allowed_text(const OptionRow& row);
// A sentence for people: "card" is not brief, cards, full or titles; did you mean "cards"?
std::string to_string(const OptionFault& fault, const OptionRow& row, std::string_view value);

}  // namespace broadsheet::model
