// One table of every key: what it may hold, where it goes, and a sentence for people. Parsing, `config example`,
// `config schema` and `config show` are made from it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace broadsheet::config {

enum class Type : std::uint8_t { text, secret, integer, boolean, duration, list, secret_list, words };

// A value as TOML gives it; durations and secrets arrive as text, words (a list, or one text) as a list.
using Value = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

struct Field {
  std::string_view section, key;
  Type type;
  std::string_view help;
  // Checks and stores; the answer is what is wrong and what is allowed, or nothing.
  std::function<std::optional<std::string>(Settings&, const Value&)> set;
  // The present value as TOML text; secrets as "***" or "".
  std::function<std::string(const Settings&)> show;
};

std::span<const Field> fields();
// Keys of one [[subscription]]: target, categories, and the rows of model::option_rows().
struct SubscriptionField {
  std::string_view key;
  Type type;
  std::string_view help;
  std::function<std::optional<std::string>(model::Subscription&, const Value&)> set;
  // Empty where the subscription leaves it open.
  std::function<std::string(const model::Subscription&)> show;
};
std::span<const SubscriptionField> subscription_fields();

// "3s", "15m", "250ms", "2h".
std::optional<std::chrono::milliseconds> parse_duration(std::string_view s);
// True for an address on this machine.
bool is_loopback_url(std::string_view url);

}  // namespace broadsheet::config
