#include "adapters/matrix/traits.hpp"

#include <algorithm>

namespace broadsheet::matrix {
namespace {

constexpr std::size_t kLongestRoom = 255;  // bytes (contracts: Matrix)

std::optional<model::Place> read_place(std::string_view text) {
  bool printable = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != 0x7f; });
  if (!text.starts_with('!') || text.size() < 2 || text.size() > kLongestRoom || !printable) return std::nullopt;
  return model::Place{{}, std::string(text), {}};
}

bool is_person(std::string_view text) {
  auto colon = text.find(':');
  bool printable = std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != 0x7f; });
  return printable && text.starts_with('@') && text.size() <= kLongestRoom && colon != std::string_view::npos &&
         colon > 1 && colon + 1 < text.size();
}

}  // namespace

const model::PlatformTraits& traits() {
  static const auto& registered = model::register_platform({.name = "matrix",
                                                            .target_form = "matrix:!room:server",
                                                            .target_example = "matrix:!room:example.org",
                                                            .read_place = read_place,
                                                            .event_memory = std::chrono::hours(24 * 30),
                                                            .place_word = "room",
                                                            .private_elsewhere = true,
                                                            .person_form = "matrix:@user:server",
                                                            .is_person = is_person});
  return registered;
}

}  // namespace broadsheet::matrix
