#include "adapters/slack/traits.hpp"

#include "adapters/common/words.hpp"

namespace broadsheet::slack {
namespace {

std::optional<model::Place> read_place(std::string_view text) {
  auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto team = text.substr(0, slash), channel = text.substr(slash + 1);
  if (!adapters::is_word(team) || !adapters::is_word(channel)) return std::nullopt;
  return model::Place{std::string(team), std::string(channel), {}};
}

}  // namespace

const model::PlatformTraits& traits() {
  static const auto& registered = model::register_platform({.name = "slack",
                                                            .target_form = "slack:TEAM/CHANNEL",
                                                            .target_example = "slack:T0123/C0456",
                                                            .read_place = read_place});
  return registered;
}

}  // namespace broadsheet::slack
