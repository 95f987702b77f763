#include "bot/model/message.hpp"

#include <array>

#include "bot/base/names.hpp"

namespace broadsheet::model {
namespace {

constexpr std::array<std::string_view, 4> kParts = {"summary", "card", "notice", "reply"};
constexpr std::array<std::string_view, 3> kThread = {"digest", "category", "off"};

}  // namespace

std::string_view to_string(PartKind kind) {
  return name_of(kParts, kind);
}

std::optional<PartKind> parse_part_kind(std::string_view text) {
  return named<PartKind>(kParts, text);
}

std::string_view to_string(ThreadPolicy policy) {
  return name_of(kThread, policy);
}

std::optional<ThreadPolicy> parse_thread_policy(std::string_view text) {
  return named<ThreadPolicy>(kThread, text);
}

}  // namespace broadsheet::model
