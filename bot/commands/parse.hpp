// What a person typed, understood (spec: commands 3). Forgiving towards people, bounded towards everybody: any bytes
// give a command with typed arguments or an error for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "bot/base/time.hpp"
#include "bot/commands/errors.hpp"
#include "bot/commands/spec.hpp"
#include "bot/model/event.hpp"
#include "bot/model/subscription.hpp"
#include "bot/store/store.hpp"
#include "digest/model/category.hpp"
#include "digest/model/paper_id.hpp"

namespace broadsheet::commands {

inline constexpr std::size_t kLongestInput = 10'000;  // bytes
inline constexpr std::size_t kMostPapers = 5;
inline constexpr int kLongestRange = 31;            // days
inline constexpr std::size_t kMostCategories = 30;  // as typed: a whole archive is one

// A paper, or the card of the last digest in the same place with that number.
struct PaperReference {
  VersionedId id;
  int card = 0;
  bool operator==(const PaperReference&) const = default;
};

// Listing days, both ends included.
struct DateRange {
  Day first{}, last{};
  bool operator==(const DateRange&) const = default;
};

struct ParsedCommand {
  Command command = Command::help;
  std::string word;  // help: the command asked about; start: the payload; confirm: the code
  std::vector<Category> categories;
  std::vector<PaperReference> papers;
  std::optional<DateRange> dates;  // nothing: latest
  std::string query;
  std::vector<int> items;  // "#2"
  bool all = false;
  model::Options options;
  store::SearchOrder order = store::SearchOrder::relevance;
  std::size_t count = 5, page = 1;
  bool post = false, apply = false;
  std::string target;  // as typed; empty: here
  bool operator==(const ParsedCommand&) const = default;
};

using Parsed = std::variant<UserError, ParsedCommand>;

// `text` is what stands behind the platform's wrapping. Relative dates count from `today`.
Parsed parse(std::string_view text, Day today);

// The command that makes it again, with its own options: "subscribe cs.CL at:09:00".
std::string typed_subscription(const model::Subscription& subscription);

}  // namespace broadsheet::commands
