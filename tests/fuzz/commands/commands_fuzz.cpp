// Any bytes give a command within its bounds or a short sentence; a subscription can be typed again as it is shown.
#include <algorithm>

#include "bot/base/text.hpp"
#include "bot/commands/parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace broadsheet;
  const Day today = std::chrono::year(2026) / 1 / 14;
  auto parsed = commands::parse({reinterpret_cast<const char*>(data), size}, today);
  if (const auto* error = std::get_if<commands::UserError>(&parsed)) {
    auto text = error->str();
    if (text.empty() || text.size() > 4000 || text.find('\n') != std::string::npos || !text::is_valid_utf8(text))
      __builtin_trap();
    return 0;
  }
  const auto& command = std::get<commands::ParsedCommand>(parsed);
  if (command.papers.size() > commands::kMostPapers || command.categories.size() > all_categories().size())
    __builtin_trap();
  if (command.dates && (command.dates->last < command.dates->first ||
                        (command.dates->last - command.dates->first).count() >= commands::kLongestRange))
    __builtin_trap();
  if (command.command != commands::Command::subscribe) return 0;
  model::Subscription subscription;
  subscription.categories = command.categories;
  subscription.options = command.options;
  auto again = commands::parse(commands::typed_subscription(subscription), today);
  const auto* same = std::get_if<commands::ParsedCommand>(&again);
  auto sorted = [](std::vector<Category> list) {
    std::sort(list.begin(), list.end());
    return list;
  };
  // A whole archive is named shortly: its order is its own.
  if (same == nullptr || sorted(same->categories) != sorted(command.categories) ||
      same->options.at != command.options.at || same->options.top != command.options.top)
    __builtin_trap();
  return 0;
}
