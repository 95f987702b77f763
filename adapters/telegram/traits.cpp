#include "adapters/telegram/traits.hpp"

#include "adapters/common/words.hpp"

namespace broadsheet::telegram {
namespace {

constexpr std::size_t kShortestName = 3, kLongestName = 32, kMostDigits = 16;

bool is_number(std::string_view s) {
  return s.size() <= kMostDigits && adapters::is_digits(s) && s.front() != '0';
}

bool is_chat(std::string_view s) {
  if (!s.starts_with('@')) return is_number(s.starts_with('-') ? s.substr(1) : s);
  auto name = s.substr(1);
  return name.size() >= kShortestName && name.size() <= kLongestName && adapters::is_word(name, "_");
}

std::optional<model::Place> read_place(std::string_view text) {
  auto slash = text.find('/');
  auto chat = text.substr(0, slash);
  auto topic = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  if (!is_chat(chat) || (slash != std::string_view::npos && !is_number(topic))) return std::nullopt;
  return model::Place{{}, std::string(chat), std::string(topic)};
}

// A person's id is the id of the private chat with them.
std::optional<model::Place> place_of_person(std::string_view id) {
  if (!is_number(id)) return std::nullopt;
  return model::Place{{}, std::string(id), {}};
}

}  // namespace

const model::PlatformTraits& traits() {
  static const auto& registered = model::register_platform({.name = "telegram",
                                                            .target_form = "telegram:CHAT[/TOPIC]",
                                                            .target_example = "telegram:-1001234567890/7",
                                                            .read_place = read_place,
                                                            .event_memory = std::chrono::hours(48),
                                                            .place_of_person = place_of_person,
                                                            .place_word = "chat",
                                                            .private_elsewhere = true,
                                                            .person_form = "telegram:ID",
                                                            .is_person = is_number});
  return registered;
}

}  // namespace broadsheet::telegram
