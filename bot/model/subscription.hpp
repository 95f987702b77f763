// A subscription binds a target to categories and options (spec: product 2, interfaces 2). What a
// subscription leaves open, the service decides: each of the two says only what it sets.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/base/result.hpp"
#include "bot/base/time.hpp"
#include "bot/model/message.hpp"
#include "bot/model/names.hpp"
#include "bot/model/target.hpp"
#include "digest/model/category.hpp"
#include "digest/model/digest.hpp"

namespace broadsheet::model {

// "announce", or a local time of day.
struct When {
  std::optional<std::chrono::minutes> time_of_day;   // nothing: as soon as announced
  static Result<When> parse(std::string_view text);  // "announce", "09:00", "9am"
  std::string str() const;
  bool operator==(const When&) const = default;
};

// Days of the week on which listings are posted; bit 0 = Monday.
struct Days {
  std::uint8_t bits = 0b0011111;
  static Result<Days> parse(const std::vector<std::string>& words);  // weekdays, daily, mon,wed,fri, weekly:fri
  bool on(std::chrono::weekday day) const;
  std::string str() const;
  bool operator==(const Days&) const = default;
};

enum class EmptyPolicy : std::uint8_t { notice, silent };
enum class UnknownPolicy : std::uint8_t { resend_summary, resend, skip };
std::string_view to_string(EmptyPolicy policy);
std::string_view to_string(UnknownPolicy policy);  // "resend-summary"
std::optional<EmptyPolicy> parse_empty_policy(std::string_view text);
std::optional<UnknownPolicy> parse_unknown_policy(std::string_view text);

struct Options {
  std::optional<When> at;
  std::optional<std::string> time_zone;  // an IANA name that exists
  std::optional<Days> days;
  std::optional<std::size_t> top;
  std::optional<Style> style;
  std::optional<std::string> language, filter, interests;
  std::optional<EmptyPolicy> empty;
  std::optional<ThreadPolicy> thread;
  std::optional<UnknownPolicy> on_unknown;
  bool operator==(const Options&) const = default;
};

// Every option decided.
struct Effective {
  When at;
  std::string time_zone = "UTC";
  Days days;
  std::size_t top = 10;
  Style style = Style::cards;
  std::string language = "en", filter, interests;
  EmptyPolicy empty = EmptyPolicy::notice;
  ThreadPolicy thread = ThreadPolicy::digest;
  UnknownPolicy on_unknown = UnknownPolicy::resend_summary;
  bool operator==(const Effective&) const = default;
};
// Earlier layers win.
Effective resolve(const std::vector<Options>& layers);

enum class SubscriptionState : std::uint8_t { active, paused, off };

struct Subscription {
  std::int64_t number = 0;  // "#2" within its target; stable across edits
  SubscriptionId id;        // stable across restarts; of fixed ones made from target and categories
  Target target;
  std::vector<Category> categories;
  Options options;
  SubscriptionState state = SubscriptionState::active;
  std::string why;     // of paused or off
  bool fixed = false;  // from the configuration: shown, not changed by commands
  std::string made_by;
  Moment created{};
  bool operator==(const Subscription&) const = default;
};

// The stable id of a subscription from the configuration.
SubscriptionId fixed_id(const Target& target, const std::vector<Category>& categories);

// What buttons under a digest are about: "cs.CV+cs.RO/2026-01-13", "cs.CV/2026-01-12..2026-01-13" from `since` on.
std::string button_subject(const std::vector<Category>& categories, Day day, std::optional<Day> since = std::nullopt);
// The command that such a button stands for: "digest cs.CV cs.RO 2026-01-13".
std::string command_of_subject(std::string_view subject);

}  // namespace broadsheet::model
