#include "bot/model/outbox_row.hpp"

#include <array>

#include "bot/base/names.hpp"

namespace broadsheet::model {
namespace {

constexpr std::array<std::string_view, 6> kStates = {"pending", "sending", "ambiguous", "delivered", "expired", "dead"};

}  // namespace

std::string_view to_string(RowState state) {
  return name_of(kStates, state);
}

std::optional<RowState> parse_row_state(std::string_view text) {
  return named<RowState>(kStates, text);
}

}  // namespace broadsheet::model
