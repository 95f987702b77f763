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

// Of the same form as a place: a team and an id in it.
bool is_person(std::string_view text) {
  auto place = read_place(text);
  return place && (place->place.front() == 'U' || place->place.front() == 'W');
}

}  // namespace

const model::PlatformTraits& traits() {
  static const auto& registered = model::register_platform({.name = "slack",
                                                            .target_form = "slack:TEAM/CHANNEL",
                                                            .target_example = "slack:T0123/C0456",
                                                            .read_place = read_place,
                                                            .person_form = "slack:TEAM/USER",
                                                            .is_person = is_person});
  return registered;
}

}  // namespace broadsheet::slack
